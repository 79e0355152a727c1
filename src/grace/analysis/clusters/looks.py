"""What is known of pictures, as arrays: a row for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.embedding.forms import SIZE as SIZE_OF_FORMS
from grace.analysis.analysers.embedding.look import EVEN, LENGTH, ODD
from grace.analysis.analysers.embedding.signs import SIZE as SIZE_OF_SIGNS

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
SQUARE = LENGTH * LENGTH
"""The likeness of a picture with itself, but for rounding."""
SIZE = EVEN + ODD + SIZE_OF_FORMS + SIZE_OF_SIGNS
"""Bytes of a look: the descriptor, the forms, the signs."""
_FORMS = slice(EVEN + ODD, EVEN + ODD + SIZE_OF_FORMS)

_PDQ = 32
_USABLE = 50
"""A PDQ below that quality says nothing (its authors' bound)."""
LEVELS = (50, 60, 70)
"""A descriptor that is trusted less than the first says nothing by itself; one less than the last must say more."""


@dataclass(frozen=True, slots=True)
class Looks:
    """``descriptors`` rows x 213 signed bytes, ``trust`` 0 to 100; ``pdqs`` rows x 32 bytes, ``qualities`` 0 to 100 (0: there is none).

    ``forms`` rows x 512 bytes and ``signs`` rows x 128 bytes, all zero where there are none.
    """

    descriptors: npt.NDArray[np.int8]
    trust: Bytes
    pdqs: Bytes
    qualities: Bytes
    forms: Bytes
    signs: Bytes

    def __post_init__(self) -> None:
        rows = len(self.trust)
        wanted = ((rows, EVEN + ODD), (rows,), (rows, _PDQ), (rows,), (rows, SIZE_OF_FORMS), (rows, SIZE_OF_SIGNS))
        found = tuple(array.shape for array in (self.descriptors, self.trust, self.pdqs, self.qualities, self.forms, self.signs))
        if found != wanted:
            raise ValueError(f"arrays of the shapes {found}, where {wanted} are needed")

    def __len__(self) -> int:
        return len(self.trust)

    def of(self, rows: Rows | Flags) -> Looks:
        """Some of them."""
        return Looks(self.descriptors[rows], self.trust[rows], self.pdqs[rows], self.qualities[rows], self.forms[rows], self.signs[rows])

    @property
    def words(self) -> npt.NDArray[np.uint64]:
        """The PDQs and the signs behind them as words: four, and four for each of the signs."""
        return np.ascontiguousarray(np.concatenate((self.pdqs, self.signs), axis=1)).view(np.uint64)

    @property
    def means(self) -> Bytes:
        """What may speak for each row: how far its descriptor can (0 to 3), and more where its PDQ (4), its forms (8) and its signs (16) can."""
        levels = np.searchsorted(LEVELS, self.trust, side="right").astype(np.uint8)
        return (
            levels
            + np.uint8(4) * (self.qualities >= _USABLE)
            + np.uint8(8) * self.forms.any(axis=1)
            + np.uint8(16) * self.signs.any(axis=1)
        )


def looks(seen: Sequence[bytes], trust: Sequence[int], pdqs: Sequence[bytes], qualities: Sequence[int]) -> Looks:
    """From what is stored of each file: its fingerprints ``look-2`` and ``pdq``; for one without PDQ 32 zeros and quality 0."""
    values = np.frombuffer(b"".join(seen), np.uint8).reshape(len(trust), SIZE)
    return Looks(
        values[:, : EVEN + ODD].view(np.int8),
        np.array(trust, np.uint8),
        np.frombuffer(b"".join(pdqs), np.uint8).reshape(len(trust), _PDQ),
        np.array(qualities, np.uint8),
        values[:, _FORMS],
        values[:, _FORMS.stop :],
    )


def joined(first: Looks, second: Looks) -> Looks:
    """Both, one behind the other."""
    return Looks(
        np.concatenate((first.descriptors, second.descriptors)),
        np.concatenate((first.trust, second.trust)),
        np.concatenate((first.pdqs, second.pdqs)),
        np.concatenate((first.qualities, second.qualities)),
        np.concatenate((first.forms, second.forms)),
        np.concatenate((first.signs, second.signs)),
    )
