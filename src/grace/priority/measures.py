"""How good an order and its probabilities are, on a weighted sample, with intervals by the bootstrap. Pure functions on arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BINS = 10
RUNS = 200
"""Samples of the bootstrap."""


def area(labels: Floats, scores: Floats, weights: Floats) -> float:
    """The share of pairs of an urgent and another referral that stand in the right order; ties count half. NaN where one sort is missing."""
    order = np.argsort(scores, kind="stable")
    sorted_scores, urgent, calm = scores[order], (labels * weights)[order], ((1 - labels) * weights)[order]
    _values, first = np.unique(sorted_scores, return_index=True)
    ups, downs = np.add.reduceat(urgent, first), np.add.reduceat(calm, first)
    below = np.cumsum(downs) - downs
    whole = ups.sum() * downs.sum()
    return float((ups * (below + downs / 2)).sum() / whole) if whole > 0 else float("nan")


def calibration_error(labels: Floats, chances: Floats, weights: Floats) -> float:
    """The expected calibration error: how far shares and probabilities are apart, on average over ten parts of equal weight."""
    order = np.argsort(chances, kind="stable")
    running = np.cumsum(weights[order])
    parts = np.minimum((running - weights[order] / 2) / running[-1] * BINS, BINS - 1).astype(np.int64)
    apart = np.bincount(parts, weights[order] * (labels[order] - chances[order]), BINS)
    return float(np.abs(apart).sum() / weights.sum())


def caught(labels: Floats, scores: Floats, weights: Floats, share: float = 0.1) -> float:
    """The share of the urgent that stand in the first ``share`` of the order. NaN where none is urgent."""
    order = np.argsort(-scores, kind="stable")
    running = np.cumsum(weights[order])
    top = running <= share * running[-1]
    urgent = (labels * weights)[order]
    return float(urgent[top].sum() / urgent.sum()) if urgent.sum() > 0 else float("nan")


def interval(measure: Callable[[Floats, Floats, Floats], float], labels: Floats, told: Floats, weights: Floats, seed: int) -> list[float]:
    """The value, and between what it lies in 95 % of the samples of the bootstrap, drawn of urgent and other ones apart."""
    rng = np.random.default_rng(seed)
    sorts = [np.flatnonzero(labels == each) for each in (0, 1)]
    found = []
    for _run in range(RUNS):
        drawn = np.concatenate([rng.choice(each, len(each)) for each in sorts if len(each)])
        found.append(measure(labels[drawn], told[drawn], weights[drawn]))
    low, high = np.nanquantile(found, [0.025, 0.975])
    return [round(float(each), 6) for each in (measure(labels, told, weights), low, high)]
