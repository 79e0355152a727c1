"""Alice looks at a file of her unit; nobody else gets past the gate, and nothing of the original does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grace.accounts.capabilities import Capability
from grace.custody import ledger
from grace.evidence import access, files, profile, vault
from grace.evidence.access import Covered, Granted, Why
from grace.evidence.decoding.port import NotDecoded, Preview, Reason
from grace.evidence.errors import Tampered
from grace.evidence.files import Keep
from grace.kernel.errors import Invalid, Missing, Refused
from grace.kernel.ids import new_id
from grace.pipeline.look import look
from tests.support.people import Person
from tests.support.sealed import held_picture, stored_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def test_alice_sees_a_small_picture_and_leaves_an_entry(alice: Person) -> None:
    file = held_picture(alice.officer.unit)
    seen = look(alice.viewer, file.id, "triage", most_side=100)
    assert isinstance(seen, Preview)
    assert max(seen.width, seen.height) == 100
    (entry,) = ledger.history(f"file:{file.sha256.hex()}")
    assert (entry.act, entry.actor, entry.purpose, entry.denied) == ("file.look", alice.viewer.actor, "triage", False)
    assert entry.detail == {"profile": "first-1"}


def test_a_preview_is_never_larger_than_the_gate_allows(alice: Person) -> None:
    file = held_picture(alice.officer.unit, width=1500)
    seen = look(alice.viewer, file.id, "triage", most_side=10_000)
    assert isinstance(seen, Preview)
    assert seen.width == access.MOST_SIDE


def test_every_refusal_has_its_reason_and_its_entry(alice: Person, charlie: Person, eve: Person) -> None:
    file = held_picture(alice.officer.unit)
    token = replace(alice.viewer, via="token")
    for viewer, purpose, error, why, noted in (
        (charlie.viewer, "triage", Missing, "not-held", "triage"),
        (eve.viewer, "triage", Refused, "no-capability", "triage"),
        (alice.viewer, "", Refused, "no-purpose", ""),
        (alice.viewer, "curious, mail me at a@example.org", Refused, "no-purpose", ""),
        (charlie.viewer, "anything at all", Missing, "not-held", ""),
        (token, "triage", Refused, "no-officer", "triage"),
    ):
        with pytest.raises(error):
            look(viewer, file.id, purpose)
        entry = ledger.history(f"file:{file.sha256.hex()}")[0]
        assert (entry.denied, entry.detail, entry.purpose, entry.actor) == (True, {"why": why}, noted, viewer.actor)
        with pytest.raises(error):
            access.preview(viewer.for_purpose(purpose), file.id)


def test_a_file_that_is_not_there_reads_as_one_that_is_not_yours(alice: Person, charlie: Person) -> None:
    nowhere = new_id()
    told = set()
    for viewer, file_id in ((alice.viewer, nowhere), (charlie.viewer, held_picture(alice.officer.unit).id)):
        with pytest.raises(Missing) as refused:
            look(viewer, file_id, "triage")
        told.add(str(refused.value))
    assert len(told) == 1
    assert ledger.history(f"file:{nowhere}")[0].denied


def test_the_gate_closes_with_the_holding(alice: Person) -> None:
    file = held_picture(alice.officer.unit)
    viewer = alice.viewer.for_purpose("triage")
    assert access.decide(viewer, file.id) == Granted(file.id, file.sha256, "first-1")
    files.release(alice.officer.unit.id, [file.id])
    assert access.decide(viewer, file.id) == Covered(Why.NOT_HELD, file.id, None, "triage")


def test_without_a_profile_nothing_opens(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    file = held_picture(alice.officer.unit)

    def unreadable() -> profile.Profile:
        raise Invalid("The access profile cannot be read.")

    monkeypatch.setattr(profile, "in_force", unreadable)
    with pytest.raises(Refused, match="No file can be opened"):
        look(alice.viewer, file.id, "triage")


def test_whatever_else_an_officer_may_do_opens_no_file(alice: Person) -> None:
    file = held_picture(alice.officer.unit)
    every_other = replace(alice.viewer, capabilities=frozenset(Capability) - {Capability.OPEN_FILES}, purpose="triage")
    assert isinstance(access.decide(every_other, file.id), Covered)


def test_what_is_no_picture_or_broken_says_so(alice: Person) -> None:
    text, broken = files.keep_many(
        [Keep(alice.officer.unit.id, content, "received") for content in (b"some words", b"\xff\xd8\xff broken")]
    )
    assert look(alice.viewer, text.id, "triage") == NotDecoded(Reason.FORMAT)
    assert look(alice.viewer, broken.id, "triage") == NotDecoded(Reason.DAMAGED)


def test_changed_bytes_are_not_shown(alice: Person, place: vault.Place) -> None:
    file = held_picture(alice.officer.unit)
    (path,) = stored_files(place)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(Tampered):
        look(alice.viewer, file.id, "triage")
