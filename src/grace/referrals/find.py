"""Finding referrals by what an officer has in hand: a number, an identifier in any spelling, a digest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.identifiers import normal
from grace.sdk.intake import Kind

MOST_HITS = 1_000
_LONGEST = 500
_NUMBER = re.compile(r"^(?:r-?)?(?:\d{2}-)?([\d  ]{1,18})$", re.IGNORECASE)
_HEX = {32: "md5", 40: "sha1", 64: "sha256"}

# A prefix may begin a million identifiers, and one identifier may occur a million times: each step stops at a bound. The answer
# is one row: the ids with commas between, and whether a step stopped.
_BY_IDENTIFIER = """
WITH named AS MATERIALIZED (SELECT id FROM referrals_identifier WHERE left(value, 200) LIKE %s LIMIT 1001),
seen AS MATERIALIZED (
    SELECT g.referral_id FROM named n JOIN referrals_sighting g ON g.identifier_id = n.id
    JOIN referrals_referral r ON r.id = g.referral_id AND r.unit_id = %s LIMIT 2002
)
SELECT (SELECT string_agg(id, ',') FROM (SELECT DISTINCT referral_id::text AS id FROM seen LIMIT %s) found),
    (SELECT count(*) FROM named) = 1001 OR (SELECT count(*) FROM seen) = 2002
"""
_BY_ITSELF = """
SELECT string_agg(id, ','), false FROM (SELECT id::text FROM referrals_referral WHERE {column} %s AND unit_id = %s LIMIT %s) found
"""
_BY_EXTERNAL, _BY_NUMBER = _BY_ITSELF.format(column="lower(external) LIKE"), _BY_ITSELF.format(column="number =")
_BY_DIGEST = """
WITH seen AS MATERIALIZED (
    SELECT a.referral_id FROM referrals_attachment a JOIN referrals_referral r ON r.id = a.referral_id
    WHERE a.{column} = %s AND r.unit_id = %s LIMIT 2002
)
SELECT (SELECT string_agg(id, ',') FROM (SELECT DISTINCT referral_id::text AS id FROM seen LIMIT %s) found),
    (SELECT count(*) FROM seen) = 2002
"""


_SHARING = """
SELECT DISTINCT other.referral_id::text FROM referrals_sighting mine
JOIN referrals_referral own ON own.id = mine.referral_id AND own.unit_id = %s
JOIN referrals_sighting other ON other.identifier_id = mine.identifier_id
JOIN referrals_referral r ON r.id = other.referral_id AND r.unit_id = own.unit_id
WHERE mine.id = %s LIMIT %s
"""
_IN_REFERRALS = """
SELECT told.id, counted.n FROM UNNEST(%s::uuid[]) AS told (id), LATERAL (
    SELECT count(*) AS n FROM (
        SELECT DISTINCT g.referral_id FROM referrals_sighting g JOIN referrals_referral r ON r.id = g.referral_id AND r.unit_id = %s
        WHERE g.identifier_id = told.id LIMIT %s
    ) few
) counted
"""


@dataclass(frozen=True, slots=True)
class Hits:
    """Referrals of the viewer's unit; ``too_many`` where the search stopped at its limit: say more to narrow it.

    The ids are text, since they only go back to the database: a thousand of them cost the driver more than the search.
    """

    ids: list[str]
    too_many: bool


def referrals(viewer: Viewer, text: str) -> Hits:
    """Referrals that the text names. Every way is tried that the text allows; each is one index range."""
    viewer.require(Capability.READ)
    asked = " ".join(text.split())[:_LONGEST]
    found: dict[str, None] = {}
    stopped = False
    with closing(connection.cursor()) as cursor:
        for query, value in _ways(asked):
            cursor.execute(query, [value, viewer.unit_id, MOST_HITS + 1])
            ids, short = cursor.fetchone()
            found.update(dict.fromkeys(ids.split(",") if ids else ()))
            stopped |= short
    return Hits([*found][:MOST_HITS], stopped or len(found) > MOST_HITS)


def sharing(viewer: Viewer, sighting: int) -> Hits:
    """Referrals of the viewer's unit in which the identifier of this sighting occurs, itself included.

    The sighting stands for the identifier, so that a link to the search tells nothing of a value that is still covered.
    """
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_SHARING, [viewer.unit_id, sighting, MOST_HITS + 1])
        ids = [row[0] for row in cursor]
    return Hits(ids[:MOST_HITS], len(ids) > MOST_HITS)


def in_referrals(viewer: Viewer, identifiers: Sequence[UUID]) -> dict[UUID, int]:
    """In how many referrals of the viewer's unit each identifier occurs, counted up to a thousand."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_IN_REFERRALS, [sorted(set(identifiers)), viewer.unit_id, MOST_HITS])
        return dict(cursor.fetchall())


def _ways(asked: str) -> Iterator[tuple[str, str | int | bytes]]:
    if not asked:
        return
    number = _NUMBER.match(asked)
    if number and (digits := re.sub(r"\D", "", number[1])):
        yield _BY_NUMBER, int(digits)
    folded = asked.casefold()
    yield _BY_EXTERNAL, _prefix(folded)
    if len(folded) in _HEX and re.fullmatch(r"[0-9a-f]+", folded):
        yield _BY_DIGEST.format(column=_HEX[len(folded)]), bytes.fromhex(folded)
    for spelling in sorted(_spellings(asked)):
        yield _BY_IDENTIFIER, _prefix(spelling)


def _spellings(asked: str) -> set[str]:
    """The text as it stands, folded, and the normal spelling of every kind that it could be."""
    made = {asked, asked.casefold()}
    for kind in Kind:
        spelling = normal(kind, asked)
        if spelling:
            made.add(spelling)
    return made


def _prefix(text: str) -> str:
    return text[:200].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
