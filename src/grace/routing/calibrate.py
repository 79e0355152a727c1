"""Measuring the router: of the states proposed with confidence c, is a share of c right? And are whole sets right? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

BINS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Bounds of the lines of the table; the first line holds what is proposed below the threshold and concerns nobody."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One referral: how sure the router was of each state, whom it named, and who is right."""

    confidences: Mapping[str, float]
    named: frozenset[str]
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: proposals with a confidence from ``low`` up to ``high``, their mean, and how many are right."""

    low: float
    high: float
    proposals: int
    right: int
    mean: float

    @property
    def share(self) -> float | None:
        """The share that is right; None where there is none."""
        return self.right / self.proposals if self.proposals else None


@dataclass(frozen=True, slots=True)
class Calibration:
    """The table, and of whole referrals: how many there are, how many sets are right, precision and recall of their states.

    ``gap`` is the expected calibration error: the mean distance of confidence and share, weighed by proposals.
    """

    lines: Sequence[Line]
    referrals: int
    sets_right: int
    precision: float | None
    recall: float | None
    gap: float | None


def calibrate(judged: Iterable[Judged]) -> Calibration:
    """Count; nothing is fitted."""
    everything = list(judged)
    pairs = [(confidence, state in each.right) for each in everything for state, confidence in each.confidences.items()]
    lines = [_line(low, high, pairs) for low, high in pairwise(BINS)]
    named, right = sum(len(each.named) for each in everything), sum(len(each.right) for each in everything)
    both = sum(len(each.named & each.right) for each in everything)
    off = sum(abs(each.mean - each.share) * each.proposals for each in lines if each.share is not None)
    return Calibration(
        lines,
        len(everything),
        sum(each.named == each.right for each in everything),
        both / named if named else None,
        both / right if right else None,
        off / len(pairs) if pairs else None,
    )


def _line(low: float, high: float, pairs: Sequence[tuple[float, bool]]) -> Line:
    inside = [(confidence, is_right) for confidence, is_right in pairs if low <= confidence < high or confidence == high == BINS[-1]]
    mean = sum(confidence for confidence, _ in inside) / len(inside) if inside else 0.0
    return Line(low, high, len(inside), sum(is_right for _, is_right in inside), mean)


def table(found: Calibration) -> list[str]:
    """The table as lines of text."""
    told = [f"{'confidence':<12}{'proposals':>10}{'mean':>8}{'right':>8}"]
    for each in found.lines:
        share = "-" if each.share is None else f"{each.share:.3f}"
        mean = f"{each.mean:.3f}" if each.proposals else "-"
        told.append(f"{each.low:.2f} - {each.high:.2f} {each.proposals:>9}{mean:>8}{share:>8}")
    return told
