"""The loop over a block of products, compiled; its twin in NumPy is in :mod:`grace.analysis.clusters.near`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from grace.host.compiled import compiled, popcount, whole

Products = npt.NDArray[np.float32]
Side = tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8]]
Found = npt.NDArray[np.int64]


@compiled
def pick(even: Products, odd: Products, asked: Side, others: Side, needed: Products, mirror: np.uint64, found: Found) -> int:
    """Write the pairs that are near, row and column, into ``found``; how many they are, also where there is no room for all."""
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
            straight, turned = 0, 0
            for word in range(4):
                differs = asked_words[row, word] ^ words[column, word]
                straight += whole(popcount(differs))
                turned += whole(popcount(differs ^ mirror))
            if alike >= needed[both, min(straight, turned)]:
                if used < found.shape[0]:
                    found[used, 0], found[used, 1] = row, column
                used += 1
    return used
