"""Recording what documents said: referrals, versions, persons, attachments, identifiers and sightings, many at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.intake.feedback import Remark, stored
from grace.intake.normalise import Facts
from grace.kernel import sql
from grace.kernel.ids import new_id
from grace.kernel.text import short
from grace.referrals import words
from grace.referrals.incident_kinds import kind_of
from grace.referrals.words import Said
from grace.sdk.intake import Report


@dataclass(frozen=True, slots=True)
class Bytes:
    """What became of one attachment's bytes: its state, and the file where they are here."""

    state: str
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """A file that came along although the report does not name it; ``state`` tells the report's own PDF from others."""

    name: str
    file_id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One reading of one document, ready to be recorded. ``contents`` has one entry per attachment of the report."""

    unit_id: UUID
    sender_id: UUID
    document_id: UUID
    external: str
    report: Report
    facts: Facts
    contents: Sequence[Bytes]
    canonical: bytes
    extras: Sequence[Extra] = ()
    remarks: Sequence[Remark] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """The referral and version that a statement became; ``ordinal`` 1 is a new referral. ``sender_id`` is the referral's."""

    referral_id: UUID
    number: int
    version_id: UUID
    ordinal: int
    attachment_ids: tuple[UUID, ...]
    sender_id: UUID

    @property
    def is_new(self) -> bool:
        """Whether this was the first document about the referral."""
        return self.ordinal == 1


_REFERRALS = """
INSERT INTO referrals_referral (id, number, unit_id, issuer, external, sender_id, received_at, versions)
SELECT id, nextval('referrals_number'), unit_id, issuer, external, sender_id, %s, 1
FROM UNNEST(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::uuid[]) AS told (id, unit_id, issuer, external, sender_id)
ON CONFLICT (unit_id, issuer, external) DO UPDATE SET versions = referrals_referral.versions + 1
RETURNING id, number, unit_id, issuer, external, versions, sender_id
"""
_VERSIONS = {
    "id": "uuid",
    "referral_id": "uuid",
    "ordinal": "integer",
    "document_id": "uuid",
    "format": "text",
    "known_at": "timestamptz",
    "said_at": "timestamptz",
    "incident_type": "text",
    "incident_kind": "text",
    "incident_at": "timestamptz",
    "incident_zone": "text",
    "escalated": "text",
    "canonical": "bytea",
    "remarks": "jsonb",
}
_PERSONS = {
    "id": "uuid",
    "version_id": "uuid",
    "ordinal": "integer",
    "role": "text",
    "category": "text",
    "basis": "text",
    "fields": "jsonb",
}
_ATTACHMENTS = {
    "id": "uuid",
    "version_id": "uuid",
    "referral_id": "uuid",
    "ordinal": "integer",
    "file_id": "uuid",
    "state": "text",
    "name": "text",
    "original_name": "text",
    "sender_file_id": "text",
    "md5": "bytea",
    "sha1": "bytea",
    "sha256": "bytea",
    "pdq": "bytea",
    "viewed": "boolean",
    "publicly_available": "boolean",
    "classification": "text",
    "relevance": "text",
    "uploaded_at": "timestamptz",
    "tags": "jsonb",
    "fields": "jsonb",
    "path": "text",
}
_IDENTIFIERS = {"id": "uuid", "kind": "text", "value": "text"}
_OCCURRENCES = {"unit_id": "uuid", "beginning": "text", "identifier_id": "uuid"}
BEGINNING = 200
"""Characters of an identifier by which it is looked up: a longer one would not fit a row of a B-tree."""
_SIGHTINGS = {
    "referral_id": "uuid",
    "version_id": "uuid",
    "identifier_id": "uuid",
    "person_id": "uuid",
    "attachment_id": "uuid",
    "as_written": "text",
    "event": "text",
    "at": "timestamptz",
    "at_written": "text",
    "zone": "text",
    "precision": "text",
    "port": "integer",
    "weak": "boolean",
    "verified": "boolean",
    "basis": "text",
    "path": "text",
    "in_text": "boolean",
}


def identifier_id(kind: str, value: str) -> UUID:
    """The key of an identifier: the first 128 bits of SHA-256 over kind and normal spelling."""
    return UUID(bytes=hashlib.sha256(f"{kind}\0{value}".encode("utf-8", "surrogatepass")).digest()[:16])


def record(statements: Sequence[Statement], now: datetime) -> list[Recorded]:
    """Record statements in the caller's transaction; two of them may not speak of the same referral.

    Rows that others may write too (referrals, identifiers) are written in the order of their keys, so that two batches
    never wait for each other in a circle.
    """
    recorded = _referrals(statements, now)
    pairs = list(zip(statements, recorded, strict=True))
    people = {each.version_id: tuple(new_id() for _ in statement.facts.persons) for statement, each in pairs}
    _write("referrals_version", _VERSIONS, (_version(s, r, now) for s, r in pairs))
    _write("referrals_person", _PERSONS, (row for s, r in pairs for row in _persons(s, r, people[r.version_id])))
    _write("referrals_attachment", _ATTACHMENTS, (row for s, r in pairs for row in _attachments(s, r)))
    _identifiers(statements)
    _write("referrals_sighting", _SIGHTINGS, (row for s, r in pairs for row in _sightings(s, r, people[r.version_id])))
    words.add(Said(each.referral_id, each.version_id, statement.unit_id, statement.report) for statement, each in pairs)
    return recorded


