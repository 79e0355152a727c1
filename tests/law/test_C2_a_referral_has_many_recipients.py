"""CSA proposal, Article 48: what is not manifestly unfounded goes to the authorities of every state concerned, and to Europol."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grace.accounts.models import Unit
from grace.casework import queue
from grace.casework.queue import Filters
from grace.kernel.errors import Refused
from grace.pipeline.route import correct_states
from grace.routing.correct import Word
from grace.routing.models import Route
from grace.routing.words import EUROPOL
from grace.simulate.plan import WorldPlan
from tests.support.people import Person
from tests.support.world import Taken, take_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_networks")]


@pytest.fixture
def taken(harbour_unit: Unit) -> list[Taken]:
    return take_in(WorldPlan(seed=14, referrals=25, days=2, truncated_share=0, incomplete_share=0, flaw_share=0), harbour_unit.id)


def test_every_state_concerned_is_a_recipient(alice: Person, taken: list[Taken]) -> None:
    several = [each for each in taken if len(each.document.truth.states_knowable) > 1]
    assert several
    for each in several:
        (referral,) = each.receipt.referrals
        assert set(Route.objects.get(referral_id=referral).recipients) == set(each.document.truth.states_knowable)
        for state in each.document.truth.states_knowable:
            assert referral in {row.referral_id for row in queue.page(alice.viewer, Filters(state=state)).rows}


def test_europol_can_be_a_recipient_beside_states(alice: Person, taken: list[Taken]) -> None:
    placed = next(each for each in taken if each.document.truth.places)
    (referral,) = placed.receipt.referrals
    correct_states(alice.viewer, referral, Word("add", EUROPOL, "Other states may hold more."))
    assert Route.objects.get(referral_id=referral).recipients == [*placed.document.truth.states_knowable, EUROPOL]


def test_a_person_decides_to_whom_it_does_not_go(alice: Person, taken: list[Taken]) -> None:
    placed = next(each for each in taken if each.document.truth.places)
    (referral,) = placed.receipt.referrals
    with pytest.raises(Refused):
        correct_states(replace(alice.viewer, via="token"), referral, Word("remove", placed.document.truth.states_knowable[0], "a program"))
    assert EUROPOL not in Route.objects.get(referral_id=referral).recipients


def test_nothing_is_left_without_a_recipient(taken: list[Taken]) -> None:
    referrals = {referral for each in taken for referral in each.receipt.referrals}
    assert set(Route.objects.values_list("referral_id", flat=True)) == referrals
    assert not Route.objects.filter(recipients=[]).exists()
