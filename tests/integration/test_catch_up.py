"""Referrals of before a feature: completed later as if it had been there when they came, once, and in the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from grace.accounts.models import Unit
from grace.casework import older as rows
from grace.casework.models import QueueRow, SenderTouched
from grace.casework.search_narrow import Narrow
from grace.cli import house
from grace.cli.main import main
from grace.custody import ledger
from grace.links.models import Bearing, Circle, Circled
from grace.pipeline import catch_up, jobs
from grace.pipeline.links import links_page
from grace.pipeline.route import correct_states
from grace.pipeline.search import search
from grace.referrals.models import Version, Words
from grace.routing.correct import Word
from grace.routing.models import Proposal, Route
from grace.simulate.forms import plant
from grace.simulate.plan import Form
from tests.integration.test_contradictions import rich, take_in
from tests.support import floods
from tests.support.deliveries import hand_in, sample
from tests.support.jobs import run_due_jobs
from tests.support.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_networks")]


def imprecise() -> bytes:
    """Sample d1 with times to the minute only, and an element that its format does not know."""
    document: dict[str, Any] = json.loads(sample("d1"))
    document["somethingNew"] = "a value"
    text = json.dumps(document)
    for person in document["reportedInformation"]["reportedPeople"]["reportedPersons"]:
        for capture in (person.get("sourceInformation") or {}).get("sourceCaptures") or ():
            if capture.get("dateTime"):
                text = text.replace(capture["dateTime"], capture["dateTime"][:16] + "Z")
    return text.encode()


@pytest.fixture
def referrals(harbour_unit: Unit) -> list[UUID]:
    """One imprecise document; one referral by JSON and XML that contradict each other, the JSON corrected; one more."""
    other, corrected = plant(rich(), "ip.port"), plant(rich(), "email")
    assert other is not None
    assert corrected is not None
    first = hand_in(harbour_unit, imprecise())[0].referrals[0]
    for report, form in ((rich(), Form.LEA_JSON), (other, Form.TIP_FOLDER), (corrected, Form.LEA_JSON)):
        (second,) = take_in(harbour_unit, report, form).referrals
    third = hand_in(harbour_unit, sample("d5"))[0].referrals[0]
    run_due_jobs()
    return [first, second, third]


def all_of_it() -> dict[str, list[Any]]:
    """Everything that catching up may fill."""
    return {
        "remarks": list(Version.objects.order_by("id").values_list("id", "remarks")),
        "rows": list(QueueRow.objects.order_by("referral_id").values_list("referral_id", "lacks", "recipients")),
        "routes": list(Route.objects.order_by("referral_id").values_list("referral_id", "ordinal", "recipients", "weights")),
        "proposals": sorted(Proposal.objects.values_list("referral_id", "ordinal", "state", "criterion", "confidence")),
    }


def forget(referrals: list[UUID]) -> None:
    """As if they had come before feedback and states were known."""
    Version.objects.filter(referral_id__in=referrals).update(remarks=None)
    QueueRow.objects.filter(referral_id__in=referrals).update(lacks=None, recipients=[])
    Route.objects.filter(referral_id__in=referrals).delete()
    Proposal.objects.filter(referral_id__in=referrals).delete()
    SenderTouched.objects.all().delete()


def work_off(unit: Unit) -> int:
    done, after = 0, None
    while (step := catch_up.step(unit.id, after)) is not None:
        done, after = done + step.completed, step.last
    return done


def test_they_get_what_they_would_have_got_when_they_came(harbour_unit: Unit, referrals: list[UUID]) -> None:
    before = all_of_it()
    newest = {row[0]: row[1] for row in before["routes"]}
    before["proposals"] = [each for each in before["proposals"] if each[1] == newest[each[0]]]
    forget(referrals)
    assert catch_up.remaining(harbour_unit.id) == 3
    assert work_off(harbour_unit) == 3
    assert all_of_it() == before
    codes = {code for row in QueueRow.objects.all() for code in row.lacks or ()}
    assert {"ip.time-imprecise", "element.unknown"} <= codes
    assert SenderTouched.objects.count() > 0


def test_it_is_in_the_ledger_and_a_second_run_does_nothing(harbour_unit: Unit, referrals: list[UUID]) -> None:
    forget(referrals)
    work_off(harbour_unit)
    for referral in referrals:
        told = [each.act for each in ledger.history(f"referral:{referral}", 99) if each.actor == catch_up.ACTOR]
        assert sorted(told) == ["referral.remark", "referral.route"]
    entries = len(ledger.page(actor=catch_up.ACTOR))
    assert catch_up.remaining(harbour_unit.id) == 0
    assert catch_up.step(harbour_unit.id, None) is None
    assert len(ledger.page(actor=catch_up.ACTOR)) == entries


def test_the_words_of_older_referrals_are_found_again(alice: Person, harbour_unit: Unit, referrals: list[UUID]) -> None:
    before = sorted(Words.objects.values_list("referral_id", "version_id", "unit_id", "part", "words"))
    Words.objects.filter(referral_id__in=referrals[:2]).delete()
    assert [each.row.referral_id for each in search(alice.viewer, "fictitia", Narrow()).hits] == []
    assert work_off(harbour_unit) == 2
    assert sorted(Words.objects.values_list("referral_id", "version_id", "unit_id", "part", "words")) == before
    assert referrals[0] in [each.row.referral_id for each in search(alice.viewer, "fictitia", Narrow()).hits]
    assert [(each.act, len(each.subjects)) for each in ledger.page(actor=catch_up.ACTOR)] == [("referral.words", 2)]


def test_what_links_older_referrals_is_found(alice: Person, harbour_unit: Unit) -> None:
    first, second = floods.take_in(harbour_unit, [floods.tip(701, "u-1"), floods.tip(702, "u-1")], name="report.zip")
    before = sorted(Bearing.objects.values_list("referral_id", "kind", "value"))
    Circled.objects.all().delete()
    Circle.objects.all().delete()
    Bearing.objects.all().delete()
    assert links_page(alice.viewer, first).hop.links == []
    assert catch_up.remaining(harbour_unit.id) == 2
    assert work_off(harbour_unit) == 2
    assert sorted(Bearing.objects.values_list("referral_id", "kind", "value")) == before
    page = links_page(alice.viewer, first)
    assert ([each.other for each in page.hop.links], page.hop.members) == ([second], 2)
    assert [each.act for each in ledger.page(actor="system:links")][:1] == ["circle.join"]
    assert catch_up.step(harbour_unit.id, None) is None
    hand_in(harbour_unit, floods.tip(703, "u-1"), name="report.zip")
    assert catch_up.remaining(harbour_unit.id) == 0, "what a job connects anyway waits for nobody else"


def test_what_is_there_already_stays(alice: Person, harbour_unit: Unit, referrals: list[UUID]) -> None:
    correct_states(alice.viewer, referrals[0], Word("add", "PT", "A witness."))
    Version.objects.filter(referral_id=referrals[0]).update(remarks=None)
    before = all_of_it()["routes"], QueueRow.objects.get(referral_id=referrals[0]).recipients
    assert work_off(harbour_unit) == 1
    assert (all_of_it()["routes"], QueueRow.objects.get(referral_id=referrals[0]).recipients) == before
    assert "PT" in before[1]
    assert [each.act for each in ledger.page(actor=catch_up.ACTOR)] == ["referral.remark"]


def test_it_may_break_off_anywhere(harbour_unit: Unit, referrals: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_of_it()["rows"]
    forget(referrals)
    monkeypatch.setattr(catch_up, "BATCH", 1)
    first = catch_up.step(harbour_unit.id, None)
    assert first is not None
    with monkeypatch.context() as broken:
        broken.setattr(rows, "complete", _fails)
        with pytest.raises(LookupError):
            catch_up.step(harbour_unit.id, first.last)
    assert catch_up.remaining(harbour_unit.id) == 2
    assert Version.objects.filter(remarks__isnull=True).values("referral_id").distinct().count() == 2
    assert work_off(harbour_unit) == 2
    assert all_of_it()["rows"] == before


def _fails(*_: object) -> None:
    raise LookupError


def test_a_job_does_it_batch_by_batch(harbour_unit: Unit, hill_unit: Unit, referrals: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_of_it()["rows"]
    (theirs,) = hand_in(hill_unit, sample("d2"))[0].referrals
    forget([*referrals, theirs])
    monkeypatch.setattr(catch_up, "BATCH", 2)
    jobs.catch_up(harbour_unit.id)
    jobs.catch_up(harbour_unit.id)
    run_due_jobs()
    assert [row for row in all_of_it()["rows"] if row[0] != theirs] == before
    assert catch_up.remaining(hill_unit.id) == 1


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def open_already() -> Iterator[None]:
        yield

    monkeypatch.setattr(house, "open_house", open_already)


def test_the_command_tells_how_far_it_is(here: None, harbour_unit: Unit, hill_unit: Unit, referrals: list[UUID]) -> None:
    forget(referrals)
    told = CliRunner().invoke(main, ["catch-up"])
    assert told.exit_code == 0, told.output
    assert "harbour-unit: 3 referrals completed, 0 left." in told.output
    assert "hill-unit: 0 referrals completed, 0 left." in told.output
    forget(referrals)
    left = CliRunner().invoke(main, ["catch-up", "--unit", "harbour-unit", "--by-worker"])
    assert "harbour-unit: 3 referrals are left to the workers." in left.output
    run_due_jobs()
    assert catch_up.remaining(harbour_unit.id) == 0
    assert CliRunner().invoke(main, ["catch-up", "--unit", "nowhere"]).exit_code == 1
