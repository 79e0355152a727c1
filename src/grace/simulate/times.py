"""When things happen: arrivals with trend, season, week and hour; delays between incident, report and arrival."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate

from grace.simulate.chance import Dice
from grace.simulate.plan import Form, WorldPlan

_HOURS = (5, 4, 3, 3, 3, 4, 6, 8, 10, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 10, 8, 6)
_WEEK = (1.08, 1.1, 1.1, 1.08, 1.04, 0.8, 0.8)
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Moments:
    """Three moments, each in UTC and a whole second: the incident, its receipt by the clearing house, its arrival here."""

    incident_at: datetime
    received_at: datetime
    arrives_at: datetime


class Calendar:
    """The arrivals of a plan: a table of hours, so that the moment of any document is found without the others."""

    def __init__(self, plan: WorldPlan) -> None:
        self._plan = plan
        self._bounds = _bounds(plan.start, plan.days, plan.growth)

    def arrival(self, index: int) -> datetime:
        """When document ``index`` arrives; later indices never arrive earlier."""
        jitter = Dice(self._plan.seed, "arrival", index).unit()
        target = (index + jitter) / self._plan.referrals * self._bounds[-1]
        hour = min(bisect_right(self._bounds, target), len(self._bounds) - 1)
        before = self._bounds[hour - 1] if hour else 0.0
        within = (target - before) / (self._bounds[hour] - before)
        return self._plan.start + timedelta(hours=hour, seconds=int(3599 * within))

    def moments(self, index: int, form: Form, *, prompt: bool) -> Moments:
        """The three moments of a report; ``prompt`` ones (fresh files, urgent ones) happened within a day of it."""
        dice = Dice(self._plan.seed, "delay", index)
        arrives = self.arrival(index)
        received = arrives - timedelta(seconds=int(dice.exponential(14 * 3600))) if form.is_lea else arrives
        delay = min(dice.exponential(5), 24.0) if prompt else reporting_delay(dice)
        return Moments(received - timedelta(seconds=60 + int(delay * 3600)), received, arrives)


@lru_cache(maxsize=32)
def _bounds(start: datetime, days: int, growth: float) -> Sequence[float]:
    """What has arrived after each hour, in the calendar's own measure."""
    return tuple(accumulate(_intensity(start, growth, hour) for hour in range(days * 24)))


def _intensity(start: datetime, growth: float, hour: int) -> float:
    moment = start + timedelta(hours=hour)
    season = 1 + 0.15 * math.cos(2 * math.pi * (moment.timetuple().tm_yday - 15) / _YEAR)
    trend = (1 + growth) ** (hour / 24 / _YEAR)
    return float(_HOURS[moment.hour] * _WEEK[moment.weekday()] * season * trend)


def reporting_delay(dice: Dice) -> float:
    """Hours from an incident to its report: most within a day, a tail of months."""
    lot = dice.unit()
    if lot < 0.6:
        return dice.exponential(6)
    return dice.exponential(4 * 24 if lot < 0.9 else 40 * 24)
