"""Which values a referral bears: its identifiers, its files and how they look, its number and the earlier ones that it names.

Written anew each time. What names nobody is left out, and so is what a list knows, or what looks like it: who has a file that
everybody has is linked to nobody by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.links import lines
from grace.links.taken import Whole
from grace.links.viral import Named
from grace.links.weights import is_nobodys, weights

# A user id is one account at one service only: it goes with its sender.
_STATED = """
SELECT r.id, i.kind, CASE WHEN i.kind = 'user_id' THEN md5(i.id::text || r.sender_id::text)::uuid ELSE i.id END, i.id, left(i.value, 400),
       min(s.at), max(s.at), bool_and(s.weak), bool_and(s.in_text), min(s.basis)
FROM UNNEST(%s::uuid[]) AS told (referral_id)
JOIN referrals_referral r ON r.id = told.referral_id
JOIN referrals_version v ON v.referral_id = r.id AND v.replaced_at IS NULL
JOIN referrals_sighting s ON s.version_id = v.id
JOIN referrals_identifier i ON i.id = s.identifier_id AND i.kind = ANY(%s)
LEFT JOIN referrals_person p ON p.id = s.person_id
WHERE p.role IS DISTINCT FROM 'sender'
GROUP BY r.id, i.id
"""
# By the digest that it goes by, or where its bytes are here by any.
_LISTED = """
WITH asked AS MATERIALIZED (SELECT UNNEST(%s::bytea[]) AS digest)
SELECT digest FROM asked WHERE EXISTS (SELECT FROM matching_match m WHERE m.value = asked.digest)
UNION SELECT asked.digest FROM asked JOIN evidence_file f ON f.md5 = asked.digest
WHERE EXISTS (SELECT FROM matching_match m WHERE m.value IN (f.sha1, f.sha256))
"""
# A file looks like others where it is in a cluster with any. What is on a list, or near what is, has no look of its own.
_LOOKS = """
SELECT DISTINCT told.referral_id, c.centre FROM UNNEST(%s::uuid[]) AS told (referral_id)
JOIN referrals_version v ON v.referral_id = told.referral_id AND v.replaced_at IS NULL
JOIN referrals_attachment a ON a.version_id = v.id AND a.state <> 'report' AND a.file_id IS NOT NULL
JOIN analysis_clustered c ON c.unit_id = %s AND c.file_id = a.file_id
WHERE EXISTS (SELECT FROM analysis_clustered o WHERE o.unit_id = c.unit_id AND o.centre = c.centre AND o.file_id <> c.file_id)
    AND NOT EXISTS (
        SELECT FROM evidence_file f JOIN matching_match m ON m.value IN (f.md5, f.sha1, f.sha256) WHERE f.id IN (a.file_id, c.centre)
        UNION ALL
        SELECT FROM evidence_fingerprint p JOIN matching_match m ON m.value = p.value WHERE p.file_id IN (a.file_id, c.centre)
    )
"""
_NUMBERS = "SELECT referral_id, issuer, external FROM links_earlier WHERE referral_id = ANY(%s::uuid[])"
_GONE = "DELETE FROM links_bearing WHERE referral_id = ANY(%s::uuid[]) RETURNING value, kind"
_COLUMNS = {
    "unit_id": "uuid",
    "referral_id": "uuid",
    "kind": "text",
    "value": "uuid",
    "identifier_id": "uuid",
    "first_at": "timestamptz",
    "last_at": "timestamptz",
    "weak": "boolean",
    "in_text": "boolean",
    "basis": "text",
}
_ONCE = "ON CONFLICT (unit_id, value, referral_id) DO NOTHING"


@dataclass(slots=True)
class Touched:
    """A value that changed hands: its kind, and which of the referrals just written bear it now."""

    kind: str
    by: set[UUID] = field(default_factory=set)


def bear(unit_id: UUID, told: Sequence[Whole], named: Sequence[Named]) -> dict[UUID, Touched]:
    """Write what these referrals bear by all that stands of them; returns every value that they bear now or bore before."""
    referrals = sql.array([each.referral_id for each in told])
    rows = [(unit_id, *row) for row in [*_stated(referrals), *_files(named), *_looks(unit_id, referrals), *_numbers(referrals, told)]]
    with closing(connection.cursor()) as cursor:
        cursor.execute(_GONE, [referrals])
        found = {value: Touched(kind) for value, kind in cursor}
        cursor.execute(sql.insert_many("links_bearing", _COLUMNS, _ONCE), sql.by_column(rows, len(_COLUMNS)))
    for _unit, referral, kind, value, *_rest in rows:
        found.setdefault(value, Touched(kind)).by.add(referral)
    return found


_Row = tuple[UUID, str, UUID, UUID | None, object, object, bool, bool, str]


def _stated(referrals: str) -> Iterator[_Row]:
    shared = lines.in_force()
    with closing(connection.cursor()) as cursor:
        cursor.execute(_STATED, [referrals, list(weights().kinds)])
        for referral, kind, value, identifier, text, *rest in cursor.fetchall():
            if not (is_nobodys(kind, text) or shared.names(kind, text)):
                yield (referral, kind, value, identifier, *rest)


def _files(named: Sequence[Named]) -> Iterator[_Row]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(_LISTED, [sql.array({each.digest for each in named})])
        listed = {bytes(row[0]) for row in cursor}
    for each in named:
        if each.digest not in listed:
            yield each.referral_id, "file", UUID(bytes=each.digest[:16]), None, None, None, False, False, "observed"


def _looks(unit_id: UUID, referrals: str) -> Iterator[_Row]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(_LOOKS, [referrals, unit_id])
        for referral, centre in cursor.fetchall():
            yield referral, "look", centre, None, None, None, False, False, "observed"


def _numbers(referrals: str, told: Sequence[Whole]) -> Iterator[_Row]:
    names = [(each.referral_id, each.issuer, each.external) for each in told]
    with closing(connection.cursor()) as cursor:
        cursor.execute(_NUMBERS, [referrals])
        names += cursor.fetchall()
    for referral, issuer, external in names:
        yield referral, "number", _number(issuer, external), None, None, None, False, False, "reported"


def _number(issuer: str, external: str) -> UUID:
    return UUID(bytes=hashlib.sha256(f"number\0{issuer}\0{external}".encode("utf-8", "surrogatepass")).digest()[:16])
