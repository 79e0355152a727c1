"""What can be promised of a line: "of the urgent ones, at most a share lies below it". Two promises, never mixed; pure functions.

Urgent referrals that were audited at random and urgent ones to come are taken to be exchangeable: the same kind in any order.
With the line at the ``rank``-th lowest of ``urgent`` audited positions, the share of all urgent ones below it follows
Beta(rank, urgent + 1 - rank), and their number in a batch of ``size`` urgent ones a beta-binomial law (a negative
hypergeometric one). Equal positions only make it less, since what stands on the line is not below it. Sources: Wilks, Annals of
Mathematical Statistics 12 (1941), 91-96 (tolerance limits); Vovk, "Conditional validity of inductive conformal predictors",
ACML 2012 (the Beta law); Marques, "Universal distribution of the empirical coverage in split conformal prediction", Statistics
and Probability Letters 219 (2025) (the batch). Shares and confidences are whole thousandths, so that "at most" is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp, fsum, inf, lgamma, log, log1p

import numpy as np

MOST_LABELS = 10_000_000
"""Beyond so many urgent ones no promise is looked for."""
_ROUNDING = 1e-6
"""In thousandths: what sums of floating-point numbers may be off."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The next referrals, of which at least ``least`` and at most ``most`` are urgent: how many, nobody knows before."""

    least: int
    most: int

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most:
            raise ValueError(f"no batch: {self.least} to {self.most}")


@dataclass(frozen=True, slots=True)
class Promise:
    """At most ``share`` thousandths of the urgent ones lie below the line, in all but ``doubt`` thousandths of the cases.

    With a ``batch`` it is a promise about that batch, counted: the case is a calibration with the batch that follows it. Without
    one it is about the share in the population, which nobody ever counts: the case is a calibration.
    """

    share: int
    doubt: int = 50
    batch: Batch | None = None

    def __post_init__(self) -> None:
        if not (0 < self.share < 1000 and 0 < self.doubt < 1000):
            raise ValueError(f"no promise: {self.share} at {self.doubt} thousandths")

    def chance_broken(self, urgent: int, rank: int) -> float:
        """The largest probability of its being broken, with the line at the ``rank``-th lowest of ``urgent`` audited ones."""
        if rank == 0:
            return 0.0
        if not 1 <= rank <= urgent:
            raise ValueError(f"no rank {rank} of {urgent}")
        if self.batch is None:
            return chance_in_population(urgent, rank, self.share)
        return max((chance_in_batch(urgent, rank, size, self.share) for size in _worst_sizes(self.batch, self.share)), default=0.0)

    def rank(self, urgent: int) -> int:
        """The highest rank that keeps the promise; 0 where none does, so that nothing may lie below a line."""
        return _last(lambda rank: 1000 * self.chance_broken(urgent, rank) <= self.doubt + _ROUNDING, urgent)

    def least_urgent(self) -> int:
        """The least number of audited urgent ones with which a line can be drawn at all.

        Raises ``ValueError`` where not even :data:`MOST_LABELS` would do.
        """
        too_few = _last(lambda urgent: 1000 * self.chance_broken(urgent, 1) > self.doubt + _ROUNDING, MOST_LABELS)
        if too_few == MOST_LABELS:
            raise ValueError("no number of labels is enough for this promise")
        return too_few + 1


def allowed(size: int, share: int) -> int:
    """How many of ``size`` urgent ones are at most ``share`` thousandths of them."""
    return size * share // 1000


def chance_in_batch(urgent: int, rank: int, size: int, share: int) -> float:
    """The probability that of ``size`` urgent ones more than ``share`` thousandths lie below the ``rank``-th of ``urgent`` others."""
    more = np.arange(1, allowed(size, share) + 1)  # each term of the law from the last, as logarithms
    steps = np.log((more + rank - 1) / more) + np.log((size - more + 1) / np.maximum(size - more + 1 + urgent - rank, 1))
    first = log_choose(size + urgent - rank, size) - log_choose(urgent + size, size)
    return max(0.0, 1.0 - exp(first) - float(np.exp(first + np.cumsum(steps)).sum()))


def chance_in_population(urgent: int, rank: int, share: int) -> float:
    """The probability that more than ``share`` thousandths of all urgent ones lie below: Beta's tail, as a sum of the binomial law."""
    part = share / 1000
    return min(
        1.0,
        fsum(exp(log_choose(urgent, each) + each * log(part) + (urgent - each) * log1p(-part)) for each in range(min(rank, urgent + 1))),
    )


def expected(urgent: int, audited: int, size: int, doubt: int = 10) -> Batch:
    """How many of the next ``size`` referrals will be urgent, where ``urgent`` of ``audited`` were: beta-binomial, Jeffreys' prior.

    The number lies outside with a probability of at most ``doubt`` thousandths, half on each side. Source: Geisser, Predictive
    Inference (1993), section 3.1.
    """
    if not 0 <= urgent <= audited:
        raise ValueError(f"no audit: {urgent} of {audited}")
    half, told, least = doubt / 2000, 0.0, 0
    for number, chance in enumerate(_predictive(urgent + 0.5, audited - urgent + 0.5, size)):
        told += chance
        if told <= half:
            least = number + 1
        if told >= 1 - half:
            return Batch(least, number)
    return Batch(least, size)


def _predictive(first: float, second: float, size: int) -> Iterator[float]:
    """The beta-binomial law of ``size`` trials, from 0 on, each term from the last."""
    chance = lgamma(second + size) + lgamma(first + second) - lgamma(second) - lgamma(first + second + size)
    for number in range(size + 1):
        yield exp(chance)
        chance += log((first + number) / (number + 1)) + (log((size - number) / (second + size - number - 1)) if number < size else -inf)


def _worst_sizes(batch: Batch, share: int) -> Iterator[int]:
    """Of the sizes that allow the same number below, the largest: the probability grows with the size until one more is allowed."""
    size = batch.least
    while size <= batch.most:
        next_allowed = -(-1000 * (allowed(size, share) + 1) // share)
        yield min(batch.most, next_allowed - 1)
        size = next_allowed


def _last(holds: Callable[[int], bool], most: int) -> int:
    """The last number from 1 to ``most`` for which something holds that holds for all before it; 0 where for none."""
    low, step = 0, 1
    while low + step <= most and holds(low + step):
        low, step = low + step, step * 2
    high = min(most, low + step - 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def log_choose(size: int, part: int) -> float:
    """The logarithm of the number of ways to choose ``part`` of ``size``."""
    return lgamma(size + 1) - lgamma(part + 1) - lgamma(size - part + 1) if 0 <= part <= size else -inf
