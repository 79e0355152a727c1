"""The vault with its table: what is sealed comes back, what was changed is found, what is deleted is gone."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from grace.evidence import vault
from grace.evidence.errors import KeyAway, Tampered
from grace.evidence.models import SealedObject
from grace.evidence.vault.folder import FolderStore
from grace.evidence.vault.frames import FRAME
from grace.evidence.vault.keys import AgencyKey, ring_of
from grace.kernel.errors import Missing
from grace.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def _only_file(place: vault.Place) -> Path:
    assert isinstance(place.store, FolderStore)
    (found,) = (path for path in place.store.root.rglob("*") if path.is_file())
    return found


@pytest.mark.parametrize("size", [0, 1, 7000, FRAME, FRAME + 1, 3 * FRAME + 5])
def test_one_pass_seals_and_digests(place: vault.Place, size: int) -> None:
    content = os.urandom(size)
    sealed = vault.seal(io.BytesIO(content))
    assert (sealed.size, sealed.md5, sealed.sha1, sealed.sha256) == (
        size,
        hashlib.md5(content, usedforsecurity=False).digest(),
        hashlib.sha1(content, usedforsecurity=False).digest(),
        hashlib.sha256(content).digest(),
    )
    assert vault.read(sealed.object_id) == content
    (many,) = vault.seal_many([content])
    assert (many.size, many.md5, many.sha1, many.sha256) == (sealed.size, sealed.md5, sealed.sha1, sealed.sha256)
    assert vault.read(many.object_id) == content


def test_a_stream_that_gives_little_at_a_time_is_sealed_whole(place: vault.Place) -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 70_001))

    content = os.urandom(2 * FRAME + 3)
    assert vault.read(vault.seal(Trickle(content)).object_id) == content


def test_many_come_back_in_their_order(place: vault.Place) -> None:
    contents = [f"document {number}".encode() for number in range(50)]
    sealed = vault.seal_many(contents)
    assert vault.seal_many([]) == []
    assert [vault.read(each.object_id) for each in sealed] == contents
    found = vault.read_many([each.object_id for each in sealed])
    assert [found[each.object_id] for each in sealed] == contents
    assert {each.media_type for each in sealed} == {"text/plain"}


def test_a_zip_is_read_in_place(place: vault.Place) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in ("a", "b"):
            archive.writestr(name, name.encode() * FRAME)
    with vault.open(vault.seal(io.BytesIO(written.getvalue())).object_id) as stream, zipfile.ZipFile(stream) as archive:
        assert archive.read("b") == b"b" * FRAME
        assert archive.read("a") == b"a" * FRAME


def test_a_changed_byte_is_found_on_reading(place: vault.Place) -> None:
    sealed = vault.seal(io.BytesIO(b"as it was sent"))
    path = _only_file(place)
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(Tampered):
        vault.read(sealed.object_id)


def test_lost_bytes_are_no_missing_object(place: vault.Place) -> None:
    sealed = vault.seal(io.BytesIO(b"as it was sent"))
    _only_file(place).unlink()
    with pytest.raises(Tampered, match="gone"):
        vault.read(sealed.object_id)
    with pytest.raises(Missing):
        vault.read(new_id())
    with pytest.raises(Missing):
        vault.read_many([sealed.object_id, new_id()])


@pytest.mark.parametrize("content", [b"", b"as it was sent"])
def test_a_changed_row_is_found_on_reading(place: vault.Place, content: bytes) -> None:
    sealed = vault.seal(io.BytesIO(content))
    rows = SealedObject.objects.filter(id=sealed.object_id)
    rows.update(sha256=b"x" * 32)
    with pytest.raises(Tampered, match="not the content"):
        vault.read(sealed.object_id)
    rows.update(sha256=sealed.sha256, size=sealed.size + 1)
    with pytest.raises(Tampered, match="length"):
        vault.read(sealed.object_id)


def test_keys_and_bytes_of_two_objects_cannot_be_swapped(place: vault.Place) -> None:
    first, second = vault.seal_many([b"first!", b"second"])
    rows = SealedObject.objects.in_bulk()
    SealedObject.objects.filter(id=first.object_id).update(wrapped_key=rows[second.object_id].wrapped_key)
    with pytest.raises(Tampered):
        vault.read(first.object_id)


def test_an_object_of_an_earlier_key_opens_while_that_key_is_known(place: vault.Place) -> None:
    sealed = vault.seal(io.BytesIO(b"old"))
    later = AgencyKey("later", b"l" * 32)
    with vault.standing_in(vault.Place(place.store, ring_of(later, place.keys.present))):
        assert vault.read(sealed.object_id) == b"old"
    with vault.standing_in(vault.Place(place.store, ring_of(later))), pytest.raises(KeyAway, match="main"):
        vault.read(sealed.object_id)
