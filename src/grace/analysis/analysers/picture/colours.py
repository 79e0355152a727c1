"""The dominant colours of a picture, by name: names are data, each with the colour that it stands for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.pixels import Shades

Counts = npt.NDArray[np.int64]

NAMES: Mapping[str, tuple[tuple[int, int, int], ...]] = {
    "black": ((0, 0, 0), (25, 25, 30)),
    "dark grey": ((70, 70, 70),),
    "grey": ((130, 130, 130),),
    "light grey": ((195, 195, 195),),
    "white": ((255, 255, 255), (240, 240, 240)),
    "red": ((200, 30, 30), (235, 70, 60)),
    "dark red": ((110, 20, 25),),
    "orange": ((240, 140, 30),),
    "yellow": ((245, 220, 50), (250, 205, 80)),
    "beige": ((225, 205, 170), (245, 235, 215)),
    "brown": ((120, 75, 40), (90, 60, 40), (150, 110, 75)),
    "green": ((50, 150, 60), (110, 180, 110)),
    "dark green": ((25, 70, 35), (60, 85, 50)),
    "turquoise": ((50, 180, 170),),
    "light blue": ((160, 205, 240), (200, 225, 245)),
    "blue": ((40, 90, 200), (70, 130, 200)),
    "dark blue": ((20, 30, 90), (40, 60, 110)),
    "purple": ((120, 60, 160), (90, 70, 160)),
    "pink": ((240, 150, 180), (230, 90, 150)),
}
"""What a colour is called, and examples of it in red, green and blue; the nearest example names a pixel."""

MOST, LEAST_SHARE = 5, 0.05
_STEP = 8


def coarse_colours(red: Shades, green: Shades, blue: Shades) -> Counts:
    """How often each of 32 x 32 x 32 coarse colours is there."""
    colour = (red >> np.uint8(3)).astype(np.uint16)
    for shades in (green, blue):
        colour <<= np.uint16(5)
        colour |= shades >> np.uint8(3)
    return np.bincount(colour.ravel(), minlength=len(_TABLE))


def dominant(coarse: Counts) -> tuple[tuple[str, float], ...]:
    """At most five names with their shares, the largest first; none below one in twenty."""
    shares = np.bincount(_TABLE, coarse, minlength=len(_WORDS)) / coarse.sum()
    order = np.argsort(-shares, kind="stable")[:MOST]
    return tuple((_WORDS[place], float(shares[place])) for place in order.tolist() if shares[place] >= LEAST_SHARE)


def _table() -> npt.NDArray[np.intp]:
    """The name of each of 32 x 32 x 32 coarse colours, by distance in CIELAB, where equal steps look equal."""
    levels = np.arange(32) * _STEP + _STEP / 2
    cube = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    examples = [(place, colour) for place, colours in enumerate(NAMES.values()) for colour in colours]
    wanted = _lab(np.array([colour for _, colour in examples], np.float64))
    seen = _lab(cube)
    near = np.stack([((seen - one) ** 2).sum(axis=1) for one in wanted], axis=1).argmin(axis=1)
    return np.asarray(np.array([place for place, _ in examples])[near], np.intp)


def _lab(rgb: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """CIELAB (D65) of rows of sRGB (IEC 61966-2-1)."""
    shares = rgb / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ matrix.T / np.array([0.9505, 1.0, 1.089])
    rooted = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack(
        (116 * rooted[:, 1] - 16, 500 * (rooted[:, 0] - rooted[:, 1]), 200 * (rooted[:, 1] - rooted[:, 2])),
        axis=1,
    )


_WORDS = tuple(NAMES)
_TABLE = _table()
