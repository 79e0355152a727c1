"""Finding referrals by what an officer has in hand: a number, an identifier in any spelling, a digest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.evidence.written import digests_of
from grace.identifiers import normal
from grace.identifiers.typed import kinds_of
from grace.kernel import sql
from grace.referrals.models import Referral
from grace.referrals.record import BEGINNING
from grace.sdk.intake import Kind

MOST_HITS = 1_000
_LONGEST = 500
_NUMBER = re.compile(r"^(?:r-?)?(?:\d{2}-)?([\d  ]{1,18})$", re.IGNORECASE)

# A prefix may begin a million identifiers, and one identifier may occur a million times: each step stops at a bound, and
# a row that is NULL says that it did.
_BY_IDENTIFIER = """
WITH named AS MATERIALIZED (SELECT identifier_id FROM referrals_occurrence WHERE beginning LIKE %s AND unit_id = %s LIMIT {more}),
seen AS MATERIALIZED (
    SELECT g.referral_id FROM named n JOIN referrals_sighting g ON g.identifier_id = n.identifier_id
    JOIN referrals_referral r ON r.id = g.referral_id AND r.unit_id = %s LIMIT {twice}
)
(SELECT DISTINCT referral_id FROM seen LIMIT {more})
UNION ALL SELECT NULL WHERE (SELECT count(*) FROM named) = {more} OR (SELECT count(*) FROM seen) = {twice}
"""
_BY_EXTERNAL = "SELECT id AS referral_id FROM referrals_referral WHERE lower(external) LIKE %s AND unit_id = %s LIMIT {more}"
_BY_NUMBER = "SELECT id AS referral_id FROM referrals_referral WHERE number = %s AND unit_id = %s LIMIT {more}"
_BY_DIGEST = """
WITH seen AS MATERIALIZED (
    SELECT a.referral_id FROM referrals_attachment a JOIN referrals_referral r ON r.id = a.referral_id
    WHERE a.{column} = %s AND r.unit_id = %s LIMIT {twice}
)
(SELECT DISTINCT referral_id FROM seen LIMIT {more}) UNION ALL SELECT NULL WHERE (SELECT count(*) FROM seen) = {twice}
"""
_AS_ONE_ROW = "SELECT string_agg(referral_id::text, ','), count(*) > count(referral_id) FROM ({way}) found"


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


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find what a text names: the referrals of a unit in the column ``referral_id``, where NULL says that it stopped at its bound."""

    name: str
    text: str
    values: list[str | int | bytes | UUID]


def referrals(viewer: Viewer, text: str) -> Hits:
    """Referrals that the text names. Every way is tried that the text allows; each is one index range."""
    viewer.require(Capability.READ)
    found: dict[str, None] = {}
    stopped = False
    with closing(connection.cursor()) as cursor:
        for way in ways(viewer.unit_id, text, MOST_HITS):
            cursor.execute(sql.fill(_AS_ONE_ROW, way=way.text), way.values)
            ids, short = cursor.fetchone()
            found.update(dict.fromkeys(ids.split(",") if ids else ()))
            stopped |= short
    return Hits([*found][:MOST_HITS], stopped or len(found) > MOST_HITS)


def numbered(viewer: Viewer, text: str) -> UUID | None:
    """The referral of the viewer's unit that has this number, in any spelling."""
    viewer.require(Capability.READ)
    number = number_in(tidied(text))
    return None if number is None else Referral.objects.filter(unit_id=viewer.unit_id, number=number).values_list("id", flat=True).first()


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


def ways(unit_id: UUID, text: str, most: int) -> Iterator[Way]:
    """Every way that the text allows, each stopped one behind ``most`` hits. Rights are asked for by whoever runs them."""
    asked = tidied(text)
    bounds = {"more": f"{most + 1}", "twice": f"{2 * (most + 1)}"}
    for name, query, value in _ways(asked):
        values: list[str | int | bytes | UUID] = [value, unit_id, unit_id] if query is _BY_IDENTIFIER else [value, unit_id]
        yield Way(name, sql.fill(query, **bounds), values)


def sought(text: str) -> Iterator[tuple[str, str]]:
    """The same ways as terms, for comparing referrals with them: the name of the way, and what a referral has or begins with.

    A number and a digest (``md5:`` and its hexadecimal digits) are met whole, the number of a report and an identifier by their beginning.
    """
    number = number_in(text)
    if number is not None:
        yield "number", str(number)
    yield "report", text.casefold()[:BEGINNING]
    for algorithm, value in digests_of(text):
        yield "digest", f"{algorithm}:{value.hex()}"
    for spelling in _spellings(text):
        yield "identifier", spelling[:BEGINNING]


def tidied(text: str) -> str:
    """The text as it is asked: blanks joined, and of a very long one the beginning."""
    return " ".join(text.split())[:_LONGEST]


def number_in(text: str) -> int | None:
    """The number of a referral that the text may be: 118204, R-26-118 204."""
    found = _NUMBER.match(text)
    digits = re.sub(r"\D", "", found[1]) if found else ""
    return int(digits) if digits else None


def _ways(asked: str) -> Iterator[tuple[str, str, str | int | bytes]]:
    if not asked:
        return
    number = number_in(asked)
    if number is not None:
        yield "number", _BY_NUMBER, number
    yield "report", _BY_EXTERNAL, _prefix(asked.casefold())
    for algorithm, value in digests_of(asked):
        yield "digest", sql.fill(_BY_DIGEST, column=algorithm), value
    for spelling in sorted(_spellings(asked)):
        yield "identifier", _BY_IDENTIFIER, _prefix(spelling)


def _spellings(asked: str) -> set[str]:
    """The text as it stands, folded, and the normal spelling of every kind that it could be."""
    made = {asked, asked.casefold()}
    for kind in Kind:
        spelling = normal(kind, asked)
        if spelling:
            made.add(spelling)
    return made | set(kinds_of(asked, settings.GRACE_AGENCY_STATE).values())


def _prefix(text: str) -> str:
    return text[:BEGINNING].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
