"""Put bytes into the vault, and take them out of the world again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction

from grace.evidence.models import SealedObject
from grace.evidence.vault.digests import Digests, Reading, digest
from grace.evidence.vault.frames import FRAME, encrypt
from grace.evidence.vault.keys import KEY_BYTES
from grace.evidence.vault.place import Place, here
from grace.kernel.clock import now
from grace.kernel.ids import new_id
from grace.kernel.sql import by_column, insert_many

_COLUMNS = {"id": "uuid", "size": "bigint", "sha256": "bytea", "wrapped_key": "bytea", "agency_key_id": "text", "sealed_at": "timestamptz"}
_INSERT = insert_many("evidence_object", _COLUMNS)


@dataclass(frozen=True, slots=True)
class Stored:
    """One sealed object; the digest is raw."""

    object_id: UUID
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Sealed(Stored):
    """The same of what may be a file: with all digests that lists use, raw too; ``media_type`` is what its first bytes speak of."""

    md5: bytes
    sha1: bytes
    media_type: str


def seal(stream: BinaryIO) -> Sealed:
    """Seal a stream of any length in one pass; the bytes are durable on return, the row is in the caller's transaction."""
    place, object_id, data_key = here(), new_id(), os.urandom(KEY_BYTES)
    reading = Reading(stream)
    place.store.put(object_id, encrypt(data_key, object_id, reading.frames()))
    sealed = _sealed(object_id, reading.digests())
    _insert(place, [(sealed, data_key)])
    return sealed


def seal_many(contents: Sequence[bytes]) -> list[Sealed]:
    """Seal many small contents, in their order: one wait for the disk and one statement for all."""
    found = [digest(content) for content in contents]
    stored = store_many([(each.sha256, content) for each, content in zip(found, contents, strict=True)])
    return [_sealed(one.object_id, each) for one, each in zip(stored, found, strict=True)]


def store_many(contents: Sequence[tuple[bytes, bytes]]) -> list[Stored]:
    """The same of contents with their SHA-256 before them, which no list will be asked about: no other digest is made."""
    place = here()
    keyed: list[tuple[Stored, bytes]] = []
    written: list[tuple[UUID, bytes]] = []
    for sha256, content in contents:
        object_id, data_key = new_id(), os.urandom(KEY_BYTES)
        written.append((object_id, b"".join(encrypt(data_key, object_id, _frames(content)))))
        keyed.append((Stored(object_id, len(content), sha256), data_key))
    place.store.put_many(written)
    _insert(place, keyed)
    return [stored for stored, _ in keyed]


def delete(object_id: UUID) -> None:
    """Erase an object: its row, and with it its key, in the caller's transaction; its bytes once that has committed."""
    delete_many([object_id])


def delete_many(object_ids: Sequence[UUID]) -> None:
    """Erase objects. A crash after the commit leaves bytes that no key opens any more; scrub removes them."""
    if not object_ids:
        return
    SealedObject.objects.filter(id__in=object_ids).delete()
    store = here().store
    for object_id in object_ids:
        transaction.on_commit(partial(store.delete, object_id))


def _frames(content: bytes) -> Iterable[bytes]:
    return (content[start : start + FRAME] for start in range(0, len(content), FRAME))


def _sealed(object_id: UUID, found: Digests) -> Sealed:
    return Sealed(object_id, found.size, found.sha256, found.md5, found.sha1, found.media_type)


def _insert(place: Place, keyed: Sequence[tuple[Stored, bytes]]) -> None:
    key, moment = place.keys.present, now()
    rows = [
        (stored.object_id, stored.size, stored.sha256, key.wrap(stored.object_id, data_key), key.id, moment) for stored, data_key in keyed
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, by_column(rows, len(_COLUMNS)))
