"""The twins of :mod:`grace.matching.index.loops` in NumPy: the same answers where numba is missing, some hundred times slower."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from grace.matching.index.layout import BLOCKS, KEYS, Bits, Blocks, Found, Ids, Plan, Rows, Tags, Words

_CHUNK = 1 << 15


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


def count_keys(words: Words, block: int, counts: Rows) -> None:
    """Count the rows of each key of a block."""
    counts += np.bincount(_keys(words, block), minlength=KEYS).astype(np.uint32)


def place_rows(words: Words, block: int, cursor: Rows, tags: Tags, order: Rows) -> None:
    """Write tags and rows in the order of the rows' keys; ``cursor`` holds the place of each key's next row."""
    order[:] = np.argsort(_keys(words, block), kind="stable")
    tags[:] = _keys(words, block + 1)[order]
    count_keys(words, block, cursor)


def _keys(words: Words, block: int) -> Tags:
    return words.view(np.uint16)[:, block % BLOCKS]


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
