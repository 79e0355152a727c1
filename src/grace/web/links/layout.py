"""Where the links of a referral are drawn: it stands in the middle, the others around it, the stronger the nearer. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 760, 420
_MIDDLE = (WIDTH / 2, HEIGHT / 2)
_NEAR, _FAR = 0.42, 0.86
_ASPECT = 0.95


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one stands, in the drawing's own units; ``anchor`` is the side of it on which its name has room."""

    x: float
    y: float
    anchor: str


def around(strengths: Sequence[float]) -> list[Spot]:
    """A place for each of these links (0 to 1), clockwise from the top in their order; no two places are the same."""
    number = len(strengths)
    return [_spot(place, number, each) for place, each in enumerate(strengths)]


def _spot(place: int, number: int, strength: float) -> Spot:
    angle = 2 * math.pi * place / number - math.pi / 2
    wave = 0.1 * (place % 2) if number > _CROWDED else 0.0
    reach = _FAR - (_FAR - _NEAR) * min(1.0, max(0.0, strength)) ** 4 * (0.5 if number > _CROWDED else 1) - wave
    x = _MIDDLE[0] + _MIDDLE[0] * _ASPECT * 0.8 * reach * math.cos(angle)
    y = _MIDDLE[1] + _MIDDLE[1] * reach * math.sin(angle)
    anchor = "start" if x >= _MIDDLE[0] else "end"
    return Spot(round(x, 1), round(y, 1), anchor)


_CROWDED = 16
