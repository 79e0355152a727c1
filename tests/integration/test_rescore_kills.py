"""Kill -9 in the middle of a re-scoring: one version is in force, each referral stands where the version that it names puts it."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from uuid import UUID

import pytest
from django.db import connection

from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.kernel import clock
from grace.pipeline import rescore
from grace.pipeline import rules as pipeline
from grace.priority.assess import axes_of, signals_of
from grace.priority.models import Assessment, RuleSet
from grace.priority.publish import in_force
from grace.priority.rules import read_rules
from grace.priority.score import assess
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_person, make_unit
from tests.support.rule_bodies import lifted, publish_by_two
from tests.support.working import work_off

REPORTS = 40
PATIENCE = 180.0
"""Seconds that a busy machine may need for the jobs of one test."""


def work_slowly(unit: UUID) -> None:
    """A worker that scores in batches of four; ends when it is killed, or when nothing is left."""
    connection.close()
    rescore.BATCH, rescore.HEAD = 4, 12
    rescore.rescore_for_a_while(unit, None)


def wait_for_a_batch(unit: UUID, before: int) -> None:
    """Wait until the worker has committed something, if anything was left."""
    end = time.monotonic() + 30
    while before and rescore.left(unit) == before and time.monotonic() < end:
        time.sleep(0.002)
    connection.close()


def demand_consistency(unit: UUID) -> Counter[int]:
    """Each referral stands where the version that its assessment names puts it, in queue and assessment alike; how many by which version."""
    bodies = {each.id: (each.number, read_rules(each.body)) for each in RuleSet.objects.filter(unit_id=unit)}
    rows = {row.referral_id: row for row in QueueRow.objects.filter(unit_id=unit)}
    signals = signals_of(list(rows))
    seen: Counter[int] = Counter()
    for told in Assessment.objects.filter(referral_id__in=list(rows)):
        number, rules = bodies[told.rules_id]
        wanted, row = assess(signals[told.referral_id], rules), rows[told.referral_id]
        assert (told.floor, told.score, told.reasons) == (wanted.floor, wanted.score, wanted.as_json())
        assert (row.floor, row.score, row.completeness, row.actionability, row.urgency, row.novelty, row.why) == (
            wanted.floor,
            wanted.score,
            *axes_of(wanted),
            wanted.why(),
        )
        seen[number] += 1
    return seen


@pytest.mark.parametrize("kills", [6, pytest.param(80, marks=pytest.mark.soak)])
def test_kills_in_the_middle_leave_one_version_in_force_and_no_row_half_done(committed_db: None, kills: int) -> None:
    unit = make_unit("Harbour Unit")
    alice, bob = (make_person(name, unit, EVERYTHING_BUT_ACCOUNTS) for name in ("Alice", "Bob"))
    hand_in(unit, *floods.reports(REPORTS, viral=False))
    work_off(PATIENCE)
    publish_by_two(alice, bob, lifted())
    context, chance, mixed = multiprocessing.get_context("fork"), random.Random(kills), 0
    for _ in range(kills):
        connection.close()
        worker = context.Process(target=work_slowly, args=(unit.id,))
        before = rescore.left(unit.id)
        connection.close()
        worker.start()
        wait_for_a_batch(unit.id, before)
        time.sleep(chance.uniform(0, 0.03))
        worker.kill()
        worker.join()
        assert RuleSet.objects.get(unit=unit, state="published").number == 2
        mixed += len(demand_consistency(unit.id)) > 1
    assert mixed, "none of the kills was in the middle"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # even if the job itself were lost
    rescore.defer_due()
    work_off(PATIENCE)
    assert demand_consistency(unit.id) == {2: REPORTS}
    assert rescore.left(unit.id) == 0
    told = Counter(
        subject for entry in ledger.page(actor=rescore.ACTOR, limit=500) for subject in entry.subjects if entry.act == "referral.score"
    )
    assert set(told.values()) == {1}, "each referral was scored once, and the ledger says so once"
    assert len(told) == REPORTS


def test_who_scored_by_the_rules_of_before_is_found_at_the_end(committed_db: None) -> None:
    """A batch that began before the change and ends after it writes scores of the version before; the next look finds them."""
    unit = make_unit("Harbour Unit")
    alice, bob = (make_person(name, unit, EVERYTHING_BUT_ACCOUNTS) for name in ("Alice", "Bob"))
    referrals = [each.referrals[0] for each in hand_in(unit, *floods.reports(5, viral=False))]
    work_off(PATIENCE)
    before = in_force(unit.id, clock.now())
    publish_by_two(alice, bob, lifted())
    work_off(PATIENCE)
    Assessment.objects.filter(referral_id__in=referrals[:2]).update(rules_id=before.id)
    assert rescore.left(unit.id) == 2
    rescore.defer_due()
    work_off(PATIENCE)
    assert demand_consistency(unit.id) == {2: 5}


def test_two_changes_at_once_end_at_the_later_one(committed_db: None) -> None:
    unit = make_unit("Harbour Unit")
    alice, bob = (make_person(name, unit, EVERYTHING_BUT_ACCOUNTS) for name in ("Alice", "Bob"))
    hand_in(unit, *floods.reports(12, viral=False))
    work_off(PATIENCE)
    publish_by_two(alice, bob, lifted())
    pipeline.back_to_base(bob.viewer, "the floor for all was a mistake")
    work_off(PATIENCE)
    assert demand_consistency(unit.id) == {3: 12}
