"""Scenario 2: check and store reports and files: nothing lost, nothing taken on trust, everything found again."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from grace.casework import queue
from grace.casework.queue import Filters
from grace.evidence import vault
from grace.evidence.models import File, Holding
from grace.intake.models import Document
from grace.pipeline import consult
from grace.pipeline.receive import Delivery, Intake, Outcome, Receipt, read_again, receive
from grace.pipeline.scrub import scrub
from grace.referrals.models import Attachment, Version
from tests.support.people import Person

pytestmark = pytest.mark.django_db

BOAT, BRIDGE, STAIRS = b"a picture of a boat", b"a picture of a bridge", b"a picture of stairs"


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def report(number: str, files: dict[str, str | None], text: str = "A ferry leaves at nine.") -> bytes:
    """A LEA document that names files by their MD5."""
    named = [
        {"filename": name, "originalFilename": None, "verificationHash": digest, "viewedByEsp": None} for name, digest in files.items()
    ]
    return json.dumps(
        {
            "reportId": number,
            "dateReceived": "2026-01-02T03:04:05Z",
            "reportedInformation": {
                "reportingEsp": {"espName": "Example Cloud"},
                "incidentSummary": {"incidentType": "Child Sex Tourism", "incidentDateTime": "2026-01-01T00:00:00Z"},
                "additionalInformations": [{"value": text}],
                "reportedPeople": {
                    "reportedPersons": [{"espUserId": "u-1", "emails": {"emails": [{"value": "Some.One@Example.ORG", "verified": True}]}}]
                },
                "uploadedFiles": {"uploadedFiles": named},
            },
        }
    ).encode()


def packed(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def take_in(person: Person, *contents: bytes) -> list[Receipt]:
    return receive(Intake(person.viewer.unit_id, "test", "system:test"), [Delivery("a document", each) for each in contents])


def test_files_are_checked_against_what_the_report_says(alice: Person) -> None:
    document = report("500", {"boat.jpg": md5(BOAT), "bridge.jpg": md5(BRIDGE), "stairs.jpg": md5(STAIRS)})
    (receipt,) = take_in(alice, packed({"500.json": document, "boat.jpg": BOAT, "bridge.jpg": b"something else", "note.txt": b"unnamed"}))
    states = dict(Attachment.objects.filter(referral_id=receipt.referrals[0]).values_list("name", "state"))
    assert states == {"boat.jpg": "present", "bridge.jpg": "changed", "stairs.jpg": "missing", "note.txt": "extra"}
    held = Attachment.objects.get(referral_id=receipt.referrals[0], name="boat.jpg").file
    assert held is not None
    assert bytes(held.md5).hex() == md5(BOAT)
    with vault.open(held.object_id) as stream:
        assert stream.read() == BOAT
    assert Holding.objects.filter(file=held, unit_id=alice.viewer.unit_id).exists()


def test_the_original_is_kept_byte_for_byte_and_nothing_lies_in_the_open(alice: Person) -> None:
    original = packed({"501.json": report("501", {"boat.jpg": md5(BOAT)}), "boat.jpg": BOAT})
    (receipt,) = take_in(alice, original)
    row = Document.objects.get(id=receipt.document_id)
    with vault.open(row.object_id) as stream:
        assert stream.read() == original
    for path in Path(settings.GRACE_VAULT_PATH).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert BOAT not in content
            assert b"Example.ORG" not in content


def test_a_changed_report_becomes_a_version_and_both_can_be_compared(alice: Person) -> None:
    first, second = take_in(alice, report("502", {}), report("502", {}, text="The ferry left at ten."))
    assert (first.outcome, second.outcome) == (Outcome.NEW, Outcome.VERSION)
    assert first.referrals == second.referrals
    assert Version.objects.filter(referral_id=first.referrals[0]).count() == 2
    ((path, before, after),) = consult.compare_versions(alice.viewer, first.referrals[0], 1, 2)
    assert path.endswith("additionalInformations[0].value")
    assert (before, after) == ("A ferry leaves at nine.", "The ferry left at ten.")


def test_what_cannot_be_read_is_kept_and_can_be_read_again(alice: Person) -> None:
    broken = report("503", {})[:-40]
    (receipt,) = take_in(alice, broken)
    assert receipt.outcome is Outcome.QUARANTINED
    assert receipt.reason_code
    with vault.open(Document.objects.get(id=receipt.document_id).object_id) as stream:
        assert stream.read() == broken
    assert read_again(alice.viewer, receipt.document_id).outcome is Outcome.QUARANTINED
    assert Document.objects.get(id=receipt.document_id).attempts == 2


def test_the_same_bytes_are_stored_once_and_found_by_their_digest(alice: Person, charlie: Person) -> None:
    (mine,) = take_in(alice, packed({"504.json": report("504", {"boat.jpg": md5(BOAT)}), "boat.jpg": BOAT}))
    (theirs,) = take_in(charlie, packed({"505.json": report("505", {"boat.jpg": md5(BOAT)}), "boat.jpg": BOAT}))
    assert File.objects.filter(md5=bytes.fromhex(md5(BOAT))).count() == 1
    for person, receipt in ((alice, mine), (charlie, theirs)):
        found = queue.page(person.viewer, Filters(text=md5(BOAT))).rows
        assert [row.referral_id for row in found] == list(receipt.referrals)


def test_the_scrub_reads_everything_again_and_finds_what_was_tampered_with(alice: Person) -> None:
    (receipt,) = take_in(alice, packed({"506.json": report("506", {"boat.jpg": md5(BOAT)}), "boat.jpg": BOAT}))
    assert scrub().sound
    held = Attachment.objects.get(referral_id=receipt.referrals[0], name="boat.jpg").file
    assert held is not None
    (sealed,) = (
        path for path in Path(settings.GRACE_VAULT_PATH).rglob("*") if path.is_file() and held.object_id.hex in path.name.replace("-", "")
    )
    content = bytearray(sealed.read_bytes())
    content[-1] ^= 1
    sealed.write_bytes(content)
    assert scrub().tampered == [held.object_id]
