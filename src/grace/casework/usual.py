"""How much a sender usually sends in a day, and whether a day is a flood: a robust rule whose numbers are data.

The usual level is the median of the days before, the spread the larger of 1.4826 times the median absolute deviation (Hampel
1974), the square root of the level (Poisson) and one. A day is a flood where it brings at least so many, and more than the level
and so many spreads above it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import sqrt
from statistics import median

_NORMAL = 1.4826
"""Makes the median absolute deviation of a normal distribution its standard deviation."""


@dataclass(frozen=True, slots=True)
class SenderRules:
    """The numbers of ``sender_rules.json``: from which actionability on a referral counts as actionable, and what a flood is.

    A flood is held against ``days`` days; with fewer than ``known_days`` there is no usual level yet.
    """

    actionable_at_least: int
    days: int
    known_days: int
    spread: float
    at_least: int


@dataclass(frozen=True, slots=True)
class Usual:
    """A sender's usual day: ``level``, ``spread``, the ``bound`` above which a day is a flood, from so many days before."""

    level: float
    spread: float
    bound: float
    days: int


@cache
def sender_rules() -> SenderRules:
    """The rules as they are published with the programme."""
    raw = json.loads(files("grace.casework").joinpath("sender_rules.json").read_text(encoding="utf-8"))
    return SenderRules(raw["actionable_at_least"], **{name: raw["flood"][name] for name in ("days", "known_days", "spread", "at_least")})


def usual(before: Sequence[int], rules: SenderRules) -> Usual | None:
    """The usual day by the numbers of the days before, the latest last; None where they are too few to tell."""
    some = before[-rules.days :]
    if len(some) < rules.known_days:
        return None
    level = float(median(some))
    spread = max(_NORMAL * median(abs(each - level) for each in some), sqrt(level), 1.0)
    return Usual(level, spread, max(float(rules.at_least), level + rules.spread * spread), len(some))


def is_flood(number: int, by: Usual | None) -> bool:
    """Whether a day that brought so many is a flood."""
    return by is not None and number > by.bound
