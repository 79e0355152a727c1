"""What is known of pictures, as arrays: a row for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.embedding.look import EVEN, LENGTH, ODD

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
SQUARE = LENGTH * LENGTH
"""The likeness of a picture with itself, but for rounding."""
SIZE = EVEN + ODD
"""Bytes of a descriptor."""

_PDQ = 32
_USABLE = 50
"""A PDQ below that quality says nothing (its authors' bound)."""
LEVELS = (50, 60, 70)
"""A descriptor that is trusted less than the first says nothing by itself; one less than the last must say more."""


@dataclass(frozen=True, slots=True)
class Looks:
    """``descriptors`` rows x 213 signed bytes, ``trust`` 0 to 100; ``pdqs`` rows x 32 bytes, ``qualities`` 0 to 100 (0: there is none)."""

    descriptors: npt.NDArray[np.int8]
    trust: Bytes
    pdqs: Bytes
    qualities: Bytes

    def __post_init__(self) -> None:
        rows = len(self.trust)
        wanted = ((rows, EVEN + ODD), (rows,), (rows, _PDQ), (rows,))
        found = tuple(array.shape for array in (self.descriptors, self.trust, self.pdqs, self.qualities))
        if found != wanted:
            raise ValueError(f"arrays of the shapes {found}, where {wanted} are needed")

    def __len__(self) -> int:
        return len(self.trust)

    def of(self, rows: Rows | Flags) -> Looks:
        """Some of them."""
        return Looks(self.descriptors[rows], self.trust[rows], self.pdqs[rows], self.qualities[rows])

    @property
    def words(self) -> npt.NDArray[np.uint64]:
        """The PDQs as four words each."""
        return np.ascontiguousarray(self.pdqs).view(np.uint64)

    @property
    def means(self) -> Bytes:
        """What may speak for each row: how far its descriptor can (0 to 3), and 4 more where its PDQ can."""
        levels = np.searchsorted(LEVELS, self.trust, side="right").astype(np.uint8)
        return levels + np.uint8(4) * (self.qualities >= _USABLE)


def looks(descriptors: Sequence[bytes], trust: Sequence[int], pdqs: Sequence[bytes], qualities: Sequence[int]) -> Looks:
    """From what is stored of each file: its fingerprints ``look-1`` and ``pdq``; for one without PDQ 32 zeros and quality 0."""
    return Looks(
        np.frombuffer(b"".join(descriptors), np.int8).reshape(len(trust), EVEN + ODD),
        np.array(trust, np.uint8),
        np.frombuffer(b"".join(pdqs), np.uint8).reshape(len(trust), _PDQ),
        np.array(qualities, np.uint8),
    )


def joined(first: Looks, second: Looks) -> Looks:
    """Both, one behind the other."""
    return Looks(
        np.concatenate((first.descriptors, second.descriptors)),
        np.concatenate((first.trust, second.trust)),
        np.concatenate((first.pdqs, second.pdqs)),
        np.concatenate((first.qualities, second.qualities)),
    )
