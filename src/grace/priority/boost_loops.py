"""The loops of the trainer, compiled where numba is at hand; without it the same loops run slowly, with the same result.

Both boost by Newton steps on the logistic loss, one small tree of one feature (or of two) at a time, feature by feature in a fixed
order, so that what one says another need not say again. A step that would go against a direction is not taken: a sum of steps that
rise rises. Rows that are not ``inside`` take no part and say when to stop. Sources: Lou, Caruana and Gehrke, KDD 2012 and 2013; Friedman,
Annals of Statistics 29 (2001).
"""

from __future__ import annotations

from math import exp, log1p

import numpy as np
from numpy.typing import NDArray

from grace.host.compiled import compiled

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
Grid = tuple[Codes, Whole, Whole]
"""Codes (features, rows), how many there are of each feature, and its direction; code 0 is for what is not said."""
Rows = tuple[Floats, Floats, Flags, Floats]
"""Of each row its label, its weight, whether it takes part, and the sum of what it was given, which follows."""
RATE, RIDGE, FARTHEST = 0.04, 0.1, 3.0
"""How much of a step is taken, what steadies it, and how far it may go."""
LEAST = 4.0
"""Rows on each side of a cut, at least."""
PATIENCE = 40
"""Rounds without progress on the rows outside before the end."""
PROGRESS = 0.9999
"""What of the loss on the rows outside may be left after a round that counts as progress."""


@compiled
def _step(slope: float, bend: float) -> float:
    return max(-FARTHEST, min(FARTHEST, -slope / (bend + RIDGE)))


@compiled
def _loss(rows: Rows) -> float:
    labels, weights, inside, sums = rows
    whole, weight = 0.0, 1e-12
    for row in range(len(labels)):
        if not inside[row]:
            margin = sums[row] if labels[row] > 0.5 else -sums[row]
            whole += weights[row] * (log1p(exp(-margin)) if margin > -30 else -margin)
            weight += weights[row]
    return whole / weight


@compiled
def _fill(codes: Codes, rows: Rows, parts: Floats) -> None:
    """Slopes, bends and numbers of the rows that take part, by code."""
    labels, weights, inside, sums = rows
    parts[:] = 0.0
    for row in range(len(labels)):
        if inside[row]:
            chance = 1 / (1 + exp(-sums[row]))
            parts[0, codes[row]] += weights[row] * (chance - labels[row])
            parts[1, codes[row]] += weights[row] * chance * (1 - chance)
            parts[2, codes[row]] += 1


@compiled
def _cut(parts: Floats, last: int, direction: int) -> tuple[int, float, float]:
    """The best cut of what is said, which goes along the direction: the last code below it, and the steps on both sides."""
    slope, bend, count = parts[0, 1:].sum(), parts[1, 1:].sum(), parts[2, 1:].sum()
    gain, cut = slope * slope / (bend + RIDGE), 0
    left_slope, left_bend, left_count = 0.0, 0.0, 0.0
    low = high = _step(slope, bend)
    for place in range(1, last - 1):
        left_slope, left_bend, left_count = left_slope + parts[0, place], left_bend + parts[1, place], left_count + parts[2, place]
        if left_count < LEAST or count - left_count < LEAST:
            continue
        found = left_slope**2 / (left_bend + RIDGE) + (slope - left_slope) ** 2 / (bend - left_bend + RIDGE)
        one, other = _step(left_slope, left_bend), _step(slope - left_slope, bend - left_bend)
        if found > gain and direction * (other - one) >= 0:
            gain, cut, low, high = found, place, one, other
    return cut, low, high


@compiled
def grow(grid: Grid, rows: Rows, tables: Floats, rounds: int) -> None:
    """Boost ``tables`` (features, codes), which are all 0, until the rows that take no part have nothing more to gain."""
    codes, bins, directions = grid
    sums = rows[3]
    best, since, kept = _loss(rows), 0, tables.copy()
    parts, step = np.zeros((3, tables.shape[1])), np.zeros(tables.shape[1])
    for _ in range(rounds):
        for feature in range(len(codes)):
            _fill(codes[feature], rows, parts)
            cut, low, high = _cut(parts, bins[feature], directions[feature])
            step[0] = RATE * _step(parts[0, 0], parts[1, 0])
            step[1 : cut + 1], step[cut + 1 :] = RATE * low, RATE * high
            tables[feature] += step
            for row in range(len(sums)):
                sums[row] += step[codes[feature, row]]
        loss = _loss(rows)
        since += 1
        if loss < PROGRESS * best:
            best, since = loss, 0
            kept[:] = tables
        if since > PATIENCE:
            break
    tables[:] = kept


