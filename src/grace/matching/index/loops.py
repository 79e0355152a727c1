"""The loops over segments, compiled. Each has a twin of the same name and answer in :mod:`grace.matching.index.arrays`.

They take arrays only and never allocate what grows with a segment. Starts and counts are in 64 bits, so that no sum overflows.
"""

from __future__ import annotations

import numpy as np

from grace.host.compiled import compiled, popcount, whole
from grace.matching.index.layout import BLOCK_BITS, BLOCKS, KEYS, PAIR, PROBES, Bits, Blocks, Found, Ids, Plan, Rows, Tags, Words

_KEY = np.uint64(KEYS - 1)
_IN_A_WORD = 64 // BLOCK_BITS


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
def key_of(value: Words, block: int) -> np.uint64:
    """The bits of a block of a value; behind the last block stands the first."""
    place = block % BLOCKS
    key: np.uint64 = value[place // _IN_A_WORD] >> np.uint64(place % _IN_A_WORD * BLOCK_BITS)
    return key & _KEY


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
def plan(starts: Rows, asked: Words, scratch: Plan) -> int:
    """The runs of rows whose key is within one bit of the question's, block by block; how many rows they are, none touched yet."""
    firsts, ends, _, _ = scratch
    run, total = 0, 0
    for block in range(BLOCKS):
        key = whole(key_of(asked, block))
        for change in range(PROBES):
            near = key ^ (1 << change >> 1)
            firsts[run], ends[run] = starts[block, near], starts[block, near + 1]
            total += ends[run] - firsts[run]
            run += 1
    return total


@compiled
def gather(blocks: Blocks, asked: Words, rows: int, scratch: Plan) -> int:
    """The rows of a plan whose tags are near; how many, or one more than there is room for.

    The rows of block ``b`` end before ``block_ends[b]``; one may stand in several blocks.
    """
    _, tags, order = blocks
    firsts, ends, block_ends, candidates = scratch
    run, gathered, room = 0, 0, len(candidates)
    for block in range(BLOCKS):
        behind = np.uint16(key_of(asked, block + 1))
        for change in range(PROBES):
            far = np.uint16(PAIR + 1 - min(change, 1))
            first = block * rows + firsts[run]
            read = tags[first : block * rows + ends[run]]
            # Without a branch and in 16 bits, so that many are looked at in one step: the sign tells whether any is near.
            signs = np.uint16(0)
            for place in range(read.shape[0]):
                signs |= np.uint16(popcount(np.uint16(read[place] ^ behind)) - far)
            if signs >> 15:
                for place in range(read.shape[0]):
                    if popcount(np.uint16(read[place] ^ behind)) < far:
                        if gathered == room:
                            return room + 1
                        candidates[gathered] = first + place
                        gathered += 1
            run += 1
        block_ends[block] = gathered
    # A loop of its own: the processor fetches many places at a time when none decides what comes next.
    for step in range(gathered):
        candidates[step] = order[whole(candidates[step])]
    return gathered


@compiled
def told_before(value: Words, asked: Words, blocks: int) -> bool:
    """Whether a value is among the candidates of one of the first ``blocks`` blocks."""
    for block in range(blocks):
        differs = whole(popcount(key_of(value, block) ^ key_of(asked, block)))
        if differs <= 1 and differs + whole(popcount(key_of(value, block + 1) ^ key_of(asked, block + 1))) <= PAIR:
            return True
    return False


@compiled
def nearest_one(words: Words, asked: Words, limit: int, gathered: int, scratch: Plan, question: int, found: Found, used: int) -> int:
    """Look at the rows gathered; how much of the room is used then, also where it was too small to tell all."""
    _, _, ends, candidates = scratch
    questions, rows, distances = found
    block = 0
    for step in range(gathered):
        row = whole(candidates[step])
        distance = apart(words, row, asked)
        if distance <= limit:
            while ends[block] <= step:
                block += 1
            if not told_before(words[row], asked, block):
                if used < rows.shape[0]:
                    questions[used], rows[used], distances[used] = question, row, distance
                used += 1
    return used


@compiled
def nearest(words: Words, blocks: Blocks, asked: Words, limit: int, most: int, scratch: Plan, found: Found) -> int:
    """All rows within ``limit`` bits (at most 31) of each question, each once; how many, of which as many are told as there is room for.

    Where the plan of a question counts more than ``most`` tags, or more of them are near than there is room for candidates,
    every row is looked at in order instead: the dearest question costs one scan and reading those tags.
    """
    room = len(scratch[3])
    used = 0
    for question in range(asked.shape[0]):
        one = asked[question]
        gathered = gather(blocks, one, words.shape[0], scratch) if plan(blocks[0], one, scratch) <= most else room + 1
        if gathered > room:
            used = scan_one(words, words.shape[0], one, limit, question, found, used)
        else:
            used = nearest_one(words, one, limit, gathered, scratch, question, found, used)
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
def count_keys(words: Words, block: int, counts: Rows) -> None:
    """Count the rows of each key of a block."""
    for row in range(words.shape[0]):
        counts[key_of(words[row], block)] += np.uint32(1)


@compiled
def place_rows(words: Words, block: int, cursor: Rows, tags: Tags, order: Rows) -> None:
    """Write tags and rows in the order of the rows' keys; ``cursor`` holds the place of each key's next row."""
    for row in range(words.shape[0]):
        key = key_of(words[row], block)
        place = cursor[key]
        tags[place], order[place] = key_of(words[row], block + 1), row
        cursor[key] = place + np.uint32(1)


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
