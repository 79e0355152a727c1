"""From a graph's bare outputs to calibrated scores, and from counts to shares with their intervals. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from grace.analysis.register.passport import Counts, Passport, Platt

PLACES = 5
"""Decimals to which scores are kept: further ones differ between processors."""
_Z = 1.959963984540054
_FARTHEST = 700.0


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval (Wilson, 1927) and what it was counted on; None where there was nothing to count."""

    value: float | None
    low: float
    high: float
    of: int


def scores(passport: Passport, outputs: Sequence[float]) -> tuple[float, ...]:
    """One score from 0 to 1 for each label. Raises ``ValueError`` where the outputs are not one finite number for each."""
    if len(outputs) != len(passport.labels) or not all(math.isfinite(each) for each in outputs):
        raise ValueError("one finite number for each label")
    calibration = passport.calibration
    if isinstance(calibration, Platt):
        straight = [a * x + b for a, x, b in zip(calibration.scale, outputs, calibration.offset, strict=True)]
        return tuple(round(_logistic(each), PLACES) for each in straight)
    scaled = [each / calibration.value for each in outputs]
    highest = max(scaled)
    powers = [math.exp(max(each - highest, -_FARTHEST)) for each in scaled]
    return tuple(round(each / math.fsum(powers), PLACES) for each in powers)


def precision(counts: Counts) -> Share:
    """Of what was told, how much was right."""
    return wilson(counts.true_positive, counts.true_positive + counts.false_positive)


def recall(counts: Counts) -> Share:
    """Of what there was, how much was told."""
    return wilson(counts.true_positive, counts.true_positive + counts.false_negative)


def false_alarms(counts: Counts) -> Share:
    """Of what it was not, how much was told nevertheless."""
    return wilson(counts.false_positive, counts.false_positive + counts.true_negative)


def wilson(hits: int, of: int) -> Share:
    """The share with its interval."""
    if of == 0:
        return Share(None, 0.0, 1.0, 0)
    share, weight = hits / of, _Z * _Z / of
    middle = (share + weight / 2) / (1 + weight)
    half = _Z * math.sqrt(share * (1 - share) / of + weight / (4 * of)) / (1 + weight)
    return Share(share, max(0.0, middle - half), min(1.0, middle + half), of)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-min(x, _FARTHEST))) if x >= 0 else 1 - 1 / (1 + math.exp(max(x, -_FARTHEST)))
