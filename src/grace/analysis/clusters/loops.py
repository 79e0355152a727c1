"""The loop over a block of products, compiled; its twin in NumPy is in :mod:`grace.analysis.clusters.near`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from grace.host.compiled import compiled, popcount, whole

Products = npt.NDArray[np.float32]
Side = tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8]]
Found = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Rule = tuple[Products, np.float32, np.uint64, int, np.uint64]


@compiled
def _fewest(one: Words, other: Words, mirror: np.uint64) -> int:
    """The bits in which those signs differ that are nearest, straight or in a mirror; they stand behind the PDQ."""
    fewest = 256
    for first in range(4, 20, 4):
        straight, turned = 0, 0
        for word in range(first, first + 4):
            differs = one[word] ^ other[word]
            straight += whole(popcount(differs))
            turned += whole(popcount(differs ^ mirror))
        fewest = min(fewest, straight, turned)
    return fewest


@compiled
def pick(even: Products, odd: Products, asked: Side, others: Side, rule: Rule, found: Found) -> int:
    """Write pairs, row and column, into ``found``; how many they are, also where there is no room for all.

    The third number is 0 for a pair that is near, 1 for one to be laid over each other, 2 for the same in a mirror.
    """
    needed, doubtful, mirror, signs, mirror_of_signs = rule
    asked_words, asked_means = asked
    words, means = others
    least = needed.min()
    used = 0
    for row in range(even.shape[0]):
        for column in range(even.shape[1]):
            alike = even[row, column] + abs(odd[row, column])
            if alike < least:
                continue
            one, other = asked_means[row], means[column]
            both = min(one & 3, other & 3) + (one & other & 4)
            may_be = alike >= doubtful and one & other & 8
            straight, turned = 0, 0
            for word in range(4):
                differs = asked_words[row, word] ^ words[column, word]
                straight += whole(popcount(differs))
                turned += whole(popcount(differs ^ mirror))
            is_near = alike >= needed[both, min(straight, turned)]
            if not is_near and one & other & 16:
                is_near = _fewest(asked_words[row], words[column], mirror_of_signs) <= signs
            if is_near or may_be:
                if used < found.shape[0]:
                    found[used, 0], found[used, 1] = row, column
                    found[used, 2] = 0 if is_near else 1 if odd[row, column] >= 0 else 2
                used += 1
    return used
