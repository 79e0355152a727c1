"""The scrub finds what was changed, what is gone and what belongs to nothing, and goes on where it stopped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from grace.cli import evidence as cli
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.evidence import vault
from grace.evidence.models import SealedObject
from grace.evidence.scrub import Findings, orphans
from grace.evidence.vault.keys import AgencyKey, ring_of
from grace.kernel.ids import new_id
from grace.pipeline import scrub
from tests.support.sealed import stored_files

pytestmark = pytest.mark.django_db


def _in_order(contents: list[bytes]) -> list[vault.Sealed]:
    return sorted(vault.seal_many(contents), key=lambda sealed: sealed.object_id)


def _damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_a_sound_vault_is_said_to_be_sound(place: vault.Place) -> None:
    sealed = _in_order([os.urandom(size) for size in (0, 10, 3 << 20)])
    told: list[int] = []
    findings = scrub.scrub(progress=lambda so_far: told.append(so_far.checked))
    assert findings.sound
    assert (findings.checked, findings.read_bytes, findings.last) == (3, sum(each.size for each in sealed), sealed[-1].object_id)
    assert told == [1, 2, 3]
    assert list(orphans()) == []


def test_names_each_fault(place: vault.Place) -> None:
    good, changed, lost, strange = vault.seal_many([b"good", b"changed", b"lost", b"strange"])
    _damage(next(path for path in stored_files(place) if path.name == changed.object_id.hex))
    place.store.delete(lost.object_id)
    SealedObject.objects.filter(id=strange.object_id).update(agency_key_id="2019")
    findings = scrub.scrub()
    assert (findings.tampered, findings.missing, findings.key_away) == ([changed.object_id], [lost.object_id], [strange.object_id])
    assert not findings.sound
    (entry,) = ledger.history(f"object:{changed.object_id}")
    assert (entry.kind, entry.act, entry.detail["tampered"]) == (Kind.ALTERATION, "vault.scrub", "1")
    assert ledger.history(f"object:{good.object_id}") == []


def test_goes_on_where_it_stopped(place: vault.Place) -> None:
    sealed = _in_order([b"%d" % number for number in range(5)])
    assert scrub.scrub(after=sealed[2].object_id).checked == 2
    assert scrub.scrub(after=sealed[4].object_id) == Findings(last=sealed[4].object_id)


def test_bytes_without_a_row_are_removed_once_they_have_settled(place: vault.Place) -> None:
    sealed = vault.seal_many([b"kept"])[0]
    orphan = new_id()
    place.store.put(orphan, [b"of a rolled-back transaction"])
    assert list(orphans()) == []
    assert list(orphans(older_than=-1)) == [orphan]
    assert scrub.remove_orphans(older_than=-1) == 1
    assert list(place.store.list()) == [sealed.object_id]
    assert [entry.kind for entry in ledger.history(f"object:{orphan}")] == [Kind.ERASURE]


@pytest.mark.usefixtures("open_house")
def test_the_command_says_what_to_do(place: vault.Place) -> None:
    (sealed,) = vault.seal_many([b"content"])
    sound = CliRunner().invoke(cli.command, ["scrub"])
    assert sound.exit_code == 0
    assert "All are as they were sealed." in sound.output
    with vault.standing_in(vault.Place(place.store, ring_of(AgencyKey("other", b"o" * 32)))):
        faulty = CliRunner().invoke(cli.command, ["scrub", "--remove-orphans"])
    assert faulty.exit_code == 1
    assert f"{sealed.object_id} is sealed under a key that is away." in faulty.output
    assert "Restore these objects from the last backup" in faulty.output
