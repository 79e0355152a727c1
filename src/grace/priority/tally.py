"""Where the audited urgent referrals stood: counts that can be added over agencies, and the line that they carry.

A position is one whole number for floor and score (see :func:`position`). Nothing of a referral is in a tally but that one urgent
one stood in a step of positions, so that sums may leave an agency where files may not. Pure functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from grace.priority.promise import Promise

PER_FLOOR = 10_001
"""Positions on one floor: a score is 0 to 10,000."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Of ``audited`` random referrals of the ``sources`` the urgent ones, counted by step of positions; ``urgent`` is by its lower end.

    ``share`` says in millionths how many of all referrals were drawn: only samples of the same share may be added.
    """

    sources: tuple[str, ...]
    audited: int
    urgent: Mapping[int, int]
    step: int = 1
    share: int = 1_000_000

    def __post_init__(self) -> None:
        wrong = any(low % self.step or number < 0 for low, number in self.urgent.items()) if self.step > 0 else True
        if wrong or not 0 <= self.number <= self.audited or not 0 < self.share <= 1_000_000:
            raise ValueError(f"no tally: {self.number} of {self.audited} in steps of {self.step}")

    @property
    def number(self) -> int:
        """How many of the audited ones are urgent."""
        return sum(self.urgent.values())

    def at(self, rank: int) -> int:
        """The lower end of the step in which the urgent one of this rank stands, from 1 at the lowest position on."""
        seen = 0
        for low in sorted(self.urgent):
            seen += self.urgent[low]
            if seen >= rank:
                return low
        raise ValueError(f"no rank {rank} of {seen}")


@dataclass(frozen=True, slots=True)
class Line:
    """What stands below ``position`` is below the line: at most ``rank`` - 1 of the ``urgent`` that were audited are.

    ``chance`` is the largest probability that the promise is broken.
    """

    position: int
    rank: int
    urgent: int
    audited: int
    chance: float


@dataclass(frozen=True, slots=True)
class TooFew:
    """No line can be drawn: so many audited urgent ones are missing, and about so many audited referrals, at the present rate."""

    urgent: int
    audited: int
    urgent_missing: int
    audited_missing: int


def position(floor: int, score: int) -> int:
    """Floor and score as one number, in the order of the queue."""
    return floor * PER_FLOOR + score


def floor_and_score(place: int) -> tuple[int, int]:
    """What :func:`position` was made of."""
    return divmod(place, PER_FLOOR)


def count(source: str, positions: Iterable[int], audited: int, *, step: int = 1, share: int = 1_000_000) -> Tally:
    """The tally of one source: the positions of its audited urgent ones among all that were audited and read."""
    return Tally((source,), audited, Counter(place // step * step for place in positions), step, share)


def pool(tallies: Collection[Tally]) -> Tally:
    """The sum over sources: the line of the sum is that of all referrals in one place, to the step.

    The promise is then one about all these sources together, in the mix in which they were audited, and about none alone.
    Raises ``ValueError`` where a source comes twice, or steps or shares differ.
    """
    sources = [source for each in tallies for source in each.sources]
    kinds = {(each.step, each.share) for each in tallies}
    if len(kinds) != 1 or len(set(sources)) != len(sources):
        raise ValueError(f"cannot add {sorted(sources)}: each source once, all of one step and share")
    total: Counter[int] = Counter()
    for each in tallies:
        total.update(each.urgent)
    ((step, share),) = kinds
    return Tally(tuple(sorted(sources)), sum(each.audited for each in tallies), total, step, share)


def draw_line(tally: Tally, promise: Promise) -> Line | TooFew:
    """The highest line that keeps the promise, or how many labels are missing for the lowest."""
    urgent = tally.number
    rank = promise.rank(urgent)
    if rank:
        return Line(tally.at(rank), rank, urgent, tally.audited, promise.chance_broken(urgent, rank))
    missing = promise.least_urgent() - urgent
    return TooFew(urgent, tally.audited, missing, ceil(missing * (tally.audited + 1) / (urgent + 0.5)))


def thinned(weights: Sequence[float] | NDArray[np.float64], tickets: Sequence[float] | NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of a sample with importance weights make a plain random sample: each stays with its weight over the largest one.

    ``weights`` (n, positive, up to a common factor) say how many referrals each stands for, one over the share with which it was
    drawn, ``tickets`` (n, uniform in [0, 1), of their own) decide. Both promises hold exactly for what stays, which no reweighted
    quantile gives; what is lost is told by the sum of the weights over the largest. Sources: von Neumann, Applied Mathematics
    Series 12 (1951), 36-38; Park et al., "PAC prediction sets under covariate shift", ICLR 2022.
    """
    found, drawn = np.asarray(weights, float), np.asarray(tickets, float)
    if found.shape != drawn.shape or found.ndim != 1 or not (np.isfinite(found).all() and (found > 0).all()):
        raise ValueError("weights are positive numbers, one for each ticket")
    return np.asarray(drawn * found.max(initial=1e-300) < found, bool)
