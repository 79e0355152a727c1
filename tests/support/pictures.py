"""Pixels of many kinds that show nobody: what a perceptual hash must bear, from photographs' like to what only programs draw."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import cycle, islice

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from grace.simulate.pictures import Variant, draw, vary

Pixels = npt.NDArray[np.uint8]
_SIDES = (5, 31, 63, 64, 65, 96, 127, 128, 129, 192, 200, 255, 256, 257, 300, 333, 384, 512, 601, 777, 1024)


def varied(count: int, most_side: int = 1024) -> Iterator[tuple[str, Pixels]]:
    """Named pictures, ``height x width x 3``, the same at every call; every kind comes in turn, in ever other sizes."""
    rng = np.random.default_rng(20261126)
    sides = [side for side in _SIDES if side <= most_side]
    for number, kind in enumerate(islice(cycle(_KINDS), count)):
        height, width = (int(side) for side in rng.choice(sides, 2))
        yield f"{number}: {kind.__name__.strip('_')} {width} x {height}", np.ascontiguousarray(kind(rng, height, width, number))


def noise(rng: np.random.Generator, height: int, width: int, grain: int, contrast: float = 60) -> Pixels:
    """Clouds of colour, ``grain`` pixels wide."""
    size = (max(2, height // grain + 1), max(2, width // grain + 1))
    fields = [Image.fromarray(rng.normal(size=size).astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC) for _ in "rgb"]
    return _bytes(np.stack([np.asarray(field) for field in fields], axis=-1) * contrast + 128)


def _bytes(values: npt.NDArray[np.floating]) -> Pixels:
    clipped: Pixels = np.clip(values, 0, 255).astype(np.uint8)
    return clipped


def _pixels(image: Image.Image) -> Pixels:
    return np.asarray(image.convert("RGB"))


def _drawn(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    return _pixels(Image.open(io.BytesIO(draw(5, number))))


def _drawn_again(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    variant = list(Variant)[number % len(Variant)]
    return _pixels(Image.open(io.BytesIO(vary(draw(5, number), variant, number))))


def _resized(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    return _pixels(Image.open(io.BytesIO(draw(6, number))).resize((width, height)))


def _clouds(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    return noise(rng, height, width, int(rng.integers(2, 120)))


def _glaring(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    return noise(rng, height, width, int(rng.integers(8, 60)), 900)


def _faint(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    return noise(rng, height, width, int(rng.integers(8, 60)), 2)


def _grain(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    return rng.integers(0, 256, (height, width, 3), np.uint8)


def _grey(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    return np.repeat(noise(rng, height, width, 40)[..., :1], 3, axis=2)


def _flat(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    return np.broadcast_to(rng.integers(0, 256, 3, np.uint8), (height, width, 3))


def _gradient(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    down, across = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    slope = rng.normal(size=(3, 2)) * 255
    return _bytes(np.stack([each[0] * down + each[1] * across + 128 for each in slope], axis=-1))


def _rings(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    """Symmetrical about the middle, so that half of the frequencies are zero but for rounding."""
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    waves = 128 + 120 * np.cos(np.hypot(down, across) * rng.uniform(2, 60))
    return _bytes(np.stack([waves, waves, 255 - waves], axis=-1))


def _board(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    """A pattern that repeats itself, in step with the windows or out of it."""
    field = int(rng.integers(1, 40))
    down, across = np.mgrid[0:height, 0:width] // field
    board: Pixels = rng.integers(0, 256, (2, 3), np.uint8)[(down + across) % 2]
    return board


def _stripes(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    stripes = rng.integers(0, 256, (1, max(1, width // 7 + 1), 3), np.uint8).repeat(7, axis=1)[:, :width]
    return np.broadcast_to(stripes, (height, width, 3))


def _shapes(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    image = Image.new("RGB", (width, height), tuple(rng.integers(0, 256, 3).tolist()))
    pen = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(1, 30))):
        left, right = sorted(rng.integers(0, width, 2).tolist())
        top, bottom = sorted(rng.integers(0, height, 2).tolist())
        form = pen.ellipse if rng.random() < 0.5 else pen.rectangle
        form((left, top, right, bottom), fill=tuple(rng.integers(0, 256, 3).tolist()))
    return _pixels(image.filter(ImageFilter.GaussianBlur(2)) if rng.random() < 0.3 else image)


def _page(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    """Lines of text on white, mirrored in every second one."""
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    for line in range(4, height, 14):
        pen.text((6, line), "an invented line of plain text " * 8, fill="black")
    page = _pixels(image)
    return page if number % 2 else np.maximum(page, page[:, ::-1])


def _recompressed(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    written = io.BytesIO()
    Image.fromarray(noise(rng, height, width, 30)).save(written, "JPEG", quality=int(rng.integers(5, 95)))
    return _pixels(Image.open(written))


def _panorama(rng: np.random.Generator, height: int, width: int, number: int) -> Pixels:
    return noise(rng, 40 + height // 10, 2 * width + 40, 25)


_Kind = Callable[[np.random.Generator, int, int, int], Pixels]
_KINDS: tuple[_Kind, ...] = (
    _drawn,
    _clouds,
    _glaring,
    _drawn_again,
    _gradient,
    _shapes,
    _page,
    _resized,
    _grain,
    _faint,
    _recompressed,
    _rings,
    _board,
    _stripes,
    _grey,
    _panorama,
    _flat,
)
