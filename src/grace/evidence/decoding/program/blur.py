"""PDQ's blur: each dimension is averaged twice over a sliding window, and of the result only 64 x 64 places are looked at.

Two ways to the same 64 x 64 numbers. :func:`sampled` adds up, for each place, the pixels that reach it: a box over a box
is a tent, so that every pixel is touched about once. :func:`step_by_step` slides the windows over all pixels in the order
and the single precision of the reference (ThreatExchange, ``pdq/cpp/downscaling``), so that it rounds as that does.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

SIDE = 64
_BAND = 16
"""Rows at a time, so that they stay in the processor's cache."""
_THOUSANDTHS = np.array([299, 587, 114], np.float32)

Pixels = npt.NDArray[np.uint8]
Doubles = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]


def sampled(pixels: Pixels) -> Doubles:
    """The blurred luma at 64 x 64 places, of ``height x width x 3`` or ``height x width`` pixels."""
    height, width = pixels.shape[:2]
    # The weights in the middle are whole numbers whose sums a float32 holds exactly, for sides up to 32,768.
    rows = _summed(pixels.reshape(height, -1), np.dtype(np.float32))
    luma = rows if pixels.ndim == 2 else rows.reshape(SIDE, width, 3) @ (_THOUSANDTHS / np.float32(1000))
    scale = (_window(height) * _window(width)) ** 2
    return _summed(np.ascontiguousarray(luma.T, np.float64), np.dtype(np.float64)).T / scale


def step_by_step(pixels: Pixels) -> Singles:
    """The same, rounded as the reference rounds: several times as dear, and in memory eight bytes for each pixel."""
    height, width = pixels.shape[:2]
    plane = _single_luma(pixels)
    if (height, width) == (SIDE, SIDE):
        return plane
    for _ in "xy":
        plane = np.ascontiguousarray(plane.T)  # apart, so that no third plane is held meanwhile
        plane = _averages(plane)
    narrow = _averages_at(_places(width), np.ascontiguousarray(plane.T))
    return _averages_at(_places(height), np.ascontiguousarray(narrow.T))


def _window(length: int) -> int:
    return (length + 2 * SIDE - 1) // (2 * SIDE)


def _reach(window: int) -> tuple[int, int]:
    """How far a window reaches before and behind its place."""
    half = (window + 2) // 2
    return window - half, half - 1


def _places(length: int) -> npt.NDArray[np.int64]:
    return ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.int64)


@lru_cache(maxsize=64)
def _tents(length: int, kind: np.dtype[np.floating]) -> list[tuple[int, npt.NDArray[np.floating]]]:
    """For each of the 64 places, the first pixel that reaches it and the weights from there on, times the window squared."""
    window = _window(length)
    before, behind = _reach(window)
    tents: dict[tuple[int, int], npt.NDArray[np.floating]] = {}
    placed = []
    for place in _places(length).tolist():
        sides = left, right = min(place, 2 * before), min(length - 1 - place, 2 * behind)
        if sides not in tents:  # far from both edges all are the same
            tents[sides] = _tent(window, left, right).astype(kind)
        placed.append((place - left, tents[sides]))
    return placed


def _tent(window: int, left: int, right: int) -> Doubles:
    """The weights about a place with so many pixels on either side of it that may reach it.

    A window at an edge is divided by the pixels that it has, so that tents there are no whole numbers.
    """
    before, behind = _reach(window)
    windows = np.arange(max(-before, -left), min(behind, right) + 1)
    first, end = np.maximum(windows - before, -left), np.minimum(windows + behind, right) + 1
    shares = window / (end - first) * (window / len(windows))
    begun, ended = (np.bincount(each - first[0], shares, end[-1] - first[0] + 1) for each in (first, end))
    return np.asarray(np.cumsum(begun - ended)[:-1], np.float64)


def _summed(values: npt.NDArray[np.generic], kind: np.dtype[np.floating]) -> npt.NDArray[np.floating]:
    """Each tent's weighted sum along the first axis, 64 rows of them."""
    sums = np.empty((SIDE, values.shape[1]), kind)
    for row, (first, weights) in zip(sums, _tents(len(values), kind), strict=True):
        np.matmul(weights, values[first : first + len(weights)].astype(kind, copy=False), out=row)
    return sums


def _single_luma(pixels: Pixels) -> Singles:
    """0.299 red, 0.587 green and 0.114 blue, rounded once to single precision: the sum of thousandths is whole, and so exact."""
    if pixels.ndim == 2:
        return pixels.astype(np.float32)
    luma = np.empty(pixels.shape[:2], np.float32)
    for start in range(0, len(pixels), _BAND):
        band = slice(start, start + _BAND)
        np.divide(pixels[band].astype(np.float32) @ _THOUSANDTHS, np.float32(1000), out=luma[band])
    return luma


def _averages(values: Singles) -> Singles:
    """The sliding average along the first axis."""
    sums = np.empty_like(values)
    for _ in _sliding(values, sums):
        pass
    return np.divide(sums, _counts(len(values))[:, None], out=sums)


def _averages_at(places: npt.NDArray[np.int64], values: Singles) -> Singles:
    """The same, of which only some places are kept, in ascending order; a short side has places that are the same."""
    wanted = set(places.tolist())
    scratch = np.empty((2, values.shape[1]), np.float32)
    seen = {place: total.copy() for place, total in enumerate(_sliding(values, scratch)) if place in wanted}
    return np.divide(np.stack([seen[place] for place in places.tolist()]), _counts(len(values))[places, None])


def _counts(length: int) -> Singles:
    """How many pixels each window has."""
    before, behind = _reach(_window(length))
    places = np.arange(length)
    counts: Singles = (np.minimum(places + behind, length - 1) - np.maximum(places - before, 0) + 1).astype(np.float32)
    return counts


def _sliding(values: Singles, rows: Singles) -> Iterator[Singles]:
    """The window's sum, place by place, in the next of the rows: in goes what enters the window, out goes what leaves it."""
    length = len(values)
    before, behind = _reach(_window(length))
    total = np.zeros(values.shape[1], np.float32)
    for row in values[:behind]:  # one after the other: a sum by numpy may add in pairs
        total += row
    for place in range(length):
        enters, leaves, target = place + behind, place - before - 1, rows[place % len(rows)]
        total = np.add(total, values[enters] if enters < length else np.float32(0), out=target)
        if leaves >= 0:
            total -= values[leaves]
        yield total
