"""What can be counted in a picture: sharpness, contrast, lightness, flat fields, straight edges, rows like text, grain.

Each number is defined by its own lines and means the same in every picture of up to 512 pixels a side.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.pixels import STEEP, Pixels, Plane, luma, rows_of_text

_STEEP, _STILL = STEEP, 3
_FEW = 8


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


def features(pixels: Pixels) -> Features:
    """What is counted in one picture."""
    padded = np.pad(pixels, ((0, max(0, 16 - len(pixels))), (0, max(0, 16 - pixels.shape[1])), (0, 0)), mode="edge")
    light = luma(padded)
    across, down = np.abs(np.diff(light, axis=1))[:-1], np.abs(np.diff(light, axis=0))[:, :-1]
    step = np.maximum(across, down)
    counts = np.bincount((light / 4).astype(np.uint8).ravel(), minlength=64)
    commonest = float(counts.argmax()) * 4 + 2
    red, green, blue = np.moveaxis(padded, 2, 0)  # one after the other: along an axis of three, NumPy is ten times as slow
    chroma = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    return Features(
        brightness=float(light.mean()),
        contrast=float(light.std()),
        sharpness=float(np.quantile(step, 0.98)),
        flat=float((step < _STILL).mean()),
        paper=float((np.abs(light - commonest) <= _FEW).mean()),
        palette=_palette(padded),
        straight=_straight(across >= _STEEP, down >= _STEEP),
        steep=float((step >= _STEEP).mean()),
        text=rows_of_text(light),
        grain=_grain(light),
        pale=float((chroma < 20).mean()),
    )


def _palette(pixels: Pixels) -> float:
    red, green, blue = np.moveaxis(pixels >> 5, 2, 0).astype(np.uint16)
    counts = np.bincount((red * 64 + green * 8 + blue).ravel(), minlength=512)
    shares = np.cumsum(np.sort(counts)[::-1]) / counts.sum()
    return float(np.searchsorted(shares, 0.95) + 1) / 64


def _straight(across: npt.NDArray[np.bool_], down: npt.NDArray[np.bool_]) -> float:
    """An edge across counts where it goes on downwards, an edge down where it goes on across."""
    steep = int(across.sum() + down.sum())
    return (_long_runs(across.T) + _long_runs(down)) / max(steep, 1)


def _long_runs(edges: npt.NDArray[np.bool_]) -> int:
    """How many places stand in runs of eight and more along the rows."""
    begins = edges
    for step in (1, 2, 4):  # runs of two, of four, of eight that begin here
        begins = begins[:, :-step] & begins[:, step:]
    covered = np.zeros(edges.shape, np.bool_)
    for offset in range(8):
        covered[:, offset : offset + begins.shape[1]] |= begins
    return int(np.count_nonzero(covered))


def _grain(light: Plane) -> float:
    inner = light[1:-1, 1:-1]
    around = (light[:-2, 1:-1] + light[2:, 1:-1] + light[1:-1, :-2] + light[1:-1, 2:]) / 4
    return float(np.median(np.abs(inner - around)))
