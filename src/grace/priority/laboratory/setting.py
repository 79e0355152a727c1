"""What is tried: what comes, how well it is scored, who works when, and how the next referral is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from math import inf, sqrt
from statistics import NormalDist
from typing import Any

DAY = 24 * 60
"""Minutes; all times of the laboratory are minutes from the first midnight, which begins a Monday."""
WEEK = 7
MOST_REFERRALS = 400_000
"""What one course may hold; more would take minutes."""
MOST_OFFICERS = 500
MOST_MEETINGS = 20_000_000
"""Referrals times officers: each that comes wakes all who have nothing to do."""


class Way(StrEnum):
    """How the next referral is chosen: as the product does, by score only, the oldest first, by score and age, by deadline."""

    TURNS = "turns"
    SCORE = "score"
    FIFO = "fifo"
    AGEING = "ageing"
    DEADLINE = "deadline"


class Untenable(ValueError):
    """A setting that cannot be tried; says which part and why."""

    def __init__(self, part: str) -> None:
        super().__init__(f"this cannot be tried: {part}")
        self.part = part


@dataclass(frozen=True, slots=True)
class Shift:
    """So many officers at work on these days of the week (0 is Monday), from an hour on, for so many hours."""

    officers: int
    begins: float = 8.0
    hours: float = 8.0
    days: tuple[int, ...] = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the laboratory.

    ``per_day`` referrals come on the average, at random; where ``history`` is given (counts of whole weeks, day by day from a Monday),
    its weeks are drawn by lot and brought to that average, so that floods and weekends stay. ``urgent_share`` of them are urgent.
    ``auc`` is the chance that the score puts an urgent one above another one: scores are normal, those of urgent ones higher. A floor
    holds up ``floored`` of the urgent ones and ``false_floors`` of the others. ``audited`` and ``out_of_turn`` are thousandths, as a
    unit sets them. A referral takes ``minutes``, half of them less than 0.84 and one in twenty more than 2.37 times as long.
    ``waiting`` is what waits at the beginning, come within the 30 days before.
    """

    per_day: float
    minutes: float
    shifts: tuple[Shift, ...]
    policy: str = Way.TURNS.value
    days: int = 120
    history: tuple[int, ...] = ()
    urgent_share: float = 0.0018
    auc: float = 0.95
    floored: float = 0.0
    false_floors: float = 0.0
    audited: int = 20
    out_of_turn: int = 100
    waiting: int = 0

    def __post_init__(self) -> None:
        for name, (least, most) in _BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                raise Untenable(name)
        if self.policy not in set(Way):
            raise Untenable("policy")
        if len(self.history) % WEEK or any(each < 0 for each in self.history) or (self.history and not sum(self.history)):
            raise Untenable("history")
        if not 1 <= len(self.shifts) <= WEEK or not all(_is_tenable(each) for each in self.shifts) or self.officers > MOST_OFFICERS:
            raise Untenable("shifts")
        number = self.per_day * self.days + self.waiting
        if number > MOST_REFERRALS or number * self.officers > MOST_MEETINGS:
            raise Untenable("per_day")

    @property
    def officers(self) -> int:
        """All officers of all shifts."""
        return sum(each.officers for each in self.shifts)

    @property
    def capacity(self) -> float:
        """How many referrals can be read in a day, over the week."""
        return sum(each.officers * each.hours * 60 * len(each.days) for each in self.shifts) / WEEK / self.minutes

    @property
    def load(self) -> float:
        """What comes over what can be read: above 1 something must be left unread, whatever the order."""
        return self.per_day / self.capacity if self.capacity else inf

    @property
    def lift(self) -> float:
        """How many standard deviations the scores of urgent ones lie above the others: the square root of 2 times the normal quantile of the AUC."""
        return sqrt(2) * NormalDist().inv_cdf(self.auc)


_BOUNDS: Mapping[str, tuple[float, float]] = {
    "per_day": (0.1, 100_000),
    "minutes": (0.5, 2_400),
    "days": (7, 730),
    "urgent_share": (0, 0.5),
    "auc": (0.5, 0.9999),
    "floored": (0, 1),
    "false_floors": (0, 0.5),
    "audited": (0, 1000),
    "out_of_turn": (0, 500),
    "waiting": (0, MOST_REFERRALS),
}


def _is_tenable(shift: Shift) -> bool:
    known = set(shift.days) <= set(range(WEEK)) and len(set(shift.days)) == len(shift.days) > 0
    return known and shift.officers >= 1 and 0 <= shift.begins < 24 and 0 < shift.hours <= 24


def as_json(setting: Setting) -> dict[str, Any]:
    """A setting as plain values."""
    return asdict(setting)


def from_json(body: Mapping[str, Any]) -> Setting:
    """The setting of plain values; raises :class:`Untenable`."""
    known = {each.name for each in fields(Setting)}
    shifts = tuple(Shift(**{**each, "days": tuple(each["days"])}) for each in body["shifts"])
    rest = {name: _tupled(value) for name, value in body.items() if name in known and name != "shifts"}
    return Setting(shifts=shifts, **rest)


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
