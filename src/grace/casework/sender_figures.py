"""Senders in figures: what the counted days of a unit come to, for the list of senders and for the page of one.

Days that were touched since they were counted are counted at the moment of asking, as long as they are not too large; beyond that the
figures are those of the last round, and say so.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import sender_days
from grace.casework.usual import Usual, is_flood, sender_rules, usual

MOST_AT_ONCE = 20_000
"""Rows of touched days that are counted while somebody waits."""
MONTH = 30
"""Days of the list's figures."""

# One document for each sender: reading each day's by itself took three times as long as everything else of the list.
_DAYS = """
SELECT sender_id, json_agg(json_build_array(day, referrals, waiting, with_files, completeness, actionability, CASE WHEN %s THEN told ELSE '{}' END))
FROM casework_sender_day WHERE unit_id = %s AND day > %s AND day <= %s AND (%s::uuid IS NULL OR sender_id = %s) GROUP BY sender_id
"""
_TOUCHED = """
SELECT t.sender_id, t.day, sum(t.rows) + COALESCE(max(d.referrals), 0) FROM casework_sender_touched t
LEFT JOIN casework_sender_day d ON d.unit_id = t.unit_id AND d.sender_id = t.sender_id AND d.day = t.day
WHERE t.unit_id = %s AND t.day > %s AND t.day <= %s AND (%s::uuid IS NULL OR t.sender_id = %s) GROUP BY 1, 2
"""
_FIRST = """
SELECT asked.id, (SELECT min(day) FROM casework_sender_day d WHERE d.unit_id = %s AND d.sender_id = asked.id)
FROM UNNEST(%s::uuid[]) AS asked (id)
"""
_WAITING = """
SELECT sender_id, sum(waiting) FROM casework_sender_day
WHERE unit_id = %s AND waiting > 0 AND (%s::uuid IS NULL OR sender_id = %s) GROUP BY 1
"""


@dataclass(slots=True)
class Figures:
    """What some days of one sender come to. ``completeness`` and ``actionability`` count referrals by value of the axis."""

    referrals: int = 0
    waiting: int = 0
    with_files: int = 0
    completeness: Counter[int] = field(default_factory=Counter)
    actionability: Counter[int] = field(default_factory=Counter)
    told: dict[str, Counter[str]] = field(default_factory=lambda: {part: Counter() for part in sender_days.PARTS})

    def add(self, day: _Day) -> None:
        """Take one more day in."""
        self.referrals += day.referrals
        self.waiting += day.waiting
        self.with_files += day.with_files
        for sums, counts in ((self.completeness, day.completeness), (self.actionability, day.actionability)):
            for value, number in counts.items():
                sums[int(value)] += number
        for part, told in day.told.items():
            self.told[part].update(told)

    @property
    def actionable(self) -> int:
        """Referrals that count as actionable."""
        return sum(number for value, number in self.actionability.items() if value >= sender_rules().actionable_at_least)

    @property
    def median_completeness(self) -> int | None:
        """The lower median; None where there is no referral."""
        left = (self.completeness.total() + 1) // 2
        for value in sorted(self.completeness):
            left -= self.completeness[value]
            if left <= 0 < self.completeness.total():
                return value
        return None


@dataclass(frozen=True, slots=True)
class _Day:
    sender_id: UUID
    day: date
    referrals: int
    waiting: int
    with_files: int
    completeness: Mapping[str, int]
    actionability: Mapping[str, int]
    told: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Flow:
    """A sender's numbers by day, the oldest first and today last, and its usual day by those before today (None: too few)."""

    first: date
    numbers: Sequence[int]
    by: Usual | None

    @property
    def today(self) -> int:
        """What came today."""
        return self.numbers[-1]

    @property
    def flooded(self) -> bool:
        """Whether today is a flood."""
        return is_flood(self.today, self.by)


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures and flow by sender; ``behind`` is True where some days wait for the next round of counting."""

    figures: Mapping[UUID, Figures]
    flows: Mapping[UUID, Flow]
    behind: bool


def count(viewer: Viewer, today: date, *, days: int = MONTH, sender: UUID | None = None) -> Counted:
    """What the viewer's unit got in the ``days`` days up to today (UTC), of every sender or of one; only of one what is told beside the axes.

    The usual day rests on the days before, as many as the rule asks for, whatever ``days`` is.
    """
    viewer.require(Capability.READ)
    rules = sender_rules()
    since = today - timedelta(days=max(days, rules.days + 1))
    rows, behind = _days(viewer.unit_id, since, today, sender)
    figures: dict[UUID, Figures] = defaultdict(Figures)
    numbers: dict[UUID, dict[date, int]] = defaultdict(dict)
    begin = today - timedelta(days=days)
    for each in rows:
        numbers[each.sender_id][each.day] = each.referrals
        if each.day > begin:
            figures[each.sender_id].add(each)
    begun = _first_days(viewer.unit_id, list(numbers))
    flows = {key: _flow(counts, begun.get(key), since, today) for key, counts in numbers.items()}
    return Counted(figures, flows, behind)


def waiting_of(viewer: Viewer, today: date, sender: UUID | None = None) -> dict[UUID, int]:
    """How many referrals of each sender (or of one) wait, of any age."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_WAITING, [viewer.unit_id, sender, sender])
        stored = {key: int(number) for key, number in cursor}
    touched, _ = _touched(viewer.unit_id, date.min, today, sender)
    fresh = Counter[UUID]()
    for row in map(_day, sender_days.counted(touched)):
        fresh[row.sender_id] += row.waiting
    old = _stored_waiting(touched)
    return {key: number for key in {*stored, *fresh} if (number := stored.get(key, 0) - old[key] + fresh[key])}


