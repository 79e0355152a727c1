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
class Sealed:
    """One sealed object; digests are raw bytes, ``media_type`` is what its first bytes speak of."""

    object_id: UUID
    size: int
    md5: bytes
    sha1: bytes
    sha256: bytes
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
    place = here()
    keyed: list[tuple[Sealed, bytes]] = []
    stored: list[tuple[UUID, bytes]] = []
    for content in contents:
        object_id, data_key = new_id(), os.urandom(KEY_BYTES)
        reading = _frames(content)
        stored.append((object_id, b"".join(encrypt(data_key, object_id, reading))))
        keyed.append((_sealed(object_id, digest(content)), data_key))
    place.store.put_many(stored)
    _insert(place, keyed)
    return [sealed for sealed, _ in keyed]


def delete(object_id: UUID) -> None:
    """Erase an object: its row, and with it its key, in the caller's transaction; its bytes once that has committed."""
    delete_many([object_id])


def delete_many(object_ids: Sequence[UUID]) -> None:
    """Erase objects. A crash after the commit leaves bytes that no key opens any more; scrub removes them."""
    SealedObject.objects.filter(id__in=object_ids).delete()
    store = here().store
    for object_id in object_ids:
        transaction.on_commit(partial(store.delete, object_id))


def _frames(content: bytes) -> Iterable[bytes]:
    return (content[start : start + FRAME] for start in range(0, len(content), FRAME))


def _sealed(object_id: UUID, found: Digests) -> Sealed:
    return Sealed(object_id, found.size, found.md5, found.sha1, found.sha256, found.media_type)


def _insert(place: Place, keyed: Sequence[tuple[Sealed, bytes]]) -> None:
    key, moment = place.keys.present, now()
    rows = [
        (sealed.object_id, sealed.size, sealed.sha256, key.wrap(sealed.object_id, data_key), key.id, moment) for sealed, data_key in keyed
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, by_column(rows, len(_COLUMNS)))
