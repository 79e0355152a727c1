"""The search: what was typed is read in every way that it can be, over all referrals of the viewer's unit and the files that it holds.

All of a search is one question to the database: what each way finds, narrowed by the facets, counted and cut into pages. Each way
stops at a bound and says so, so that the time of a search does not depend on how much is stored (ADR 18).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import queue, search_files, search_narrow
from grace.casework.queue import Count, Row
from grace.casework.search_files import FoundFile
from grace.casework.search_narrow import FACETS, Bound, Narrow
from grace.evidence.written import digests_of
from grace.identifiers.typed import kinds_of
from grace.kernel import sql
from grace.kernel.errors import Invalid
from grace.kernel.page_key import packed, unpacked
from grace.referrals import find, words
from grace.referrals.find import Way
from grace.sdk.text import storable

MOST_HITS = 2_000
"""Referrals that each way finds at most."""
MOST_ROWS = 200

_EACH = "(SELECT '{name}' AS way, {place} AS place, referral_id FROM ({way}) found)"
_FOUND = """
WITH hits AS MATERIALIZED ({ways}),
named AS MATERIALIZED (SELECT referral_id, array_agg(DISTINCT way) AS ways FROM hits WHERE referral_id IS NOT NULL GROUP BY referral_id),
met AS MATERIALIZED (
    SELECT q.referral_id, q.received_at, named.ways, q.status, q.sender_id, q.incident_kind, q.recipients, {files}, {narrowed}
    FROM named JOIN casework_queue q ON q.referral_id = named.referral_id AND q.unit_id = %s
),
page AS MATERIALIZED (
    SELECT referral_id, ways, row_number() OVER (ORDER BY received_at DESC, referral_id DESC) AS place
    FROM met WHERE {all} AND {behind} ORDER BY received_at DESC, referral_id DESC LIMIT %s
)
SELECT 'row' AS part, referral_id::text AS key, place AS n, array_to_string(ways, ' ') AS told FROM page
UNION ALL SELECT 'total', '', count(*), '' FROM met WHERE {all}
UNION ALL SELECT 'cut', '', place, '' FROM hits GROUP BY place HAVING count(*) > count(referral_id) OR count(*) > {most}
UNION ALL {facets}
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which what was typed was read: what it is taken for, and its normal spelling."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A referral that was found, and by which ways: ``number``, ``report``, ``identifier``, ``digest``, ``picture``, ``words``."""

    row: Row
    ways: Sequence[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found. ``after`` is the key of the next page, or empty; ``facets`` counts by facet and value.

    ``files`` are those of the unit that have the digest or look like the fingerprint; ``not_checked`` says why pictures were not compared.
    The total is counted up to what the ways find, and has more behind it where one of them stopped.
    """

    readings: Sequence[Reading] = ()
    hits: Sequence[Hit] = ()
    total: Count = (0, False)
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    files: Sequence[FoundFile] = ()
    not_checked: str = ""
    after: str = ""


def search(viewer: Viewer, text: str, narrow: Narrow, *, after: str = "", most: int = 50) -> Answer:
    """Search for what was typed; nothing is found for nothing. Newest first.

    Raises :class:`Invalid` for a page key that this function did not make, and for a filter that is none.
    """
    viewer.require(Capability.READ)
    narrowed, behind = search_narrow.conditions(narrow), _behind(after)
    asked = storable(find.tidied(text))
    if not asked:
        return Answer()
    most = max(1, min(most, MOST_ROWS))
    files = search_files.find(viewer, digests_of(asked))
    ways = [*find.ways(viewer.unit_id, asked, MOST_HITS), *files.ways]
    ways.append(
        Way(
            "words",
            sql.fill(words.SAYING, more=f"{MOST_HITS + 1}", twice=f"{2 * (MOST_HITS + 1)}"),
            [*words.question(viewer.unit_id, asked)],
        )
    )
    found = _ask(viewer.unit_id, ways, narrowed, behind, most + 1)
    rows = sorted((place, UUID(key), told.split()) for part, key, place, told in found if part == "row")
    counted = {part: number for part, _key, number, _told in found if part == "total"}
    shown = _rows(viewer, [referral for _place, referral, _ways in rows[:most]])
    hits = [Hit(shown[referral], told) for _place, referral, told in rows[:most] if referral in shown]
    return Answer(
        readings=list(readings(asked)),
        hits=hits,
        total=(counted["total"], any(part == "cut" for part, *_rest in found)),
        facets={facet: {key: number for part, key, number, _told in found if part == facet} for facet in FACETS},
        files=files.found,
        not_checked=files.not_checked,
        after=packed(hits[-1].row.received_at.isoformat(), str(hits[-1].row.referral_id)) if len(rows) > most and hits else "",
    )


def readings(asked: str) -> Iterator[Reading]:
    """As what the text is read, the surest first; it is searched as the beginning of anything and as words besides."""
    number = find.number_in(asked)
    if number is not None:
        yield Reading("number", str(number))
    for algorithm, value in digests_of(asked):
        yield Reading(algorithm, value.hex())
    for kind, spelling in kinds_of(asked, settings.GRACE_AGENCY_STATE).items():
        yield Reading(kind.value, spelling)


def _ask(
    unit_id: UUID, ways: Sequence[Way], narrowed: Mapping[str, tuple[str, list[Bound]]], behind: list[Bound], most: int
) -> list[tuple[str, str, int, str]]:
    text = sql.fill(
        _FOUND,
        ways=" UNION ALL ".join(sql.fill(_EACH, name=way.name, place=str(place), way=way.text) for place, way in enumerate(ways)),
        most=str(MOST_HITS),
        narrowed=", ".join(f"({condition}) AS in_{facet}" for facet, (condition, _values) in narrowed.items()),
        files=search_narrow.OF_FILES,
        all=search_narrow.all_but(""),
        behind="(received_at, referral_id) < (%s, %s)" if behind else "true",
        facets=" UNION ALL ".join(search_narrow.counting()),
    )
    values = [value for way in ways for value in way.values] + [value for _condition, bound in narrowed.values() for value in bound]
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, [*values, unit_id, *behind, most])
        rows: list[tuple[str, str, int, str]] = cursor.fetchall()
        return rows


def _rows(viewer: Viewer, referrals: Sequence[UUID]) -> dict[UUID, Row]:
    return {row.referral_id: row for row in queue.of_referrals(viewer, referrals).rows} if referrals else {}


def _behind(after: str) -> list[Bound]:
    if not after:
        return []
    try:
        moment, referral = unpacked(after)
        return [datetime.fromisoformat(moment).astimezone(UTC), UUID(referral)]
    except (ValueError, OverflowError) as fault:
        raise Invalid(_("This page key was not made by the search."), remedy=_("Start again at the first page.")) from fault
