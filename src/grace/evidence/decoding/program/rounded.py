"""PDQ's blur with each rounding of the reference (ThreatExchange, ``pdq/cpp/downscaling``): its order, its single precision.

Windows slide along the rows, then along the columns, then the same again. All rows slide at once, so that a step is the sum
of two vectors; between the two directions the picture is turned, a few columns at a time, since together they would fit no
cache. Of the second round only 64 places a side are looked at, and sums in between are never stored.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grace.evidence.decoding.program.blur import SIDE, THOUSANDTHS, Pixels, Singles, places_of, reach_of, window_of

_PORTION, _LEAST_PORTION = 3_000_000, 512
"""Pixels that are taken at a time, and columns: fewer fit the cache better, but cost as many steps."""
_BAND, _STRETCH = 64, 128
"""Rows that are turned at a time, and how many columns of them."""


def step_by_step(pixels: Pixels) -> Singles:
    """The blurred luma at 64 x 64 places, rounded as the reference rounds: several times as dear as exact sums."""
    height, width = pixels.shape[:2]
    if (height, width) == (SIDE, SIDE):
        return _luma(pixels)
    last = _Window(height, SIDE, height)
    last.room(height)[:] = _narrowed(pixels).T
    averages = np.empty((SIDE, SIDE), np.float32)
    last.averages_into(averages)
    return averages


def _narrowed(pixels: Pixels) -> Singles:
    """All but the last of the four averages: 64 columns, each of them a row of what is returned."""
    height, width = pixels.shape[:2]
    portion = _even(width, max(_PORTION // height, _LEAST_PORTION))
    most = portion + reach_of(window_of(width))[1]
    across, down, across_again = _Window(width, height, portion), _Window(height, most, height), _Window(width, height, most)
    narrow = np.empty((SIDE, height), np.float32)
    done = 0
    for start in range(0, width, portion):
        part = pixels[:, start : start + portion]
        _turn_luma(part, across.room(part.shape[1]))
        upright, first = down.room(height), done
        for place, averages in across.averages():
            done = place + len(averages)
            upright[:, place - first : done - first] = averages.T
        turned = across_again.room(done - first)
        for place, averages in down.averages():
            turned[:, place : place + len(averages)] = averages[:, : done - first].T
        across_again.averages_into(narrow)
        down.begin()
    return narrow


def _even(length: int, most: int) -> int:
    """The greatest of as few portions as possible, all of about the same size."""
    return -(-length // -(-length // most))


def _luma(pixels: Pixels) -> Singles:
    """0.299 red, 0.587 green and 0.114 blue, rounded once to single precision: the sum of thousandths is whole, and so exact."""
    luma: Singles = pixels.astype(np.float32)
    return luma if pixels.ndim == 2 else np.divide(luma @ THOUSANDTHS, np.float32(1000))


def _turn_luma(pixels: Pixels, turned: Singles) -> None:
    """Each column in a row."""
    height, width = pixels.shape[:2]
    for top in range(0, height, _BAND):
        for left in range(0, width, _STRETCH):
            luma = _luma(pixels[top : top + _BAND, left : left + _STRETCH])
            turned[left : left + luma.shape[1], top : top + _BAND] = luma.T


class _Window:
    """The window sliding over rows, which come in portions: at each step one row goes in, and the one that went in ``window`` steps before goes out.

    Before the first row and after the last there are zeros, which change no sum. The sum after a step is that of the place
    ``behind`` steps before.
    """

    def __init__(self, length: int, lanes: int, portion: int) -> None:
        self._length, self._window = length, window_of(length)
        before, self._behind = reach_of(self._window)
        places = np.arange(length)
        self._counts = (np.minimum(places + self._behind, length - 1) - np.maximum(places - before, 0) + 1).astype(np.float32)
        self._rows = np.zeros((self._window + portion + self._behind, lanes), np.float32)
        self._scratch = np.empty((_BAND, lanes), np.float32)
        self._total = np.empty(lanes, np.float32)
        self.begin()

    def begin(self) -> None:
        """Before the first row, once more."""
        self._rows[: self._window] = 0
        self._total[:] = 0
        self._before = self._count = 0

    def room(self, count: int) -> Singles:
        """Where the next rows are to be written, which are then to be averaged."""
        self._count = count
        return self._rows[self._window : self._window + count]

    def averages(self) -> Iterator[tuple[int, Singles]]:
        """A place and the averages from there on, some at a time, of all places whose windows are now complete; not to be kept."""
        steps = self._count
        if self._before + steps == self._length:
            steps += self._behind
            self._rows[self._window + self._count : self._window + steps] = 0
        entering, leaving = iter(self._rows[self._window :]), iter(self._rows)
        for start in range(0, steps, _BAND):
            sums, total = self._scratch[: steps - start], self._total
            for target, enters, leaves in zip(sums, entering, leaving, strict=False):
                np.add(total, enters, target)
                np.subtract(target, leaves, target)
                total = target
            self._total[:] = total
            place = self._before + start - self._behind
            skipped = max(-place, 0)
            if skipped < len(sums):
                counts = self._counts[place + skipped : place + len(sums), None]
                yield place + skipped, np.divide(sums[skipped:], counts, out=sums[skipped:])
        self._end()

    def averages_into(self, kept: Singles) -> None:
        """The averages of those of the 64 places whose windows are now complete. The last of them never reaches beyond the end."""
        places = places_of(self._length)
        steps = places + self._behind - self._before
        done = 0
        for number in np.flatnonzero((steps >= 0) & (steps < self._count)).tolist():
            self._slide(done, done := int(steps[number]) + 1)
            np.divide(self._total, self._counts[places[number]], out=kept[number])
        self._slide(done, self._count)
        self._end()

    def _slide(self, start: int, end: int) -> None:
        """Sum without a look at what is between. Along the first of two dimensions NumPy adds one row after the other, as they stand."""
        most = len(self._scratch) // 2 - 1
        for step in range(start, end, most):
            until = min(step + most, end)
            stack = self._scratch[: 2 * (until - step) + 1]
            stack[0] = self._total
            stack[1::2] = self._rows[self._window + step : self._window + until]
            np.negative(self._rows[step:until], out=stack[2::2])
            np.add.reduce(stack, axis=0, out=self._total)

    def _end(self) -> None:
        self._rows[: self._window] = self._rows[self._count : self._count + self._window]
        self._before += self._count
