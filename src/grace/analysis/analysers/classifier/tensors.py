"""From a subject to the tensor that a model takes, by the rules that :mod:`grace.sdk.models` states; training uses the same lines."""

from __future__ import annotations

import unicodedata
import zlib

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.pixels import Pixels, pixels_of, resized
from grace.sdk.analysis import Subject, Text
from grace.sdk.models import ModelInput, PictureInput, TextInput

Tensor = npt.NDArray[np.float32]
MOST_CHARACTERS = 100_000


def tensor_of(subject: Subject, made: ModelInput) -> Tensor:
    """The tensor. Raises ``TypeError`` where the subject is not what the input is made of."""
    return of_picture(pixels_of(subject), made) if isinstance(made, PictureInput) else of_text(subject, made)


def of_picture(pixels: Pixels, made: PictureInput) -> Tensor:
    """A picture's tensor."""
    mean, deviation = np.array(made.mean, np.float32), np.array(made.deviation, np.float32)
    height, width = pixels.shape[:2]
    longest = max(height, width)
    high, wide = (
        (made.side, made.side) if made.fit == "stretch" else (_share(height, longest, made.side), _share(width, longest, made.side))
    )
    light = pixels.astype(np.float32) / np.float32(255)
    small = np.stack([resized(light[:, :, channel], high, wide) for channel in range(3)], axis=2)
    field = np.zeros((made.side, made.side, 3), np.float32)
    top, left = (made.side - high) // 2, (made.side - wide) // 2
    field[top : top + high, left : left + wide] = (small - mean) / deviation
    return np.ascontiguousarray((field.transpose(2, 0, 1) if made.layout == "nchw" else field)[None])


def of_text(subject: Subject, made: TextInput) -> Tensor:
    """A text's tensor."""
    if not isinstance(subject, Text):
        raise TypeError("a text is needed")
    plain = " ".join(unicodedata.normalize("NFC", subject.text[:MOST_CHARACTERS]).lower().split())[:MOST_CHARACTERS]
    padded = f" {plain} "
    counts = np.zeros((1, made.buckets), np.float32)
    for size in range(made.least, made.most + 1):
        for start in range(len(padded) - size + 1 if plain else 0):
            counts[0, zlib.crc32(padded[start : start + size].encode("utf-8", "replace")) % made.buckets] += 1
    length = float(np.sqrt(np.square(counts, dtype=np.float64).sum()))
    return np.asarray(counts / np.float32(length or 1), np.float32)


def _share(side: int, longest: int, wanted: int) -> int:
    return max(1, round(wanted * side / longest))
