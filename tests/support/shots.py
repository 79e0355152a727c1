"""Videos with known shots that show nobody: clouds and shapes that move as before a hand-held camera, with its noise.

Planes of light and colour are made directly (YUV 4:2:0), so that much can be made in little time; the same seed gives the same video.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

Plane = npt.NDArray[np.uint8]
_MARGIN = 1.5
"""How much larger the scene is than what the camera sees of it."""


@dataclass(frozen=True, slots=True)
class Shot:
    """Seconds that it lasts, and how it begins: a cut, or seconds of fading in from black (``fade``) or from the shot before (``mixed``)."""

    seconds: float
    begins: str = "cut"
    gradual: float = 0.5
    kind: str = "scene"
    """``scene``, ``still`` (no motion and no noise) or ``black``."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the shots are written down."""

    shots: tuple[Shot, ...]
    seed: int = 0
    rate: Fraction = Fraction(25)
    width: int = 192
    height: int = 108
    codec: str = "libx264"
    written_as: str = "mp4"
    gop: int = 250
    options: Mapping[str, str] = field(default_factory=dict)
    noise: int = 3
    speed: float = 0.05
    """How far the camera goes, in widths a second."""
    varies: bool = False
    """Whether the time between pictures varies."""
    turned: int = 0
    bit_rate: int = 0


def starts(recipe: Recipe) -> list[int]:
    """When each shot begins, and at last where the video ends, in milliseconds."""
    moments = np.cumsum([0.0, *(round(each.seconds * recipe.rate) / float(recipe.rate) for each in recipe.shots)])
    return [round(1000 * float(each)) for each in moments]


def written(recipe: Recipe) -> bytes:
    """The video as a file; skips the test where PyAV is not installed."""
    av: Any = pytest.importorskip("av")
    stream = io.BytesIO()
    chance = np.random.default_rng(recipe.seed)
    with av.open(stream, "w", format=recipe.written_as) as container:
        options = {"threads": "1", "g": str(recipe.gop), **recipe.options}
        track = container.add_stream(recipe.codec, rate=recipe.rate, options=options)
        track.width, track.height = recipe.width, recipe.height
        track.pix_fmt = "yuvj420p" if recipe.codec == "mjpeg" else "yuv420p"
        track.gop_size = recipe.gop
        if recipe.bit_rate:
            track.bit_rate = recipe.bit_rate
        steps = 4 if recipe.varies else 1
        if recipe.varies:
            track.codec_context.time_base = 1 / (recipe.rate * steps)
        for number, planes in enumerate(pictures(recipe)):
            frame = av.VideoFrame.from_ndarray(planes, format=track.pix_fmt)
            frame.pts = steps * number + (int(chance.integers(0, steps)) if recipe.varies and number else 0)
            frame.time_base = 1 / (recipe.rate * steps)
            container.mux(track.encode(frame))
        container.mux(track.encode())
    return stream.getvalue()


def pictures(recipe: Recipe) -> Iterator[Plane]:
    """The pictures, each as the planes of YUV 4:2:0 one below the other."""
    chance = np.random.default_rng(recipe.seed)
    scenes = [_Scene(chance, recipe, shot) for shot in recipe.shots]
    grain = chance.normal(0, recipe.noise, (recipe.height * 2, recipe.width * 2)).astype(np.int16)
    for number, (shot, scene) in enumerate(zip(recipe.shots, scenes, strict=True)):
        count = round(shot.seconds * recipe.rate)
        mixing = 0 if shot.begins == "cut" else round(shot.gradual * recipe.rate)
        before = scenes[number - 1] if number else None
        for at in range(count):
            planes = scene.seen(at / float(recipe.rate))
            if at < mixing:
                share = (at + 1) / (mixing + 1)
                other = (
                    before.seen(recipe.shots[number - 1].seconds + at / float(recipe.rate))
                    if before and shot.begins == "mixed"
                    else scene.black
                )
                planes = (planes * share + other * (1 - share)).astype(np.uint8)
            if recipe.noise and shot.kind == "scene":
                top, left = (int(chance.integers(0, side)) for side in (recipe.height, recipe.width))
                light = planes[: recipe.height] + grain[top : top + recipe.height, left : left + recipe.width]
                planes = np.concatenate([np.clip(light, 16, 235).astype(np.uint8), planes[recipe.height :]])
            yield planes


