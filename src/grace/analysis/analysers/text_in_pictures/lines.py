"""Where there may be lines of text: shapes that stand in a row, alike in height, dark on light or light on dark, at any brightness.

The picture is cut at several levels of brightness; what is connected at a level is a shape. So it does not matter what lies behind the text, as
long as it is even there. That a line is text at all only reading it shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]

LEVELS = (40, 80, 120, 160, 200, 232)
LOWEST, HIGHEST = 4, 200
"""Heights of a letter, in pixels."""
FEWEST, _SHORT, _FEW_SHORT = 3, 6, 30
"""Shapes of a line, and of a short one; where there are many short ones, and more than others, they are texture."""
MOST_LINES = 200
_MOST_RUNS, _MOST_SHAPES = 400_000, 12_000
"""More of them at one level is texture."""
_WIDEST, _GAP, _RATIO = 10, 3.0, 2.3
_ROWS, _TALL = 2.8, 1.7
"""A line higher than so many of its shapes is of several rows, which a shape taller than the second connects."""


@dataclass(slots=True)
class Line:
    """A row of shapes: its box in pixels, the middle height of its shapes, their number, whether they are lighter than what is behind."""

    left: int
    top: int
    right: int
    bottom: int
    height: float
    shapes: int
    light: bool

    @property
    def weight(self) -> float:
        """Whole letters weigh more than twice as many fragments, and letters apart more than those that touch."""
        return float(self.height**2 * self.shapes**1.5)

    def is_upon(self, other: Line) -> bool:
        """Whether it lies in the other's place: half of it beside, and its middle not above or below."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        spare = (other.bottom - other.top) / 4
        return 2 * wide > self.right - self.left and other.top - spare < (self.top + self.bottom) / 2 < other.bottom + spare


def find(grey: Plane) -> list[Line]:
    """The lines, the weightiest where several lie in one place; in the order in which they are read."""
    every = [line for level in LEVELS for light in (False, True) for line in _of_level(grey, level, light=light)]
    once = _once(_once(every))
    long = [line for line in once if line.shapes >= _SHORT]
    if len(once) - len(long) > max(_FEW_SHORT, len(long)):
        once = long  # grass, gravel, leaves: rows of three are everywhere
    return _in_order(once[:MOST_LINES])


def _once(every: list[Line]) -> list[Line]:
    """Of lines in one place the weightiest, as wide as any like it."""
    kept: list[Line] = []
    for line in sorted(every, key=lambda each: (-each.weight, each.top, each.left)):
        upon = next((each for each in kept if line.is_upon(each) or each.is_upon(line)), None)
        if upon is None:
            kept.append(line)
        elif upon.light == line.light and 0.6 < line.height / upon.height < 1.6:
            upon.left, upon.right = min(upon.left, line.left), max(upon.right, line.right)
    return kept


def _in_order(lines: list[Line]) -> list[Line]:
    """From top to bottom, and from left to right what stands side by side."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda each: each.top + each.bottom):
        last = rows[-1][-1] if rows else None
        if last and (line.top + line.bottom) / 2 < last.bottom - 0.3 * (last.bottom - last.top):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda each: each.left)]


def _of_level(grey: Plane, level: int, *, light: bool) -> Iterator[Line]:
    boxes = _shapes((grey >= level) if light else (grey < level))
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    boxes = boxes[(high >= LOWEST) & (high <= HIGHEST) & (wide <= _WIDEST * high)]
    if not FEWEST <= len(boxes) <= _MOST_SHAPES:
        return
    for some in _rows(boxes[np.argsort(boxes[:, 0], kind="stable")]):
        (left, top), (right, bottom) = some[:, :2].min(0).tolist(), some[:, 2:].max(0).tolist()
        yield Line(left, top, right, bottom, float(np.median(some[:, 3] - some[:, 1])), len(some), light)


def _rows(boxes: Numbers, *, again: bool = True) -> Iterator[Numbers]:
    """The shapes of each row, which are given and come by their left sides."""
    labels = _connected(*_neighbours(boxes), len(boxes))
    order = np.argsort(labels, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        some = boxes[members]
        high = some[:, 3] - some[:, 1]
        if again and some[:, 3].max() - some[:, 1].min() > _ROWS * np.median(high):
            yield from _rows(some[high <= _TALL * np.median(high)], again=False)
        elif len(some) >= FEWEST and 2 * (some[:, 2] - some[:, 0]).max() <= some[:, 2].max() - some[:, 0].min():
            yield some  # unless one shape is half of it: a bubble, a frame


def _neighbours(boxes: Numbers) -> tuple[Numbers, Numbers]:
    """Pairs of shapes, ordered by their left sides, that stand beside each other and are alike in height."""
    left, top, right, bottom = boxes.T
    high = bottom - top
    last = np.searchsorted(left, right + (_GAP * high).astype(np.int64), "right")
    one, other = _ranges(np.arange(1, len(boxes) + 1), last)
    shared = np.minimum(bottom[one], bottom[other]) - np.maximum(top[one], top[other])
    low, tall = np.minimum(high[one], high[other]), np.maximum(high[one], high[other])
    fits = (2 * shared >= low) & (tall <= _RATIO * low) & (left[other] - right[one] <= _GAP * tall)
    return one[fits], other[fits]


def _shapes(mask: npt.NDArray[np.bool_]) -> Numbers:
    """The boxes of what is connected: left, top, right, bottom, the latter two not in it."""
    height, width = mask.shape
    padded = np.zeros((height, width + 2), np.int8)
    padded[:, 1:-1] = mask
    change = np.diff(padded, axis=1)
    rows, starts = np.nonzero(change == 1)
    ends = np.nonzero(change == -1)[1]
    if not 0 < len(rows) <= _MOST_RUNS:
        return np.empty((0, 4), np.int64)
    stride = width + 1
    first = np.searchsorted(rows * stride + ends, (rows + 1) * stride + starts, "right")
    last = np.searchsorted(rows * stride + starts, (rows + 1) * stride + ends, "left")
    labels = _connected(*_ranges(first, last), len(rows))
    _, shape = np.unique(labels, return_inverse=True)
    boxes = np.tile(np.array([width, height, 0, 0], np.int64), (int(shape.max()) + 1, 1))
    np.minimum.at(boxes[:, 0], shape, starts)
    np.minimum.at(boxes[:, 1], shape, rows)
    np.maximum.at(boxes[:, 2], shape, ends)
    np.maximum.at(boxes[:, 3], shape, rows + 1)
    return boxes


def _ranges(first: Numbers, last: Numbers) -> tuple[Numbers, Numbers]:
    """Each index beside every number from its first to before its last."""
    sizes = np.maximum(last - first, 0)
    one = np.repeat(np.arange(len(sizes)), sizes)
    within = np.arange(len(one)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return one, first[one] + within


def _connected(one: Numbers, other: Numbers, number: int) -> Numbers:
    """A label for each of so many things, the same for those that pairs connect."""
    labels = np.arange(number)
    while len(one):
        least = np.minimum(labels[one], labels[other])
        np.minimum.at(labels, labels[one], least)
        np.minimum.at(labels, labels[other], least)
        while (labels[labels] != labels).any():
            labels = labels[labels]
        apart = labels[one] != labels[other]
        one, other = one[apart], other[apart]
    return labels
