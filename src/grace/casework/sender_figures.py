"""One sender in figures: what its counted days come to, told by everything that they are counted by.

Days that were touched since they were counted are counted at the moment of asking, as long as they are not too large; beyond that the
figures are those of the last round, and say so.
"""

from __future__ import annotations

import json
from collections import Counter
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
from grace.casework.sender_flow import Flow, flows, span
from grace.casework.sender_list import median_of
from grace.casework.sender_touched import Touched, touched

MOST_AT_ONCE = 5_000
"""Rows of touched days that are counted while somebody waits."""

_DAYS = """
SELECT day, referrals, waiting, with_files, actionable, completeness, told FROM casework_sender_day
WHERE unit_id = %s AND sender_id = %s AND day > %s AND day <= %s
"""
_WAITING = """
SELECT COALESCE(sum(waiting), 0) FROM casework_sender_day WHERE unit_id = %s AND sender_id = %s AND waiting > 0 AND day <> ALL(%s)
"""


@dataclass(slots=True)
class Figures:
    """What some days of one sender come to; ``completeness`` counts referrals by value of the axis, ``told`` by part and value."""

    referrals: int = 0
    actionable: int = 0
    with_files: int = 0
    completeness: Counter[int] = field(default_factory=Counter)
    told: dict[str, Counter[str]] = field(default_factory=lambda: {part: Counter() for part in sender_days.PARTS})

    def add(self, day: _Day) -> None:
        """Take one more day in."""
        self.referrals += day.referrals
        self.actionable += day.actionable
        self.with_files += day.with_files
        self.completeness.update({int(value): number for value, number in day.completeness.items()})
        for part, told in day.told.items():
            self.told[part].update(told)

    @property
    def median_completeness(self) -> int | None:
        """The lower median; None where there is no referral."""
        return median_of(self.completeness)


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    referrals: int
    waiting: int
    with_files: int
    actionable: int
    completeness: Mapping[str, int]
    told: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Counted:
    """A sender over some days: figures, those of as many days before, its flow (None: nothing came), and what waits, of any age.

    ``behind`` is True where some of its days wait for the next round of counting.
    """

    figures: Figures
    before: Figures
    flow: Flow | None
    waiting: int
    behind: bool


def count(viewer: Viewer, today: date, sender: UUID, *, days: int) -> Counted:
    """What the viewer's unit got of a sender in the ``days`` days up to today (UTC)."""
    viewer.require(Capability.READ)
    fresh = touched(viewer.unit_id, most=MOST_AT_ONCE, sender=sender)
    now = [_day(row[2:]) for row in sender_days.counted(list(fresh.of_unit))]
    figures, before, numbers = Figures(), Figures(), Counter[date]()
    for each in _days(fresh, now, sender, today, span(2 * days)):
        numbers[each.day] = each.referrals
        age = (today - each.day).days
        if age < 2 * days:
            (figures if age < days else before).add(each)
    width = span(days)
    recent = {day: number for day, number in numbers.items() if (today - day).days < width}
    flow = flows(viewer.unit_id, {sender: recent}, width, today).get(sender)
    return Counted(figures, before, flow, _waiting(fresh, sender) + sum(each.waiting for each in now), fresh.behind)


def _days(fresh: Touched, now: Iterable[_Day], sender: UUID, today: date, width: int) -> Iterator[_Day]:
    """The days of a sender, as many as ``width`` up to today: those that are counted now, and the others as they were counted."""
    since, anew = today - timedelta(days=width), {day for _, day in fresh.days}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_DAYS, [fresh.unit_id, sender, since, today])
        stored = [_day(row) for row in cursor]
    yield from (each for each in stored if each.day not in anew)
    yield from (each for each in now if since < each.day <= today)


def _waiting(fresh: Touched, sender: UUID) -> int:
    with closing(connection.cursor()) as cursor:
        cursor.execute(_WAITING, [fresh.unit_id, sender, [day for _, day in fresh.days]])
        return int(cursor.fetchone()[0])


def _day(row: Sequence[Any]) -> _Day:
    return _Day(*(json.loads(value) if isinstance(value, str) else value for value in row))


def bins(counts: Mapping[int, int], edges: Iterable[int]) -> list[tuple[int, int, int]]:
    """Counts by value in bins from each edge to below the next: (from, below, number)."""
    return [(low, high, sum(n for value, n in counts.items() if low <= value < high)) for low, high in pairwise(edges)]
