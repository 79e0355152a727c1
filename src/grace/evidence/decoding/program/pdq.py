"""PDQ, the perceptual hash of ThreatExchange, by the library ``pdqhash`` at full resolution."""

from __future__ import annotations

import numpy as np
import pdqhash

from grace.sdk.analysis import Fingerprint, Picture


class Pdq:
    """The hasher of the contract in ``sdk``: 32 bytes, the first bit the most significant; quality 0 to 100."""

    algorithm = "pdq"
    version = "pdqhash 0.2"

    def fingerprint(self, picture: Picture) -> Fingerprint:
        """The fingerprint of the picture. Raises ``ValueError`` where width x height x 3 is not ``len(rgb)``."""
        pixels = np.frombuffer(picture.rgb, np.uint8).reshape(picture.height, picture.width, 3)
        bits, quality = pdqhash.compute(pixels)
        return Fingerprint(self.algorithm, np.packbits(bits).tobytes(), int(quality))
