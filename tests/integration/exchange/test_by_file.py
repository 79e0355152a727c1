"""A referral crosses an air gap as a file: packed, carried, checked, taken in, answered; once, and never for anybody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from grace.accounts.models import Unit
from grace.custody.ledger import page
from grace.evidence import vault
from grace.exchange.models import Arrival, Dispatch
from grace.exchange.outbox import Order
from grace.pipeline import take_over
from grace.pipeline.hand_over import export, hand_over, take_receipt
from grace.referrals.models import Attachment, Referral, Sighting
from tests.support.agencies import Installation
from tests.support.deliveries import hand_in, sample
from tests.support.people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(place: vault.Place, harbour_unit: Unit) -> Referral:
    hand_in(harbour_unit, sample("d2"))
    return Referral.objects.get(unit=harbour_unit)


def handed_over(alice: Person, referral: Referral, south: Installation, **wishes: object) -> Dispatch:
    order = Order(agency=south.agency, purpose="investigation", reason="The account is theirs.", **wishes)  # type: ignore[arg-type]  # of tests
    return hand_over(alice.viewer, referral.id, order)


def carried(dispatch: Dispatch, north: Installation, south: Installation, file: Path) -> Arrival:
    with north.at_home():
        export(dispatch.id, file)
    with south.at_home(), file.open("rb") as stream:
        return take_over.receive_package(stream)


def test_a_whole_referral_crosses(
    alice: Person, charlie: Person, referral: Referral, north: Installation, south: Installation, tmp_path: Path
) -> None:
    with north.at_home():
        dispatch = handed_over(alice, referral, south)
    arrival = carried(dispatch, north, south, tmp_path / "package")
    assert arrival.state == "waiting"
    with north.at_home():
        assert take_receipt(arrival.receipt).state == "delivered"
    with south.at_home():
        take_over.accept(charlie.viewer, arrival.id)
    theirs = Referral.objects.get(unit=south.unit)
    assert (theirs.issuer, theirs.external) == (referral.issuer, referral.external)
    assert (theirs.sender.name, theirs.sender.kind) == (north.name, "agency")
    facts = [
        list(
            Sighting.objects.filter(referral=each)
            .order_by("id")
            .values_list("identifier__kind", "identifier__value", "event", "at", "port", "zone")
        )
        for each in (referral, theirs)
    ]
    assert facts[0] == facts[1]
    assert Attachment.objects.filter(referral=referral).count() == Attachment.objects.filter(referral=theirs).count()
    answer = Dispatch.objects.get(kind="answer")
    with south.at_home():
        export(answer.id, tmp_path / "answer")
    with north.at_home(), (tmp_path / "answer").open("rb") as stream:
        take_over.receive_package(stream)
    dispatch.refresh_from_db()
    assert dispatch.state == "accepted"
    acts = {(entry.kind, entry.act) for entry in page(subject=f"package:{dispatch.id}")}
    assert {("DISCLOSURE", "exchange.hand_over"), ("COLLECTION", "exchange.receive"), ("COLLECTION", "exchange.accept")} <= acts
