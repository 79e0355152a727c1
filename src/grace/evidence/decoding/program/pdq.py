"""PDQ, the perceptual hash of ThreatExchange, at full resolution: the bits and the quality of its library ``pdqhash``.

The method: blur, take 64 x 64 places, and of their discrete cosine transform the 16 x 16 lowest frequencies but the
very first; a bit says that its frequency lies above the median of all. (Facebook, "The TMK+PDQF video-hashing algorithm
and the PDQ image-hashing algorithm", 2019.)
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from grace.evidence.decoding.program.blur import SIDE, Doubles, Pixels, Singles, sampled
from grace.evidence.decoding.program.rounded import step_by_step
from grace.sdk.analysis import Fingerprint, Picture

_FREQUENCIES = 16
_LEAST_SIDE = 5
_STEP_OF_GRADIENT, _STEPS_OF_QUALITY, _MOST_QUALITY = 100 / 255, 90, 100
_ROUNDING_OF_FREQUENCY = 0.008
_ROUNDING_OF_STEP = 0.002
"""By how much the reference's rounding may move two frequencies about the median against each other, and a gradient.

Seen and not proved: over 3,985 small pictures rounding moved frequencies by up to 0.0068, in patterns that repeat, whose
frequencies are equal and doubted in any case; in the 2,537 others by 0.0042. Gradients: 0.0009.
"""

_HALF_BRIGHT = 128
_LONGEST_SIDE = 16_384
"""The reference's windows slide with rounding at each step: over longer sides it adds up to more than that (0.006 at 32,768)."""

_COSINES = np.array(
    [
        [float(np.float32(math.sqrt(2 / SIDE))) * math.cos(math.pi / 2 / SIDE * (row + 1) * (2 * column + 1)) for column in range(SIDE)]
        for row in range(_FREQUENCIES)
    ],
    np.float32,
)


class Pdq:
    """The hasher of the contract in ``sdk``: 32 bytes, the first bit the most significant; quality 0 to 100."""

    algorithm = "pdq"
    version = "2"

    def fingerprint(self, picture: Picture) -> Fingerprint:
        """The fingerprint of the picture. Raises ``ValueError`` where width x height x 3 is not ``len(rgb)``, or nothing."""
        if not picture.rgb:
            raise ValueError("a picture without pixels")
        return fingerprint(np.frombuffer(picture.rgb, np.uint8).reshape(picture.height, picture.width, 3))


def fingerprint(pixels: Pixels) -> Fingerprint:
    """The fingerprint of ``height x width x 3`` pixels in RGB, or of ``height x width`` in grey."""
    if min(pixels.shape[:2]) < _LEAST_SIDE:
        return Fingerprint("pdq", bytes(32), 0)
    found = _if_sure(pixels) if max(pixels.shape[:2]) <= _LONGEST_SIDE else None
    if found is None:
        as_reference = step_by_step(pixels)
        found = _bits(_frequencies(as_reference)), _quality(as_reference)
    return Fingerprint("pdq", *found)


def _if_sure(pixels: Pixels) -> tuple[bytes, int] | None:
    """Bits and quality by exact sums, or None where rounding decides on either."""
    blurred = sampled(pixels)
    found = _so_far_sure(blurred, 1)
    if found is None and (share := _share_of_rounding(pixels, blurred)) < 1:
        found = _so_far_sure(blurred, share)
    return found


def _so_far_sure(blurred: Doubles, share: float) -> tuple[bytes, int] | None:
    bits, quality = _bits_if_sure(blurred, share), _quality_if_sure(blurred, share)
    return None if bits is None or quality is None else (bits, quality)


def _share_of_rounding(pixels: Pixels, blurred: Doubles) -> float:
    """How much of the margins a dark picture needs.

    In binary, a picture of twice the values is rounded at the same digits: everything about it is exactly twice as much. So
    where no value exceeds 127, rounding is half of that of another picture; where none exceeds 63, a quarter; and so on.
    """
    return 1 if blurred.max() >= _HALF_BRIGHT else 2.0 ** (int(pixels.max()).bit_length() - 8)


def _bits_if_sure(blurred: Doubles, share: float = 1) -> bytes | None:
    """None where the two frequencies between which the median falls are so close that rounding decides which is above."""
    cosines = _COSINES.astype(np.float64)
    frequencies = cosines @ blurred @ cosines.T
    middle = np.partition(frequencies.ravel(), (127, 128))[127:129]
    return _bits(frequencies) if middle[1] - middle[0] > share * _ROUNDING_OF_FREQUENCY else None


def _quality_if_sure(blurred: Doubles, share: float = 1) -> int | None:
    """None where gradients are so close to a whole step that rounding decides on the quality."""
    steps = np.abs(np.concatenate([np.diff(blurred, axis=axis).ravel() for axis in (0, 1)])) * _STEP_OF_GRADIENT
    rounding = share * _ROUNDING_OF_STEP
    least = np.floor(np.maximum(steps - rounding, 0))  # a gradient of nearly nothing is none, however it is rounded
    most = np.floor(steps + rounding)
    quality = _capped(float(most.sum()))
    return quality if _capped(float(least.sum())) == quality else None


def _bits(frequencies: npt.NDArray[np.floating]) -> bytes:
    values = frequencies.ravel()
    return np.packbits((values > np.partition(values, 127)[127])[::-1]).tobytes()


def _frequencies(blurred: Singles) -> Singles:
    """The cosine transform with the reference's roundings: products are added one by one."""
    along = np.zeros((_FREQUENCIES, SIDE), np.float32)
    for place in range(SIDE):
        along += _COSINES[:, place, None] * blurred[place]
    both = np.zeros((_FREQUENCIES, _FREQUENCIES), np.float32)
    for place in range(SIDE):
        both += along[:, place, None] * _COSINES[:, place]
    return both


def _quality(blurred: Singles) -> int:
    steps = [np.trunc(np.diff(blurred, axis=axis) * np.float32(100) / np.float32(255)) for axis in (0, 1)]
    return _capped(float(sum(np.abs(each).sum() for each in steps)))


def _capped(steps: float) -> int:
    return min(int(steps) // _STEPS_OF_QUALITY, _MOST_QUALITY)
