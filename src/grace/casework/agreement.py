"""How far two answers to the same referral agree, and how far officers follow the machine: counts over a unit, of nobody.

Kappa: Cohen, Educational and Psychological Measurement 20 (1960), 37-46; its standard error: Fleiss, Cohen and Everitt, Psychological
Bulletin 72 (1969), 323-327. Bound on the share: Clopper and Pearson. Pure functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from grace.casework.bounds import most_share

LEAST_OFFICERS = 5
"""Of fewer officers who took part nothing is shown."""
LEAST_ANSWERS = 20
"""Nor of fewer answers: of all of them, and of each part by itself."""
_Z = 1.959964
"""Of the normal distribution, two-sided at 95 %."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """``agreed`` of ``n`` pairs agree, at least ``least`` of such pairs do (95 %); kappa with its interval, None where there is none."""

    n: int
    agreed: int
    least: float
    value: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as it is counted."""

    kind: str
    expected: str
    answered: str
    proposed: str
    shown: bool
    opened: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Of the answers of one part: how they agree with the answer that stands; of those to which the machine proposed something, how many ``followed`` it, and did so ``unopened``."""

    kappa: Kappa
    proposed: int
    followed: int
    unopened: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """What may be shown of a unit, up to the last month that is whole; ``parts`` is empty where too few took part, and a part None where it is too small."""

    answers: int
    parts: Mapping[str, Part | None]


PARTS = ("all", "double", "seeded", "shown", "hidden")


def agreement(said: Sequence[Said], officers: int) -> Agreement:
    """Count what may be shown. The same rule holds for each part, so that no part can be told from the others by subtraction of a small one."""
    if officers < LEAST_OFFICERS or len(said) < LEAST_ANSWERS:
        return Agreement(0, {})
    some = {
        "all": said,
        "double": [each for each in said if each.kind == "double"],
        "seeded": [each for each in said if each.kind == "seeded"],
        "shown": [each for each in said if each.shown],
        "hidden": [each for each in said if not each.shown],
    }
    small = {name for name, each in some.items() if len(each) < LEAST_ANSWERS}
    for pair in (("double", "seeded"), ("shown", "hidden")):
        if small.intersection(pair):  # else the one would be what is left of all without the other
            small.update(pair)
    return Agreement(len(said), {name: None if name in small else _part(each) for name, each in some.items()})


def kappa(pairs: Iterable[tuple[str, str]]) -> Kappa:
    """Of pairs of answers; without a pair, or where both always say one and the same thing, there is no kappa."""
    counted = Counter(pairs)
    n, agreed = counted.total(), sum(number for (one, other), number in counted.items() if one == other)
    if not n:
        return Kappa(0, 0, 0.0, None, None)
    least = 1 - most_share(n, n - agreed)
    rows, columns = Counter[str](), Counter[str]()
    for (one, other), number in counted.items():
        rows[one] += number
        columns[other] += number
    observed, chance = agreed / n, sum(rows[each] * columns[each] for each in rows) / n**2
    if chance >= 1:
        return Kappa(n, agreed, least, None, None)
    value = (observed - chance) / (1 - chance)
    error = _standard_error(counted, rows, columns, observed, chance)
    interval = (max(-1.0, value - _Z * error), min(1.0, value + _Z * error)) if agreed < n else None
    return Kappa(n, agreed, least, value, interval)


def _standard_error(counted: Counter[tuple[str, str]], rows: Counter[str], columns: Counter[str], observed: float, chance: float) -> float:
    """The large-sample standard error of kappa where it is not zero."""
    n = counted.total()
    same = sum(
        number / n * ((1 - chance) - (rows[one] + columns[one]) / n * (1 - observed)) ** 2
        for (one, other), number in counted.items()
        if one == other
    )
    other_than = sum(number / n * (columns[one] / n + rows[other] / n) ** 2 for (one, other), number in counted.items() if one != other)
    rest = (observed * chance - 2 * chance + observed) ** 2
    return sqrt(max(0.0, same + (1 - observed) ** 2 * other_than - rest)) / ((1 - chance) ** 2 * sqrt(n))


def _part(said: Sequence[Said]) -> Part:
    proposed = [each for each in said if each.proposed]
    followed = [each for each in proposed if each.answered == each.proposed]
    return Part(
        kappa((each.expected, each.answered) for each in said), len(proposed), len(followed), sum(not each.opened for each in followed)
    )
