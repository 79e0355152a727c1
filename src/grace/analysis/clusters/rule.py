"""When two pictures are near: how alike their descriptors must be (in hundredths), by how many bits of their PDQs differ.

Either is held against the other picture and against its mirror image; the nearer counts.

- PDQs within ``BITS_OF_PDQ`` of each other are enough where the descriptors are related at all (``LEAST``).
- Beyond, each bit that differs asks for a hundredth more from the descriptors, up to ``ALONE``: what is hardly related by PDQ
  (a crop, a frame) must be near by the descriptor alone, and so must what has no PDQ that can speak.
- Descriptors that are trusted less must say more; below the first level, as those of pages of text, whose large forms all are
  alike, they say nothing alone.
- Two pages are near if any of their signs are within ``BITS_OF_SIGNS``.
- Where both have forms, descriptors that are ``DOUBTFUL`` but not enough are enough if the pictures can be laid over each other: ten
  of sixteen fields are then alike by at least ``OVER`` thousandths on the average, so that a bar or a line of text may cover some. The
  first number is for pictures of many details, the second for those of large forms (trusted by the first level), which go together
  more easily.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from grace.analysis.clusters.looks import SQUARE

VERSION = 2
"""Of all in this module and what it leads to: with another one, all pictures are put in clusters anew."""
LEAST, ALONE = 20, 72
BITS_OF_SIGNS = 52
DOUBTFUL, OVER = 50, (730, 870)
BITS_OF_PDQ, BITS_AT_LEAST = 50, 54
MORE_BY_LEVEL = (1000, 20, 10, 0)
"""What a descriptor must say in addition, by the lower level of trust of two."""
MIRROR = np.uint64(0x5555_5555_5555_5555)
"""The bits of a PDQ that turn over when the picture is mirrored: every second frequency across."""
MIRROR_OF_SIGNS = np.uint64(0xAAAA_AAAA_AAAA_AAAA)

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
DOUBTFUL_PRODUCT = np.float32(DOUBTFUL * SQUARE / 100)
LEAST_OVER = 10 * np.array(OVER)
