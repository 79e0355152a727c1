"""The one spelling of an entry as bytes: what is hashed into a leaf, and what an export shows.

JSON with sorted keys, no blanks and no escapes that UTF-8 does not need; times in UTC with six digits and ``Z``.
``verify_ledger.py`` reads the same spelling with code of its own; tests/property/test_ledger.py compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode


class EntryRow(NamedTuple):
    """One entry of the ledger, in the order of the table's columns; ``seq`` is its leaf, None until it is sequenced."""

    id: UUID
    at: datetime
    actor: str
    kind: str
    act: str
    purpose: str
    subjects: Sequence[str]
    detail: Mapping[str, str]
    recipient: str
    denied: bool
    salt: bytes
    seq: int | None = None


COLUMNS = "e.id, e.at, e.actor, e.kind, e.act, e.purpose, e.subjects, e.detail, e.recipient, e.denied, e.salt"
"""The columns of ``custody_entry e`` in the order of :class:`EntryRow`."""


def spelled(value: object) -> str:
    """Any JSON value in the canonical spelling."""
    return _encode(value)


def moment(at: datetime) -> str:
    """A moment in UTC with microseconds: ``2026-11-22T17:46:33.000001Z``."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def entry_bytes(row: EntryRow) -> bytes:
    """The entry in the canonical spelling; the salt and the leaf's number are no part of it."""
    return _encode(
        {
            "act": row.act,
            "actor": row.actor,
            "at": moment(row.at),
            "denied": row.denied,
            "detail": row.detail,
            "id": str(row.id),
            "kind": row.kind,
            "purpose": row.purpose,
            "recipient": row.recipient,
            "subjects": row.subjects,
        }
    ).encode()


def digest(salt: bytes, entry: bytes) -> bytes:
    """The leaf of an entry: SHA-256 of its salt (16 random bytes, which go when the entry goes) and its bytes."""
    return sha256(salt + entry).digest()


def subject_key(subject: str) -> int:
    """The signed 64-bit key under which the index knows a subject: the first eight bytes of its SHA-256."""
    return int.from_bytes(sha256(subject.encode()).digest()[:8], "big", signed=True)
