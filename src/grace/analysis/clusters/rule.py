"""When two pictures are near: how alike their descriptors must be (in hundredths), by how many bits of their PDQs differ.

Either is held against the other picture and against its mirror image; the nearer counts.

- PDQs within ``BITS_OF_PDQ`` of each other are enough where the descriptors are related at all (``LEAST``).
- Beyond, each bit that differs asks for a hundredth more from the descriptors, up to ``ALONE``: what is hardly related by PDQ
  (a crop, a frame) must be near by the descriptor alone, and so must what has no PDQ that can speak.
- Descriptors that are trusted less must say more; below the first level, as those of pages of text, whose large forms all are
  alike, they say nothing alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from grace.analysis.clusters.looks import SQUARE

LEAST, ALONE = 20, 72
BITS_OF_PDQ, BITS_AT_LEAST = 50, 54
MORE_BY_LEVEL = (1000, 20, 10, 0)
"""What a descriptor must say in addition, by the lower level of trust of two."""
MIRROR = np.uint64(0x5555_5555_5555_5555)
"""The bits of a PDQ that turn over when the picture is mirrored: every second frequency across."""

_BITS = 257


def _needed() -> npt.NDArray[np.float32]:
    """The least product that is near, by what may speak for both (level of trust, and 4 more with PDQs) and the bits that differ."""
    bits = np.arange(_BITS)
    more = np.array(MORE_BY_LEVEL)[:, None]
    with_pdq = np.where(bits <= BITS_OF_PDQ, LEAST, np.clip(LEAST + bits - BITS_AT_LEAST, LEAST, ALONE) + more)
    without = np.broadcast_to(ALONE + more, with_pdq.shape)
    return (np.concatenate((without, with_pdq)) * (SQUARE / 100)).astype(np.float32)


NEEDED = _needed()
LEAST_PRODUCT = NEEDED.min()
