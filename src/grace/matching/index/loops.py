"""The loops over segments, compiled. Each has a twin of the same name and answer in :mod:`grace.matching.index.arrays`.

They take arrays only and never allocate what grows with a segment. Starts and counts are in 64 bits, so that no sum overflows.
"""

from __future__ import annotations

import numpy as np

from grace.matching.index.compiled import compiled, popcount, whole
from grace.matching.index.layout import CELL, CELL_BITS, CROWDED, LOW, LOW_END, Bits, Blocks, Found, Ids, Plan, Rows, Words

_LOWER_HALF = np.uint64(0xFFFF_FFFF)
_FULL = np.uint64(0xFFFF_FFFF)
_HALVES = np.uint64(0x0F0F_0F0F)
_SUM = np.uint64(0x0101_0101)
_BYTE = np.uint64(0xFF)
_CHANGE = np.uint32((1 << 28) - 1)


@compiled
def scatter(values: Bits, table: Words, words: Words) -> None:
    """Permute the bits of rows of 32 bytes into rows of four words."""
    for row in range(values.shape[0]):
        first, second, third, fourth = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
        for place in range(values.shape[1]):
            value = values[row, place]
            first |= table[place, value, 0]
            second |= table[place, value, 1]
            third |= table[place, value, 2]
            fourth |= table[place, value, 3]
        words[row, 0], words[row, 1], words[row, 2], words[row, 3] = first, second, third, fourth


@compiled
def key_of(value: Words, first: int, bits: int) -> np.uint64:
    """The bits of a block of a value."""
    word, shift = first >> 6, first & 63
    key: np.uint64 = value[word] >> np.uint64(shift)
    if shift + bits > 64:
        key |= value[word + 1] << np.uint64(64 - shift)
    return key & ((np.uint64(1) << np.uint64(bits)) - np.uint64(1))


@compiled
def apart(words: Words, row: int, asked: Words) -> int:
    """The bits in which a row differs from what is asked."""
    halves = popcount(words[row, 0] ^ asked[0]) + popcount(words[row, 1] ^ asked[1])
    return whole(halves + popcount(words[row, 2] ^ asked[2]) + popcount(words[row, 3] ^ asked[3]))


@compiled
def scan_one(words: Words, end: int, asked: Words, limit: int, question: int, found: Found, used: int) -> int:
    """Look at all rows before ``end``; how much of the room is used then, also where it was too small to tell all."""
    questions, rows, distances = found
    for row in range(end):
        distance = apart(words, row, asked)
        if distance <= limit:
            if used < rows.shape[0]:
                questions[used], rows[used], distances[used] = question, row, distance
            used += 1
    return used


@compiled
def scan(words: Words, end: int, asked: Words, limit: int, found: Found) -> int:
    """All rows before ``end`` within ``limit`` bits of each question; how many, of which as many are told as there is room for."""
    used = 0
    for question in range(asked.shape[0]):
        used = scan_one(words, end, asked[question], limit, question, found, used)
    return used


@compiled
def plan(blocks: Blocks, asked: Words, scratch: Plan) -> int:
    """The runs of candidates in every block, before any row is touched; the number of all candidates.

    The runs of block ``b`` end before ``ends[b]`` in ``starts`` and ``counts``.
    """
    shape, changes, cells, crowded, _ = blocks
    starts, counts, ends, _, seen = scratch
    # A loop of its own: the processor fetches many cells at a time when none decides what comes next.
    for block in range(shape.shape[0]):
        cell_of_key = key_of(asked, shape[block, 0], shape[block, 1]) >> np.uint64(CELL_BITS)
        for change in range(shape[block, 4], shape[block, 5]):
            seen[change] = cells[shape[block, 3] + whole(cell_of_key ^ np.uint64(changes[change] & _CHANGE))]
    runs, total = 0, 0
    for block in range(shape.shape[0]):
        low_key = np.uint32(key_of(asked, shape[block, 0], shape[block, 1])) & np.uint32(CELL - 1)
        for change in range(shape[block, 4], shape[block, 5]):
            packed = seen[change] >> np.uint64(32)
            first = whole(seen[change] & _LOWER_HALF)
            for lower in range(LOW_END[changes[change] >> np.uint32(28)]):
                place = whole(low_key ^ LOW[lower])
                if packed == _FULL:
                    told = first * (CELL + 1) + place
                    start, count = whole(crowded[told]), whole(crowded[told + 1]) - whole(crowded[told])
                else:
                    shift = np.uint64(4 * place)
                    count = whole((packed >> shift) & np.uint64(15))
                    before = packed & ((np.uint64(1) << shift) - np.uint64(1))
                    pairs = (before & _HALVES) + ((before >> np.uint64(4)) & _HALVES)
                    start = first + whole(((pairs * _SUM) >> np.uint64(24)) & _BYTE)
                # An empty run is written over by the next: that is cheaper than a branch that cannot be foreseen.
                starts[runs], counts[runs] = start, count
                runs += count != 0
                total += count
        ends[block] = runs
    return total


