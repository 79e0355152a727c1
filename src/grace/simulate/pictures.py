"""Pictures that show nobody: landscapes, shapes and text cards, and the same pictures re-encoded, resized and cropped."""

from __future__ import annotations

import io
from enum import StrEnum
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pdqhash
from PIL import Image, ImageDraw, ImageFont

from grace.simulate.chance import Dice, Key
from grace.simulate.names import CARDS

Pixels = npt.NDArray[np.float32]

_SIZES = ((512, 512), (640, 480), (768, 512), (800, 600), (960, 640), (1024, 576))
_QUALITY = 85
_SKIES = (
    ((70, 120, 190), (205, 220, 235)),
    ((90, 100, 130), (240, 190, 150)),
    ((130, 140, 150), (215, 215, 210)),
    ((40, 60, 110), (220, 150, 120)),
)
_LANDS = ((70, 100, 60), (120, 110, 70), (95, 95, 100), (60, 80, 95), (140, 120, 90), (50, 70, 50), (160, 140, 110), (70, 105, 125))
_PAINTS = ((150, 60, 50), (60, 90, 130), (200, 180, 140), (80, 110, 80), (225, 220, 210), (50, 50, 60), (190, 150, 60), (120, 140, 150))


class Variant(StrEnum):
    """What was done to a picture; ``CUT`` is a crop too hard to be recognised by PDQ, the others should stay near."""

    TOUCHED = "touched"
    REENCODED = "re-encoded"
    RESIZED = "resized"
    CROPPED = "cropped"
    CUT = "cut"


NEAR_VARIANTS = (Variant.TOUCHED, Variant.REENCODED, Variant.RESIZED, Variant.CROPPED)


