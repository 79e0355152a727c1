"""The forms of a picture, 32 x 32 small numbers: two pictures that may be the same are laid over each other by them.

Lightness against the neighbourhood's mean, in units of its spread and cut, so that a bar across counts for its own place only; from 64 x 64
made smooth, and then half as large, so that a shift by half a cell changes little. Four bits each.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.embedding.blur import SIDE, blurred
from grace.analysis.analysers.pixels import Plane

ACROSS = 32
SIZE = ACROSS * ACROSS // 2
"""Bytes: two cells in each, the left one in its upper half."""
_WIDE, _LEAST, _MOST, _STEPS = 6, 4, 2, 4.5
_MIDDLE = 8
Cells = npt.NDArray[np.int8]


def forms(small: Plane) -> bytes:
    """``SIZE`` bytes of a picture that was brought to ``SIDE`` x ``SIDE`` in grey."""
    apart = small - blurred(small, _WIDE)
    even = np.clip(apart / (np.sqrt(blurred(apart * apart, _WIDE)) + _LEAST), -_MOST, _MOST)
    halved = _smooth(even).reshape(ACROSS, SIDE // ACROSS, ACROSS, SIDE // ACROSS).mean(axis=(1, 3))
    cells = (np.clip(np.rint(halved * _STEPS), -_MIDDLE, _MIDDLE - 1) + _MIDDLE).astype(np.uint8)
    packed: npt.NDArray[np.uint8] = cells[:, 0::2] << 4 | cells[:, 1::2]
    return packed.tobytes()


def cells(packed: npt.NDArray[np.uint8]) -> Cells:
    """The cells of rows of ``SIZE`` bytes: rows x 32 x 32, -8 to 7. Where there are no forms, all are equal."""
    unpacked = np.stack((packed >> 4, packed & 15), axis=-1).reshape(len(packed), ACROSS, ACROSS)
    return unpacked.astype(np.int8) - np.int8(_MIDDLE)


def _smooth(plane: Plane) -> Plane:
    """Each cell with a quarter of both neighbours, down and across."""
    wide = np.pad(plane, 1, mode="edge")
    down = (wide[:-2] + 2 * wide[1:-1] + wide[2:]) / 4
    return np.asarray((down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]) / 4, np.float32)
