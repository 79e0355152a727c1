"""Duplicates: referrals that say the same under another number, and those of which nearly everything is common to both.

Two steps. *Exact*: sender, incident (kind and time), every identifier with its event, time and port, and every file are
the same: one digest, one look-up. *Near*: candidates share an identifier or a file that few others have (a value in
hundreds of referrals is no lead, and is passed over); of each such pair all identifiers and files are compared as sets.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.links import taken, viral
from grace.links.definition import InForce
from grace.links.merge import Pair
from grace.links.taken import Told, Whole
from grace.links.viral import Named

MOST_ROWS = 200
"""Rows of one identifier or file that are looked at for candidates; of one with more, none are: it is a hub."""
MOST_PAIRS = 20_000
"""Candidate pairs of one batch that are compared, those with the most in common first."""

_SIGHTED = """
SELECT told.referral_id, uuid_send(s.identifier_id), concat_ws('|', s.event, s.at, s.at_written, s.port)
FROM UNNEST(%s::uuid[]) AS told (referral_id)
JOIN referrals_version v ON v.referral_id = told.referral_id AND v.replaced_at IS NULL
JOIN referrals_sighting s ON s.version_id = v.id AND NOT s.in_text
"""
"""What only stands in running text is left out: a provider's boilerplate would make all its reports alike."""
_PRINTS = {"unit_id": "uuid", "print": "bytea", "at": "timestamptz", "referral_id": "uuid"}
_ONCE = "ON CONFLICT (unit_id, print, at, referral_id) DO NOTHING"
_SAME = """
SELECT told.referral_id, near.referral_id, near.at - told.at
FROM UNNEST(%(referrals)s::uuid[], %(prints)s::bytea[], %(ats)s::timestamptz[]) AS told (referral_id, print, at) CROSS JOIN LATERAL (
    (SELECT referral_id, at FROM links_print WHERE unit_id = %(unit)s AND print = told.print AND (at, referral_id) < (told.at, told.referral_id)
     ORDER BY at DESC, referral_id DESC LIMIT 1)
    UNION ALL
    (SELECT referral_id, at FROM links_print WHERE unit_id = %(unit)s AND print = told.print AND (at, referral_id) > (told.at, told.referral_id)
     ORDER BY at, referral_id LIMIT 1)
) near
"""
_BY_IDENTIFIER = """
SELECT uuid_send(asked.value), CASE WHEN few.n < %s THEN few.referrals END FROM UNNEST(%s::uuid[]) AS asked (value) CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT referral_id) AS referrals, count(*) AS n
    FROM (SELECT referral_id FROM referrals_sighting WHERE identifier_id = asked.value LIMIT %s) rows
) few WHERE few.n > 1
"""
_BY_FILE = """
SELECT asked.value, CASE WHEN few.n < %s THEN few.referrals END FROM UNNEST(%s::bytea[]) AS asked (value) CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT referral_id) AS referrals, count(*) AS n
    FROM (SELECT referral_id FROM links_occurrence WHERE unit_id = %s AND digest = asked.value LIMIT %s) rows
) few WHERE few.n > 1
"""


@dataclass(slots=True)
class Facts:
    """What is compared of a referral: when it was reported, its identifiers (by key, raw), its files; ``uses`` tells each use of each identifier."""

    at: datetime
    identifiers: set[bytes] = field(default_factory=set)
    files: set[bytes] = field(default_factory=set)
    uses: set[tuple[bytes, str]] = field(default_factory=set)


def connect(unit_id: UUID, told: Sequence[Told], named: Sequence[Named], rule: InForce) -> list[Pair]:
    """The pairs of duplicates, exact and near, that these referrals make among themselves and with earlier ones."""
    mine = facts_of(told, named)
    exact = list(_exact(unit_id, told, mine, rule))
    same = {frozenset((pair.one, pair.other)) for pair in exact}
    return exact + [pair for pair in _near(unit_id, mine, rule) if frozenset((pair.one, pair.other)) not in same]


def facts_of(told: Sequence[Whole], named: Sequence[Named]) -> dict[UUID, Facts]:
    """The facts of referrals, by all versions that stand of them, with the files that they name."""
    found = {each.referral_id: Facts(each.at) for each in told}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_SIGHTED, [sql.array([each.referral_id for each in told])])
        for referral, identifier, use in cursor:
            facts, value = found[referral], bytes(identifier)
            facts.identifiers.add(value)
            facts.uses.add((value, use))
    for each in named:
        found[each.referral_id].files.add(each.digest)
    return found


