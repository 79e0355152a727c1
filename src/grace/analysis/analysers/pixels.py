"""Pixels of a subject as arrays, and pictures made smaller: what the analysers of pictures share."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from grace.sdk.analysis import Picture, Subject

Pixels = npt.NDArray[np.uint8]
"""Height x width x 3, red, green, blue."""
Plane = npt.NDArray[np.float32]
"""Height x width, 0 to 255 or about zero."""

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def pixels_of(subject: Subject) -> Pixels:
    """The pixels of a picture. Raises ``TypeError`` for what is none, ``ValueError`` where sides and bytes do not agree."""
    if not isinstance(subject, Picture):
        raise TypeError("a picture is needed")
    if subject.width < 1 or subject.height < 1 or len(subject.rgb) != subject.width * subject.height * 3:
        raise ValueError("width x height x 3 is not the number of bytes")
    return np.frombuffer(subject.rgb, np.uint8).reshape(subject.height, subject.width, 3)


def luma(pixels: Pixels) -> Plane:
    """How light each pixel is, by ITU-R BT.601."""
    light: Plane = pixels.astype(np.float32) @ _LUMA
    return light


def resized(plane: Plane, height: int, width: int) -> Plane:
    """The plane with other sides: each new pixel is the mean of the area that it covers."""
    small: Plane = _areas(plane.shape[0], height) @ plane @ _areas(plane.shape[1], width).T
    return small


@lru_cache(maxsize=512)
def _areas(pixels: int, wanted: int) -> Plane:
    """Shares of each of ``pixels`` in each of ``wanted``: rows that sum to one."""
    edges = np.linspace(0, pixels, wanted + 1)[:, None]
    places = np.arange(pixels)[None, :]
    shares = np.clip(np.minimum(edges[1:], places + 1) - np.maximum(edges[:-1], places), 0, None)
    whole: Plane = (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
    return whole
