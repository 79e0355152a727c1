"""PDQ's blur: each dimension is averaged twice over a sliding window, and of the result only 64 x 64 places are looked at.

Two ways to the same 64 x 64 numbers. :func:`sampled` adds up, for each place, the pixels that reach it: a box over a box
is a tent, so that every pixel is touched about once. The other, in :mod:`grace.evidence.decoding.program.rounded`, rounds as
the reference does.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

SIDE = 64
THOUSANDTHS = np.array([299, 587, 114], np.float32)

Pixels = npt.NDArray[np.uint8]
Doubles = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]


def sampled(pixels: Pixels) -> Doubles:
    """The blurred luma at 64 x 64 places, of ``height x width x 3`` or ``height x width`` pixels."""
    height, width = pixels.shape[:2]
    # The weights in the middle are whole numbers whose sums a float32 holds exactly, for sides up to 32,768.
    rows = _summed(pixels.reshape(height, -1), np.dtype(np.float32))
    luma = rows if pixels.ndim == 2 else rows.reshape(SIDE, width, 3) @ (THOUSANDTHS / np.float32(1000))
    scale = (window_of(height) * window_of(width)) ** 2
    return _summed(np.ascontiguousarray(luma.T, np.float64), np.dtype(np.float64)).T / scale


def window_of(length: int) -> int:
    """How many pixels a window has."""
    return (length + 2 * SIDE - 1) // (2 * SIDE)


def reach_of(window: int) -> tuple[int, int]:
    """How far a window reaches before and behind its place."""
    half = (window + 2) // 2
    return window - half, half - 1


def places_of(length: int) -> npt.NDArray[np.int64]:
    """The 64 places that are looked at, in ascending order; a short side has places that are the same."""
    return ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.int64)


@lru_cache(maxsize=64)
def _tents(length: int, kind: np.dtype[np.floating]) -> list[tuple[int, npt.NDArray[np.floating]]]:
    """For each of the 64 places, the first pixel that reaches it and the weights from there on, times the window squared."""
    window = window_of(length)
    before, behind = reach_of(window)
    tents: dict[tuple[int, int], npt.NDArray[np.floating]] = {}
    placed = []
    for place in places_of(length).tolist():
        sides = left, right = min(place, 2 * before), min(length - 1 - place, 2 * behind)
        if sides not in tents:  # far from both edges all are the same
            tents[sides] = _tent(window, left, right).astype(kind)
        placed.append((place - left, tents[sides]))
    return placed


def _tent(window: int, left: int, right: int) -> Doubles:
    """The weights about a place with so many pixels on either side of it that may reach it.

    A window at an edge is divided by the pixels that it has, so that tents there are no whole numbers.
    """
    before, behind = reach_of(window)
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
