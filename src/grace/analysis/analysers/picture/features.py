"""What can be counted in a picture: sharpness, contrast, lightness, flat fields, straight edges, rows like text, grain.

Each number is defined by its own lines and means the same in every picture of up to 512 pixels a side.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.picture.colours import Counts, coarse_colours
from grace.analysis.analysers.pixels import STEEP, Pixels, Shades, planes, uneven

Steps = npt.NDArray[np.int16]
"""Sixteenths of a level."""
Marks = npt.NDArray[np.bool_]
PARTS = 16
_STEEP, _STILL = STEEP, 3
_FEW, _PALE = 8, 20


@dataclass(frozen=True, slots=True)
class Features:
    """Shares are 0 to 1; ``sharpness``, ``contrast``, ``brightness`` and ``grain`` are levels of 0 to 255."""

    brightness: float
    contrast: float
    sharpness: float
    flat: float
    """The share of pixels that differ from none of their neighbours by more than a level or two."""
    paper: float
    """The share of pixels within a few levels of the commonest lightness."""
    palette: float
    """How many of 512 coarse colours make up 95 of 100 pixels, as a share of 64."""
    straight: float
    """Of the steep edges, the share that goes on in the same row or column for eight pixels."""
    steep: float
    """The share of pixels on a steep edge."""
    text: float
    """How strongly the rows change between full and empty of small steep edges."""
    grain: float
    """The median deviation of a pixel from the mean of its four neighbours, where no edge is: a sensor leaves some everywhere."""
    pale: float
    """The share of pixels nearly without colour."""

    def row(self) -> npt.NDArray[np.float64]:
        """All that tells the kind: not the lightness, which every kind may have."""
        return np.array(astuple(self)[1:], np.float64)


def features(pixels: Pixels) -> tuple[Features, Counts]:
    """What is counted in one picture, and its coarse colours.

    Lightness is told in sixteenths of a level, so that whole numbers of 16 bits hold all that is counted and a count takes the place of an order.
    """
    padded = np.pad(pixels, ((0, max(0, 16 - len(pixels))), (0, max(0, 16 - pixels.shape[1])), (0, 0)), mode="edge")
    red, green, blue = planes(padded)
    light = _light(red, green, blue)
    across, down = np.abs(np.diff(light, axis=1)), np.abs(np.diff(light, axis=0))
    lights, steps = _counted(light), _counted(np.maximum(across[:-1], down[:, :-1]))
    mean, spread = _mean_and_spread(lights)
    commonest = int(lights.reshape(64, -1).sum(axis=1).argmax()) * 4 + 2
    chroma = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    coarse = coarse_colours(red, green, blue)
    counted = Features(
        brightness=mean,
        contrast=spread,
        sharpness=_quantile(steps, 0.98) / PARTS,
        flat=_share(steps, 0, _STILL * PARTS - 1),
        paper=_share(lights, (commonest - _FEW) * PARTS, (commonest + _FEW) * PARTS),
        palette=_palette(coarse),
        straight=_straight(across[:-1] >= _STEEP * PARTS, down[:, :-1] >= _STEEP * PARTS),
        steep=_share(steps, _STEEP * PARTS, len(steps)),
        text=uneven((across >= _STEEP * PARTS).sum(axis=1)),
        grain=_grain(light),
        pale=float(np.count_nonzero(chroma < _PALE) / chroma.size),
    )
    return counted, coarse


def _light(red: Shades, green: Shades, blue: Shades) -> Steps:
    """How light each pixel is, by ITU-R BT.601, in sixteenths."""
    total = red.astype(np.uint16) * np.uint16(77)
    total += green * np.uint16(150)
    total += blue * np.uint16(29)
    return (total >> np.uint16(4)).astype(np.int16)


def _counted(values: Steps) -> Counts:
    """How often each number of sixteenths is there."""
    return np.bincount(values.ravel(), minlength=256 * PARTS)


def _mean_and_spread(lights: Counts) -> tuple[float, float]:
    levels = np.arange(len(lights)) / PARTS
    mean = float(lights @ levels / lights.sum())
    return mean, float(np.sqrt(lights @ (levels - mean) ** 2 / lights.sum()))


def _share(counts: Counts, least: int, most: int) -> float:
    """The share of what lies between both."""
    return float(counts[max(least, 0) : most + 1].sum() / counts.sum())


def _quantile(counts: Counts, share: float) -> float:
    """The least number that so large a share does not exceed."""
    return float(np.searchsorted(np.cumsum(counts), share * counts.sum()))


def _palette(coarse: Counts) -> float:
    counts = coarse.reshape(8, 4, 8, 4, 8, 4).sum(axis=(1, 3, 5)).ravel()
    shares = np.cumsum(np.sort(counts)[::-1]) / counts.sum()
    return float(np.searchsorted(shares, 0.95) + 1) / 64


def _straight(across: Marks, down: Marks) -> float:
    """An edge across counts where it goes on downwards, an edge down where it goes on across."""
    steep = int(np.count_nonzero(across) + np.count_nonzero(down))
    return (_long_runs(across.T) + _long_runs(down)) / max(steep, 1)


def _long_runs(edges: Marks) -> int:
    """How many places stand in runs of eight and more along the rows."""
    begins = edges
    for step in (1, 2, 4):  # runs of two, of four, of eight that begin here
        begins = begins[:, :-step] & begins[:, step:]
    covered = np.zeros_like(edges)  # as it lies in memory, or each of the next steps would cross it
    covered[:, : begins.shape[1]] = begins
    for step in (1, 2, 4):
        covered[:, step:] |= covered[:, :-step].copy(order="K")
    return int(np.count_nonzero(covered))


def _grain(light: Steps) -> float:
    around = light[:-2, 1:-1] + light[2:, 1:-1]
    around += light[1:-1, :-2]
    around += light[1:-1, 2:]
    away = np.abs(4 * light[1:-1, 1:-1] - around)
    return _quantile(np.bincount(away.ravel()), 0.5) / (4 * PARTS)
