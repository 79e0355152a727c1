"""All pairs that are near, exactly: products of whole blocks by the machine's own matrix product, then the rule for each that is left.

Those that the rule leaves in doubt are laid over each other.

Descriptors are whole numbers of at most 127, so that every sum stays below 2**24 and is exact in single precision in whatever order
it is summed: the answer is the same on every machine, in blocks of any size.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.embedding.look import EVEN
from grace.analysis.clusters.looks import LEVELS, Looks, Rows
from grace.analysis.clusters.over import over
from grace.analysis.clusters.rule import BITS_OF_SIGNS, DOUBTFUL_PRODUCT, LEAST_OVER, LEAST_PRODUCT, MIRROR, MIRROR_OF_SIGNS, NEEDED

_ASKED, _OTHERS = 256, 2048
_ROOM = 1 << 14
_RULE = (NEEDED, DOUBTFUL_PRODUCT, MIRROR, BITS_OF_SIGNS, MIRROR_OF_SIGNS)
_STRAIGHT, _TURNED = 1, 2
Pick = Callable[..., int]
Products = npt.NDArray[np.float32]
Side = tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8]]
Rule = tuple[Products, np.float32, np.uint64, int, np.uint64]


def near(asked: Looks, others: Looks) -> tuple[Rows, Rows]:
    """The rows of ``asked`` and of ``others`` that are near each other, pair by pair, in order."""
    pick, room = usual(), np.empty((_ROOM, 3), np.int64)
    questions = asked.descriptors.astype(np.float32)
    words, means = asked.words, asked.means
    told = [np.empty((0, 3), np.int64)]
    for start in range(0, len(others), _OTHERS):
        part = slice(start, start + _OTHERS)
        answers = others.descriptors[part].astype(np.float32).T
        side = (others.words[part], others.means[part])
        for first in range(0, len(asked), _ASKED):
            block = slice(first, first + _ASKED)
            even = questions[block, :EVEN] @ answers[:EVEN]
            odd = questions[block, EVEN:] @ answers[EVEN:]
            used = pick(even, odd, (words[block], means[block]), side, _RULE, room)
            if used > len(room):
                room = np.empty((2 * used, 3), np.int64)
                pick(even, odd, (words[block], means[block]), side, _RULE, room)
            if used:
                told.append(room[:used] + np.array((first, start, 0)))
    pairs = np.concatenate(told)
    doubtful = pairs[:, 2] > 0
    if doubtful.any():
        rows, columns, turned = pairs[doubtful].T
        large = np.minimum(asked.trust[rows], others.trust[columns]) >= LEVELS[0]
        lie = over(asked.forms[rows], others.forms[columns], turned == _TURNED) >= LEAST_OVER[large.astype(np.int64)]
        pairs = np.concatenate((pairs[~doubtful], pairs[doubtful][lie]))
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return pairs[order, 0], pairs[order, 1]


@cache
def usual() -> Pick:
    """The compiled loop where numba is at hand."""
    from grace.analysis.clusters import loops
    from grace.host import compiled

    return loops.pick if compiled.AVAILABLE else pick_slowly


def pick_slowly(even: Products, odd: Products, asked: Side, others: Side, rule: Rule, found: Rows) -> int:
    """The twin of :func:`grace.analysis.clusters.loops.pick` in NumPy."""
    needed, doubtful, mirror, signs, mirror_of_signs = rule
    alike = even + np.abs(odd)
    rows, columns = np.nonzero(alike >= LEAST_PRODUCT)
    differs = (asked[0][rows] ^ others[0][columns]).reshape(len(rows), -1, 4)
    bits = _fewest(differs[:, :1], mirror)
    one, other, alike = asked[1][rows], others[1][columns], alike[rows, columns]
    is_near = alike >= needed[np.minimum(one & 3, other & 3) + (one & other & 4), bits]
    is_near |= (one & other & 16 > 0) & (_fewest(differs[:, 1:], mirror_of_signs) <= signs)
    hits = is_near | ((alike >= doubtful) & (one & other & 8 > 0))
    said = np.where(is_near, 0, np.where(odd[rows, columns] >= 0, _STRAIGHT, _TURNED))
    pairs = np.stack((rows, columns, said), axis=1)[hits][: len(found)]
    found[: len(pairs)] = pairs
    return int(hits.sum())


def _fewest(differs: npt.NDArray[np.uint64], mirror: np.uint64) -> npt.NDArray[np.int64]:
    """Of pairs x hashes x words, the bits that are set in the hash with the fewest, straight or in a mirror."""
    straight, turned = (np.bitwise_count(words).astype(np.int64).sum(axis=2) for words in (differs, differs ^ mirror))
    return np.asarray(np.minimum(straight, turned).min(axis=1), np.int64)
