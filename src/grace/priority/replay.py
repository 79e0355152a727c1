"""The order in which last month's referrals would have been read: the unit's own arrivals and its own moments of reading, other rules.

At each moment at which an officer really took something up, the highest of what then waited is read instead. Nothing is drawn at random
and no rate is assumed: what differs between two replays is the rules alone. Pure functions.

What it takes for granted: officers would have read as many, at the same moments, whatever came first; what is known of a referral now
was known when it came; what a decision on a group closed unread is left out on both sides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from math import inf
from uuid import UUID

Height = tuple[int, int]
"""Floor and score: what the queue is ordered by."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A referral that waited within the time replayed; ``urgent`` does not depend on the rules that are compared."""

    referral_id: UUID
    number: int
    at: datetime
    urgent: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """How long one referral waits to be read by the rules in force and by the others; None: not read by the end."""

    arrival: Arrival
    before: timedelta | None
    after: timedelta | None

    @property
    def change(self) -> float:
        """Seconds later (positive) or earlier; what is read under one of the two only counts as the longest way."""
        if self.before is None or self.after is None:
            return 0.0 if self.before is self.after else inf if self.after is None else -inf
        return (self.after - self.before).total_seconds()


@dataclass(frozen=True, slots=True)
class Side:
    """What one set of rules comes to; a median is None where at least half were not read by the end, or nothing waited."""

    median: timedelta | None
    median_urgent: timedelta | None
    unread: int
    unread_urgent: int


@dataclass(frozen=True, slots=True)
class Replay:
    """A time replayed under two sets of rules: ``share`` of the referrals and of the moments of reading were looked at."""

    since: datetime
    until: datetime
    share: float
    reads: int
    waits: list[Wait]
    before: Side
    after: Side

    @property
    def earlier(self) -> list[Wait]:
        """Those read earlier by the other rules, the longest way first."""
        return sorted((each for each in self.waits if each.change < 0), key=lambda each: each.change)

    @property
    def later(self) -> list[Wait]:
        """Those read later, the longest way first."""
        return sorted((each for each in self.waits if each.change > 0), key=lambda each: -each.change)

    @property
    def urgent(self) -> list[Wait]:
        """The urgent ones, the longest wait by the other rules first."""
        found = [each for each in self.waits if each.arrival.urgent]
        return sorted(found, key=lambda each: (each.after is not None, -each.after.total_seconds() if each.after else 0.0))

    @property
    def unread(self) -> list[Wait]:
        """Those not read by the end by the other rules, the urgent ones first."""
        return sorted((each for each in self.waits if each.after is None), key=lambda each: (not each.arrival.urgent, each.arrival.at))


def replay(
    arrivals: Sequence[Arrival],
    reads: Sequence[datetime],
    before: Mapping[UUID, Height],
    after: Mapping[UUID, Height],
    since: datetime,
    until: datetime,
    share: float = 1.0,
) -> Replay:
    """Replay the time twice. ``reads`` are the moments at which something was taken up; both mappings hold every arrival."""
    moments = sorted(reads)
    first, second = (read_at(arrivals, moments, heights) for heights in (before, after))
    waits = [Wait(each, _wait(each, first), _wait(each, second)) for each in arrivals]
    sides = (_side(waits, [each.before for each in waits]), _side(waits, [each.after for each in waits]))
    return Replay(since, until, share, len(moments), waits, *sides)


def read_at(arrivals: Sequence[Arrival], moments: Sequence[datetime], heights: Mapping[UUID, Height]) -> dict[UUID, datetime]:
    """When each would be read: at each moment the highest of what has come and waits. ``moments`` are in order."""
    coming = sorted(arrivals, key=lambda each: each.at)
    waiting: list[tuple[int, int, int, UUID]] = []
    found: dict[UUID, datetime] = {}
    place = 0
    for moment in moments:
        while place < len(coming) and coming[place].at <= moment:
            floor, score = heights[coming[place].referral_id]
            heappush(waiting, (-floor, -score, -coming[place].referral_id.int, coming[place].referral_id))
            place += 1
        if waiting:
            found[heappop(waiting)[3]] = moment
    return found


def _wait(arrival: Arrival, found: Mapping[UUID, datetime]) -> timedelta | None:
    moment = found.get(arrival.referral_id)
    return moment - arrival.at if moment else None


def _side(waits: Sequence[Wait], found: Sequence[timedelta | None]) -> Side:
    urgent = [told for each, told in zip(waits, found, strict=True) if each.arrival.urgent]
    return Side(_median(found), _median(urgent), found.count(None), urgent.count(None))


def _median(waits: Sequence[timedelta | None]) -> timedelta | None:
    """The lower median, for which what was not read waits longest."""
    ranked = sorted((each is None, each or timedelta()) for each in waits)
    if not ranked:
        return None
    unread, middle = ranked[(len(ranked) - 1) // 2]
    return None if unread else middle
