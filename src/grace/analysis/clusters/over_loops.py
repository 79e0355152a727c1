"""Laying the forms of two pictures over each other, compiled; the twin in NumPy is in :mod:`grace.analysis.clusters.over`.

Forms are 32 x 32 cells. A place is (scale down, shift down, scale across, shift across), scales in 128ths about the middle, shifts in
quarters of a cell; each cell of the second picture is held against the one of the first that lies there. Sums are whole numbers, so
that every likeness is one quotient of the same numbers on every machine.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from grace.host.compiled import compiled, whole

Cells = npt.NDArray[np.int8]
Scores = npt.NDArray[np.int64]
SCALES = (98, 107, 117, 128, 140, 153, 168)
"""128 is as large as the other: a crop or a frame of up to a quarter."""
FAR = 4
"""Cells by which they are shifted at most to begin with."""


@compiled
def _cell(place: int, scale: int, shift: int) -> int:
    return ((2 * place - 31) * scale + 32 * 128 + shift * 64) >> 8


@compiled
def _likeness(count: int, sums: tuple[int, int, int, int, int], calm: int) -> float:
    """How much two sets of numbers go together, -1 to 1; ``calm`` keeps what is nearly flat from going with everything."""
    one, other, both, ones, others = sums
    spread = (ones - one * one / count + calm) * (others - other * other / count + calm)
    return (both - one * other / count) / sqrt(spread)


@compiled
def _profile(cells: Cells) -> Scores:
    """Sums of the rows of the left and the right half, of the columns of the upper and the lower half."""
    found = np.zeros((4, 32), np.int64)
    for row in range(32):
        for column in range(32):
            found[0 if column < 16 else 1, row] += cells[row, column]
            found[2 if row < 16 else 3, column] += cells[row, column]
    return found


@compiled
def _lines(one: Scores, other: Scores, scale: int, shift: int) -> float:
    """How alike two pairs of profiles are at a place."""
    alike = 0.0
    for half in range(2):
        count, first, second, both, firsts, seconds = 0, 0, 0, 0, 0, 0
        for place in range(32):
            at = _cell(place, scale, shift)
            if 0 <= at < 32:
                here, there = whole(one[half, at]), whole(other[half, place])
                count, first, second = count + 1, first + here, second + there
                both, firsts, seconds = both + here * there, firsts + here * here, seconds + there * there
        if 3 * count < 64:
            return -2.0
        alike += _likeness(count, (first, second, both, firsts, seconds), 1)
    return alike


@compiled
def _whole(one: Cells, other: Cells, at: tuple[int, int, int, int]) -> float:
    """How alike all cells are that lie over each other at a place."""
    count, first, second, both, firsts, seconds = 0, 0, 0, 0, 0, 0
    for row in range(32):
        down = _cell(row, at[0], at[1])
        if down < 0 or down >= 32:
            continue
        for column in range(32):
            across = _cell(column, at[2], at[3])
            if 0 <= across < 32:
                here, there = whole(one[down, across]), whole(other[row, column])
                count, first, second = count + 1, first + here, second + there
                both, firsts, seconds = both + here * there, firsts + here * here, seconds + there * there
    return _likeness(count, (first, second, both, firsts, seconds), 1) if 9 * count >= 4 * 1024 else -2.0


@compiled
def _field(one: Cells, other: Cells, at: tuple[int, int, int, int], field: tuple[int, int]) -> int:
    """How alike one field of 8 x 8 cells is, in thousandths, a cell more or less aside; -1000 where too little lies over it."""
    best = -1000
    for aside in range(9):
        count, first, second, both, firsts, seconds = 0, 0, 0, 0, 0, 0
        for row in range(8 * field[0], 8 * field[0] + 8):
            down = _cell(row, at[0], at[1]) + aside // 3 - 1
            if down < 0 or down >= 32:
                continue
            for column in range(8 * field[1], 8 * field[1] + 8):
                across = _cell(column, at[2], at[3]) + aside % 3 - 1
                if 0 <= across < 32:
                    here, there = whole(one[down, across]), whole(other[row, column])
                    count, first, second = count + 1, first + here, second + there
                    both, firsts, seconds = both + here * there, firsts + here * here, seconds + there * there
        if count >= 32:
            best = max(best, int(1000 * _likeness(count, (first, second, both, firsts, seconds), 8)))
    return best


@compiled
def _start(one: Scores, other: Scores) -> tuple[int, int]:
    """The scale and shift at which two pairs of profiles are most alike."""
    best, found = -3.0, (128, 0)
    for scale in SCALES:
        for shift in range(-FAR, FAR + 1):
            alike = _lines(one, other, scale, 4 * shift)
            if alike > best:
                best, found = alike, (scale, 4 * shift)
    return found


@compiled
def _beside(at: tuple[int, int, int, int], way: int, scale: int, shift: int) -> tuple[int, int, int, int]:
    step = (scale if way & 2 == 0 else shift) * (1 if way & 1 else -1)
    if way < 2:
        return at[0] + step, at[1], at[2], at[3]
    if way < 4:
        return at[0], at[1] + step, at[2], at[3]
    if way < 6:
        return at[0], at[1], at[2] + step, at[3]
    return at[0], at[1], at[2], at[3] + step


@compiled
def _laid(one: Cells, other: Cells) -> tuple[int, int, int, int]:
    """Where the first lies best over the second: from where profiles say, or from as it is, by ever smaller steps."""
    ours, theirs = _profile(one), _profile(other)
    down, across = _start(ours[:2], theirs[:2]), _start(ours[2:], theirs[2:])
    at, best = (128, 0, 128, 0), _whole(one, other, (128, 0, 128, 0))
    for place in ((down[0], down[1], 128, 0), (128, 0, across[0], across[1]), (down[0], down[1], across[0], across[1])):
        alike = _whole(one, other, place)
        if alike > best:
            best, at = alike, place
    for scale, shift in ((8, 4), (4, 2), (2, 1)):
        better = True
        while better:
            better = False
            for way in range(8):
                place = _beside(at, way, scale, shift)
                alike = _whole(one, other, place)
                if alike > best:
                    best, at, better = alike, place, True
    return at


@compiled
def over(ones: Cells, others: Cells, found: Scores) -> None:
    """Write for each pair of pictures how alike their ten most alike fields of sixteen are, in thousandths of each, summed."""
    fields = np.empty(16, np.int64)
    for pair in range(len(ones)):
        at = _laid(ones[pair], others[pair])
        for field in range(16):
            fields[field] = _field(ones[pair], others[pair], at, (field // 4, field % 4))
        fields.sort()
        found[pair] = fields[6:].sum()
