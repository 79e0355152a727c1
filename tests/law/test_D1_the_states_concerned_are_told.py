"""DSA Article 18: the member states where the offence, the suspect or the victim is are told; where none is known, Europol is."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from grace.accounts.models import Unit
from grace.intake.normalise import facts
from grace.referrals.models import Person as Named
from grace.routing.concerned import concerned
from grace.routing.countries import members
from grace.routing.models import Route
from grace.routing.places import places
from grace.routing.propose import propose, recipients
from grace.routing.weights import weights
from grace.routing.words import EUROPOL, Criterion, Proposal
from grace.sdk.intake import Person as Said
from grace.sdk.intake import Report, Role
from grace.sdk.signals import DENIED, is_denied
from grace.simulate.plan import WorldPlan
from tests.support.people import Person
from tests.support.world import take_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_networks")]

HOME = {"address_country": "AT"}


def proposals(*persons: Said, **said: str) -> tuple[Proposal, ...]:
    report = Report("test", "Example", "1", "Example Chat", persons=persons, facts=said)
    return propose(report, facts(report), places(), weights())


@pytest.mark.parametrize(
    ("role", "criterion"), [(Role.RECIPIENT, Criterion.OFFENCE), (Role.REPORTED, Criterion.SUSPECT), (Role.VICTIM, Criterion.VICTIM)]
)
def test_each_of_the_three_criteria_alone_concerns_a_state(role: Role, criterion: Criterion) -> None:
    found = proposals(Said(role, "$", HOME))
    assert [(each.state, each.criterion) for each in found] == [("AT", criterion)]
    assert recipients(found, [], weights()) == ["AT"]


@pytest.mark.parametrize("code", sorted(members()))
def test_any_member_state_can_be_concerned(code: str) -> None:
    assert recipients(proposals(Said(Role.VICTIM, "$", {"address_country": code})), [], weights()) == [code]


def test_every_proposal_has_a_confidence_and_a_reason() -> None:
    for each in proposals(Said(Role.REPORTED, "$", HOME), Said(Role.VICTIM, "$", {"address_country": "FR"})):
        assert 0 < each.confidence <= 1
        assert each.reasons


def test_without_a_state_the_referral_stands_in_the_queue_of_europol(alice: Person, harbour_unit: Unit) -> None:
    taken = take_in(WorldPlan(seed=12, referrals=20, days=2, incomplete_share=0.9, viral_share=0, truncated_share=0), harbour_unit.id)
    bare = {referral for each in taken if not each.document.truth.places for referral in each.receipt.referrals}
    assert bare
    assert set(Route.objects.filter(recipients=[EUROPOL]).values_list("referral_id", flat=True)) == bare
    text = alice.client.get(f"{reverse('queue')}?state={EUROPOL}").text
    assert all(str(referral) in text for referral in bare)


def test_the_establishment_of_the_provider_is_shown_and_does_not_stand_for_a_state_concerned() -> None:
    found = proposals(Said(Role.SENDER, "$", {"address_country": "IE"}))
    assert [(each.state, each.criterion) for each in found] == [("IE", Criterion.ESTABLISHMENT)]
    assert recipients(found, [], weights()) == [EUROPOL]


def test_where_somebody_is_counts_and_not_what_somebody_is() -> None:
    described = dict.fromkeys(DENIED, "Austria") | {"citizenship": "Austria", "country_of_birth": "Austria", "languages": "de"}
    assert proposals(Said(Role.REPORTED, "$", described)) == ()
    assert not [field for field in (*weights().person_fields, *weights().incident_fields) if is_denied(field)]


def test_nobody_is_a_suspect_because_the_criterion_is_called_so(alice: Person, harbour_unit: Unit) -> None:
    taken = take_in(WorldPlan(seed=12, referrals=5, days=1), harbour_unit.id)
    routed = [concerned(alice.viewer, referral) for each in taken for referral in each.receipt.referrals]
    assert any(each.criterion == Criterion.SUSPECT for found in routed for each in found.proposals)
    assert set(Named.objects.values_list("category", flat=True)) == {"unverified"}


def test_no_value_of_a_person_is_copied_into_a_reason(alice: Person, harbour_unit: Unit) -> None:
    taken = take_in(WorldPlan(seed=13, referrals=10, days=1, incomplete_share=0), harbour_unit.id)
    for each in taken:
        for referral in each.receipt.referrals:
            told = json.dumps([proposal.reasons for proposal in concerned(alice.viewer, referral).proposals])
            assert not [value for _, value in each.document.truth.identifiers if len(value) > 5 and value in told]
