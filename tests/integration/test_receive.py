"""The way of a referral, batch by batch: doubles, versions, several in one transaction, and what each leaves behind."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import OperationalError

from grace.accounts.models import Unit
from grace.casework import queue
from grace.casework.models import QueueRow
from grace.casework.queue import Filters
from grace.custody import ledger
from grace.kernel.errors import Invalid
from grace.pipeline import jobs
from grace.pipeline.patience import patiently
from grace.pipeline.receive import Delivery, Intake, Outcome, Receipt, receive
from grace.priority.models import Assessment
from grace.referrals.models import Identifier, Referral, Sighting, Version
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def document(number: str, **changes: Any) -> bytes:
    said: dict[str, Any] = {
        "reportId": number,
        "dateReceived": "2026-01-02T03:04:05Z",
        "reportedInformation": {
            "reportingEsp": {"espName": "Example Mail"},
            "incidentSummary": {"incidentType": "Child Sex Tourism", "incidentDateTime": "2026-01-01T00:00:00Z"},
            "reportedPeople": {
                "reportedPersons": [{"espUserId": "u-7", "emails": {"emails": [{"value": "one@example.org", "verified": True}]}}]
            },
            **changes,
        },
    }
    return json.dumps(said).encode()


def hand_in(unit: Unit, *documents: bytes) -> list[Receipt]:
    return receive(Intake(unit.id, "test", "system:test"), [Delivery(f"{place}.json", each) for place, each in enumerate(documents)])


def test_receipts_come_in_the_order_of_the_deliveries(harbour_unit: Unit) -> None:
    receipts = hand_in(harbour_unit, document("1"), b"nonsense", document("1"), document("2"), document("1", incidentDetails=None))
    assert [each.outcome for each in receipts] == [Outcome.NEW, Outcome.QUARANTINED, Outcome.DOUBLE, Outcome.NEW, Outcome.VERSION]
    assert [each.name for each in receipts] == [f"{place}.json" for place in range(5)]
    assert receipts[4].referrals == receipts[0].referrals
    assert receipts[2].document_id == receipts[0].document_id


def test_two_versions_in_one_batch_are_counted_in_order(harbour_unit: Unit) -> None:
    hand_in(harbour_unit, *(document("1", additionalInformations=[{"value": f"text {place}"}]) for place in range(4)))
    referral = Referral.objects.get()
    assert referral.versions == 4
    assert list(Version.objects.order_by("ordinal").values_list("ordinal", flat=True)) == [1, 2, 3, 4]
    assert QueueRow.objects.get().summary["versions"] == 4


def test_each_unit_has_its_own_referral_of_the_same_document(harbour_unit: Unit, hill_unit: Unit) -> None:
    (mine,), (theirs,) = hand_in(harbour_unit, document("1")), hand_in(hill_unit, document("1"))
    assert (mine.outcome, theirs.outcome) == (Outcome.NEW, Outcome.NEW)
    assert mine.referrals != theirs.referrals
    assert Identifier.objects.filter(value="one@example.org").count() == 1, "an identifier is one, whoever saw it"


def test_everything_of_a_referral_is_there_when_the_receipt_is(harbour_unit: Unit) -> None:
    (receipt,) = hand_in(harbour_unit, document("77"))
    (referral,) = receipt.referrals
    assert QueueRow.objects.get(referral_id=referral).number == receipt.numbers[0]
    assert Assessment.objects.get(referral_id=referral).reasons["actionability"]
    assert {"one@example.org", "u-7"} <= {each.as_written for each in Sighting.objects.filter(referral_id=referral)}
    assert {entry.act for entry in ledger.history(f"referral:{referral}")} == {"document.receive", "referral.route", "referral.score"}


def test_shared_contacts_speak_for_a_lead(harbour_unit: Unit) -> None:
    first, second = hand_in(harbour_unit, document("1"))[0], hand_in(harbour_unit, document("2"))[0]
    assert first.referrals != second.referrals
    signals = {kind: value for kind, value, *_ in Assessment.objects.get(referral_id=second.referrals[0]).signals}
    assert signals["link.shared_identifiers"] == 1


def test_nothing_is_half_done_when_something_fails(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("in the last step")

    monkeypatch.setattr(jobs, "follow", fails)
    with pytest.raises(RuntimeError):
        hand_in(harbour_unit, document("1"))
    monkeypatch.undo()
    assert not Referral.objects.exists()
    assert hand_in(harbour_unit, document("1"))[0].outcome is Outcome.NEW


def test_the_queue_key_of_another_maker_is_refused(alice: Person) -> None:
    for key in ("x", "AAAA", "Li4uLg", "é", "a" * 500):
        with pytest.raises(Invalid):
            queue.page(alice.viewer, Filters(), after=key)


def test_work_is_not_tried_again_inside_a_transaction(db: None) -> None:
    tried = []

    def away() -> list[Receipt]:
        tried.append(1)
        raise OperationalError("away")

    with pytest.raises(OperationalError):
        patiently(away)
    assert tried == [1]
