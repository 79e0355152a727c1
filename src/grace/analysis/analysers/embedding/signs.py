"""What a page or screen looks like in four times 256 signs, as PDQ takes them of a picture.

They are of its lightness and of its ink, each of all of it and of what stands within its margins. Letters are too small for forms, and all pages alike from afar; but lines end and paragraphs begin at other places on each. A frame was cut
off before, and margins are, so that a page with more or less paper around it is the same page.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.embedding.blur import SIDE
from grace.analysis.analysers.pixels import Plane, resized

COUNT, BYTES = 4, 32
SIZE = COUNT * BYTES
_FREQUENCIES = 16
_COSINES: Plane = np.cos(np.pi * np.arange(1, _FREQUENCIES + 1)[:, None] * (2 * np.arange(SIDE) + 1) / (2 * SIDE)).astype(np.float32)
_ACROSS = 256
_GRAIN, _SHARE_OF_STEP, _LEAST_STEP = 3, 0.6, 4
"""Levels between neighbours that are not ink; ink is cut at that share of a usual step, which is at least so many levels."""
_FULL, _INSIDE, _SMOOTH, _FEWEST = 90, 0.12, 5, 8
"""A row is within the margins with that share of the ink of a full one (percentile), smoothed over so many; so few are no page."""


def signs(light: Plane) -> bytes:
    """``COUNT`` times 32 bytes of a page in grey."""
    whole = resized(light, _ACROSS, _ACROSS)
    ink = _ink(whole)
    rows, columns = _within(ink.mean(axis=1)), _within(ink.mean(axis=0))
    return b"".join(_signs(plane) for plane in (whole, ink, ink[rows, columns], whole[rows, columns]))


def _signs(plane: Plane) -> bytes:
    found = _COSINES @ resized(plane, SIDE, SIDE) @ _COSINES.T
    return np.packbits(found > np.median(found)).tobytes()


def _ink(light: Plane) -> Plane:
    """How much each pixel differs from its neighbours, at most as much as a usual stroke does: a thick one is not more ink."""
    steps = np.zeros_like(light)
    steps[:, :-1] += np.abs(np.diff(light, axis=1))
    steps[:-1] += np.abs(np.diff(light, axis=0))
    steps = np.maximum(steps - _GRAIN, 0)
    most = max(_SHARE_OF_STEP * float((steps * steps).sum() / (steps.sum() + 1e-6)), _LEAST_STEP)
    return np.asarray(np.minimum(steps, most) / most, np.float32)


def _within(ink: npt.NDArray[np.float32]) -> slice:
    """From the first to the last row that has ink."""
    smooth = np.convolve(ink, np.full(_SMOOTH, 1 / _SMOOTH), "same")
    rows = np.flatnonzero(smooth > _INSIDE * np.percentile(smooth, _FULL))
    return slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) > _FEWEST else slice(None)
