"""How 256 bits are cut into blocks so that every neighbour within 31 bits is found: the pigeonhole, generalised.

Two values that differ in at most 31 bits differ in at most ``radius`` bits in some block whenever the sum of ``radius + 1`` over
all blocks is at least 32: were every block further apart, the whole would be (Norouzi, Punjani and Fleet, "Fast exact search
in Hamming space with multi-index hashing", 2014, for equal blocks). A cut is data: wide blocks for many rows, narrower ones,
whose tables stay in a core's cache, for fewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, combinations
from typing import Final

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
"""Values as rows of 64-bit words: the first eight bytes of a value, read as a big number, are its first word."""
Rows = npt.NDArray[np.uint32]
Ids = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint8]
Distances = npt.NDArray[np.uint16]

NEAR = 31
"""The largest distance that the blocks cover; the threshold that PDQ's authors recommend (ThreatExchange, 2019)."""
BITS = 256
SEED = 20_261_126
"""Of the permutation. Another seed is another layout: the number stands in every segment."""

CELL_BITS = 3
CELL = 1 << CELL_BITS
"""Keys that share a cell, a 64-bit word: where their first row stands in its lower half, eight counts of four bits in its upper."""
CROWDED = 15
"""A key with this many rows or more has no place in four bits: the upper half is all ones, and the lower tells where in full."""


@dataclass(frozen=True)
class Cut:
    """Blocks as ``(bits, radius)``."""

    name: str
    blocks: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        """Refuse a cut that does not cover."""
        if sum(bits for bits, _ in self.blocks) != BITS or sum(radius + 1 for _, radius in self.blocks) <= NEAR:
            raise ValueError(f"{self.name} does not cover {NEAR} bits")

    @cached_property
    def shape(self) -> Ids:
        """A row for each block: first bit, bits, radius, first cell, first and last of its changes."""
        bits = [each for each, _ in self.blocks]
        firsts = [0, *accumulate(bits)][:-1]
        cells = [0, *accumulate((1 << each) // CELL for each in bits)]
        ends = list(accumulate(len(_changes(*each)) for each in self.blocks))
        return np.array(
            [
                (first, *block, cell, end - len(_changes(*block)), end)
                for first, block, cell, end in zip(firsts, self.blocks, cells[:-1], ends, strict=True)
            ],
            np.int64,
        )

    @cached_property
    def changes(self) -> Rows:
        """For each block every change of a key's cell, and in its upper four bits how many bits may change within the cell."""
        return np.array([mask | left << 28 for block in self.blocks for mask, left in _changes(*block)], np.uint32)

    @cached_property
    def cells(self) -> int:
        """Cells of all blocks."""
        return sum((1 << bits) // CELL for bits, _ in self.blocks)

    @cached_property
    def probes(self) -> int:
        """Keys that a question looks up."""
        return sum(sum(len(list(combinations(range(bits), each))) for each in range(radius + 1)) for bits, radius in self.blocks)


def _changes(bits: int, radius: int) -> list[tuple[int, int]]:
    """Every way to change at most ``radius`` of a key's upper bits, and how many of the lower ones may change with it."""
    upper = range(bits - CELL_BITS)
    return [
        (sum(1 << place for place in places), radius - number) for number in range(radius + 1) for places in combinations(upper, number)
    ]


FEW: Final = Cut("few", ((22, 2),) * 8 + ((20, 1),) * 4)
MANY: Final = Cut("many", ((24, 2),) * 10 + ((16, 1),))
CUTS: Final = {each.name: each for each in (FEW, MANY)}
ENOUGH = 3_000_000
"""Rows from which on there are many."""

_LOWER = range(CELL_BITS)
LOW: Final = np.array([sum(1 << place for place in places) for number in range(3) for places in combinations(_LOWER, number)], np.uint32)
LOW_END: Final = np.array([1, 1 + CELL_BITS, len(LOW)], np.int64)
"""How many of ``LOW`` change at most 0, 1 or 2 bits."""

Blocks = tuple[Ids, Rows, Words, Rows, Rows]
"""What leads from a key to its rows: shape, changes, cells, crowded cells in full, and for each block the rows in the order of their keys."""
Plan = tuple[Ids, Ids, Ids, Rows, Words]
"""Room for the plan of a question: starts and counts of runs, ends of blocks, candidates, cells."""
Found = tuple[Ids, Rows, Distances]
"""Room for what is found: the question, the row, the distance."""


def cut_for(rows: int) -> Cut:
    """The cut for so many rows."""
    return MANY if rows >= ENOUGH else FEW


def _scatter() -> Words:
    """``[byte's place, byte's value]`` → the four words with that byte's bits in their new places.

    Neighbouring bits of a PDQ are coefficients of neighbouring frequencies and go together; scattered, the blocks fill
    evenly on real pictures (measured: the fullest 16-bit bucket falls from 0.7 % to 0.17 % of all).
    """
    places = np.random.default_rng(SEED).permutation(BITS)
    table = np.zeros((BITS // 8, 256, BITS // 64), np.uint64)
    values = np.arange(256)
    for bit in range(BITS):
        word, within = divmod(int(places[bit]), 64)
        table[bit // 8, :, word] |= ((values >> (7 - bit % 8)) & 1).astype(np.uint64) << np.uint64(within)
    return table


SCATTER: Final = _scatter()


def plain(values: Bits) -> Words:
    """Rows of bytes as words in the order of the bytes; a width that eight does not divide is filled with zeros."""
    width = -(-values.shape[1] // 8) * 8
    if width != values.shape[1]:
        values = np.pad(values, ((0, 0), (0, width - values.shape[1])))
    return np.ascontiguousarray(values).view(">u8").astype(np.uint64)
