"""Where shots begin, where a video is black and where it stands still, told by few pictures of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.pixels import Pixels, Plane, luma, resized

_ROWS, _COLUMNS = 9, 16
_OTHER_COLOURS, _OTHER_FORMS, _NO_FORMS, _OTHER_LIGHT = 0.35, 0.45, 0.8, 0.1
"""Two pictures belong to two shots from this share of other colours on, where their coarse forms are this far apart (1 - correlation); or where they
have hardly any form in common, and their lightness differs by so much of its range on the mean. Chosen on invented videos."""
_FLAT = 2.0
_BLACK, _BLACK_SHARE = 26.0, 0.98
_STILL = 0.8
"""Mean difference in levels of 0 to 255 of the coarse forms; a camera that is held, or its noise, makes more."""
LEAST_STILL = 2_000
"""Milliseconds for which a picture stands before that is told."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """What is compared of one picture, and the millisecond in which it is shown."""

    moment: int
    light: Plane
    colours: npt.NDArray[np.float64]
    is_black: bool


def look(moment: int, pixels: Pixels) -> Look:
    """The look of one picture."""
    light = luma(pixels)
    coarse = (pixels >> 6).astype(np.int64)
    counts = np.bincount((coarse[..., 0] * 16 + coarse[..., 1] * 4 + coarse[..., 2]).ravel(), minlength=64)
    is_black = float((light < _BLACK).mean()) >= _BLACK_SHARE
    return Look(moment, resized(light, _ROWS, _COLUMNS), counts / counts.sum(), is_black)


def shots(looks: Sequence[Look], end: int) -> list[Span]:
    """Each shot that was seen, from its first picture to the next shot's; black parts are none."""
    starts = [0, *(number for number, (one, other) in enumerate(pairwise(looks), 1) if _is_cut(one, other))]
    bounds = [*(looks[start].moment for start in starts), end]
    return [span for start, span in zip(starts, pairwise(bounds), strict=True) if not looks[start].is_black]


def black(looks: Sequence[Look], end: int) -> list[Span]:
    """The parts whose pictures are black."""
    return _runs(looks, end, lambda _one, other: other.is_black, first=looks[0].is_black)


def still(looks: Sequence[Look], end: int) -> list[Span]:
    """The parts that are not black and whose pictures are the same, where they last."""
    spans = []
    for start, stop in _runs(looks, end, lambda one, other: not other.is_black and _is_still(one, other), first=False, with_first=True):
        if stop - start >= LEAST_STILL:
            spans.append((start, stop))
    return spans


def _runs(looks: Sequence[Look], end: int, goes_on: Callable[[Look, Look], bool], *, first: bool, with_first: bool = False) -> list[Span]:
    """Spans in which each picture goes on what the one before it was."""
    spans: list[Span] = []
    begun = looks[0].moment if first else None
    for one, other in pairwise(looks):
        if goes_on(one, other):
            begun = (one.moment if with_first else other.moment) if begun is None else begun
        elif begun is not None:
            spans.append((begun, other.moment))
            begun = None
    return spans if begun is None else [*spans, (begun, end)]


def _is_still(one: Look, other: Look) -> bool:
    return float(np.abs(one.light - other.light).mean()) < _STILL


def _is_cut(one: Look, other: Look) -> bool:
    """Whether two pictures belong to two shots: other colours, and other forms, however light or dark."""
    if one.is_black or other.is_black:
        return one.is_black != other.is_black
    is_lit_otherwise = float(np.abs(one.light - other.light).mean()) / 255 >= _OTHER_LIGHT
    has_other_colours = float(np.abs(one.colours - other.colours).sum()) / 2 >= _OTHER_COLOURS
    if min(float(one.light.std()), float(other.light.std())) < _FLAT:
        return is_lit_otherwise and has_other_colours
    apart = 1 - float(np.corrcoef(one.light.ravel(), other.light.ravel())[0, 1])
    return apart >= _OTHER_FORMS if has_other_colours else apart >= _NO_FORMS and is_lit_otherwise
