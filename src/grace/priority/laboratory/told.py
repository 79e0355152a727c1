"""What courses come to: figures of one course, and over many courses the middle and what nineteen of twenty lie between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grace.priority.laboratory.coming import Coming, draw
from grace.priority.laboratory.desk import serve
from grace.priority.laboratory.setting import DAY, Setting

HOUR = 60
UNREAD_DAYS = 60
"""What nobody has read so many days after it came counts as unread."""
BANDS = 10
FIGURES = (
    "urgent_within_day",
    "urgent_median",
    "urgent_p95",
    "urgent_longest",
    "urgent_unread",
    "median",
    "p95",
    "unread",
    "waiting",
    "oldest",
    "idle",
)
"""Shares are 0 to 1, waits are in hours, ``oldest`` in days, ``urgent_unread`` and ``waiting`` are numbers of referrals at the end."""


@dataclass(frozen=True, slots=True)
class Course:
    """One course: its figures, what waits at the end of each day, and by tenth of the score (the lowest first) the share that was read.

    A figure is None where nothing was there to be counted; ``urgent_late`` of ``urgent`` were not read within a day of coming.
    """

    figures: Mapping[str, float | None]
    urgent: int
    urgent_late: int
    waiting: list[int]
    read: list[float]


def play(setting: Setting, seed: int) -> Course:
    """Play one course through."""
    coming = draw(setting, seed)
    return measure(setting, coming, serve(setting, coming, seed))


def measure(setting: Setting, coming: Coming, seen: NDArray[np.float64]) -> Course:
    """The figures of a course. Of what is still unread at the end the wait is at least what it has waited until then, and counts so."""
    end = float(setting.days * DAY)
    waited = np.minimum(seen, end) - coming.times
    is_read = np.isfinite(seen)
    in_time = coming.times <= end - DAY
    asked = coming.urgent & in_time
    late = int((waited[asked] > DAY).sum())
    old = coming.times <= end - UNREAD_DAYS * DAY
    left = ~is_read
    days = np.arange(1, setting.days + 1) * float(DAY)
    waiting = np.searchsorted(coming.times, days) - np.searchsorted(np.sort(seen), days)
    figures = {
        "urgent_within_day": _mean((waited <= DAY)[asked]),
        "urgent_median": _quantile(waited[coming.urgent], 0.5, HOUR),
        "urgent_p95": _quantile(waited[coming.urgent], 0.95, HOUR),
        "urgent_longest": _quantile(waited[coming.urgent], 1.0, HOUR),
        "urgent_unread": float((coming.urgent & left).sum()),
        "median": _quantile(waited, 0.5, HOUR),
        "p95": _quantile(waited, 0.95, HOUR),
        "unread": _mean((waited > UNREAD_DAYS * DAY)[old]),
        "waiting": float(left.sum()),
        "oldest": _quantile(waited[left], 1.0, DAY),
        "idle": max(0.0, 1 - float(coming.work[is_read].sum()) / (setting.capacity * setting.days * setting.minutes)),
    }
    return Course(figures, int(asked.sum()), late, waiting.tolist(), _by_tenth(coming.scores, is_read))


def over(setting: Setting, seeds: Iterable[int], progress: Callable[[int], None] | None = None) -> dict[str, Any]:
    """Play courses and tell what they come to; ``progress`` is told after each course how many are done."""
    courses = []
    for seed in seeds:
        courses.append(play(setting, seed))
        if progress:
            progress(len(courses))
    return told(setting, courses)


def told(setting: Setting, courses: Sequence[Course]) -> dict[str, Any]:
    """What courses come to, as plain values: for each figure the middle, and the bounds within which nineteen of twenty courses lie."""
    return {
        "load": round(setting.load, 4),
        "capacity": round(setting.capacity, 2),
        "courses": len(courses),
        "urgent": sum(each.urgent for each in courses),
        "urgent_late": sum(each.urgent_late for each in courses),
        "figures": {name: _spread([each.figures[name] for each in courses]) for name in FIGURES},
        "waiting": np.mean([each.waiting for each in courses], axis=0).round().astype(int).tolist(),
        "read": np.mean([each.read for each in courses], axis=0).round(4).tolist(),
    }


def _by_tenth(scores: NDArray[np.float64], is_read: NDArray[np.bool_]) -> list[float]:
    ranked = is_read[np.argsort(scores, kind="stable")]
    return [round(float(part.mean()), 4) if len(part) else 0.0 for part in np.array_split(ranked, BANDS)]


def _mean(values: NDArray[np.bool_]) -> float | None:
    return float(values.mean()) if len(values) else None


def _quantile(values: NDArray[np.float64], share: float, unit: int) -> float | None:
    """The smallest value that so many do not exceed."""
    if not len(values):
        return None
    return float(np.sort(values)[max(0, ceil(share * len(values)) - 1)]) / unit


def _spread(values: Sequence[float | None]) -> list[float] | None:
    told = [each for each in values if each is not None and each < inf]
    return [round(float(each), 6) for each in np.quantile(told, (0.5, 0.025, 0.975))] if told else None
