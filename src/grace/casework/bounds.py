"""How many urgent ones a part that nobody read may hold, from a random sample that was read: exact one-sided bounds.

Hypergeometric: Buonaccorsi, "A note on confidence intervals for proportions in finite populations", The American Statistician
41 (1987), 215-218. Binomial: Clopper and Pearson, Biometrika 26 (1934), 404-413.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, exp, log

from grace.priority.promise import log_choose

CONFIDENCE = 0.95
_STEPS = 100
_NEAR = 1e-6
"""Where floating point comes so near to the limit, whole numbers decide."""


def most_in_all(size: int, read: int, found: int, confidence: float = CONFIDENCE) -> int:
    """The largest number of urgent ones among ``size`` with which a sample of ``read`` that shows at most ``found`` is not too unlikely.

    Too unlikely means a probability of at most 1 - ``confidence``. Nothing read: all may be urgent. Raises ``ValueError`` for
    numbers that cannot be.
    """
    if not 0 <= found <= read <= size or not 0 < confidence < 1:
        raise ValueError(f"no sample: {found} of {read} of {size} at {confidence}")
    low, high = found, size - read + found
    while low < high:
        middle = (low + high + 1) // 2
        if _is_likely(found, size, middle, read, confidence):
            low = middle
        else:
            high = middle - 1
    return low


def most_share(read: int, found: int, confidence: float = CONFIDENCE) -> float:
    """The same as a share between 0 and 1, for a part without end (Clopper-Pearson)."""
    if not 0 <= found <= read or not 0 < confidence < 1:
        raise ValueError(f"no sample: {found} of {read} at {confidence}")
    if found == read:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if (
            sum(exp(log_choose(read, each) + each * log(middle) + (read - each) * log(1 - middle)) for each in range(found + 1))
            > 1 - confidence
        ):
            low = middle
        else:
            high = middle
    return low


def _is_likely(found: int, size: int, urgent: int, read: int, confidence: float) -> bool:
    """Whether a sample shows at most ``found``, where ``urgent`` of ``size`` are, with a probability above 1 - ``confidence``."""
    whole = log_choose(size, read)
    probability = sum(exp(log_choose(urgent, each) + log_choose(size - urgent, read - each) - whole) for each in range(found + 1))
    if abs(probability / (1 - confidence) - 1) > _NEAR:
        return probability > 1 - confidence
    ways = sum(comb(urgent, each) * comb(size - urgent, read - each) for each in range(found + 1) if each <= urgent)
    return Fraction(ways, comb(size, read)) > 1 - Fraction(confidence).limit_denominator(10**6)
