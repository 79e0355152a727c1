"""The lines of a picture on a page of their own: black on white, of one height, one below the other, as Tesseract reads best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from grace.analysis.analysers.text_in_pictures.lines import Line, Plane

LETTER = 24
"""Pixels that the shapes of a line are made high, those of middle height."""
_MARGIN, _BETWEEN = 24, 28
_MOST_WIDTH, _MOST_PIXELS = 12_000, 60_000_000
_ABOVE = 0.45
"""Of the middle height: what is kept above and below a line, for marks that no shape of it has."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a line stands on the page, and by how much it was made larger."""

    line: Line
    top: int
    bottom: int
    scale: float
    left: int

    def box(self, left: int, top: int, right: int, bottom: int) -> tuple[float, float, float, float]:
        """A box of the page in pixels of the picture: left, top, right, bottom."""
        across, down = self.left - _MARGIN / self.scale, self.line.top - _ABOVE * self.line.height - self.top / self.scale
        return left / self.scale + across, top / self.scale + down, right / self.scale + across, bottom / self.scale + down


@dataclass(frozen=True, slots=True)
class Page:
    """The pixels of a page, and the places of its lines in their order."""

    grey: Plane
    places: tuple[Place, ...]

    def written(self, without: Iterable[Place] = ()) -> bytes:
        """As a file in PNM, some lines left white."""
        grey = self.grey.copy()
        for place in without:
            grey[place.top : place.bottom] = 255
        return b"P5\n%d %d\n255\n" % (grey.shape[1], grey.shape[0]) + grey.tobytes()


def lay(grey: Plane, lines: Sequence[Line]) -> Page:
    """The page of these lines of a picture, as many as find room."""
    strips = [_strip(grey, line) for line in lines]
    width = max(strip.shape[1] for strip, _, _ in strips) + 2 * _MARGIN
    top, places, kept = _MARGIN, [], []
    for line, (strip, scale, left) in zip(lines, strips, strict=True):
        if (top + strip.shape[0] + _BETWEEN) * width > _MOST_PIXELS:
            break
        places.append(Place(line, top, top + strip.shape[0], scale, left))
        kept.append(strip)
        top += strip.shape[0] + _BETWEEN
    page = np.full((top, width), 255, np.uint8)
    for place, strip in zip(places, kept, strict=True):
        page[place.top : place.bottom, _MARGIN : _MARGIN + strip.shape[1]] = strip
    return Page(page, tuple(places))


def _strip(grey: Plane, line: Line) -> tuple[Plane, float, int]:
    """A line cut out, dark on white and scaled; the scale, and where it begins in the picture."""
    beside = round(line.height)
    above = round(_ABOVE * line.height)
    left = max(0, line.left - beside)
    cut = grey[max(0, line.top - above) : line.bottom + above, left : line.right + beside]
    missing = max(0, above - line.top)
    inner = grey[line.top : line.bottom, line.left : line.right]
    behind, letters = (float(np.percentile(inner, part)) for part in ((20, 97) if line.light else (80, 3)))
    steep = 255 / max(24.0, abs(behind - letters))
    even = np.clip(255 - (cut - behind) * (steep if line.light else -steep), 0, 255)
    even = np.vstack([np.full((missing, even.shape[1]), 255.0), even]) if missing else even
    scale = min(LETTER / line.height, _MOST_WIDTH / even.shape[1])
    size = max(1, round(even.shape[1] * scale)), max(1, round(even.shape[0] * scale))
    return np.asarray(Image.fromarray(even.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)), scale, left