@compiled
def told_before(words: Words, row: int, asked: Words, shape: Ids, blocks: int) -> bool:
    """Whether a row is within the radius in one of the first ``blocks`` blocks: then it is among their candidates."""
    for block in range(blocks):
        first, bits = shape[block, 0], shape[block, 1]
        if whole(popcount(key_of(words[row], first, bits) ^ key_of(asked, first, bits))) <= shape[block, 2]:
            return True
    return False


@compiled
def nearest_one(words: Words, blocks: Blocks, asked: Words, limit: int, scratch: Plan, question: int, found: Found, used: int) -> int:
    """Look at the candidates of a plan; how much of the room is used then, also where it was too small to tell all."""
    shape, order = blocks[0], blocks[4]
    starts, counts, ends, candidates, _ = scratch
    questions, rows, distances = found
    # Loops of their own over all blocks, for the processor fetches many places at a time when none decides what comes next.
    run, gathered = 0, 0
    for block in range(shape.shape[0]):
        offset = block * words.shape[0]
        while run < ends[block]:
            for step in range(counts[run]):
                candidates[gathered] = offset + starts[run] + step
                gathered += 1
            run += 1
        ends[block] = gathered
    for step in range(gathered):
        candidates[step] = order[whole(candidates[step])]
    block = 0
    for step in range(gathered):
        row = whole(candidates[step])
        distance = apart(words, row, asked)
        if distance <= limit:
            while ends[block] <= step:
                block += 1
            if not told_before(words, row, asked, shape, block):
                if used < rows.shape[0]:
                    questions[used], rows[used], distances[used] = question, row, distance
                used += 1
    return used


@compiled
def nearest(words: Words, blocks: Blocks, asked: Words, limit: int, most: int, scratch: Plan, found: Found) -> int:
    """All rows within ``limit`` bits (at most 31) of each question, each once; how many, of which as many are told as there is room for.

    Where the plan of a question counts more than ``most`` candidates, every row is looked at in order instead: the dearest
    question costs one scan and its plan.
    """
    used = 0
    for question in range(asked.shape[0]):
        one = asked[question]
        if plan(blocks, one, scratch) > most:
            used = scan_one(words, words.shape[0], one, limit, question, found, used)
        else:
            used = nearest_one(words, blocks, one, limit, scratch, question, found, used)
    return used


@compiled
def compare(left: Words, right: Words) -> int:
    """Less than, equal to or greater than zero, as ``left`` comes before ``right``, is it, or comes after it."""
    for word in range(left.shape[0]):
        if left[word] != right[word]:
            return 1 if left[word] > right[word] else -1
    return 0


@compiled
def find_one(words: Words, asked: Words) -> int:
    """The row of a value in the sorted ``words``, or -1: by interpolation, as digests are spread evenly, then by halving."""
    low, high = 0, words.shape[0]
    floor, ceiling = 0.0, 18446744073709551616.0
    steps = 0
    while low < high:
        middle: int = (low + high) >> 1
        if steps < 6 and ceiling > floor:
            share = (np.float64(asked[0]) - floor) / (ceiling - floor)
            middle = min(max(low + whole(share * (high - low)), low), high - 1)
        steps += 1
        order = compare(words[middle], asked)
        if order == 0:
            return middle
        if order > 0:
            high, ceiling = middle, np.float64(words[middle, 0])
        else:
            low, floor = middle + 1, np.float64(words[middle, 0])
    return -1


