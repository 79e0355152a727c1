"""Which pairs of pictures can be laid over each other: a little larger or smaller, shifted, and with some of their fields covered.

The method is block matching behind a search for scale and shift: profiles of rows and columns say where to begin, ever smaller steps
where the forms go together best; then each of 4 x 4 fields is held against what lies over it, a cell more or less aside, and the ten
most alike decide.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import sqrt

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.embedding.forms import ACROSS, cells

_AT_ONCE = 4096
_PLACES = np.arange(ACROSS)
Cells = npt.NDArray[np.int8]
Scores = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Place = tuple[int, int, int, int]
Over = Callable[[Cells, Cells, Scores], None]


def over(ones: npt.NDArray[np.uint8], others: npt.NDArray[np.uint8], turned: Flags) -> Scores:
    """How well each of ``ones`` lies over the one of ``others`` (rows of packed forms), those ``turned`` in a mirror.

    Thousandths of likeness, of the ten best fields, summed: 10,000 for the same.
    """
    lay, scores = usual(), np.empty(len(ones), np.int64)
    for start in range(0, len(ones), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        first, second = cells(ones[part]), cells(others[part])
        first = np.where(turned[part, None, None], first[:, :, ::-1], first)
        lay(first, second, scores[part])
    return scores


@cache
def usual() -> Over:
    """The compiled loop where numba is at hand."""
    from grace.analysis.clusters import over_loops
    from grace.host import compiled

    return over_loops.over if compiled.AVAILABLE else over_slowly


def over_slowly(ones: Cells, others: Cells, found: Scores) -> None:
    """The twin of :func:`grace.analysis.clusters.over_loops.over` in NumPy."""
    for pair, (one, other) in enumerate(zip(ones.astype(np.int64), others.astype(np.int64), strict=True)):
        at = _laid(one, other)
        fields = sorted(_field(one, other, at, row, column) for row in range(4) for column in range(4))
        found[pair] = sum(fields[6:])


def _lying(scale: int, shift: int, start: int = 0, end: int = ACROSS, aside: int = 0) -> tuple[Whole, Whole]:
    """The cells of the second picture over which one of the first lies, and which."""
    places = _PLACES[start:end]
    at = (((2 * places - 31) * scale + 32 * 128 + shift * 64) >> 8) + aside
    inside = (at >= 0) & (at < ACROSS)
    return places[inside], at[inside]


def _likeness(one: Whole, other: Whole, calm: int) -> float:
    count, first, second = one.size, int(one.sum()), int(other.sum())
    both, ones, others = int((one * other).sum()), int((one * one).sum()), int((other * other).sum())
    spread = (ones - first * first / count + calm) * (others - second * second / count + calm)
    return (both - first * second / count) / sqrt(spread)


def _lines(one: Whole, other: Whole, scale: int, shift: int) -> float:
    here, there = _lying(scale, shift)
    if 3 * len(here) < 2 * ACROSS:
        return -2.0
    return _likeness(one[0, there], other[0, here], 1) + _likeness(one[1, there], other[1, here], 1)


def _whole(one: Whole, other: Whole, at: Place) -> float:
    (down, over), (across, beside) = _lying(*at[:2]), _lying(*at[2:])
    if 9 * len(down) * len(across) < 4 * ACROSS * ACROSS:
        return -2.0
    return _likeness(one[np.ix_(over, beside)], other[np.ix_(down, across)], 1)


def _field(one: Whole, other: Whole, at: Place, row: int, column: int) -> int:
    best = -1000
    for aside in range(9):
        down, over = _lying(at[0], at[1], 8 * row, 8 * row + 8, aside // 3 - 1)
        across, beside = _lying(at[2], at[3], 8 * column, 8 * column + 8, aside % 3 - 1)
        if len(down) * len(across) >= 32:
            best = max(best, int(1000 * _likeness(one[np.ix_(over, beside)], other[np.ix_(down, across)], 8)))
    return best


def _start(one: Whole, other: Whole) -> tuple[int, int]:
    from grace.analysis.clusters.over_loops import FAR, SCALES

    tried = [(scale, 4 * shift) for scale in SCALES for shift in range(-FAR, FAR + 1)]
    alike = [_lines(one, other, *each) for each in tried]
    return tried[alike.index(max(alike))]


def _halves(cells_: Whole) -> tuple[Whole, Whole]:
    """Sums of the rows of the left and the right half, of the columns of the upper and the lower half."""
    half = ACROSS // 2
    rows = np.stack((cells_[:, :half].sum(axis=1), cells_[:, half:].sum(axis=1)))
    return rows, np.stack((cells_[:half].sum(axis=0), cells_[half:].sum(axis=0)))


def _laid(one: Whole, other: Whole) -> Place:
    (our_rows, our_columns), (their_rows, their_columns) = _halves(one), _halves(other)
    down, across = _start(our_rows, their_rows), _start(our_columns, their_columns)
    at = (128, 0, 128, 0)
    best = _whole(one, other, at)
    for place in ((*down, 128, 0), (128, 0, *across), (*down, *across)):
        if (alike := _whole(one, other, place)) > best:
            best, at = alike, place
    for scale, shift in ((8, 4), (4, 2), (2, 1)):
        better = True
        while better:
            better = False
            for way in range(8):
                place = _beside(at, way, scale, shift)
                if (alike := _whole(one, other, place)) > best:
                    best, at, better = alike, place, True
    return at


def _beside(at: Place, way: int, scale: int, shift: int) -> Place:
    part = way // 2
    step = (shift if part % 2 else scale) * (1 if way % 2 else -1)
    moved = [*at]
    moved[part] += step
    return moved[0], moved[1], moved[2], moved[3]
