"""Scenario 1: acquire reports, whatever their form, and see first what must be seen first."""

from __future__ import annotations

from pathlib import Path

import pytest

from grace.casework import queue
from grace.casework.queue import Filters
from grace.custody import ledger
from grace.pipeline.receive import Outcome
from grace.simulate.plan import WorldPlan
from grace.simulate.truth import Resend
from tests.support.jobs import run_due_jobs
from tests.support.people import Person
from tests.support.world import Taken, take_in

pytestmark = pytest.mark.django_db

PLAN = WorldPlan(
    seed=4,
    referrals=150,
    days=30,
    urgent_share=0.04,
    quiet_share=0.0,
    false_alarm_share=0.0,
    truncated_share=0.02,
    duplicate_share=0.04,
    version_share=0.04,
)


@pytest.fixture
def world(alice: Person, tmp_path: Path) -> list[Taken]:
    taken = take_in(PLAN, alice.viewer.unit_id, tmp_path)
    run_due_jobs()
    return taken


def rows_of(alice: Person, filters: Filters) -> list[queue.Row]:
    rows, after = [], ""
    while True:
        page = queue.page(alice.viewer, filters, after=after, most=40)
        rows += page.rows
        after = page.after
        if not after:
            return rows


def test_every_report_comes_in_and_the_urgent_ones_stand_on_top(alice: Person, world: list[Taken]) -> None:
    by_outcome = {outcome: [each for each in world if each.receipt.outcome is outcome] for outcome in Outcome}
    assert {each.document.truth.index for each in by_outcome[Outcome.QUARANTINED]} == {
        each.document.truth.index for each in world if not each.document.truth.readable
    }
    assert {each.document.truth.index for each in by_outcome[Outcome.DOUBLE]} == {
        each.document.truth.index for each in world if each.document.truth.resend is Resend.DUPLICATE
    }
    assert {each.document.truth.index for each in by_outcome[Outcome.VERSION]} >= {
        each.document.truth.index
        for each in world
        if each.document.truth.resend is Resend.VERSION and each.document.truth.number is not None and each.document.truth.readable
    }

    rows = rows_of(alice, Filters())
    referrals = {referral for each in world for referral in each.receipt.referrals}
    assert {row.referral_id for row in rows} == referrals
    assert [(row.floor, row.score) for row in rows] == sorted(((row.floor, row.score) for row in rows), reverse=True)

    urgent = {
        referral for each in world if each.document.truth.urgent and each.document.truth.stated for referral in each.receipt.referrals
    }
    assert urgent
    ranks = {row.referral_id: place for place, row in enumerate(rows)}
    worst = max(ranks[referral] for referral in urgent)
    assert worst < len(rows) * 0.2, "an urgent referral whose document says so stands within the first fifth"
    for row in rows[:5]:
        assert row.why, "each says in words why it stands there"


def test_each_can_be_followed_in_the_ledger_and_the_same_world_again_changes_nothing(alice: Person, world: list[Taken]) -> None:
    for each in world[:20]:
        for referral in each.receipt.referrals:
            acts = [entry.act for entry in ledger.history(f"referral:{referral}")]
            assert "referral.score" in acts
            assert "document.receive" in acts

    before = [(row.referral_id, row.floor, row.score) for row in rows_of(alice, Filters())]
    again = take_in(PLAN, alice.viewer.unit_id)
    assert {each.receipt.outcome for each in again} == {Outcome.DOUBLE}
    assert [(row.referral_id, row.floor, row.score) for row in rows_of(alice, Filters())] == before