@compiled
def find(words: Words, asked: Words, rows: Ids) -> None:
    """For each value of ``asked`` its row in the sorted ``words``, or -1."""
    for question in range(asked.shape[0]):
        rows[question] = find_one(words, asked[question])


@compiled
def count_keys(words: Words, first: int, bits: int, counts: Rows) -> None:
    """Count the rows of each key of a block."""
    for row in range(words.shape[0]):
        counts[key_of(words[row], first, bits)] += np.uint32(1)


@compiled
def place_rows(words: Words, first: int, bits: int, cursor: Rows, order: Rows) -> None:
    """Write the rows in the order of their keys; ``cursor`` holds the place of each key's next row."""
    for row in range(words.shape[0]):
        key = key_of(words[row], first, bits)
        order[cursor[key]] = row
        cursor[key] += np.uint32(1)


@compiled
def pack(counts: Rows, firsts: Rows, crowded_before: int, cells: Words, crowded: Rows) -> int:
    """The cells of a block, with crowded ones told in full; how many were crowded.

    ``firsts`` is where each key's rows start, ``crowded_before`` the number of crowded cells in blocks before this one.
    """
    used = 0
    for cell in range(cells.shape[0]):
        crowd = False
        packed = np.uint64(0)
        for place in range(CELL):
            count = counts[cell * CELL + place]
            crowd |= count >= CROWDED
            packed |= np.uint64(count & np.uint32(15)) << np.uint64(4 * place)
        if crowd:
            for place in range(CELL):
                crowded[used * (CELL + 1) + place] = firsts[cell * CELL + place]
            crowded[used * (CELL + 1) + CELL] = firsts[cell * CELL + CELL - 1] + counts[cell * CELL + CELL - 1]
            cells[cell] = _FULL << np.uint64(32) | np.uint64(crowded_before + used)
            used += 1
        else:
            cells[cell] = packed << np.uint64(32) | np.uint64(firsts[cell * CELL])
    return used


@compiled
def mixed(asked: Words) -> np.uint64:
    """A spread of the bits of a value, for a table of slots."""
    spread = np.uint64(0)
    for word in range(asked.shape[0]):
        spread = (spread ^ asked[word]) * np.uint64(0x9E37_79B9_7F4A_7C15)
        spread ^= spread >> np.uint64(29)
    return spread


@compiled
def slot_of(words: Words, slots: Rows, asked: Words) -> int:
    """The slot of a value: one that holds its latest row plus one, or an empty one."""
    mask = slots.shape[0] - 1
    place = whole(mixed(asked) & np.uint64(mask))
    while slots[place] != 0 and compare(words[whole(slots[place]) - 1], asked) != 0:
        place = (place + 1) & mask
    return place


@compiled
def link(words: Words, previous: Rows, slots: Rows, start: int, end: int) -> None:
    """Enter the rows from ``start`` to ``end`` of a delta into its table of latest rows; equal values hang together."""
    for row in range(start, end):
        place = slot_of(words, slots, words[row])
        previous[row] = slots[place]
        slots[place] = row + 1


@compiled
def latest(words: Words, slots: Rows, asked: Words, rows: Ids) -> None:
    """For each value of ``asked`` its latest row in a delta, or -1."""
    for question in range(asked.shape[0]):
        rows[question] = whole(slots[slot_of(words, slots, asked[question])]) - 1


@compiled
def hanging(previous: Rows, removed: Bits, count: int, rows: Ids, found: Found) -> int:
    """The rows of a delta that hang behind each question's latest one, but the removed ones; as many are told as there is room for."""
    questions, told, distances = found
    used = 0
    for question in range(rows.shape[0]):
        row = rows[question]
        while row >= 0:
            if row < count and not removed[row]:
                if used < told.shape[0]:
                    questions[used], told[used], distances[used] = question, row, 0
                used += 1
            row = whole(previous[row]) - 1
    return used