@lru_cache(maxsize=256)
def draw(*key: Key) -> bytes:
    """A JPEG of 512 to 1024 pixels, the same for the same key; mostly of PDQ quality 50 and more. The last ones are kept."""
    dice = Dice(*key, "picture")
    size = dice.pick(_SIZES)
    lot = dice.unit()
    if lot < 0.6:
        image = landscape(dice, (size[0] // 2, size[1] // 2)).resize(size, Image.Resampling.BICUBIC)
    elif lot < 0.85:
        image = shapes(dice, size)
    else:
        image = _card(dice, size)
    return _jpeg(image, _QUALITY)


def vary(jpeg: bytes, variant: Variant, *key: Key) -> bytes:
    """The same picture after ``variant``; other bytes in every case."""
    dice = Dice(*key, "variant")
    if variant is Variant.TOUCHED:
        return _with_comment(jpeg, b"invented copy %016x" % dice.word())
    image = Image.open(io.BytesIO(jpeg))
    width, height = image.size
    if variant is Variant.REENCODED:
        return _jpeg(image, 45 + dice.below(35))
    if variant is Variant.RESIZED:
        scale = dice.between(0.6, 0.9)
        return _jpeg(image.resize((int(width * scale), int(height * scale)), Image.Resampling.LANCZOS), _QUALITY)
    keep = dice.between(0.99, 0.996) if variant is Variant.CROPPED else dice.between(0.45, 0.6)
    left, top = int(width * (1 - keep) * dice.unit()), int(height * (1 - keep) * dice.unit())
    return _jpeg(image.crop((left, top, left + int(width * keep), top + int(height * keep))), _QUALITY)


@lru_cache(maxsize=512)
def fingerprint(jpeg: bytes) -> tuple[bytes, int]:
    """PDQ over the decoded pixels: 32 bytes, and the quality from 0 to 100."""
    return pdq_of(np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")))


def pdq_of(pixels: npt.NDArray[np.uint8]) -> tuple[bytes, int]:
    """PDQ over pixels, height x width x 3: 32 bytes, and the quality from 0 to 100."""
    bits, quality = pdqhash.compute(pixels)
    return np.packbits(np.asarray(bits, dtype=np.uint8)).tobytes(), int(quality)


def distance(one: bytes, other: bytes) -> int:
    """How many of the 256 bits differ."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def _noise(rng: np.random.Generator, size: tuple[int, int], first: int, octaves: int) -> Pixels:
    """Smooth noise from 0 to 1, height x width: random grids of growing fineness, each half as strong."""
    total: Pixels = np.zeros((size[1], size[0]), dtype=np.float32)
    for octave in range(octaves):
        cells = first * 2**octave
        grid = Image.fromarray(rng.random((cells, cells), dtype=np.float32))
        total += np.asarray(grid.resize(size, Image.Resampling.BICUBIC)) / 2**octave
    scaled: Pixels = (total - total.min()) / max(float(np.ptp(total)), 1e-6)
    return scaled


def _near(dice: Dice, colour: tuple[int, int, int], by: int = 18) -> Pixels:
    """A colour like this one, each channel at most ``by`` away."""
    return np.array([channel + dice.between(-by, by) for channel in colour], dtype=np.float32)


def _ink(dice: Dice, colour: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = (int(channel) for channel in np.clip(_near(dice, colour, 28), 0, 255))
    return red, green, blue


def _image(pixels: Pixels) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _generator(dice: Dice) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(dice.word()))


def landscape(dice: Dice, size: tuple[int, int]) -> Image.Image:
    """A sky with clouds and a low sun over two to four ridges."""
    width, height = size
    rng = _generator(dice)
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    above, below = dice.pick(_SKIES)
    pixels = _near(dice, above) * (1 - down) + _near(dice, below) * down
    pixels = pixels + (70 * (_noise(rng, size, 3, 4) - 0.5) + 80 * _sun(dice, size))[:, :, None]
    rows = np.arange(height, dtype=np.float32)[:, None]
    texture = 100 * (_noise(rng, size, 9, 4)[:, :, None] - 0.5)
    ridges = 2 + dice.below(3)
    for ridge in range(ridges):
        base = height * (0.4 + 0.5 * ridge / ridges)
        line = base + height * 0.16 * (_ridge(rng, width) - 0.5)
        np.copyto(pixels, _near(dice, dice.pick(_LANDS), 25) + texture, where=(rows > line[None, :])[:, :, None])
    return _image(pixels)


def _sun(dice: Dice, size: tuple[int, int]) -> Pixels:
    width, height = size
    x, y, wide = dice.unit() * width, dice.between(0.1, 0.35) * height, dice.between(0.05, 0.12) * width
    across = np.exp(-(((np.arange(width, dtype=np.float32) - x) / wide) ** 2))
    along = np.exp(-(((np.arange(height, dtype=np.float32) - y) / wide) ** 2))
    glow: Pixels = along[:, None] * across[None, :]
    return glow


def _ridge(rng: np.random.Generator, width: int) -> Pixels:
    points = np.linspace(0, 1, width, dtype=np.float32)
    line = sum(np.interp(points, np.linspace(0, 1, count), rng.random(count)) / (count / 4) for count in (5, 11, 23, 47))
    return np.asarray(line, dtype=np.float32)


def shapes(dice: Dice, size: tuple[int, int]) -> Image.Image:
    """Blocks and discs of one colour each over a mottled ground: quay walls and boats, if one likes."""
    rng = _generator(dice)
    ground = _near(dice, dice.pick(_LANDS), 30) + 110 * (_noise(rng, size, 4, 4)[:, :, None] - 0.5)
    image = _image(ground)
    pen = ImageDraw.Draw(image)
    width, height = size
    for _ in range(14 + dice.below(14)):
        x, y = dice.below(width), dice.below(height)
        wide, high = dice.between(0.05, 0.3) * width, dice.between(0.05, 0.3) * height
        shape: Any = pen.ellipse if dice.chance(0.4) else pen.rectangle
        shape((x - wide / 2, y - high / 2, x + wide / 2, y + high / 2), fill=_ink(dice, dice.pick(_PAINTS)))
    return image


def _card(dice: Dice, size: tuple[int, int]) -> Image.Image:
    """A card with two words and a frame, and under them a table of dark and light fields."""
    rng = _generator(dice)
    width, height = size
    image = _image(_near(dice, (215, 205, 185), 25) + 70 * (_noise(rng, size, 5, 3)[:, :, None] - 0.5))
    pen = ImageDraw.Draw(image)
    ink = _ink(dice, (60, 60, 65))
    pen.rectangle((width * 0.04, height * 0.04, width * 0.96, height * 0.96), outline=ink, width=width // 60)
    pen.text((width * 0.1, height * 0.1), dice.pick(CARDS), fill=ink, font=_font(width // 8))
    pen.text((width * 0.1, height * 0.34), f"No. {dice.below(9000)}", fill=ink, font=_font(width // 10))
    for column in range(8):
        for row in range(4):
            if dice.chance(0.5):
                x, y = width * (0.1 + 0.1 * column), height * (0.56 + 0.09 * row)
                pen.rectangle((x, y, x + width * 0.09, y + height * 0.08), fill=ink)
    return image


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    held = io.BytesIO()
    image.save(held, "JPEG", quality=quality)
    return held.getvalue()


def _with_comment(jpeg: bytes, comment: bytes) -> bytes:
    """The JPEG with a comment segment after its start marker: the same pixels, another digest."""
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]
