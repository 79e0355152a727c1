"""Scenario 4: distribute reports to the states concerned. Here: routed to the states; the hand-over itself follows."""

from __future__ import annotations

from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.casework import queue
from grace.casework.queue import Filters
from grace.custody import ledger
from grace.pipeline.route import correct_states, measure
from grace.routing.calibrate import calibrate
from grace.routing.correct import Word
from grace.routing.models import Route
from grace.routing.words import EUROPOL
from grace.simulate.plan import WorldPlan
from tests.support.jobs import run_due_jobs
from tests.support.people import Person
from tests.support.world import Taken, take_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_networks")]

PLAN = WorldPlan(seed=6, referrals=70, days=20, urgent_share=0.05, relay_share=0.1, truncated_share=0.01, version_share=0.05)


@pytest.fixture
def world(alice: Person) -> list[Taken]:
    taken = take_in(PLAN, alice.viewer.unit_id)
    run_due_jobs()
    return taken


def newest(world: list[Taken]) -> dict[UUID, Taken]:
    """By referral: the last document that spoke of it."""
    return {referral: each for each in world for referral in each.receipt.referrals}


def test_each_referral_finds_its_states_and_unknown_ones_go_to_europol(alice: Person, world: list[Taken]) -> None:
    told = newest(world)
    routes = {route.referral_id: route.recipients for route in Route.objects.all()}
    assert routes.keys() == told.keys()
    right = [routes[referral] == (list(each.document.truth.states_knowable) or [EUROPOL]) for referral, each in told.items()]
    assert sum(right) >= 0.95 * len(right)
    unknown = [referral for referral, each in told.items() if not each.document.truth.places]
    assert unknown
    assert all(routes[referral] == [EUROPOL] for referral in unknown)


def test_an_officer_of_one_state_sees_what_concerns_it(alice: Person, charlie: Person, hill_unit: Unit, world: list[Taken]) -> None:
    mine = {row.referral_id for row in queue.page(alice.viewer, Filters(state="DE"), most=200).rows}
    assert mine == {route.referral_id for route in Route.objects.all() if "DE" in route.recipients}
    assert mine
    assert queue.page(charlie.viewer, Filters(state="DE")).rows == []


def test_an_officer_puts_it_right_and_the_router_is_measured_by_it(alice: Person, world: list[Taken]) -> None:
    unknown = queue.page(alice.viewer, Filters(state=EUROPOL)).rows[0].referral_id
    correct_states(alice.viewer, unknown, Word("add", "PT", "A witness named the town."))
    placed = queue.page(alice.viewer, Filters(state="DE")).rows[0].referral_id
    correct_states(alice.viewer, placed, Word("confirm", "DE", "Asked the provider."))
    assert unknown in {row.referral_id for row in queue.page(alice.viewer, Filters(state="PT")).rows}
    assert unknown not in {row.referral_id for row in queue.page(alice.viewer, Filters(state=EUROPOL), most=200).rows}
    found = calibrate(measure(alice.viewer))
    assert (found.referrals, found.precision, found.recall) == (2, 1.0, 0.5)
    assert next(entry.act for entry in ledger.history(f"referral:{unknown}")) == "referral.correct_states"
