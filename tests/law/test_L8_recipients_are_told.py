"""LED Article 7(3): whoever was given wrong data, or data that should not have been given, is told at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grace.custody.ledger import page
from grace.evidence import vault
from grace.exchange.models import Arrival, Dispatch
from grace.exchange.outbox import Order
from grace.exchange.part import Part
from grace.kernel.errors import Conflict
from grace.pipeline import hand_over, take_over
from grace.referrals.models import Referral, Version
from tests.support.agencies import Installation
from tests.support.deliveries import hand_in, sample
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def corrected() -> bytes:
    """The same report with another incident type, as its sender corrects it."""
    told = json.loads(sample("d2"))
    told["reportedInformation"]["incidentSummary"]["incidentType"] = "Misleading Domain Name"
    return json.dumps(told).encode()


@pytest.fixture
def referral(place: vault.Place, north: Installation, south: Installation) -> Referral:
    hand_in(north.unit, sample("d2"))
    return Referral.objects.get()


def carry(dispatch: Dispatch, north: Installation, south: Installation, file: Path) -> Arrival:
    with north.at_home():
        hand_over.export(dispatch.id, file)
    with south.at_home(), file.open("rb") as stream:
        return take_over.receive_package(stream)


def order(south: Installation, part: Part | None = None) -> Order:
    return Order(south.agency, "investigation", "Theirs.", part or Part())


def test_law_L8_a_new_version_follows_whoever_got_the_old_one(
    alice: Person, charlie: Person, referral: Referral, north: Installation, south: Installation, tmp_path: Path
) -> None:
    with north.at_home():
        first = hand_over.hand_over(alice.viewer, referral.id, order(south))
    arrival = carry(first, north, south, tmp_path / "first")
    with south.at_home():
        take_over.accept(charlie.viewer, arrival.id)
    hand_in(north.unit, corrected())
    update = Dispatch.objects.get(kind="update")
    assert (update.replaces, update.ordinal, update.state) == (first, 2, "waiting")
    entry = page(subject=f"package:{update.id}")[0]
    assert (entry.kind, entry.recipient) == ("DISCLOSURE", f"agency:{south.agency}")
    told = carry(update, north, south, tmp_path / "second")
    assert told.state == "accepted"
    theirs = Referral.objects.get(unit=south.unit)
    assert theirs.versions == 2
    assert Version.objects.get(referral=theirs, ordinal=2).incident_type == "Misleading Domain Name"
    assert Dispatch.objects.filter(kind="answer", answers=update.id, answer="accepted").exists()


def test_law_L8_a_correction_takes_the_place_of_what_still_waits(
    alice: Person, referral: Referral, north: Installation, south: Installation, tmp_path: Path
) -> None:
    with north.at_home():
        first = hand_over.hand_over(alice.viewer, referral.id, order(south))
    arrival = carry(first, north, south, tmp_path / "first")
    hand_in(north.unit, corrected())
    second = carry(Dispatch.objects.get(kind="update"), north, south, tmp_path / "second")
    arrival.refresh_from_db()
    assert (arrival.state, arrival.report, second.state) == ("superseded", None, "waiting")


def test_law_L8_whoever_refused_is_told_no_more(
    alice: Person, charlie: Person, referral: Referral, north: Installation, south: Installation, tmp_path: Path
) -> None:
    with north.at_home():
        first = hand_over.hand_over(alice.viewer, referral.id, order(south))
    arrival = carry(first, north, south, tmp_path / "first")
    with south.at_home():
        take_over.refuse(charlie.viewer, arrival.id, "Not ours.")
        hand_over.export(Dispatch.objects.get(kind="answer").id, tmp_path / "answer")
    with north.at_home(), (tmp_path / "answer").open("rb") as stream:
        take_over.receive_package(stream)
    first.refresh_from_db()
    assert (first.state, first.answer_reason) == ("refused", "Not ours.")
    hand_in(north.unit, corrected())
    assert not Dispatch.objects.filter(kind="update").exists()


def test_law_L8_a_correction_of_a_part_waits_for_an_officer(
    alice: Person, referral: Referral, north: Installation, south: Installation
) -> None:
    north_address = south.address
    with north.at_home():
        hand_over.hand_over(alice.viewer, referral.id, order(south, Part(persons=frozenset({0}), files=frozenset(), incident=False)))
    hand_in(north.unit, corrected())
    update = Dispatch.objects.get(kind="update")
    assert update.due_at is None
    assert north_address == ""
    with north.at_home():
        assert hand_over.send_part(alice.viewer, update.id).made_by == alice.viewer.actor


def test_law_L8_a_recipient_is_asked_to_erase_and_answers(
    alice: Person, charlie: Person, referral: Referral, north: Installation, south: Installation, tmp_path: Path
) -> None:
    with north.at_home():
        first = hand_over.hand_over(alice.viewer, referral.id, order(south))
        with pytest.raises(Conflict):
            hand_over.ask_erasure(alice.viewer, first.id, "It was not theirs.")
    arrival = carry(first, north, south, tmp_path / "first")
    with south.at_home():
        take_over.accept(charlie.viewer, arrival.id)
    with north.at_home():
        asked = hand_over.ask_erasure(alice.viewer, first.id, "It was not theirs.")
    request = carry(asked, north, south, tmp_path / "asked")
    assert (request.state, request.reason, request.referral) == ("waiting", "It was not theirs.", Referral.objects.get(unit=south.unit))
    with south.at_home():
        take_over.note_erasure(charlie.viewer, request.id, "It goes with the next review.")
        hand_over.export(Dispatch.objects.get(kind="answer", answers=asked.id).id, tmp_path / "answer")
    with north.at_home(), (tmp_path / "answer").open("rb") as stream:
        take_over.receive_package(stream)
    asked.refresh_from_db()
    assert (asked.state, asked.answer_reason) == ("noted", "It goes with the next review.")
