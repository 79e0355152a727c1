"""What waits in a course, and the officers who take from it, one after the other in time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from math import inf

import numpy as np
from numpy.typing import NDArray

from grace.priority import turns
from grace.priority.laboratory.coming import Coming
from grace.priority.laboratory.policies import POLICIES
from grace.priority.laboratory.setting import DAY, WEEK, Setting, Shift


class Desk:
    """The queue of one course; referrals are numbers in order of coming. A :class:`~grace.priority.turns.Waiting` for the product's rule."""

    def __init__(self, coming: Coming, keys: NDArray[np.float64], lot: Callable[[], float]) -> None:
        self._times: list[float] = coming.times.tolist()
        self._keys: list[float] = keys.tolist()
        self._floored: list[bool] = coming.floored.tolist()
        self._audited: list[int] = np.flatnonzero(coming.audited).tolist()
        self._lot = lot
        self._ranked: list[tuple[float, int]] = []
        self._waits = bytearray(len(self._times))
        self._older = list(range(len(self._times)))  # what is taken points on to what came before it
        self._came = self._first = self._next_audited = self.waiting = 0

    def come(self, now: float) -> None:
        """Let in what has come until now."""
        while self._came < len(self._times) and self._times[self._came] <= now:
            heappush(self._ranked, (self._keys[self._came], self._came))
            self._waits[self._came] = 1
            self.waiting += 1
            self._came += 1

    @property
    def next_comes(self) -> float:
        """When the next one comes."""
        return self._times[self._came] if self._came < len(self._times) else inf

    def take(self, referral: int) -> None:
        """It waits no longer."""
        self._waits[referral] = 0
        self._older[referral] = referral - 1
        self.waiting -= 1

    def first(self) -> int:
        """The first of the queue; something waits."""
        while not self._waits[self._ranked[0][1]]:
            heappop(self._ranked)
        return self._ranked[0][1]

    def urgent(self) -> bool:
        """Whether a floor holds any up: such a one is the first."""
        return self._floored[self.first()]

    def oldest(self) -> int | None:
        """The one that has waited longest."""
        while self._first < self._came and not self._waits[self._first]:
            self._first += 1
        return self._first if self._first < self._came else None

    def audited(self) -> int | None:
        """Of the audited ones the one that has waited longest."""
        while self._next_audited < len(self._audited) and self._audited[self._next_audited] < self._came:
            if self._waits[self._audited[self._next_audited]]:
                return self._audited[self._next_audited]
            self._next_audited += 1
        return None

    def any_by_lot(self) -> int | None:
        """The newest that came no later than a moment by lot between the oldest and the newest that wait."""
        oldest, newest = self.oldest(), self._waiting_at(self._came - 1)
        if oldest is None:
            return None
        moment = self._times[oldest] + (self._times[newest] - self._times[oldest]) * self._lot()
        return self._waiting_at(max(oldest, bisect_right(self._times, moment, 0, self._came) - 1))

    def _waiting_at(self, place: int) -> int:
        """The newest that waits, of those up to a place; what was walked over is shortened for the next."""
        older = self._older
        found = place
        while found >= 0 and older[found] != found:
            found = older[found]
        while place >= 0 and older[place] != place:
            older[place], place = found, older[place]
        return found


def serve(setting: Setting, coming: Coming, seed: int) -> NDArray[np.float64]:
    """When an officer begins to read each referral, in minutes; infinite for what nobody reads within the course."""
    policy, dice = POLICIES[setting.policy], np.random.default_rng((seed, 1))
    lots = _stream(dice)
    desk = Desk(coming, policy.key(coming), lots.__next__)
    share = setting.out_of_turn if policy.out_of_turn else 0
    seen, work, end = np.full(len(coming.times), inf), coming.work.tolist(), setting.days * DAY
    officers = [_Officer(shift, end) for shift in setting.shifts for _each in range(shift.officers)]
    free = [(officer.at_work(0.0), number) for number, officer in enumerate(officers)]
    heapify(free)
    while free:
        now, number = heappop(free)
        if now >= end:
            break
        desk.come(now)
        officer = officers[number]
        if not desk.waiting:
            heappush(free, (officer.at_work(desk.next_comes), number))
            continue
        found = turns.out_of_turn(share, lambda most: int(next(lots) * most), desk) if share else None
        referral = desk.first() if found is None else found
        desk.take(referral)
        seen[referral] = now
        heappush(free, (officer.after(now, work[referral]), number))
    return seen


def _stream(dice: np.random.Generator) -> Iterator[float]:
    while True:
        yield from dice.random(4_096).tolist()


class _Officer:
    """When an officer is at work. What is not done at the end of a shift is gone on with in the next one."""

    def __init__(self, shift: Shift, end: float) -> None:
        days = (day for day in range(-1, int(end // DAY) + 1) if day % WEEK in shift.days)
        self._shifts = [(DAY * day + 60 * shift.begins, DAY * day + 60 * (shift.begins + shift.hours)) for day in days]
        self._next = 0

    def at_work(self, when: float) -> float:
        """The first moment of work from ``when`` on; the times that are asked for never go back."""
        while self._next < len(self._shifts) and self._shifts[self._next][1] <= when:
            self._next += 1
        return max(when, self._shifts[self._next][0]) if self._next < len(self._shifts) else inf

    def after(self, when: float, minutes: float) -> float:
        """The moment when so many minutes of work are done that begin at ``when``."""
        when = self.at_work(when)
        while when < inf and when + minutes > self._shifts[self._next][1]:
            minutes -= self._shifts[self._next][1] - when
            when = self.at_work(self._shifts[self._next][1])
        return self.at_work(when + minutes) if when < inf else inf
