"""Train a ranker: additive shape functions by boosting, each along its direction, calibrated on rows that no part of it has seen.

The parts of a ranker are trained on four fifths of the rows each and averaged; every row is left out by :data:`TIMES` of them, and what
these say of it decides the calibration: one factor and one shift on the scale of log-odds (Platt, 1999), which keeps sums and directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from grace.priority.axes import Axis
from grace.priority.features import Feature
from grace.priority.shapes import MIDDLE, PER_LOGIT, Pair, Ranker, Shape

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]
FOLDS, TIMES = 5, 2
ROUNDS, ROUNDS_OF_PAIRS = 1_500, 250
MOST_EDGES, EDGES_OF_PAIRS = 63, 11


@dataclass(frozen=True, slots=True)
class Table:
    """What is learned from: ``values`` (rows, features; NaN: not said), ``labels`` (1: escalated), ``weights`` (each row's share)."""

    features: Sequence[Feature]
    values: Floats
    labels: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class _Grid:
    """The values in parts: ``codes`` (features, rows), 0 for what is not said; ``edges`` of each feature."""

    codes: Codes
    edges: list[Floats]

    @property
    def bins(self) -> NDArray[np.int64]:
        return np.array([len(each) + 2 for each in self.edges])


def fit(table: Table, *, pairs: int, seed: int) -> Ranker:
    """Train on all rows; ``pairs`` is how many pairs of features of one axis may be added at most.

    Raises ``ValueError`` where a sort of outcomes is missing.
    """
    from grace.priority import boost_loops as loops  # numba takes a second and a hundred megabytes, and few processes train

    if not 0 < table.labels.sum() < len(table.labels):
        raise ValueError("outcomes of one sort only")
    weights = table.weights / table.weights.mean()
    directions = np.array([each.direction for each in table.features], np.int64)
    fine, coarse = _grid(table.values, MOST_EDGES), _grid(table.values, EDGES_OF_PAIRS)
    start = float(np.log(np.sum(weights * table.labels) / np.sum(weights * (1 - table.labels))))
    folds = _folds(table.labels, seed)
    shapes = np.zeros((len(table.features), int(fine.bins.max())))
    sums = [np.full(len(weights), start) for _ in folds]
    for inside, own in zip(folds, sums, strict=True):
        part = np.zeros_like(shapes)
        loops.grow((fine.codes, fine.bins, directions), (table.labels, weights, inside, own), part, ROUNDS)
        own[:] = start + _sum(part, fine.codes)
        shapes += part / len(folds)
    chosen = _choose(table, coarse, directions, weights, start + _sum(shapes, fine.codes), pairs)
    grids = np.zeros((len(chosen), int(coarse.bins.max()), int(coarse.bins.max())))
    for inside, own in zip(folds, sums, strict=True) if len(chosen) else ():
        more = np.zeros_like(grids)
        before = own.copy()
        loops.grow_pairs((coarse.codes, coarse.bins, directions), chosen, (table.labels, weights, inside, own), more, ROUNDS_OF_PAIRS)
        own[:] = before + _sum_pairs(more, coarse.codes, chosen)
        grids += more / len(folds)
    factor, shift = _calibrate(folds, sums, table.labels, weights)
    return _ranker(table.features, fine, coarse, chosen, factor * shapes, factor * grids, factor * start + shift)


def _grid(values: Floats, most: int) -> _Grid:
    edges = [_edges(column[~np.isnan(column)], most) for column in values.T]
    codes = np.stack(
        [np.where(np.isnan(column), 0, 1 + np.searchsorted(edge, column, "right")) for edge, column in zip(edges, values.T, strict=True)]
    )
    return _Grid(codes.astype(np.uint8), edges)


def _edges(column: Floats, most: int) -> Floats:
    """Between neighbouring values where these are few, else at even shares of the rows."""
    found = np.unique(column)
    if len(found) > most:
        found = np.unique(np.quantile(column, np.linspace(0, 1, most + 1), method="nearest"))
    return np.asarray((found[1:] + found[:-1]) / 2, float)


def _folds(labels: Floats, seed: int) -> list[NDArray[np.bool_]]:
    """Which rows each part is trained on: of both sorts four fifths."""
    rng, found = np.random.default_rng(seed), []
    for _time in range(TIMES):
        of = np.zeros(len(labels), np.int64)
        for sort in (0, 1):
            rows = rng.permutation(np.flatnonzero(labels == sort))
            of[rows] = np.arange(len(rows)) % FOLDS
        found += [of != fold for fold in range(FOLDS)]
    return found


def _sum(tables: Floats, codes: Codes) -> Floats:
    return np.asarray(sum((table[code] for table, code in zip(tables, codes, strict=True)), np.zeros(codes.shape[1])), float)


def _sum_pairs(tables: Floats, codes: Codes, pairs: NDArray[np.int64]) -> Floats:
    told = (table[codes[one], codes[other]] for table, (one, other) in zip(tables, pairs, strict=True))
    return np.asarray(sum(told, np.zeros(codes.shape[1])), float)


def _choose(table: Table, grid: _Grid, directions: NDArray[np.int64], weights: Floats, sums: Floats, most: int) -> NDArray[np.int64]:
    """The pairs of one axis that would gain most. Novelty pairs with nothing: what is known lowers novelty only."""
    from grace.priority import boost_loops as loops  # numba takes a second and a hundred megabytes, and few processes train

    axes = [each.axis for each in table.features]
    several = [place for place, bins in enumerate(grid.bins) if bins > 2 and axes[place] is not Axis.NOVELTY]
    offered = np.array([two for two in combinations(several, 2) if axes[two[0]] is axes[two[1]]], np.int64).reshape(-1, 2)
    if not most or not len(offered):
        return np.zeros((0, 2), np.int64)
    found, everything = np.zeros(len(offered)), np.ones(len(sums), np.bool_)
    loops.gains((grid.codes, grid.bins, directions), offered, (table.labels, weights, everything, sums), found)
    best = np.argsort(-found, kind="stable")[:most]
    return offered[best[found[best] > 0]]


def _calibrate(folds: Sequence[NDArray[np.bool_]], sums: Sequence[Floats], labels: Floats, weights: Floats) -> tuple[float, float]:
    """Factor and shift by what is said of rows that were left out, by Newton steps. The factor stays positive: no order is turned round."""
    outside = np.array([~each for each in folds])
    told = (np.array(sums) * outside).sum(axis=0) / outside.sum(axis=0)
    rows = np.stack([told, np.ones_like(told)])
    found = np.array([1.0, 0.0])
    for _step in range(50):
        chances = 1 / (1 + np.exp(-(found @ rows)))
        slope = rows @ (weights * (chances - labels)) + 1e-3 * (found - [1, 0])
        bend = (rows * (weights * chances * (1 - chances))) @ rows.T + 1e-3 * np.eye(2)
        found = found - np.linalg.solve(bend, slope)
        found[0] = min(3.0, max(0.2, found[0]))
    return float(found[0]), float(found[1])


def _ranker(
    features: Sequence[Feature], fine: _Grid, coarse: _Grid, chosen: NDArray[np.int64], shapes: Floats, grids: Floats, start: float
) -> Ranker:
    """Tables in whole points. What is not said gives nothing: its part of a table goes into the start."""
    told: dict[str, Shape] = {}
    for one, edges, table in zip(features, fine.edges, shapes, strict=True):
        nothing = table[_unsaid(one, edges)]
        start += float(nothing)
        points = np.rint(PER_LOGIT * (table[1 : len(edges) + 2] - nothing)).astype(np.int64)
        if points.any():
            told[one.name] = Shape(one, tuple(edges.tolist()), tuple(points.tolist()))
    pairs = []
    for (one, other), grid in zip(chosen, grids, strict=True):
        sizes = len(coarse.edges[one]) + 2, len(coarse.edges[other]) + 2
        nothing = grid[_unsaid(features[one], coarse.edges[one]), _unsaid(features[other], coarse.edges[other])]
        start += float(nothing)
        points = np.rint(PER_LOGIT * (grid[: sizes[0], : sizes[1]] - nothing)).astype(np.int64)
        if points.any():
            edges_of = tuple(coarse.edges[one].tolist()), tuple(coarse.edges[other].tolist())
            pairs.append(Pair(features[one], features[other], edges_of, tuple(map(tuple, points.tolist()))))
    return Ranker(MIDDLE + round(PER_LOGIT * start), told, tuple(pairs))


def _unsaid(of: Feature, edges: Floats) -> int:
    """The code of what is not said: none of what is counted, a code of its own of all else."""
    return 1 + int(np.searchsorted(edges, 0.0, "right")) if of.is_counted else 0
