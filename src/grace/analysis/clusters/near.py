"""All pairs that are near, exactly: products of whole blocks by the machine's own matrix product, then the rule for each that is left.

Descriptors are whole numbers of at most 127, so that every sum stays below 2**24 and is exact in single precision in whatever order
it is summed: the answer is the same on every machine, in blocks of any size.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.embedding.look import EVEN
from grace.analysis.clusters.looks import Looks, Rows
from grace.analysis.clusters.rule import LEAST_PRODUCT, MIRROR, NEEDED

_ASKED, _OTHERS = 256, 2048
_ROOM = 1 << 14
Pick = Callable[..., int]
Products = npt.NDArray[np.float32]
Side = tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8]]


def near(asked: Looks, others: Looks) -> tuple[Rows, Rows]:
    """The rows of ``asked`` and of ``others`` that are near each other, pair by pair, in order."""
    pick, room = usual(), np.empty((_ROOM, 2), np.int64)
    questions = asked.descriptors.astype(np.float32)
    words, means = asked.words, asked.means
    told = [np.empty((0, 2), np.int64)]
    for start in range(0, len(others), _OTHERS):
        part = slice(start, start + _OTHERS)
        answers = others.descriptors[part].astype(np.float32).T
        side = (others.words[part], others.means[part])
        for first in range(0, len(asked), _ASKED):
            block = slice(first, first + _ASKED)
            even = questions[block, :EVEN] @ answers[:EVEN]
            odd = questions[block, EVEN:] @ answers[EVEN:]
            used = pick(even, odd, (words[block], means[block]), side, NEEDED, MIRROR, room)
            if used > len(room):
                room = np.empty((2 * used, 2), np.int64)
                pick(even, odd, (words[block], means[block]), side, NEEDED, MIRROR, room)
            if used:
                told.append(room[:used] + np.array((first, start)))
    pairs = np.concatenate(told)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return pairs[order, 0], pairs[order, 1]


@cache
def usual() -> Pick:
    """The compiled loop where numba is at hand."""
    from grace.analysis.clusters import loops
    from grace.host import compiled

    return loops.pick if compiled.AVAILABLE else pick_slowly


def pick_slowly(even: Products, odd: Products, asked: Side, others: Side, needed: Products, mirror: np.uint64, found: Rows) -> int:
    """The twin of :func:`grace.analysis.clusters.loops.pick` in NumPy."""
    alike = even + np.abs(odd)
    rows, columns = np.nonzero(alike >= LEAST_PRODUCT)
    differs = asked[0][rows] ^ others[0][columns]
    bits = np.minimum(np.bitwise_count(differs).sum(axis=1), np.bitwise_count(differs ^ mirror).sum(axis=1))
    one, other = asked[1][rows], others[1][columns]
    hits = alike[rows, columns] >= needed[np.minimum(one & 3, other & 3) + (one & other & 4), bits]
    pairs = np.stack((rows[hits], columns[hits]), axis=1)[: len(found)]
    found[: len(pairs)] = pairs
    return int(hits.sum())
