"""What comes in one course: drawn from a setting and a seed, the same for every way of choosing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grace.priority.laboratory.setting import DAY, WEEK, Setting

_BEFORE = 30
"""Days within which came what waits at the beginning."""
_SPREAD = 2.75
"""Shape of the gamma law of the work on one referral: see :class:`grace.priority.laboratory.setting.Setting`."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Arrays of one length, by time of coming (minutes; before the beginning below nothing): what each is, and the minutes of work on it."""

    times: NDArray[np.float64]
    urgent: NDArray[np.bool_]
    scores: NDArray[np.float64]
    floored: NDArray[np.bool_]
    audited: NDArray[np.bool_]
    work: NDArray[np.float64]


def draw(setting: Setting, seed: int) -> Coming:
    """One course of what comes."""
    dice = np.random.default_rng(seed)
    counts = dice.poisson(_expected(setting, dice))
    days = np.repeat(np.arange(setting.days), counts)
    early = -_BEFORE * DAY * dice.random(setting.waiting)
    times = np.sort(np.concatenate([early, (days + dice.random(len(days))) * DAY]))
    number = len(times)
    urgent = dice.random(number) < setting.urgent_share
    return Coming(
        times,
        urgent,
        dice.standard_normal(number) + setting.lift * urgent,
        dice.random(number) < np.where(urgent, setting.floored, setting.false_floors),
        dice.random(number) * 1000 < setting.audited,
        dice.gamma(_SPREAD, setting.minutes / _SPREAD, number),
    )


def _expected(setting: Setting, dice: np.random.Generator) -> NDArray[np.float64]:
    """Referrals expected on each day: the average, or weeks of the history by lot, brought to it."""
    if not setting.history:
        return np.full(setting.days, setting.per_day)
    weeks = np.array(setting.history, float).reshape(-1, WEEK)
    drawn = weeks[dice.integers(len(weeks), size=-(-setting.days // WEEK))].ravel()[: setting.days]
    return np.asarray(drawn * (setting.per_day / weeks.mean()))
