"""Planes of 64 x 64 made smooth by a Gaussian."""

from __future__ import annotations

from functools import cache

import numpy as np

from grace.analysis.analysers.pixels import Plane

SIDE = 64


def blurred(plane: Plane, wide: float) -> Plane:
    """Each place with its neighbours, weighted by a Gaussian of that width; 0: as it is."""
    if not wide:
        return plane
    blur = _gauss(wide)
    return np.asarray(blur @ plane @ blur.T, np.float32)


@cache
def _gauss(wide: float) -> Plane:
    places = np.arange(SIDE)
    weights = np.exp(-((places[:, None] - places[None, :]) ** 2) / (2 * wide * wide))
    blur: Plane = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return blur
