"""Viral files: one digest in many referrals within a window. Counted, never joined pair by pair, however many there are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.kernel.ids import new_id
from grace.links.definition import InForce
from grace.links.members import Joined
from grace.links.spans import Span, covers, dense, merged, probes
from grace.links.taken import Told, Whole

EMPTY = tuple(
    bytes.fromhex(each)
    for each in (
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    )
)
"""The digests of no bytes at all: empty files have nothing in common."""

# A file goes by its MD5, which every format can state: of the bytes where they are here (under whichever digest they
# are named), else as the sender states it. What the sender states of other bytes counts too, as reported.
_NAMED = """
WITH mine AS MATERIALIZED (
    SELECT told.referral_id, told.at, told.sender_id, a.file_id, a.md5, a.sha1, a.sha256
    FROM UNNEST(%s::uuid[], %s::timestamptz[], %s::uuid[]) AS told (referral_id, at, sender_id)
    JOIN referrals_version v ON v.referral_id = told.referral_id AND v.replaced_at IS NULL
    JOIN referrals_attachment a ON a.version_id = v.id AND a.state <> 'report'
), named AS (
    SELECT m.referral_id, m.at, m.sender_id, f.md5 AS digest, 'observed' AS basis FROM mine m JOIN evidence_file f ON f.id = m.file_id
    UNION ALL SELECT referral_id, at, sender_id, md5, 'reported' FROM mine WHERE md5 IS NOT NULL
    UNION ALL SELECT m.referral_id, m.at, m.sender_id, COALESCE(f.md5, g.md5, m.sha256, m.sha1), 'reported'
    FROM mine m LEFT JOIN evidence_file f ON f.sha256 = m.sha256 LEFT JOIN LATERAL (
        SELECT md5 FROM evidence_file WHERE sha1 = m.sha1 LIMIT 1
    ) g ON true
    WHERE m.md5 IS NULL AND m.file_id IS NULL AND COALESCE(m.sha256, m.sha1) IS NOT NULL
), once AS MATERIALIZED (
    SELECT digest, at, referral_id, min(basis) AS basis, sender_id FROM named WHERE digest <> ALL(%s) GROUP BY digest, at, referral_id, sender_id
)
"""
_TELL = "SELECT referral_id, digest, extract(epoch FROM at)::bigint FROM once"
_OCCUR = sql.fill(
    """{named}, noted AS (
    INSERT INTO links_occurrence (unit_id, digest, at, referral_id, basis, bundled_by_id)
    SELECT %s, digest, at, referral_id, basis, sender_id FROM once ON CONFLICT (unit_id, digest, at, referral_id) DO NOTHING
)
{tell}""",
    named=_NAMED,
    tell=_TELL,
)
_TOUCHED = """
SELECT asked.digest, g.id, g.spans FROM UNNEST(%(digests)s::bytea[]) AS asked (digest)
LEFT JOIN links_group g ON g.unit_id = %(unit)s AND g.kind = 'viral' AND g.key = asked.digest
WHERE g.id IS NOT NULL OR (
    SELECT count(*) FROM (SELECT 1 FROM links_occurrence o WHERE o.unit_id = %(unit)s AND o.digest = asked.digest LIMIT %(threshold)s) few
) >= %(threshold)s
"""
_AROUND = """
SELECT asked.place, array_agg(extract(epoch FROM around.at)::bigint) FROM UNNEST(%(places)s::int[], %(digests)s::bytea[], %(first)s::bigint[], %(last)s::bigint[])
    AS asked (place, digest, first, last)
CROSS JOIN LATERAL (
    (SELECT at FROM links_occurrence WHERE unit_id = %(unit)s AND digest = asked.digest AND at < to_timestamp(asked.first)
     ORDER BY at DESC LIMIT %(few)s)
    UNION ALL
    (SELECT at FROM links_occurrence WHERE unit_id = %(unit)s AND digest = asked.digest
     AND at BETWEEN to_timestamp(asked.first) AND to_timestamp(asked.last))
    UNION ALL
    (SELECT at FROM links_occurrence WHERE unit_id = %(unit)s AND digest = asked.digest AND at > to_timestamp(asked.last)
     ORDER BY at LIMIT %(few)s)
) around
GROUP BY asked.place
"""

_GROUPS = {
    "id": "uuid",
    "unit_id": "uuid",
    "kind": "text",
    "key": "bytea",
    "definition_id": "uuid",
    "spans": "jsonb",
    "members": "integer",
    "accounts": "integer",
    "made_at": "timestamptz",
}
_WIDEN = "ON CONFLICT (unit_id, kind, key) DO UPDATE SET spans = EXCLUDED.spans"
_JOIN = """
INSERT INTO links_member (group_id, referral_id, kind, basis, evidence, joined_at, split_because)
SELECT asked.group_id, o.referral_id, 'viral', min(o.basis),
       jsonb_build_object('digest', encode(asked.digest, 'hex'), 'definition', %(definition)s::int), %(now)s, ''
