"""LED Article 9(3): handling conditions travel with the data, and whoever receives it honours them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grace.casework.decide import Wish
from grace.custody.ledger import page
from grace.evidence import vault
from grace.exchange.conditions import CONDITIONS, check_onward
from grace.exchange.models import Arrival
from grace.exchange.outbox import Order
from grace.kernel.errors import Refused
from grace.pipeline import hand_over, take_over
from grace.pipeline.decide import decide
from grace.referrals.models import Referral
from tests.support.agencies import Installation, enrol
from tests.support.deliveries import hand_in, sample
from tests.support.people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def east(tmp_path: Path, south: Installation) -> Installation:
    """A third agency, which South knows."""
    made = Installation("Example Police East", "PL", tmp_path / "east", south.unit)
    with south.at_home():
        enrol(made, south.unit)
    return made


def received(
    conditions: tuple[str, ...], alice: Person, charlie: Person, north: Installation, south: Installation, folder: Path
) -> Referral:
    """What South holds of a referral that North handed over under conditions."""
    hand_in(north.unit, sample("d2"))
    with north.at_home():
        order = Order(south.agency, "investigation", "Theirs.", conditions=conditions, handling="Call us first.")
        hand_over.export(hand_over.hand_over(alice.viewer, Referral.objects.get().id, order).id, folder / "package")
    with south.at_home(), (folder / "package").open("rb") as stream:
        take_over.accept(charlie.viewer, take_over.receive_package(stream).id)
    return Referral.objects.get(unit=south.unit)


@pytest.mark.parametrize("code", list(CONDITIONS))
def test_law_L9_every_condition_arrives(
    code: str, place: vault.Place, alice: Person, charlie: Person, north: Installation, south: Installation, tmp_path: Path
) -> None:
    received((code,), alice, charlie, north, south, tmp_path)
    arrival = Arrival.objects.get(kind="handover")
    assert (arrival.conditions, arrival.handling) == ([code], "Call us first.")


def test_law_L9_what_may_not_go_on_does_not(
    place: vault.Place, alice: Person, charlie: Person, north: Installation, south: Installation, east: Installation, tmp_path: Path
) -> None:
    theirs = received(("no-onward-transfer",), alice, charlie, north, south, tmp_path)
    with south.at_home():
        with pytest.raises(Refused, match="not handed on"):
            hand_over.hand_over(charlie.viewer, theirs.id, Order(east.agency, "investigation", "Theirs."))
        denied = page(subject=f"referral:{theirs.id}")[0]
        assert (denied.kind, denied.act, denied.denied) == ("DISCLOSURE", "exchange.hand_over", True)
        with pytest.raises(Refused):
            decide(charlie.viewer, theirs.id, Wish("hand_over", "theirs", recipient="Somebody without GRACE"))


def test_law_L9_the_originator_is_asked_and_the_conditions_go_on(
    place: vault.Place, alice: Person, charlie: Person, north: Installation, south: Installation, east: Installation, tmp_path: Path
) -> None:
    theirs = received(("ask-originator", "intelligence-only"), alice, charlie, north, south, tmp_path)
    with south.at_home():
        with pytest.raises(Refused, match="has to be asked"):
            hand_over.hand_over(charlie.viewer, theirs.id, Order(east.agency, "investigation", "Theirs."))
        order = Order(east.agency, "investigation", "Theirs.", consent="Alice Example, by telephone, 26 November")
        handed = hand_over.hand_over(charlie.viewer, theirs.id, order)
    assert list(handed.conditions) == ["ask-originator", "intelligence-only"]
    assert "Alice Example, by telephone" in handed.reason


def test_law_L9_within_the_area_means_within_the_area() -> None:
    check_onward(["not-outside-the-eea"], within=True, consent="")
    for within in (False, None):
        with pytest.raises(Refused):
            check_onward(["not-outside-the-eea"], within=within, consent="")
