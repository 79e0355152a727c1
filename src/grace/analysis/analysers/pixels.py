"""Pixels of a subject as arrays, and pictures made smaller: what the analysers of pictures share."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from grace.sdk.analysis import Picture, Subject

Pixels = npt.NDArray[np.uint8]
"""Height x width x 3, red, green, blue."""
Shades = npt.NDArray[np.uint8]
"""Height x width."""
Plane = npt.NDArray[np.float32]
"""Height x width, 0 to 255 or about zero."""

STEEP = 40
"""Levels by which neighbours differ at an edge."""
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def pixels_of(subject: Subject) -> Pixels:
    """The pixels of a picture. Raises ``TypeError`` for what is none, ``ValueError`` where sides and bytes do not agree."""
    if not isinstance(subject, Picture):
        raise TypeError("a picture is needed")
    if subject.width < 1 or subject.height < 1 or len(subject.rgb) != subject.width * subject.height * 3:
        raise ValueError("width x height x 3 is not the number of bytes")
    return np.frombuffer(subject.rgb, np.uint8).reshape(subject.height, subject.width, 3)


def planes(pixels: Pixels) -> tuple[Shades, Shades, Shades]:
    """Red, green and blue, each by itself: across pixels of three bytes NumPy is several times as slow."""
    red, green, blue = np.ascontiguousarray(pixels.transpose(2, 0, 1))
    return red, green, blue


def luma(pixels: Pixels) -> Plane:
    """How light each pixel is, by ITU-R BT.601."""
    return np.asarray(pixels.astype(np.float32) @ _LUMA, np.float32)


def resized(plane: Plane, height: int, width: int) -> Plane:
    """The plane with other sides: each new pixel is the mean of the area that it covers."""
    return np.asarray(_areas(plane.shape[0], height) @ plane @ _areas(plane.shape[1], width).T, np.float32)


def steep_across(light: Plane, steep: int = STEEP) -> npt.NDArray[np.bool_]:
    """Where a pixel and its right neighbour are an edge."""
    return np.abs(np.diff(light, axis=1)) >= steep


def rows_of_text(light: Plane, steep: int = STEEP) -> float:
    """How strongly the rows change between full and empty of edges."""
    return uneven(steep_across(light, steep).sum(axis=1))


def uneven(edges: npt.NDArray[np.integer]) -> float:
    """Rows of text are full of edges, those between them empty: how much their count changes from row to row, against its mean."""
    full = edges.astype(np.float64)
    return float(np.abs(np.diff(full)).mean() / (full.mean() + 4)) if len(full) > 1 else 0.0


@lru_cache(maxsize=512)
def _areas(pixels: int, wanted: int) -> Plane:
    """Shares of each of ``pixels`` in each of ``wanted``: rows that sum to one."""
    edges = np.linspace(0, pixels, wanted + 1)[:, None]
    places = np.arange(pixels)[None, :]
    shares = np.clip(np.minimum(edges[1:], places + 1) - np.maximum(edges[:-1], places), 0, None)
    whole: Plane = (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
    return whole
