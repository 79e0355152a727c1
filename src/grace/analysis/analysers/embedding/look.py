"""What a picture looks like in 213 small numbers that change little when it is made smaller, recompressed, framed, cropped or written on.

Nothing is trained. A plain frame is cut off, what remains is brought to 64 x 64 in grey, and its contrast is made even, so that a
caption or a dark corner counts for its own place only. Two things are read from it: the lowest frequencies of the cosine transform,
the root of each (as PDQ takes signs: no single frequency may decide), and how edges run in 4 x 4 fields (Dalal and Triggs,
"Histograms of oriented gradients", 2005).

**Mirrors.** Both parts are written as numbers that stay when the picture is mirrored, ``EVEN`` of them, and numbers that only change
their sign, ``ODD`` of them. The likeness of two pictures, mirrored or not, is therefore even . even + |odd . odd|, and in whole
numbers, which is the same on every machine.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.embedding.blur import SIDE, blurred
from grace.analysis.analysers.embedding.forms import SIZE as SIZE_OF_FORMS
from grace.analysis.analysers.embedding.forms import forms
from grace.analysis.analysers.embedding.signs import SIZE as SIZE_OF_SIGNS
from grace.analysis.analysers.embedding.signs import signs
from grace.analysis.analysers.pixels import Pixels, Plane, luma, resized, rows_of_text, steep_across

_FREQUENCIES, _FIELDS, _WAYS = 10, 4, 8
_SHARE_OF_EDGES = 0.4
_TEXT, _MANY_EDGES, _MOST_OF_TEXT, _MOST = 0.11, 0.02, 40, 100
"""Pages and screens full of text are told apart by their letters, which are too small to be seen here; a line or two written across a
photograph make it neither."""
_OF_GROUND, _MUCH_GROUND, _FAINT, _FAINT_ROWS = 8, 0.4, 10, 0.13
"""The same for faint rows on a ground: levels that belong to it, its least share, and what an edge and rows are there."""
LENGTH = 300
"""The root of what a whole descriptor's product with itself is; a likeness is a share of its square."""


def look_at(pixels: Pixels) -> tuple[bytes, int]:
    """``EVEN + ODD`` signed bytes, forms and signs behind them, and how far the first can be trusted (0 to 100).

    All is zero where there is nothing to see. Pages and screens have signs and no forms, for their letters are too small for them: other
    pages would lie over them as well. All else has forms and no signs.
    """
    light = luma(without_frame(pixels))
    small = resized(light, SIDE, SIDE)
    is_text = light.shape[1] > 1 and (_is_text(light) or _is_page(light))
    trust = min(_trust(small), _MOST_OF_TEXT if is_text else _MOST)
    if trust == 0:
        return bytes(EVEN + ODD + SIZE_OF_FORMS + SIZE_OF_SIGNS), 0
    more = bytes(SIZE_OF_FORMS) + signs(light) if is_text else forms(small) + bytes(SIZE_OF_SIGNS)
    return _descriptor(small) + more, trust


def _descriptor(small: Plane) -> bytes:
    even_contrast = _even_contrast(small)
    waves, edges = _waves(even_contrast), _edges(even_contrast)
    parts = [np.concatenate(both) for both in zip(waves, edges, strict=True)]
    numbers = np.concatenate(parts)
    scaled = np.rint(numbers * (LENGTH / np.linalg.norm(numbers)))
    return np.clip(scaled, -127, 127).astype(np.int8).tobytes()


def _is_text(light: Plane) -> bool:
    """Whether it is full of letters: a line or two written across a photograph are not."""
    return bool(steep_across(light).mean() > _MANY_EDGES) and rows_of_text(light) > _TEXT


def _is_page(light: Plane) -> bool:
    """Whether rows, be they faint, stand on much ground of one lightness, as on a page out of focus and on a screen with little text."""
    counts = np.bincount(light.astype(np.uint8).ravel(), minlength=256).reshape(64, 4).sum(axis=1)
    ground = float((np.abs(light - np.float32(4 * counts.argmax() + 2)) <= _OF_GROUND).mean())
    return ground > _MUCH_GROUND and rows_of_text(light, _FAINT) > _FAINT_ROWS


def _trust(small: Plane) -> int:
    """Low where little is to be seen, and where it is seen only close by, as in pages of text, whose large forms all are alike."""
    near, middle, far = (blurred(small, wide) for wide in (0.0, 2.5, 10.0))
    forms, details = float((middle - far).std()), float((near - middle).std())
    if forms < 1:
        return 0
    return round(min(1.0, forms / 3) * min(max(50 + 80 * (forms / (details + 1) - 0.75), 1), _MOST))


