"""A further document of a referral beside those that stand: which it replaces, whether it corrects, what it contradicts.

A document of the same format replaces the one before it; where it says something else, that is a *correction*. A
document of another format replaces nothing: where it says something else, that is a *contradiction*, with both sources.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from grace.intake.differ import Difference, carries, contradictions
from grace.intake.recall import recall
from grace.intake.said import Value, said
from grace.intake.together import together
from grace.kernel import sql
from grace.referrals.record import Recorded, Statement
from grace.sdk.intake import Report

MOST_VALUES, LONGEST = 50, 2_000
"""Values of each side of a contradiction, and characters of each, that are kept beside the versions themselves."""

_STANDING = """
SELECT referral_id, id, format, canonical FROM referrals_version
WHERE referral_id = ANY(%s) AND replaced_at IS NULL AND NOT id = ANY(%s) ORDER BY referral_id, ordinal DESC
"""
_REPLACE = "UPDATE referrals_version SET replaced_at = %s WHERE id = ANY(%s)"
_SETTLE = """
UPDATE referrals_contradiction SET until = %s
WHERE referral_id = ANY(%s) AND until IS NULL AND (older_id = ANY(%s) OR newer_id = ANY(%s))
"""
_CONTRADICTIONS = {
    "referral_id": "uuid",
    "older_id": "uuid",
    "newer_id": "uuid",
    "field": "text",
    "of": "jsonb",
    "older_says": "jsonb",
    "newer_says": "jsonb",
    "since": "timestamptz",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """A newer document of the same format that says something else: who had the old version should hear of the new one.

    ``ordinal`` is the new version's.
    """

    referral_id: UUID
    old_version: UUID
    new_version: UUID
    ordinal: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What further documents came to: ``whole`` is each referral by all that stands, ``contradicted`` counts new contradictions.

    ``carried`` are the fields that one of the formats of a whole has a place for.
    """

    whole: Mapping[UUID, Report]
    carried: Mapping[UUID, frozenset[str]]
    corrections: Sequence[Correction]
    contradicted: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class _Standing:
    id: UUID
    format: str
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A further document, and what stood when it came, the newest first."""

    statement: Statement
    recorded: Recorded
    told: Mapping[str, Any]
    before: Sequence[_Standing]

    @property
    def replaced(self) -> list[_Standing]:
        return [each for each in self.before if each.format == self.statement.report.format]

    @property
    def beside(self) -> list[_Standing]:
        return [each for each in self.before if each.format != self.statement.report.format]


def reconcile(statements: Sequence[Statement], recorded: Sequence[Recorded], now: datetime) -> Reconciled:
    """Set recorded statements beside what stands of their referrals, in the caller's transaction. New referrals cost nothing."""
    arrivals = list(_arrivals([(s, r) for s, r in zip(statements, recorded, strict=True) if not r.is_new]))
    if not arrivals:
        return Reconciled({}, {}, (), {})
    _replace([(each.recorded.referral_id, old.id) for each in arrivals for old in each.replaced], now)
    found = [(each, beside, difference) for each in arrivals for beside, difference in _contradicted(each)]
    _write(found, now)
    counts: dict[UUID, int] = {}
    for each, _, _ in found:
        counts[each.recorded.referral_id] = counts.get(each.recorded.referral_id, 0) + 1
    return Reconciled(
        {each.recorded.referral_id: _whole(each) for each in arrivals if each.beside},
        {each.recorded.referral_id: _carried(each) for each in arrivals if each.beside},
        [correction for each in arrivals for correction in _corrections(each)],
        counts,
    )


def unpacked(canonical: bytes | memoryview) -> dict[str, Any]:
    """Canonical JSON as it is stored."""
    told: dict[str, Any] = json.loads(zlib.decompress(bytes(canonical)))
    return told


def _arrivals(pairs: Sequence[tuple[Statement, Recorded]]) -> Iterator[_Arrival]:
    if not pairs:
        return
    standing: dict[UUID, list[_Standing]] = {}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_STANDING, [[r.referral_id for _, r in pairs], [r.version_id for _, r in pairs]])
        for referral, key, form, canonical in cursor:
            standing.setdefault(referral, []).append(_Standing(key, form, unpacked(canonical)))
    for statement, recorded in pairs:
        yield _Arrival(statement, recorded, unpacked(statement.canonical), standing.get(recorded.referral_id, ()))


def _replace(pairs: Sequence[tuple[UUID, UUID]], now: datetime) -> None:
    if not pairs:
        return
    referrals, versions = [referral for referral, _ in pairs], [version for _, version in pairs]
    with closing(connection.cursor()) as cursor:
        cursor.execute(_REPLACE, [now, versions])
        cursor.execute(_SETTLE, [now, referrals, versions, versions])


def _contradicted(arrival: _Arrival) -> Iterator[tuple[_Standing, Difference]]:
    for beside in arrival.beside:
        for difference in contradictions(beside.told, arrival.told):
            yield beside, difference


def _write(found: Sequence[tuple[_Arrival, _Standing, Difference]], now: datetime) -> None:
    rows = [
        (
            arrival.recorded.referral_id,
            beside.id,
            arrival.recorded.version_id,
            each.field,
            json.dumps(each.of, ensure_ascii=False),
            _kept(each.one),
            _kept(each.other),
            now,
        )
        for arrival, beside, each in found
    ]
    if rows:
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql.insert_many("referrals_contradiction", _CONTRADICTIONS), sql.by_column(rows, len(_CONTRADICTIONS)))


def _kept(values: Sequence[Value]) -> str:
    """Values for the list of contradictions: enough to see the difference; the whole stands in the versions."""
    return json.dumps([each[:LONGEST] if isinstance(each, str) else each for each in values[:MOST_VALUES]], ensure_ascii=False)


def _corrections(arrival: _Arrival) -> Iterator[Correction]:
    """What the newest replaced version of this format said otherwise, omissions included: to take back is to correct."""
    for old in arrival.replaced[:1]:
        within = carries(old.format)
        before, after = said(old.told, within), said(arrival.told, within)
        changed = tuple(field for field in sorted(before.keys() | after.keys()) if before.get(field) != after.get(field))
        if changed:
            yield Correction(arrival.recorded.referral_id, old.id, arrival.recorded.version_id, arrival.recorded.ordinal, changed)


def _whole(arrival: _Arrival) -> Report:
    return together([recall(told) for told in (arrival.told, *(each.told for each in arrival.beside))])


def _carried(arrival: _Arrival) -> frozenset[str]:
    formats = {arrival.statement.report.format, *(each.format for each in arrival.beside)}
    return frozenset().union(*map(carries, formats))
