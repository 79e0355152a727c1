"""Measures of a model's card as the page tells them: shares with their intervals, in words and as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grace.analysis.register.calibrate import Share, false_alarms, precision, recall
from grace.analysis.register.passport import Counts, Passport


@dataclass(frozen=True, slots=True)
class Bar:
    """A share in per cent with its interval; ``value`` is None where there was nothing to count."""

    value: float | None
    low: float
    high: float
    wide: float
    of: int


@dataclass(frozen=True, slots=True)
class Row:
    """One label on one slice."""

    label: str
    threshold: float
    precision: Bar
    recall: Bar
    false_alarms: Bar


@dataclass(frozen=True, slots=True)
class Part:
    """A slice."""

    name: str
    means: str
    rows: Sequence[Row]


def parts(passport: Passport) -> list[Part]:
    """All slices of the held-out data, the whole first."""
    thresholds = {label.name: label.threshold for label in passport.labels}
    return [
        Part(each.name, each.means, [_row(one.label, thresholds[one.label], one.counts) for one in each.labels])
        for each in passport.card.slices
    ]


def _row(label: str, threshold: float, counts: Counts) -> Row:
    return Row(label, threshold, _bar(precision(counts)), _bar(recall(counts)), _bar(false_alarms(counts)))


def _bar(share: Share) -> Bar:
    value = None if share.value is None else round(100 * share.value, 1)
    low, high = round(100 * share.low, 1), round(100 * share.high, 1)
    return Bar(value, low, high, max(0.5, round(high - low, 1)), share.of)