def key_of(statement: Statement) -> tuple[UUID, str, str]:
    """What names the referral for good."""
    return statement.unit_id, short(statement.report.issuer), statement.external


def _referrals(statements: Sequence[Statement], now: datetime) -> list[Recorded]:
    ordered = sorted(statements, key=key_of)
    columns = sql.by_column(((new_id(), *key_of(each), each.sender_id) for each in ordered), 5)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_REFERRALS, [now, *columns])
        found: Mapping[tuple[UUID, str, str], tuple[UUID, int, int, UUID]] = {
            (row[2], row[3], row[4]): (row[0], row[1], row[5], row[6]) for row in cursor
        }
    told = []
    for each in statements:
        referral, number, ordinal, sender = found[key_of(each)]
        told.append(Recorded(referral, number, new_id(), ordinal, tuple(new_id() for _ in each.facts.attachments), sender))
    return told


def _write(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]], tail: str = "") -> None:
    written = list(rows)
    if written:
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql.insert_many(table, columns, tail), sql.by_column(written, len(columns)))


def _version(statement: Statement, recorded: Recorded, now: datetime) -> tuple[object, ...]:
    report, facts = statement.report, statement.facts
    return (
        recorded.version_id,
        recorded.referral_id,
        recorded.ordinal,
        statement.document_id,
        report.format,
        now,
        facts.received.at if facts.received else None,
        report.incident_type or "",
        kind_of(report.incident_type),
        facts.incident.at if facts.incident else None,
        facts.incident.zone if facts.incident else "",
        report.escalated,
        statement.canonical,
        json.dumps(stored(statement.remarks)),
    )


def _persons(statement: Statement, recorded: Recorded, ids: Sequence[UUID]) -> Iterator[tuple[object, ...]]:
    for key, person in zip(ids, statement.facts.persons, strict=True):
        # "victim" is the sender's word too: until an officer says so the category stays unverified (law, L7).
        yield key, recorded.version_id, person.ordinal, person.role.value, "unverified", "reported", json.dumps(dict(person.fields))


def _attachments(statement: Statement, recorded: Recorded) -> Iterator[tuple[object, ...]]:
    for key, attachment, held in zip(recorded.attachment_ids, statement.facts.attachments, statement.contents, strict=True):
        said, digests = attachment.stated, attachment.digests
        yield (
            key,
            recorded.version_id,
            recorded.referral_id,
            attachment.ordinal,
            held.file_id,
            held.state,
            said.name,
            said.original_name,
            said.sender_file_id,
            digests.get("md5"),
            digests.get("sha1"),
            digests.get("sha256"),
            digests.get("pdq"),
            said.viewed,
            said.publicly_available,
            said.classification,
            said.relevance,
            attachment.uploaded.at if attachment.uploaded else None,
            json.dumps(list(said.tags)),
            json.dumps({**said.fields, **{f"odd_{name}": value for name, value in attachment.odd_digests.items()}}),
            said.path,
        )
    for place, extra in enumerate(statement.extras, start=len(statement.contents)):
        yield (
            new_id(),
            recorded.version_id,
            recorded.referral_id,
            place,
            extra.file_id,
            extra.state,
            extra.name,
            *_NOTHING,
            "[]",
            "{}",
            "",
        )


_NOTHING = (None,) * 11
"""The columns of an attachment that only a report could fill."""


def _identifiers(statements: Sequence[Statement]) -> None:
    facts = [(statement.unit_id, each) for statement in statements for each in statement.facts.sightings]
    seen = {identifier_id(each.kind, each.value): (each.kind.value, each.value) for _unit, each in facts}
    rows = ((key, *seen[key]) for key in sorted(seen))
    _write("referrals_identifier", _IDENTIFIERS, rows, "ON CONFLICT (id) DO NOTHING")
    occur = {(unit, each.value[:BEGINNING], identifier_id(each.kind, each.value)) for unit, each in facts}
    _write("referrals_occurrence", _OCCURRENCES, sorted(occur), "ON CONFLICT (unit_id, beginning, identifier_id) DO NOTHING")


def _sightings(statement: Statement, recorded: Recorded, people: Sequence[UUID]) -> Iterator[tuple[object, ...]]:
    for each in statement.facts.sightings:
        yield (
            recorded.referral_id,
            recorded.version_id,
            identifier_id(each.kind, each.value),
            None if each.person is None else people[each.person],
            None if each.attachment is None else recorded.attachment_ids[each.attachment],
            each.as_written,
            each.event,
            each.at,
            each.at_written,
            each.zone or "",
            each.precision or "",
            each.port,
            each.weak,
            each.verified,
            "reported",
            each.place,
            each.mined,
        )
