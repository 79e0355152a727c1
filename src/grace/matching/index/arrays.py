"""The twins of :mod:`grace.matching.index.loops` in NumPy: the same answers where numba is missing, some hundred times slower."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from grace.matching.index.layout import CELL, CROWDED, Bits, Blocks, Found, Ids, Plan, Rows, Words

_CHUNK = 1 << 15
_FULL = np.uint64(0xFFFF_FFFF)


def scatter(values: Bits, table: Words, words: Words) -> None:
    """Permute the bits of rows of 32 bytes into rows of four words."""
    words[:] = 0
    for place in range(values.shape[1]):
        words |= table[place, values[:, place]]


def scan(words: Words, end: int, asked: Words, limit: int, found: Found) -> int:
    """All rows before ``end`` within ``limit`` bits of each question; how many, of which as many are told as there is room for."""
    questions, rows, distances = found
    used = 0
    for question, one in enumerate(asked):
        for start in range(0, end, _CHUNK):
            apart = np.bitwise_count(words[start : min(start + _CHUNK, end)] ^ one).sum(axis=1, dtype=np.uint16)
            hits = np.flatnonzero(apart <= limit)
            room = hits[: max(0, len(rows) - used)]
            told = slice(used, used + len(room))
            questions[told], rows[told], distances[told] = question, room + start, apart[room]
            used += len(hits)
    return used


def nearest(words: Words, blocks: Blocks, asked: Words, limit: int, most: int, scratch: Plan, found: Found) -> int:
    """All rows within ``limit`` bits of each question: every row is looked at."""
    del blocks, most, scratch
    return scan(words, len(words), asked, limit, found)


def find(words: Words, asked: Words, rows: Ids) -> None:
    """For each value of ``asked`` its row in the sorted ``words``, or -1."""
    low = np.zeros(len(asked), np.int64)
    high = np.full(len(asked), len(words), np.int64)
    while (open_ := np.flatnonzero(low < high)).size:
        middle = (low[open_] + high[open_]) >> 1
        smaller = _smaller(words[middle], asked[open_])
        low[open_[smaller]] = middle[smaller] + 1
        high[open_[~smaller]] = middle[~smaller]
    rows[:] = -1
    inside = np.flatnonzero(low < len(words))
    equal = inside[(words[low[inside]] == asked[inside]).all(axis=1)]
    rows[equal] = low[equal]


def _smaller(left: Words, right: Words) -> npt.NDArray[np.bool_]:
    """Row by row, whether the left value comes before the right."""
    smaller = np.zeros(len(left), np.bool_)
    same = np.ones(len(left), np.bool_)
    for word in range(left.shape[1]):
        smaller |= same & (left[:, word] < right[:, word])
        same &= left[:, word] == right[:, word]
    return smaller


def count_keys(words: Words, first: int, bits: int, counts: Rows) -> None:
    """Count the rows of each key of a block."""
    counts += np.bincount(_keys(words, first, bits), minlength=len(counts)).astype(np.uint32)


def place_rows(words: Words, first: int, bits: int, cursor: Rows, order: Rows) -> None:
    """Write the rows in the order of their keys; ``cursor`` holds the place of each key's next row."""
    order[:] = np.argsort(_keys(words, first, bits), kind="stable")
    count_keys(words, first, bits, cursor)


def _keys(words: Words, first: int, bits: int) -> Ids:
    word, shift = divmod(first, 64)
    keys = words[:, word] >> np.uint64(shift)
    if shift + bits > 64:
        keys |= words[:, word + 1] << np.uint64(64 - shift)
    return (keys & np.uint64((1 << bits) - 1)).astype(np.int64)


def pack(counts: Rows, firsts: Rows, crowded_before: int, cells: Words, crowded: Rows) -> int:
    """The cells of a block, with crowded ones told in full; how many were crowded."""
    each, starts = counts.reshape(-1, CELL), firsts.reshape(-1, CELL)
    packed = np.zeros(len(cells), np.uint64)
    for place in range(CELL):
        packed |= (each[:, place] & np.uint32(15)).astype(np.uint64) << np.uint64(4 * place)
    cells[:] = packed << np.uint64(32) | starts[:, 0]
    crowds = np.flatnonzero((each >= CROWDED).any(axis=1))
    told = crowded[: len(crowds) * (CELL + 1)].reshape(-1, CELL + 1)
    told[:, :CELL] = starts[crowds]
    told[:, CELL] = starts[crowds, -1] + each[crowds, -1]
    cells[crowds] = _FULL << np.uint64(32) | (np.arange(len(crowds), dtype=np.uint64) + np.uint64(crowded_before))
    return len(crowds)


def link(words: Words, previous: Rows, slots: Rows, start: int, end: int) -> None:
    """Enter the rows from ``start`` to ``end`` of a delta into its table of latest rows; equal values hang together."""
    for row in range(start, end):
        place = slot_of(words, slots, words[row])
        previous[row] = slots[place]
        slots[place] = row + 1


def slot_of(words: Words, slots: Rows, asked: Words) -> int:
    """The slot of a value: one that holds its latest row plus one, or an empty one."""
    mask = len(slots) - 1
    place = _mixed(asked) & mask
    while slots[place] and not (words[slots[place] - 1] == asked).all():
        place = (place + 1) & mask
    return place


def _mixed(asked: Words) -> int:
    mixed = 0
    for word in asked:
        mixed = ((mixed ^ int(word)) * 0x9E37_79B9_7F4A_7C15) & 0xFFFF_FFFF_FFFF_FFFF
        mixed ^= mixed >> 29
    return mixed


def latest(words: Words, slots: Rows, asked: Words, rows: Ids) -> None:
    """For each value of ``asked`` its latest row in a delta, or -1."""
    for question in range(len(asked)):
        rows[question] = int(slots[slot_of(words, slots, asked[question])]) - 1


def hanging(previous: Rows, removed: Bits, count: int, rows: Ids, found: Found) -> int:
    """The rows of a delta that hang behind each question's latest one, but the removed ones; as many are told as there is room for."""
    questions, told, distances = found
    used = 0
    for question in range(len(rows)):
        row = int(rows[question])
        while row >= 0:
            if row < count and not removed[row]:
                if used < len(told):
                    questions[used], told[used], distances[used] = question, row, 0
                used += 1
            row = int(previous[row]) - 1
    return used
