"""Scenario 4, from the state concerned on: a referral goes to the agency that it concerns, with its files, and comes back as an answer.

Alice of North hands over; Charlie of South takes in, works, and answers; both can show in their ledgers what went where and why.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grace.agencies.directory import contact_point
from grace.casework.decide import Wish
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.evidence import vault
from grace.evidence.models import Holding
from grace.exchange.models import Arrival, Dispatch
from grace.exchange.outbox import Order
from grace.exchange.part import Part
from grace.pipeline import agencies, hand_over, take_over
from grace.pipeline.decide import decide
from grace.pipeline.hand_over_page import hand_over_page
from grace.pipeline.receive import Delivery, Intake, Outcome, receive
from grace.referrals.models import Attachment, Referral
from grace.simulate.plan import Form, WorldPlan
from grace.simulate.world import World
from tests.support.agencies import Installation, administrators
from tests.support.people import Person
from tests.support.world import as_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(place: vault.Place, north: Installation, south: Installation) -> Referral:
    plan = WorldPlan(
        referrals=1, duplicate_share=0, version_share=0, truncated_share=0, flaw_share=0, forms=((Form.LEA_ZIP, 1.0),), files_per_referral=3
    )
    document = World(plan).document(0)
    receive(Intake(north.unit.id, "test", "system:test"), [Delivery(document.name, as_bytes(document))])
    return Referral.objects.get()


def carry(dispatch: Dispatch, north: Installation, south: Installation, file: Path) -> Arrival:
    with north.at_home():
        hand_over.export(dispatch.id, file)
    with south.at_home(), file.open("rb") as stream:
        return take_over.receive_package(stream)


def test_a_referral_goes_to_the_state_concerned(
    alice: Person, charlie: Person, referral: Referral, north: Installation, south: Installation, tmp_path: Path
) -> None:
    with north.at_home():
        agencies.make_contact_point(administrators(north.unit)[0], south.agency)
        point = contact_point("FR")
        assert point is not None
        decide(alice.viewer, referral.id, Wish("take"))
        seen = hand_over_page(alice.viewer, referral.id, Part())
        assert seen.leaves is not None
        assert point.id in {each.agency.id for each in seen.recipients}
        dispatch = hand_over.hand_over(
            alice.viewer, referral.id, Order(point.id, "immediate-threat", "The person lives there.", conditions=("ask-originator",))
        )
    assert QueueRow.objects.get(referral=referral).outcome == "handed_over"
    arrival = carry(dispatch, north, south, tmp_path / "package")
    with south.at_home():
        assert take_over.inbox_page(charlie.viewer).waiting == [arrival]
        take_over.accept(charlie.viewer, arrival.id, "Ours.")
        theirs = Referral.objects.get(unit=south.unit)
        row = QueueRow.objects.get(referral=theirs)
        assert (row.status, row.format, row.sender.name) == ("open", "grace-handover", north.name)
        decide(charlie.viewer, theirs.id, Wish("take"))
    _same_files(referral, theirs)
    with south.at_home():
        hand_over.export(Dispatch.objects.get(kind="answer").id, tmp_path / "answer")
    with north.at_home(), (tmp_path / "answer").open("rb") as stream:
        take_over.receive_package(stream)
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.answer_reason) == ("accepted", "Ours.")
    _both_ledgers_tell(dispatch, alice, charlie, south)


def _same_files(ours: Referral, theirs: Referral) -> None:
    def files(of: Referral) -> list[Any]:
        return list(
            Attachment.objects.filter(referral=of, file__isnull=False).order_by("file__sha256").values_list("file__sha256", "state")
        )

    assert [bytes(digest) for digest, _ in files(ours)] == [bytes(digest) for digest, _ in files(theirs)]
    assert {state for _, state in files(theirs)} <= {"present", "extra", "changed", "report"}
    assert Holding.objects.filter(unit=theirs.unit).count() == len({bytes(digest) for digest, _ in files(theirs)})


def _both_ledgers_tell(dispatch: Dispatch, alice: Person, charlie: Person, south: Installation) -> None:
    told = ledger.page(subject=f"package:{dispatch.id}", limit=50)
    disclosed = [each for each in told if each.kind == Kind.DISCLOSURE and not each.denied]
    assert {each.recipient for each in disclosed} == {f"agency:{south.agency}"}
    assert alice.viewer.actor in {each.actor for each in disclosed}
    collected = {(each.act, each.actor) for each in told if each.kind == Kind.COLLECTION}
    assert ("exchange.accept", charlie.viewer.actor) in collected


def test_the_same_report_from_elsewhere_is_a_version_of_what_was_handed_over(
    alice: Person, charlie: Person, referral: Referral, north: Installation, south: Installation, tmp_path: Path
) -> None:
    with north.at_home():
        dispatch = hand_over.hand_over(alice.viewer, referral.id, Order(south.agency, "investigation", "Theirs."))
    arrival = carry(dispatch, north, south, tmp_path / "package")
    with south.at_home():
        take_over.accept(charlie.viewer, arrival.id)
    original = vault.read(Referral.objects.get(unit=north.unit).version_set.get().document.object_id)
    (receipt,) = receive(Intake(south.unit.id, "test", "system:test"), [Delivery("from-ncmec.zip", original)])
    assert receipt.outcome is Outcome.VERSION
    assert Referral.objects.get(unit=south.unit).versions == 2