class _Scene:
    """A wide picture over which the camera goes, with shapes that move before it."""

    def __init__(self, chance: np.random.Generator, recipe: Recipe, shot: Shot) -> None:
        self.recipe, self.shot = recipe, shot
        high, wide = (int(side * _MARGIN) // 2 * 2 for side in (recipe.height, recipe.width))
        self.planes = [_clouds(chance, high, wide, *_tones(chance))] + [
            _clouds(chance, high // 2, wide // 2, int(chance.integers(80, 176)), 40) for _ in range(2)
        ]
        self.black = np.concatenate(
            [np.full((recipe.height, recipe.width), 16, np.uint8), np.full((recipe.height // 2, recipe.width), 128, np.uint8)]
        )
        self.heading = chance.uniform(0, 2 * np.pi)
        self.shapes = [
            (*chance.uniform(0, 1, 2), *chance.uniform(-0.15, 0.15, 2), chance.uniform(0.05, 0.2), int(chance.integers(30, 225)))
            for _ in range(4)
        ]

    def seen(self, moment: float) -> Plane:
        """What the camera sees after that many seconds."""
        if self.shot.kind == "black":
            return self.black
        moment = 0.0 if self.shot.kind == "still" else moment
        height, width = self.recipe.height, self.recipe.width
        shift = self.recipe.speed * moment * width
        spare = [plane - side for plane, side in zip(self.planes[0].shape, (height, width), strict=True)]
        down, across = (
            _bounced(0.5 * most + shift * turn, most) // 2 * 2
            for most, turn in zip(spare, (np.sin(self.heading), np.cos(self.heading)), strict=True)
        )
        light = self.planes[0][down : down + height, across : across + width].copy()
        for y, x, dy, dx, size, tone in self.shapes:
            top, left = ((place + step * moment) % 1 * side for place, step, side in ((y, dy, height), (x, dx, width)))
            light[int(top) : int(top + size * height), int(left) : int(left + size * width)] = tone
        colours = [
            plane[down // 2 : (down + height) // 2, across // 2 : (across + width) // 2].reshape(height // 4, width)
            for plane in self.planes[1:]
        ]
        return np.concatenate([light, *colours])


def _bounced(place: float, most: int) -> int:
    place = place % (2 * most) if most else 0
    return int(min(place, 2 * most - place))


def _tones(chance: np.random.Generator) -> tuple[int, int]:
    return int(chance.integers(70, 180)), int(chance.integers(40, 110))


def _clouds(chance: np.random.Generator, height: int, width: int, mean: int, spread: int) -> Plane:
    """Noise of several sizes, the coarse the strongest."""
    total = np.zeros((height, width), np.float32)
    for cell, weight in ((64, 1.0), (24, 0.5), (8, 0.25), (3, 0.12)):
        side = max(2, cell * height // 160)
        coarse = chance.normal(0, 1, (height // side + 2, width // side + 2)).astype(np.float32)
        total += weight * np.kron(coarse, np.ones((side, side), np.float32))[:height, :width]
    clouds: Plane = np.clip(mean + spread * total / 1.2, 16, 235).astype(np.uint8)
    return clouds


def shots_of(
    chance: np.random.Generator, count: int, transitions: Sequence[str] = ("cut",), least: float = 1.0, most: float = 4.0
) -> tuple[Shot, ...]:
    """Shots of random lengths; the lengths of gradual beginnings come on top."""
    chosen = [str(chance.choice(list(transitions))) for _ in range(count)]
    return tuple(
        Shot(round(float(chance.uniform(least, most)), 2) + (0.5 if begins != "cut" else 0), begins if number else "cut")
        for number, begins in enumerate(chosen)
    )
