"""Comparing a batch of referrals with all kept searches of their unit, in a handful of statements however many are kept.

A hit is what the search itself would find (a test holds the two together), for whoever keeps it, as that one may see it now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.accounts.standing import who_may_read
from grace.casework.kept import pending, said
from grace.casework.kept.said import Pair, Terms
from grace.casework.kept_models import KeptSearch
from grace.casework.search_narrow import FITS
from grace.evidence import files, holdings
from grace.kernel import sql
from grace.matching import holdings as looks
from grace.referrals import attachments

_HIT = sql.fill(
    """
INSERT INTO casework_kept_hit (search_id, referral_id, ways, found_at)
SELECT s.id, q.referral_id, string_agg(DISTINCT told.way, ' '), %s
FROM UNNEST(%s::uuid[], %s::uuid[], %s::text[]) AS told (search_id, referral_id, way)
JOIN casework_kept_search s ON s.id = told.search_id AND s.unit_id = %s
JOIN casework_queue q ON q.referral_id = told.referral_id AND q.unit_id = s.unit_id
WHERE {fits} AND EXISTS (SELECT FROM referrals_version v WHERE v.referral_id = q.referral_id AND v.known_at > s.since_at - interval '1 day')
GROUP BY s.id, q.referral_id ORDER BY s.id, q.referral_id
ON CONFLICT (referral_id, search_id) DO NOTHING RETURNING id, search_id, referral_id
""",
    fits=FITS,
)
_NEWEST = """
UPDATE casework_kept_search s SET last_hit = told.hit FROM UNNEST(%s::uuid[], %s::bigint[]) AS told (search_id, hit) WHERE s.id = told.search_id
"""


@dataclass(frozen=True, slots=True)
class Matched:
    """What a batch came to: how many referrals were taken, how many searches looked, and the new hits of each search."""

    taken: int
    searches: int
    hits: Mapping[KeptSearch, list[UUID]]


def match(unit_id: UUID, now: datetime, most: int) -> Matched:
    """Take at most so many notes of the unit and write down what hits a kept search, in the caller's transaction."""
    pending.one_at_a_time(unit_id)
    taken = pending.take(unit_id, most)
    searches = _looking(unit_id, now) if len(taken) else set()
    if not searches:
        return Matched(len(taken), 0, {})
    terms = Terms.of(searches)
    pairs = {*said.pairs(unit_id, terms, taken.whole), *_by_files(unit_id, terms, taken.whole | taken.files_only)}
    hits: dict[UUID, list[UUID]] = {}
    for search, referral in _hit(unit_id, list(pairs), now):
        hits.setdefault(search, []).append(referral)
    found = KeptSearch.objects.in_bulk(hits)
    return Matched(len(taken), len(searches), {found[search]: referrals for search, referrals in hits.items()})


def _looking(unit_id: UUID, now: datetime) -> set[UUID]:
    """The kept searches whose owner may read in the unit at this moment."""
    owner = dict(KeptSearch.objects.filter(unit_id=unit_id).values_list("id", "owner"))
    able = who_may_read(unit_id, set(owner.values()), now)
    return {search for search, each in owner.items() if each in able}


def _by_files(unit_id: UUID, terms: Terms, referrals: Collection[UUID]) -> Iterator[Pair]:
    """By the digests and the looks of the files that the unit holds, those in archives too."""
    wanted = {way: terms.by(way) for way in ("digest", "picture")}
    named = attachments.files_of(referrals) if any(wanted.values()) else {}
    naming: dict[UUID, list[UUID]] = {}
    for referral, some in named.items():
        for file in some:
            naming.setdefault(file, []).append(referral)
    held = holdings.of_unit(unit_id, naming)
    for way, found in (("digest", _alike(wanted["digest"], held)), ("picture", _look_alike(wanted["picture"], held))):
        for value, file in found:
            yield from ((search, referral, way) for search in wanted[way][value] for referral in naming[file])


def _alike(wanted: Collection[str], held: Collection[UUID]) -> Iterator[tuple[str, UUID]]:
    if wanted:
        told = ((f"{name}:{value.hex()}", file) for file, digests in files.digests_of(held).items() for name, value in digests.items())
        yield from ((value, file) for value, file in told if value in wanted)


def _look_alike(wanted: Collection[str], held: Collection[UUID]) -> Iterator[tuple[str, UUID]]:
    prints: dict[bytes, list[UUID]] = {}
    for file, values in (looks.prints_of(held) if wanted else {}).items():
        for value in values:
            prints.setdefault(value, []).append(file)
    have = list(prints)
    for each in wanted:
        yield from ((each, file) for value in looks.within(have, [bytes.fromhex(each)]) for file in prints[value])


def _hit(unit_id: UUID, pairs: Sequence[Pair], now: datetime) -> list[tuple[UUID, UUID]]:
    """Write down which of these are new and fit the filters of their search."""
    if not pairs:
        return []
    with closing(connection.cursor()) as cursor:
        cursor.execute(_HIT, [now, *sql.by_column(pairs, 3), unit_id])
        found = cursor.fetchall()
        newest = {search: hit for hit, search, _referral in sorted(found)}
        cursor.execute(_NEWEST, sql.by_column(sorted(newest.items()), 2))
    return [(search, referral) for _hit, search, referral in found]
