"""All senders of a unit in a few plain numbers each, and more of those that a page shows.

A list is sorted by sums over all senders, so these are added up by the database from whole numbers in an index; distributions
and flows are read of the senders on the page only. Touched days are counted as the page is asked for, as far as they are small.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework.sender_flow import Flow, flows, span
from grace.casework.sender_touched import Touched, touched
from grace.casework.usual import sender_rules
from grace.kernel import sql

MONTH = 30
"""Days of the list's figures."""
MOST_AT_ONCE = 10_000
"""Rows of touched days that are counted while somebody waits."""

VALUES = 101
"""Values that an axis has, from 0 to 100."""

# One document for each sender: reading each day by itself takes three times as long.
_NOW = """
SELECT sender_id, json_agg(json_build_array(day, referrals, actionable, with_files, waiting, completeness)) FROM (
    SELECT asked.sender_id, asked.day, count(*) AS referrals, count(*) FILTER (WHERE actionable) AS actionable,
           count(*) FILTER (WHERE here) AS with_files, count(*) FILTER (WHERE waits) AS waiting, json_agg(completeness) AS completeness
    FROM UNNEST(%s::uuid[], %s::date[]) AS asked (sender_id, day) CROSS JOIN LATERAL (
        SELECT completeness, actionability >= %s AS actionable, summary ? 'here' AS here, status = 'open' AS waits FROM casework_queue q
        WHERE q.unit_id = %s AND q.sender_id = asked.sender_id
            AND q.received_at >= asked.day::timestamp AT TIME ZONE 'UTC' AND q.received_at < (asked.day + 1)::timestamp AT TIME ZONE 'UTC'
        OFFSET 0
    ) q GROUP BY 1, 2
) days GROUP BY 1
"""
_COUNTED_BEFORE = """
NOT EXISTS (SELECT FROM UNNEST(%s::uuid[], %s::date[]) AS anew (sender_id, day) WHERE anew.sender_id = d.sender_id AND anew.day = d.day)
"""
_SUMS = sql.fill(
    """
SELECT sender_id, sum(referrals), sum(actionable), sum(with_files) FROM casework_sender_day d
WHERE unit_id = %s AND day > %s AND day <= %s AND {before} GROUP BY 1
""",
    before=_COUNTED_BEFORE,
)
_WAITING = sql.fill(
    """
SELECT sender_id, sum(waiting) FROM casework_sender_day d WHERE unit_id = %s AND waiting > 0 AND {before} GROUP BY 1
""",
    before=_COUNTED_BEFORE,
)
_COMPLETENESS = sql.fill(
    """
SELECT sender_id, json_agg(completeness) FROM casework_sender_day d
WHERE unit_id = %s AND sender_id = ANY(%s) AND day > %s AND day <= %s AND {before} GROUP BY 1
""",
    before=_COUNTED_BEFORE,
)
_BY_DAY = sql.fill(
    """
SELECT sender_id, json_object_agg(day, referrals) FROM casework_sender_day d
WHERE unit_id = %s AND sender_id = ANY(%s) AND day > %s AND day <= %s AND {before} GROUP BY 1
""",
    before=_COUNTED_BEFORE,
)


@dataclass(slots=True)
class Sums:
    """What a sender's referrals come to: all of some days, those of them that are actionable or have files here, and what waits, of any age."""

    referrals: int = 0
    actionable: int = 0
    with_files: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of a sender that is counted now; ``completeness`` has the value of each referral."""

    day: date
    referrals: int
    actionable: int
    with_files: int
    waiting: int
    completeness: Sequence[int]


@dataclass(frozen=True, slots=True)
class Overview:
    """Every sender of a unit that has referrals, in sums over the month up to ``today``."""

    today: date
    sums: Mapping[UUID, Sums]
    _touched: Touched
    _now: Mapping[UUID, Sequence[_Day]]

    @property
    def behind(self) -> bool:
        """Whether some days wait for the next round of counting."""
        return self._touched.behind

    def medians(self, senders: Sequence[UUID]) -> dict[UUID, int]:
        """The median completeness of the month's referrals of these senders; none for a sender without one."""
        counts: dict[UUID, list[int]] = defaultdict(lambda: [0] * VALUES)
        for sender, days in self._counted(_COMPLETENESS, senders, MONTH):
            mine = counts[sender]
            for day in days:
                for value, number in day.items():
                    mine[int(value)] += number
        for sender, each in self._fresh(senders, MONTH):
            for value in each.completeness:
                counts[sender][value] += 1
        found = ((sender, median_of(dict(enumerate(mine)))) for sender, mine in counts.items())
        return {sender: median for sender, median in found if median is not None}

    def flows(self, senders: Sequence[UUID]) -> dict[UUID, Flow]:
        """The flows of these senders over the month."""
        days = span(MONTH)
        counts: dict[UUID, dict[date, int]] = defaultdict(dict)
        for sender, numbers in self._counted(_BY_DAY, senders, days):
            counts[sender].update({date.fromisoformat(day): number for day, number in numbers.items()})
        for sender, each in self._fresh(senders, days):
            counts[sender][each.day] = each.referrals
        return flows(self._touched.unit_id, counts, days, self.today)

    def _counted(self, text: str, senders: Sequence[UUID], days: int) -> Iterator[tuple[UUID, Any]]:
        since = self.today - timedelta(days=days)
        return _documents(text, [self._touched.unit_id, list(senders), since, self.today, *self._touched.columns])

    def _fresh(self, senders: Sequence[UUID], days: int) -> Iterator[tuple[UUID, _Day]]:
        since = self.today - timedelta(days=days)
        return ((sender, each) for sender in senders for each in self._now.get(sender, ()) if since < each.day <= self.today)


def overview(viewer: Viewer, today: date) -> Overview:
    """The senders of the viewer's unit in the month up to today (UTC)."""
    viewer.require(Capability.READ)
    begin = today - timedelta(days=MONTH)
    fresh = touched(viewer.unit_id, most=MOST_AT_ONCE)
    now = _count_now(fresh)
    sums: dict[UUID, Sums] = defaultdict(Sums)
    for key, *numbers in _fetch(_SUMS, [viewer.unit_id, begin, today, *fresh.columns]):
        sums[key] = Sums(*map(int, numbers))
    for key, waiting in _fetch(_WAITING, [viewer.unit_id, *fresh.columns]):
        sums[key].waiting = int(waiting)
    for key, days in now.items():
        mine = sums[key]
        for each in days:
            mine.waiting += each.waiting
            if begin < each.day <= today:
                mine.referrals += each.referrals
                mine.actionable += each.actionable
                mine.with_files += each.with_files
    return Overview(today, sums, fresh, now)


def _count_now(fresh: Touched) -> dict[UUID, list[_Day]]:
    """What the touched days come to at this moment, by sender."""
    if not fresh.days:
        return {}
    found = _documents(_NOW, [*fresh.columns, sender_rules().actionable_at_least, fresh.unit_id])
    return {sender: [_Day(date.fromisoformat(day), *rest) for day, *rest in days] for sender, days in found}


def median_of(counts: Mapping[int, int]) -> int | None:
    """The lower median of values that are counted; None where there is none."""
    left = (sum(counts.values()) + 1) // 2
    for value in sorted(counts):
        left -= counts[value]
        if left <= 0 < counts[value]:
            return value
    return None


def _documents(text: str, values: list[Any]) -> Iterator[tuple[UUID, Any]]:
    return ((key, json.loads(value) if isinstance(value, str) else value) for key, value in _fetch(text, values))


def _fetch(text: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())
