"""Referrals wait for their texts to be analysed: gathered for one job, never forgotten, in turns that no flood prolongs."""

from __future__ import annotations

import json
import threading
from uuid import UUID

import pytest
from django.db import connection, transaction

from grace.accounts.models import Unit
from grace.analysis import texts, texts_waiting
from grace.analysis.models import TextRun, TextsWaiting
from grace.pipeline import jobs
from grace.pipeline import texts as pipeline
from grace.pipeline.texts import analyse_waiting
from grace.referrals.models import Referral
from grace.sdk.analysis import Finding, Takes
from grace.sdk.signals import Basis
from tests.support.analysers import always, info, saying
from tests.support.deliveries import hand_in
from tests.support.jobs import run_due_jobs
from tests.support.people import make_unit

TOLD = (info("ours", takes=Takes.TEXT), always(Finding("colour", "green", Basis.MODEL)))


def arrived(unit: Unit, *said: str, first: int = 0, **more: object) -> list[UUID]:
    """A referral for each of the texts."""
    written = [
        {"grace_report": 1, "sender": "Example Service", "number": f"T-{place}", "passages": [{"about": "note", "text": each}], **more}
        for place, each in enumerate(said, first)
    ]
    return [receipt.referrals[0] for receipt in hand_in(unit, *(json.dumps(each).encode() for each in written), name="report.json")]


def due() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'pipeline.analyse_texts' AND status = 'todo'")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.usefixtures("place")
class TestOneJob:
    def test_what_arrives_before_it_begins_is_taken_by_it(self, harbour_unit: Unit, hill_unit: Unit) -> None:
        arrived(harbour_unit, "one")
        arrived(harbour_unit, "two", first=1)
        assert due() == 1
        arrived(hill_unit, "three")
        assert due() == 2
        with saying(TOLD) as decoder:
            run_due_jobs()
        assert len(decoder.asked) == 3
        assert not TextsWaiting.objects.exists()

    def test_what_says_nothing_does_not_wait(self, harbour_unit: Unit) -> None:
        arrived(harbour_unit, "  \n ")
        assert due() == 0
        assert not TextsWaiting.objects.exists()

    def test_what_is_noted_again_while_it_is_looked_at_waits_on(self, harbour_unit: Unit) -> None:
        (referral,) = arrived(harbour_unit, "one")
        ((old, _),) = texts_waiting.first(harbour_unit.id, 10)
        arrived(harbour_unit, "two", said_at="2026-11-01T00:00:00Z")
        texts_waiting.done([old])
        assert [each for _, each in texts_waiting.first(harbour_unit.id, 10)] == [referral]

    def test_turns_are_bounded_in_referrals_and_in_characters(self, harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pipeline, "MOST", 4)
        monkeypatch.setattr(pipeline, "_TURN", 2)
        arrived(harbour_unit, *(f"text {place}" for place in range(9)))
        left = []
        with saying(TOLD):
            for _ in range(3):
                analyse_waiting(harbour_unit.id)
                left.append(TextsWaiting.objects.count())
            assert left == [5, 1, 0]
            monkeypatch.setattr(pipeline, "MOST_CHARACTERS", 3)
            arrived(harbour_unit, *(f"more {place}" for place in range(4)), first=10)
            analyse_waiting(harbour_unit.id)
            assert TextsWaiting.objects.count() == 2
            run_due_jobs()
        assert not TextsWaiting.objects.exists()
        assert TextRun.objects.count() == 13

    def test_one_that_is_erased_or_of_another_unit_holds_nobody_up(self, harbour_unit: Unit, hill_unit: Unit) -> None:
        gone, other, stays = arrived(harbour_unit, "one", "two", "three")
        Referral.objects.filter(id=other).update(unit=hill_unit)
        with saying(TOLD):
            wanted = texts.due({gone: ["one"], stays: ["three"]}, texts.analysers())
            Referral.objects.get(id=gone).delete()
            assert [each.referral_id for each in texts.record(texts.look_into(wanted))] == [stays]
            analyse_waiting(harbour_unit.id)
        assert list(TextRun.objects.values_list("referral_id", flat=True)) == [stays]
        assert not TextsWaiting.objects.exists()


def fetched() -> list[int]:
    """The jobs that a worker gets at this moment."""
    found: list[int] = []

    def ask() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
            cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['examine']::varchar[], %s)", [cursor.fetchone()[0]])
            found.extend(row[0] for row in cursor.fetchall() if row[0] is not None)
            transaction.set_rollback(True)
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    return found


def test_a_job_that_is_joined_begins_after_what_joined_it(committed_db: None) -> None:
    """Else it would not see what was written, and nobody else would look."""
    unit = make_unit("Harbour Unit")
    with transaction.atomic():
        jobs.analyse_texts(unit.id)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    assert len(fetched()) == 1
    with transaction.atomic():
        jobs.analyse_texts(unit.id)
        assert due() == 1
        assert fetched() == []
    assert len(fetched()) == 1


def test_a_job_that_has_begun_is_not_joined(committed_db: None) -> None:
    unit = make_unit("Harbour Unit")
    with transaction.atomic():
        jobs.analyse_texts(unit.id)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    with transaction.atomic():
        jobs.analyse_texts(unit.id)
    assert due() == 1
