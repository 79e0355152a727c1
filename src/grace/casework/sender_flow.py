"""A sender's numbers by day, and whether today is a flood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from grace.casework.usual import Usual, is_flood, sender_rules, usual

_FIRST = """
SELECT asked.id, (SELECT min(day) FROM casework_sender_day d WHERE d.unit_id = %s AND d.sender_id = asked.id)
FROM UNNEST(%s::uuid[]) AS asked (id)
"""


@dataclass(frozen=True, slots=True)
class Flow:
    """Numbers by day, the oldest first and today last, and the usual day by those before today (None: too few)."""

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


def span(days: int) -> int:
    """How many days must be known for a flow that is shown over so many: the usual day wants as many as its rule says."""
    return max(days, sender_rules().days + 1)


def flows(unit_id: UUID, counts: Mapping[UUID, Mapping[date, int]], days: int, today: date) -> dict[UUID, Flow]:
    """The flows of senders over ``days`` days up to today, by their numbers of these days; one without any has none.

    Days without a referral count too, from a sender's first referral on.
    """
    calendar = [today - timedelta(days=back) for back in reversed(range(days))]
    with closing(connection.cursor()) as cursor:
        cursor.execute(_FIRST, [unit_id, list(counts)])
        begun: dict[UUID, date | None] = dict(cursor.fetchall())
    return {key: _flow(calendar, numbers, begun[key]) for key, numbers in counts.items() if any(numbers.values())}


def _flow(calendar: Sequence[date], counts: Mapping[date, int], begun: date | None) -> Flow:
    numbers = [counts.get(day, 0) for day in calendar]
    first = min([*(day for day, number in counts.items() if number), *([begun] if begun else [])])
    before = max(0, (first - calendar[0]).days)
    return Flow(calendar[0], numbers, usual(numbers[before:-1], sender_rules()))
