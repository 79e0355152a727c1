"""How 256 bits are cut into blocks so that every neighbour within 31 bits is found: the pigeonhole, in a ring.

Cut two values into 16 blocks of 16 bits. Where they differ in at most 31 bits, some block differs in at most one bit, and
together with the block behind it (the first stands behind the last) in at most three. For let each block be two bits too good
for its difference: going round, the differences less two add up to less than zero, and so there is a block from which on every
partial sum is below zero (the cycle lemma). Its first two partial sums are what is said here (Qin and Xiao, "Pigeonring: a
principle for faster thresholded similarity search", 2018; the plain pigeonhole promises the one block only).

The 16 bits of the block behind stand beside each row, in the order of the rows' keys: a question reads them in runs and fetches
only the few rows that pass.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
"""Values as rows of 64-bit words: the first eight bytes of a value, read as a big number, are its first word."""
Rows = npt.NDArray[np.uint32]
Tags = npt.NDArray[np.uint16]
Ids = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint8]
Distances = npt.NDArray[np.uint16]

NEAR = 31
"""The largest distance that the blocks find; the threshold that PDQ's authors recommend (ThreatExchange, 2019)."""
BITS = 256
SEED = 20_261_126
"""Of the permutation. Another seed is another layout: the number stands in every segment."""

BLOCKS = 16
BLOCK_BITS = BITS // BLOCKS
KEYS = 1 << BLOCK_BITS
PROBES = 1 + BLOCK_BITS
"""Keys of a block that a question looks up: its own, and each with one bit changed."""
PAIR = 3
"""The bits in which a block and the one behind it may differ together."""

Blocks = tuple[Rows, Tags, Rows]
"""What leads from a key to its rows: where each key's run starts ``[block, key]``, and in the order of blocks and keys the tags and the rows."""
Plan = tuple[Ids, Ids, Ids, Rows]
"""Room for the plan of a question: starts and ends of runs, ends of blocks, candidates."""
Found = tuple[Ids, Rows, Distances]
"""Room for what is found: the question, the row, the distance."""


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
