"""Bundles: what senders themselves say belongs together. A report names earlier ones by number, or is marked as one of a bundle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.links.definition import InForce
from grace.links.merge import Pair
from grace.links.taken import AT, Told
from grace.links.viral import Named

MOST_NAMING = 200
"""Later reports that name one number and are joined to it at once; a number named more often than this is no lead."""

_EARLIER = {"unit_id": "uuid", "issuer": "text", "external": "text", "referral_id": "uuid"}
_ONCE = "ON CONFLICT (unit_id, issuer, external, referral_id) DO NOTHING"
_NAMES = sql.fill(
    """
SELECT told.referral_id, r.id, r.external FROM UNNEST(%(referrals)s::uuid[], %(ats)s::timestamptz[]) AS told (referral_id, at)
JOIN links_earlier e ON e.referral_id = told.referral_id AND e.unit_id = %(unit)s
JOIN referrals_referral r ON r.unit_id = %(unit)s AND r.issuer = e.issuer AND r.external = e.external AND r.id <> told.referral_id
JOIN referrals_version first ON first.referral_id = r.id AND first.ordinal = 1
WHERE {at} BETWEEN told.at - %(window)s AND told.at + %(window)s
""",
    at=AT,
)
_NAMED_BY = sql.fill(
    """
SELECT told.referral_id, r.id, told.external
FROM UNNEST(%(referrals)s::uuid[], %(ats)s::timestamptz[], %(issuers)s::text[], %(externals)s::text[]) AS told (referral_id, at, issuer, external)
CROSS JOIN LATERAL (
    SELECT referral_id FROM links_earlier e WHERE e.unit_id = %(unit)s AND e.issuer = told.issuer AND e.external = told.external
    AND e.referral_id <> told.referral_id LIMIT %(most)s
) later
JOIN referrals_referral r ON r.id = later.referral_id
JOIN referrals_version first ON first.referral_id = r.id AND first.ordinal = 1
WHERE {at} BETWEEN told.at - %(window)s AND told.at + %(window)s
""",
    at=AT,
)
_MARKED = """
SELECT told.referral_id, near.referral_id, encode(told.digest, 'hex')
FROM UNNEST(%(referrals)s::uuid[], %(digests)s::bytea[], %(senders)s::uuid[], %(ats)s::timestamptz[]) AS told (referral_id, digest, sender_id, at)
CROSS JOIN LATERAL (
    (SELECT referral_id, at FROM links_occurrence o WHERE unit_id = %(unit)s AND digest = told.digest AND bundled_by_id = told.sender_id
     AND (at, referral_id) < (told.at, told.referral_id) ORDER BY at DESC, referral_id DESC LIMIT 1)
    UNION ALL
    (SELECT referral_id, at FROM links_occurrence o WHERE unit_id = %(unit)s AND digest = told.digest AND bundled_by_id = told.sender_id
     AND (at, referral_id) > (told.at, told.referral_id) ORDER BY at, referral_id LIMIT 1)
) near
WHERE near.at BETWEEN told.at - %(window)s AND told.at + %(window)s
"""


def connect(unit_id: UUID, told: Sequence[Told], named: Sequence[Named], rule: InForce) -> list[Pair]:
    """The pairs that senders make: by the numbers of earlier reports, whichever came first, and by marked bundles of one file."""
    _note(unit_id, told)
    return [*_numbers(unit_id, told, rule), *_marks(unit_id, told, named, rule)]


def _note(unit_id: UUID, told: Sequence[Told]) -> None:
    rows = [(unit_id, each.issuer, number, each.referral_id) for each in told for number in each.earlier if number != each.external]
    if rows:
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql.insert_many("links_earlier", _EARLIER, _ONCE), sql.by_column(rows, len(_EARLIER)))


def _numbers(unit_id: UUID, told: Sequence[Told], rule: InForce) -> Iterator[Pair]:
    names = ("referrals", "ats", "issuers", "externals")
    columns = sql.by_column(((each.referral_id, each.at, each.issuer, each.external) for each in told), len(names))
    asked: dict[str, Any] = {**dict(zip(names, columns, strict=True)), "unit": unit_id, "window": rule.bundle_window, "most": MOST_NAMING}
    naming = [each for each in told if each.earlier]
    with closing(connection.cursor()) as cursor:
        rows = []
        if naming:
            mine = sql.by_column(((each.referral_id, each.at) for each in naming), 2)
            cursor.execute(_NAMES, {**asked, "referrals": mine[0], "ats": mine[1]})
            rows += cursor.fetchall()
        cursor.execute(_NAMED_BY, asked)
        rows += cursor.fetchall()
    for one, other, number in rows:
        yield Pair(one, other, "reported", {"says": "earlier", "number": number, "definition": rule.number})


def _marks(unit_id: UUID, told: Sequence[Told], named: Sequence[Named], rule: InForce) -> Iterator[Pair]:
    marked = {each.referral_id: each for each in told if each.bundled}
    rows = [
        (each.referral_id, each.digest, marked[each.referral_id].sender_id, marked[each.referral_id].at)
        for each in named
        if each.referral_id in marked
    ]
    if not rows:
        return
    marks: dict[str, Any] = dict(zip(("referrals", "digests", "senders", "ats"), sql.by_column(rows, 4), strict=True))
    marks |= {"unit": unit_id, "window": rule.bundle_window}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_MARKED, marks)
        for one, other, digest in cursor.fetchall():
            yield Pair(one, other, "reported", {"says": "bundled", "digest": digest, "definition": rule.number})