@compiled
def _fill_grid(one: Codes, other: Codes, rows: Rows, grids: Floats) -> None:
    """The same by two codes, summed up from the first ones on in both directions."""
    labels, weights, inside, sums = rows
    grids[:] = 0.0
    for row in range(len(labels)):
        if inside[row]:
            chance = 1 / (1 + exp(-sums[row]))
            grids[0, one[row], other[row]] += weights[row] * (chance - labels[row])
            grids[1, one[row], other[row]] += weights[row] * chance * (1 - chance)
            grids[2, one[row], other[row]] += 1
    for grid in grids:
        for place in range(1, grid.shape[0]):
            grid[place] += grid[place - 1]
        for place in range(1, grid.shape[1]):
            grid[:, place] += grid[:, place - 1]


@compiled
def _quarters(grids: Floats, at: tuple[int, int], parts: Floats) -> None:
    """What lies in the four quarters around a cut: first and second row, in each first and second column."""
    row, column = at
    for number in range(3):
        grid = grids[number]
        corner, side, top, total = grid[row, column], grid[row, -1], grid[-1, column], grid[-1, -1]
        parts[number, 0], parts[number, 1] = corner, side - corner
        parts[number, 2], parts[number, 3] = top - corner, total - side - top + corner


@compiled
def _rises(four: Floats, directions: tuple[int, int]) -> bool:
    down, across = directions
    one = down * (four[2] - four[0]) >= 0 and down * (four[3] - four[1]) >= 0
    return bool(one and across * (four[1] - four[0]) >= 0 and across * (four[3] - four[2]) >= 0)


@compiled
def _quarter(grids: Floats, sizes: tuple[int, int], directions: tuple[int, int], steps: Floats) -> tuple[float, int, int]:
    """The best cut of two features into four, by its gain over none; ``steps`` are those of the four."""
    whole = grids[0, -1, -1] ** 2 / (grids[1, -1, -1] + RIDGE)
    best, at_row, at_column = 0.0, -1, -1
    four, parts = np.zeros(4), np.zeros((3, 4))
    for row in range(sizes[0] - 1):
        for column in range(sizes[1] - 1):
            _quarters(grids, (row, column), parts)
            if parts[2].min() < LEAST:
                continue
            gain = -whole
            for part in range(4):
                four[part] = _step(parts[0, part], parts[1, part])
                gain += parts[0, part] ** 2 / (parts[1, part] + RIDGE)
            if gain > best and _rises(four, directions):
                best, at_row, at_column = gain, row, column
                steps[:] = four
    return best, at_row, at_column


@compiled
def gains(grid: Grid, pairs: Whole, rows: Rows, found: Floats) -> None:
    """What each of ``pairs`` (number, 2) would gain by one cut into four, into ``found``."""
    codes, bins, directions = grid
    grids, steps = np.zeros((3, bins.max(), bins.max())), np.zeros(4)
    for number in range(len(pairs)):
        one, other = pairs[number, 0], pairs[number, 1]
        _fill_grid(codes[one], codes[other], rows, grids)
        found[number], _row, _column = _quarter(grids, (bins[one], bins[other]), (directions[one], directions[other]), steps)


@compiled
def grow_pairs(grid: Grid, pairs: Whole, rows: Rows, tables: Floats, rounds: int) -> None:
    """Boost ``tables`` (pairs, codes, codes), as :func:`grow` does; what is not said is cut like any other code."""
    codes, bins, directions = grid
    sums = rows[3]
    best, since, kept = _loss(rows), 0, tables.copy()
    grids, steps = np.zeros((3, tables.shape[1], tables.shape[1])), np.zeros(4)
    for _ in range(rounds):
        for number in range(len(pairs)):
            one, other = pairs[number, 0], pairs[number, 1]
            _fill_grid(codes[one], codes[other], rows, grids)
            gain, at_row, at_column = _quarter(grids, (bins[one], bins[other]), (directions[one], directions[other]), steps)
            if gain <= 0:
                continue
            tables[number, : at_row + 1, : at_column + 1] += RATE * steps[0]
            tables[number, : at_row + 1, at_column + 1 :] += RATE * steps[1]
            tables[number, at_row + 1 :, : at_column + 1] += RATE * steps[2]
            tables[number, at_row + 1 :, at_column + 1 :] += RATE * steps[3]
            for row in range(len(sums)):
                sums[row] += RATE * steps[2 * (codes[one, row] > at_row) + (codes[other, row] > at_column)]
        loss = _loss(rows)
        since += 1
        if loss < PROGRESS * best:
            best, since = loss, 0
            kept[:] = tables
        if since > PATIENCE:
            break
    tables[:] = kept