def alike(one: Facts, other: Facts, rule: InForce) -> dict[str, object] | None:
    """The evidence that two referrals are near-duplicates by the definition; None where they are not."""
    apart = abs(one.at - other.at)
    identifiers, files = one.identifiers & other.identifiers, one.files & other.files
    common = len(identifiers) + len(files)
    everything = len(one.identifiers | other.identifiers) + len(one.files | other.files)
    if apart > rule.duplicate_window or common < rule.least_shared or common < rule.overlap * everything:
        return None
    return {
        "exact": False,
        "shared_identifiers": len(identifiers),
        "shared_files": len(files),
        "of": everything,
        "days_apart": round(apart / timedelta(days=1), 1),
        "definition": rule.number,
    }


def print_of(told: Told, facts: Facts) -> bytes:
    """The digest of everything canonical that a referral says, but for its number and the time of the report."""
    said = hashlib.sha256(told.sender_id.bytes)
    said.update(f"{told.incident_type}\0{told.incident_at}\0".encode())
    for identifier, use in sorted(facts.uses):
        said.update(identifier + use.encode() + b"\0")
    for digest in sorted(facts.files):
        said.update(b"\1" + digest)
    return said.digest()


def _exact(unit_id: UUID, told: Sequence[Told], mine: Mapping[UUID, Facts], rule: InForce) -> Iterator[Pair]:
    """Each with its neighbours in time that have the same print: one before, one after."""
    rows = [
        (unit_id, print_of(each, facts), each.at, each.referral_id)
        for each in told
        if len((facts := mine[each.referral_id]).identifiers) + len(facts.files) >= rule.least_shared
    ]
    if not rows:
        return
    with closing(connection.cursor()) as cursor:
        columns = sql.by_column(rows, len(_PRINTS))
        cursor.execute(sql.insert_many("links_print", _PRINTS, _ONCE), columns)
        cursor.execute(_SAME, {"unit": unit_id, "prints": columns[1], "ats": columns[2], "referrals": columns[3]})
        for one, other, apart in cursor.fetchall():
            if abs(apart) <= rule.duplicate_window:
                facts = mine[one]
                counts = {"shared_identifiers": len(facts.identifiers), "shared_files": len(facts.files)}
                days = round(abs(apart) / timedelta(days=1), 1)
                evidence = {"exact": True, **counts, "of": sum(counts.values()), "days_apart": days, "definition": rule.number}
                yield Pair(one, other, "observed", evidence)


def _near(unit_id: UUID, mine: dict[UUID, Facts], rule: InForce) -> Iterator[Pair]:
    pairs = list(_candidates(unit_id, mine, rule))
    others = taken.whole(unit_id, {other for _, other in pairs} - mine.keys())
    everything = {**facts_of(others, viral.files_of(others)), **mine}
    for one, other in pairs:
        if other in everything and (evidence := alike(everything[one], everything[other], rule)):
            yield Pair(one, other, "observed", evidence)


def _candidates(unit_id: UUID, mine: Mapping[UUID, Facts], rule: InForce) -> Iterator[tuple[UUID, UUID]]:
    """Pairs that share something telling, and may share enough; the first of each is one of ours.

    At most what is telling and shared, and all hubs of ours, is in common, and at least what is ours is in the union.
    """
    shared: Counter[tuple[UUID, UUID]] = Counter()
    hubs: Counter[UUID] = Counter()
    for bearers, referrals in _telling(unit_id, mine):
        if referrals is None:
            hubs.update(bearers)
        else:
            shared.update((one, other) for one in bearers for other in referrals if one != other)
    needed = {
        one: max(rule.least_shared, rule.overlap * (len(facts.identifiers) + len(facts.files))) - hubs[one] for one, facts in mine.items()
    }
    seen: set[frozenset[UUID]] = set()
    for pair, common in shared.most_common(MOST_PAIRS):
        if common >= needed[pair[0]] and frozenset(pair) not in seen:
            seen.add(frozenset(pair))
            yield pair


def _telling(unit_id: UUID, mine: Mapping[UUID, Facts]) -> Iterator[tuple[list[UUID], list[UUID] | None]]:
    """Value by value that somebody else has too: which of ours have it, and which referrals at all; None for a hub."""
    identifiers = _bearers((referral, facts.identifiers) for referral, facts in mine.items())
    files = _bearers((referral, facts.files) for referral, facts in mine.items())
    with closing(connection.cursor()) as cursor:
        cursor.execute(_BY_IDENTIFIER, [MOST_ROWS, sql.array([value.hex() for value in identifiers]), MOST_ROWS])
        yield from [(identifiers[bytes(value)], referrals) for value, referrals in cursor.fetchall()]
        cursor.execute(_BY_FILE, [MOST_ROWS, sql.array(files), unit_id, MOST_ROWS])
        yield from [(files[bytes(value)], referrals) for value, referrals in cursor.fetchall()]


def _bearers(facts: Iterable[tuple[UUID, set[bytes]]]) -> dict[bytes, list[UUID]]:
    found: dict[bytes, list[UUID]] = {}
    for referral, values in facts:
        for value in values:
            found.setdefault(value, []).append(referral)
    return found