FROM UNNEST(%(groups)s::uuid[], %(digests)s::bytea[], %(first)s::bigint[], %(last)s::bigint[]) AS asked (group_id, digest, first, last)
JOIN links_occurrence o ON o.unit_id = %(unit)s AND o.digest = asked.digest
    AND o.at BETWEEN to_timestamp(asked.first) AND to_timestamp(asked.last)
GROUP BY asked.group_id, asked.digest, o.referral_id
ON CONFLICT (group_id, referral_id) DO NOTHING
RETURNING group_id, referral_id
"""


@dataclass(slots=True)
class _File:
    """A digest that occurs often: its group, the spans in which it is dense, the new times, and the pieces to be looked through."""

    digest: bytes
    group_id: UUID
    spans: list[Span]
    new: list[int]
    pieces: list[Span] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Named:
    """A referral names or brings the file of this digest; ``at`` is the time of its report, in seconds since 1970."""

    referral_id: UUID
    digest: bytes
    at: int


def occur(unit_id: UUID, told: Sequence[Told]) -> list[Named]:
    """Note which files the referrals name or bring, and tell them; noting twice does nothing twice."""
    rows = [(each.referral_id, each.at, each.sender_id if each.bundled else None) for each in told]
    return _named(_OCCUR, [*sql.by_column(rows, 3), list(EMPTY), unit_id])


def files_of(told: Sequence[Whole]) -> list[Named]:
    """Which files the versions that stand of referrals name or bring."""
    rows = [(each.referral_id, each.at, None) for each in told]
    return _named(_NAMED + _TELL, [*sql.by_column(rows, 3), list(EMPTY)])


def _named(text: str, values: Sequence[Any]) -> list[Named]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, values)
        return [Named(referral, bytes(digest), at) for referral, digest, at in cursor]


def connect(unit_id: UUID, named: Sequence[Named], rule: InForce, now: datetime) -> list[Joined]:
    """Find what has become viral by these referrals, whose files were noted, and let everything dense join its group.

    A referral belongs to a file's group where its report lies in some window that holds at least the threshold: this
    depends on the set of reports, not on their order. The cost grows with the batch and the threshold, not with the group.
    """
    found = _touched(unit_id, named, rule)
    around = _around(unit_id, found, rule)
    for file, times in zip(found, around, strict=True):
        pieces = [piece for some in times for piece in dense(some, rule.threshold, int(rule.viral_window.total_seconds()))]
        file.pieces = [piece for piece in pieces if not any(first <= piece[0] and piece[1] <= last for first, last in file.spans)]
        file.pieces += [(time, time) for time in set(file.new) if covers(file.spans, time)]
        file.spans = merged([*file.spans, *file.pieces])
    viral = [file for file in found if file.pieces]
    if not viral:
        return []
    rows = ((file.group_id, unit_id, "viral", file.digest, rule.id, json.dumps(file.spans), 0, 0, now) for file in viral)
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql.insert_many("links_group", _GROUPS, _WIDEN), sql.by_column(rows, len(_GROUPS)))
        parts = [(file.group_id, file.digest, *piece) for file in viral for piece in file.pieces]
        groups, digests, first, last = sql.by_column(parts, 4)
        asked: dict[str, Any] = {"groups": groups, "digests": digests, "first": first, "last": last}
        cursor.execute(_JOIN, {**asked, "unit": unit_id, "definition": rule.number, "now": now})
        return [Joined(*row) for row in cursor]


def _touched(unit_id: UUID, named: Sequence[Named], rule: InForce) -> list[_File]:
    """The files of a batch that are viral already, or occur often enough to be."""
    times: dict[bytes, list[int]] = {}
    for each in named:
        times.setdefault(each.digest, []).append(each.at)
    asked: dict[str, Any] = {"unit": unit_id, "digests": sql.array(sorted(times)), "threshold": rule.threshold}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_TOUCHED, asked)
        rows = [(bytes(digest), group or new_id(), _loaded(spans or [])) for digest, group, spans in cursor]
    return [_File(digest, group, [(first, last) for first, last in spans], times[digest]) for digest, group, spans in sorted(rows)]


def _around(unit_id: UUID, found: Sequence[_File], rule: InForce) -> Iterator[list[list[int]]]:
    """File by file, the times around each place where something may have become dense."""
    rows = [(place, file.digest, *probe) for place, file in enumerate(found) for probe in probes(file.spans, file.new)]
    times: dict[int, list[list[int]]] = {}
    if rows:
        places, digests, first, last = sql.by_column(((number, *row[1:]) for number, row in enumerate(rows)), 4)
        asked: dict[str, Any] = {
            "places": places,
            "digests": digests,
            "first": first,
            "last": last,
            "unit": unit_id,
            "few": rule.threshold - 1,
        }
        with closing(connection.cursor()) as cursor:
            cursor.execute(_AROUND, asked)
            for number, around in cursor:
                times.setdefault(rows[number][0], []).append(list(around))
    return iter([times.get(place, []) for place in range(len(found))])


def _loaded(value: object) -> Any:
    return json.loads(value) if isinstance(value, str) else value