def _stored_waiting(days: Sequence[sender_days.Day]) -> Counter[UUID]:
    text = """
    SELECT d.sender_id, d.waiting FROM casework_sender_day d
    JOIN UNNEST(%s::uuid[], %s::uuid[], %s::date[]) AS asked (unit_id, sender_id, day) USING (unit_id, sender_id, day)"""
    found = Counter[UUID]()
    if days:
        with closing(connection.cursor()) as cursor:
            cursor.execute(text, sender_days.columns(days))
            for key, number in cursor:
                found[key] += number
    return found


def _days(unit_id: UUID, since: date, today: date, sender: UUID | None) -> tuple[list[_Day], bool]:
    touched, behind = _touched(unit_id, since, today, sender)
    anew = {(row.sender_id, row.day): row for row in map(_day, sender_days.counted(touched))}
    gone = {(sender_id, day) for _, sender_id, day in touched}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_DAYS, [sender is not None, unit_id, since, today, sender, sender])
        stored = [row for key, days in cursor for row in _stored(key, _loaded(days)) if (key, row.day) not in gone]
    return [*stored, *anew.values()], behind


def _touched(unit_id: UUID, since: date, today: date, sender: UUID | None) -> tuple[list[sender_days.Day], bool]:
    """The touched days that are small enough to be counted now, the smallest first, and whether others are left."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_TOUCHED, [unit_id, since, today, sender, sender])
        found = sorted(((int(rows), sender_id, day) for sender_id, day, rows in cursor), key=lambda each: each[0])
    room = MOST_AT_ONCE
    some: list[sender_days.Day] = []
    for rows, sender_id, day in found:
        if rows > room:
            return some, True
        room -= rows
        some.append((unit_id, sender_id, day))
    return some, False


def _stored(sender: UUID, days: Iterable[Sequence[Any]]) -> Iterator[_Day]:
    for day, *rest in days:
        yield _Day(sender, date.fromisoformat(day), *rest)


def _day(row: Sequence[Any]) -> _Day:
    _, sender, day, referrals, waiting, with_files, *maps = row
    return _Day(sender, day, referrals, waiting, with_files, *map(_loaded, maps))


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _first_days(unit_id: UUID, senders: Sequence[UUID]) -> dict[UUID, date]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(_FIRST, [unit_id, list(senders)])
        return {key: first for key, first in cursor if first is not None}


def _flow(counts: Mapping[date, int], begun: date | None, since: date, today: date) -> Flow:
    """Every day in order, also those without a referral; a sender's usual day begins with its first referral."""
    first = since + timedelta(days=1)
    days = list(_calendar(first, today))
    numbers = [counts.get(day, 0) for day in days]
    known = min([day for day in counts if counts[day]] + ([begun] if begun else []), default=today)
    before = [number for day, number in zip(days, numbers, strict=True) if known <= day < today]
    return Flow(first, numbers, usual(before, sender_rules()))


def _calendar(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=place) for place in range((last - first).days + 1))


def bins(counts: Mapping[int, int], edges: Iterable[int]) -> list[tuple[int, int, int]]:
    """Counts by value in bins from each edge to below the next: (from, below, number)."""
    return [(low, high, sum(n for value, n in counts.items() if low <= value < high)) for low, high in pairwise(edges)]