def _even_contrast(small: Plane) -> Plane:
    """Lightness against the neighbourhood's mean, in units of its spread."""
    apart = small - blurred(small, 10)
    return np.asarray(30 * apart / (np.sqrt(blurred(apart * apart, 10)) + 10), np.float32)


def _waves(plane: Plane) -> tuple[Plane, Plane]:
    """Frequencies across that a mirror leaves, and those whose sign it changes; together of length one."""
    found = _COSINES @ plane @ _COSINES.T
    rooted = np.sign(found) * np.sqrt(np.abs(found))
    return _of_share(rooted[:, 0::2][_LOW[:, 0::2]], rooted[:, 1::2][_LOW[:, 1::2]], 1 - _SHARE_OF_EDGES)


def _edges(plane: Plane) -> tuple[Plane, Plane]:
    """How much runs in each of 8 ways in each of 4 x 4 fields, as sum and difference with the field and way that a mirror makes of it."""
    down, across = np.gradient(plane)
    strength = np.sqrt(np.hypot(across, down))
    way = np.arctan2(down, across) % np.pi / np.pi * _WAYS - 0.5
    first = np.floor(way)
    nearer = 1 - (way - first)
    ways = np.arange(_WAYS)[:, None, None]
    shares = np.where(first % _WAYS == ways, nearer, 0) + np.where((first + 1) % _WAYS == ways, 1 - nearer, 0)
    fields = _HATS @ (shares * strength) @ _HATS.T
    spread = np.sqrt(fields).ravel()
    spread -= spread.mean()
    here, there = spread[_HERE], spread[_THERE]
    return _of_share((here + there).astype(np.float32), (here - there).astype(np.float32), _SHARE_OF_EDGES)


def _of_share(even: Plane, odd: Plane, share: float) -> tuple[Plane, Plane]:
    """Both scaled so that their squares sum to ``share``."""
    length = np.sqrt(float((even * even).sum() + (odd * odd).sum())) + 1e-6
    scale = np.float32(np.sqrt(share) / length)
    return even * scale, odd * scale


_COSINES: Plane = np.cos(np.pi * np.arange(_FREQUENCIES)[:, None] * (2 * np.arange(SIDE) + 1) / (2 * SIDE)).astype(np.float32)
_SQUARES = np.arange(_FREQUENCIES) ** 2
_LOW = (_SQUARES[:, None] + _SQUARES[None, :] > 0) & (_SQUARES[:, None] + _SQUARES[None, :] < _FREQUENCIES**2)
_MIDDLES = (np.arange(SIDE) + 0.5) / SIDE * _FIELDS - 0.5
_HATS: Plane = np.maximum(0, 1 - np.abs(_MIDDLES[None, :] - np.arange(_FIELDS)[:, None])).astype(np.float32)
_PLACES = np.arange(_WAYS * _FIELDS * _FIELDS)
_MIRRORED = _PLACES.reshape(_WAYS, _FIELDS, _FIELDS)[::-1, :, ::-1].ravel()
_HERE, _THERE = _PLACES[_PLACES < _MIRRORED], _MIRRORED[_PLACES < _MIRRORED]
EVEN = int(_LOW[:, 0::2].sum()) + len(_HERE)
ODD = int(_LOW[:, 1::2].sum()) + len(_HERE)
"""How many numbers stay when a picture is mirrored, and behind them how many change their sign."""


def without_frame(pixels: Pixels) -> Pixels:
    """The picture without a plain frame or bars, each at most a quarter of a side, where a picture begins sharply behind them."""
    for _ in ("above and below", "left and right"):
        pixels = pixels[_bar(pixels) : len(pixels) - _bar(pixels[::-1])].transpose(1, 0, 2)
    return pixels


_ALIKE, _PLAIN, _SHARP = 14, 0.97, 0.2
"""Levels within which a pixel has a bar's colour; the share of a plain line that has; and of the first line of a picture that may."""


def _bar(pixels: Pixels) -> int:
    """How many lines at the top are a plain bar, the blended one behind it too; seen in the middle, past bars at the sides."""
    middle = pixels[:, pixels.shape[1] // 5 : pixels.shape[1] - pixels.shape[1] // 5]
    colour = np.median(middle[0], axis=0)
    for depth in range(len(middle) // 4):
        if _share_of(middle[depth], colour) < _PLAIN:
            begins = depth > 0 and min(_share_of(middle[depth], colour), _share_of(middle[depth + 1], colour)) <= _SHARP
            return depth + 1 if begins else 0
    return 0


def _share_of(line: npt.NDArray[np.uint8], colour: npt.NDArray[np.float64]) -> float:
    return float((np.abs(line - colour) <= _ALIKE).all(axis=-1).mean())
