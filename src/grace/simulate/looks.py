"""Pictures of four looks - photo, screenshot, document, drawing - that show nobody, and what is commonly done to pictures on their way."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from grace.simulate.chance import Dice, Key
from grace.simulate.pictures import landscape, shapes

Colour: TypeAlias = tuple[int, int, int]
Pen: TypeAlias = ImageDraw.ImageDraw

_WORDS = (
    *("harbour", "bridge", "ferry", "timetable", "weather", "lighthouse", "morning", "tide", "north", "signal", "garden", "window"),
    *("paper", "river", "market", "ticket", "seven", "twelve", "open", "closed", "the", "of", "and", "a", "to", "is", "on", "in"),
)
_WIDE = ((480, 360), (512, 384), (512, 341), (480, 480), (341, 512), (384, 512))
_PHONES = ((288, 512), (256, 512), (320, 512))
_DESKS = ((512, 320), (512, 288), (480, 360))
_PAGES = ((362, 512), (384, 512), (396, 512))
_FLAT = ((255, 255, 255), (245, 240, 225), (200, 225, 245), (230, 90, 70), (70, 130, 200), (250, 205, 80), (110, 180, 110), (60, 60, 70))
_BARS = ((20, 120, 110), (60, 80, 160), (30, 30, 35), (245, 245, 245), (160, 60, 60))


class Look(StrEnum):
    """What a picture looks like."""

    PHOTO = "photo"
    SCREENSHOT = "screenshot"
    DOCUMENT = "document"
    DRAWING = "drawing"


class Change(StrEnum):
    """What platforms and reposts do to a picture that still shows the same.

    Two pictures are near-duplicates if each is the original or what one of these made of it, of the same original. A harder crop, a part,
    or the same motif taken anew is another picture. The list is what commonly happens; it was not chosen by what is found.
    """

    RESIZED = "resized"
    """To 30 to 80 % of its sides."""
    RECOMPRESSED = "recompressed"
    """As JPEG of quality 15 to 59."""
    BORDERED = "bordered"
    """A plain frame of 2 to 12 % of the sides around it."""
    CROPPED = "cropped"
    """3 to 10 % cut off across and down, wherever the window falls."""
    BRIGHTER = "brighter"
    """Or darker: lightness times 0.65 to 1.35."""
    CONTRASTED = "contrasted"
    """Contrast times 0.6 to 1.5."""
    GREY = "grey"
    CAPTIONED = "captioned"
    """A line of text across, on a black bar in half of them."""
    WATERMARKED = "watermarked"
    """A half-transparent word, in a corner or slanted over the middle."""
    BLURRED = "blurred"
    """By a Gaussian of 0.6 to 1.6 pixels."""
    TURNED = "turned"
    """By up to 2 degrees; the corners black, white, or cut off."""
    MIRRORED = "mirrored"


def show(look: Look, *key: Key) -> Image.Image:
    """A picture of about 512 pixels on its longer side, the same for the same key."""
    dice = Dice(*key, look.value, "look")
    if look is Look.PHOTO:
        return _photo(dice)
    if look is Look.SCREENSHOT:
        return dice.pick((_chat, _settings, _web))(dice)
    if look is Look.DOCUMENT:
        return _document(dice)
    return dice.pick((_cartoon, _lines, _chart))(dice)


def change(image: Image.Image, how: Change, *key: Key) -> Image.Image:
    """The same picture after ``how``, strong enough to be seen."""
    return _CHANGES[how](image, Dice(*key, how.value, "change"))


def as_jpeg(image: Image.Image, quality: int) -> Image.Image:
    """The picture as it comes out of a JPEG of that quality."""
    held = io.BytesIO()
    image.save(held, "JPEG", quality=quality)
    return Image.open(held).convert("RGB")


def _resized(image: Image.Image, dice: Dice) -> Image.Image:
    width, height = image.size
    scale = dice.between(0.3, 0.8)
    return image.resize((max(int(width * scale), 48), max(int(height * scale), 48)), Image.Resampling.LANCZOS)


def _bordered(image: Image.Image, dice: Dice) -> Image.Image:
    fill = dice.pick(((0, 0, 0), (255, 255, 255), (40, 60, 90)))
    return ImageOps.expand(image, (int(image.width * dice.between(0.02, 0.12)), int(image.height * dice.between(0.02, 0.12))), fill)


def _cropped(image: Image.Image, dice: Dice) -> Image.Image:
    (width, height), across, down = image.size, dice.between(0.03, 0.1), dice.between(0.03, 0.1)
    left, top = dice.unit() * across * width, dice.unit() * down * height
    return image.crop((round(left), round(top), round(left + (1 - across) * width), round(top + (1 - down) * height)))


def _watermarked(image: Image.Image, dice: Dice) -> Image.Image:
    width, height = image.size
    size, slanted = max(12, int(height * dice.between(0.06, 0.12))), dice.chance(0.5)
    mark = Image.new("L", (width, height), 0)
    place = (width * 0.15, height * 0.45) if slanted else (width * 0.55, height * dice.pick((0.04, 0.85)))
    ImageDraw.Draw(mark).text(
        place, _line(dice, 2) if slanted else dice.pick(_WORDS), fill=int(255 * dice.between(0.25, 0.6)), font=_font(size)
    )
    if slanted:
        mark = mark.rotate(dice.between(15, 35), Image.Resampling.BICUBIC)
    changed = image.copy()
    changed.paste(dice.pick(((255, 255, 255), (128, 128, 128))), (0, 0, width, height), mark)
    return changed


def _turned(image: Image.Image, dice: Dice) -> Image.Image:
    angle, fill = dice.pick((-1, 1)) * dice.between(0.4, 2), dice.pick(((0, 0, 0), (255, 255, 255), None))
    turned = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=fill)
    if fill is not None:
        return turned
    width, height = image.size
    across, down = math.ceil(math.sin(math.radians(abs(angle))) * height / 2), math.ceil(math.sin(math.radians(abs(angle))) * width / 2)
    return turned.crop((across, down, width - across, height - down))


def _captioned(image: Image.Image, dice: Dice) -> Image.Image:
    """A line of text across the picture, on a bar in half of them."""
    changed = image.copy()
    pen = ImageDraw.Draw(changed)
    width, height = image.size
    size = max(10, int(height * dice.between(0.05, 0.09)))
    top = int(height * dice.pick((0.04, 0.45, 0.86)))
    if dice.chance(0.5):
        pen.rectangle((0, top - size // 4, width, top + size + size // 3), fill=(0, 0, 0))
    pen.text((width * 0.05, top), _line(dice, 4), fill=(255, 255, 255), font=_font(size))
    return changed


def _photo(dice: Dice) -> Image.Image:
    """A landscape, or blocks and discs under uneven light, with the grain of a sensor, from a JPEG."""
    size = dice.pick(_WIDE)
    rng = np.random.Generator(np.random.PCG64(dice.word()))
    image = landscape(dice, size)
    if dice.chance(0.3):
        image = shapes(dice, size).filter(ImageFilter.GaussianBlur(dice.between(0.5, 1.5)))
        light = np.linspace(dice.between(0.5, 1), dice.between(0.6, 1.2), size[0])[None, :, None]
        image = Image.fromarray(np.clip(np.asarray(image) * light, 0, 255).astype(np.uint8))
    grain = rng.normal(0, dice.between(1, 6), (size[1], size[0], 1)) + rng.normal(0, dice.between(0.5, 2), (size[1], size[0], 3))
    return as_jpeg(Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)), 70 + dice.below(26))


def _chat(dice: Dice) -> Image.Image:
    """A telephone with a bar, bubbles left and right, and a field to write in."""
    dark = dice.chance(0.3)
    ground, ink = (
        ((18, 20, 24), (230, 230, 230)) if dark else (dice.pick(((236, 229, 221), (255, 255, 255), (240, 242, 245))), (30, 30, 30))
    )
    image, pen = _canvas(dice.pick(_PHONES), ground)
    width, height = image.size
    _bar(pen, width, dice)
    mine, theirs = dice.pick((((220, 248, 198), (255, 255, 255)), ((60, 130, 246), (225, 226, 230)), ((90, 70, 160), (60, 62, 70))))
    top = 60
    while top < height - 60:
        lines = 1 + dice.below(3)
        wide, right = int(width * dice.between(0.3, 0.68)), dice.chance(0.5)
        left = width - wide - 8 if right else 8
        pen.rounded_rectangle((left, top, left + wide, top + 10 + 14 * lines), 8, fill=mine if right else theirs)
        for line in range(lines):
            pen.text(
                (left + 7, top + 5 + 14 * line), _fitting(dice, wide - 14, 11), fill=ink if not dark else (245, 245, 245), font=_font(11)
            )
        top += 18 + 14 * lines + dice.below(10)
    pen.rounded_rectangle((8, height - 36, width - 48, height - 8), 12, fill=(255, 255, 255) if not dark else (44, 46, 52))
    return image


def _settings(dice: Dice) -> Image.Image:
    """A list of lines with icons, switches and rules between them."""
    dark = dice.chance(0.35)
    ground, ink, rule = ((28, 28, 30), (235, 235, 235), (60, 60, 64)) if dark else ((255, 255, 255), (25, 25, 25), (225, 225, 228))
    image, pen = _canvas(dice.pick(_PHONES + _DESKS), ground)
    width, height = image.size
    _bar(pen, width, dice)
    step = 30 + dice.below(18)
    for top in range(54, height - step, step):
        pen.rounded_rectangle((10, top + 5, 10 + step - 14, top + step - 9), 4, fill=dice.pick(_FLAT[3:]))
        pen.text((step + 6, top + step // 2 - 9), _line(dice, 1 + dice.below(3)), fill=ink, font=_font(13))
        if dice.chance(0.5):
            pen.rounded_rectangle((width - 44, top + 8, width - 12, top + 24), 8, fill=(52, 199, 89) if dice.chance(0.5) else rule)
        pen.line((0, top + step - 2, width, top + step - 2), fill=rule)
    return image


def _web(dice: Dice) -> Image.Image:
    """A page in a browser: address, a bar, columns of text, buttons, and at times a small photograph."""
    image, pen = _canvas(dice.pick(_DESKS), (255, 255, 255))
    width, height = image.size
    pen.rectangle((0, 0, width, 26), fill=(222, 225, 230))
    pen.rounded_rectangle((70, 5, width - 60, 21), 8, fill=(255, 255, 255))
    pen.text((80, 7), "https://www.example.org/" + dice.pick(_WORDS), fill=(90, 90, 90), font=_font(10))
    pen.rectangle((0, 26, width, 54), fill=dice.pick(_BARS[:3]))
    pen.text((12, 32), _line(dice, 2), fill=(255, 255, 255), font=_font(15))
    split = int(width * dice.between(0.2, 0.35))
    for top in range(64, height - 14, 15):
        pen.text((8, top), _fitting(dice, split - 16, 10), fill=(40, 80, 170), font=_font(10))
    start = 64
    if dice.chance(0.45):
        small = landscape(dice, (int(width * 0.3), int(height * 0.3)))
        image.paste(small, (split + 8, 64))
        start = 72 + small.height
    for top in range(start, height - 30, 14):
        pen.text((split + 8, top), _fitting(dice, width - split - 20, 11), fill=(40, 40, 40), font=_font(11))
    pen.rounded_rectangle((split + 8, height - 26, split + 90, height - 6), 4, fill=dice.pick(_FLAT[3:7]))
    return image


def _document(dice: Dice) -> Image.Image:
    """A page of paragraphs under a heading, at times with a table; scanned or photographed a little askew in half of them."""
    image, pen = _canvas(dice.pick(_PAGES), dice.pick(((255, 255, 255), (252, 250, 244), (244, 244, 242))))
    width, height = image.size
    margin, size = 30 + dice.below(20), 9 + dice.below(4)
    ink = dice.pick(((0, 0, 0), (40, 40, 45), (30, 30, 70)))
    pen.text((margin, margin - 8), _line(dice, 3).upper(), fill=ink, font=_font(size + 5))
    top = margin + 24
    while top < height - margin - size:
        for _ in range(2 + dice.below(7)):
            if top < height - margin - size:
                pen.text((margin, top), _fitting(dice, width - 2 * margin, size), fill=ink, font=_font(size))
            top += size + 4
        top += size
        if dice.chance(0.15) and top < height - margin - 80:
            top = _table(pen, (margin, top), width - 2 * margin, dice, ink)
    if dice.chance(0.5):
        return image
    rng = np.random.Generator(np.random.PCG64(dice.word()))
    askew = image.rotate(dice.between(-1.5, 1.5), Image.Resampling.BICUBIC, fillcolor=(236, 236, 234))
    shade = np.linspace(dice.between(0.85, 1), dice.between(0.85, 1), height)[:, None, None]
    scanned = np.asarray(askew) * shade + rng.normal(0, dice.between(0.5, 4), (height, width, 1))
    return as_jpeg(Image.fromarray(np.clip(scanned, 0, 255).astype(np.uint8)), 70 + dice.below(25))


def _table(pen: Pen, corner: tuple[int, int], wide: int, dice: Dice, ink: Colour) -> int:
    """Rows and columns with numbers in them; where the page goes on."""
    left, top = corner
    rows, columns = 3 + dice.below(3), 3 + dice.below(3)
    for row in range(rows + 1):
        pen.line((left, top + 16 * row, left + wide, top + 16 * row), fill=ink)
    for column in range(columns + 1):
        across = left + wide * column // columns
        pen.line((across, top, across, top + 16 * rows), fill=ink)
        for row in range(rows if column < columns else 0):
            pen.text((across + 4, top + 16 * row + 3), str(dice.below(9000)), fill=ink, font=_font(9))
    return top + 16 * rows + 12


def _cartoon(dice: Dice) -> Image.Image:
    """Large flat shapes with outlines: hills, houses, discs."""
    image, pen = _canvas(dice.pick(_WIDE), dice.pick(_FLAT[:3]))
    width, height = image.size
    outline, thick = dice.pick(((20, 20, 20), (60, 40, 40))), 2 + dice.below(3)
    for _ in range(6 + dice.below(14)):
        x, y = dice.below(width), dice.below(height)
        wide, high = dice.between(0.04, 0.25) * width, dice.between(0.04, 0.25) * height
        fill = dice.pick(_FLAT[1:])
        kind = dice.below(3)
        if kind == 0:
            pen.ellipse((x - wide, y - high, x + wide, y + high), fill=fill, outline=outline, width=thick)
        elif kind == 1:
            pen.polygon(((x - wide, y + high), (x, y - high), (x + wide, y + high)), fill=fill, outline=outline, width=thick)
        else:
            pen.rounded_rectangle((x - wide, y - high, x + wide, y + high), min(wide, high) * 0.3, fill=fill, outline=outline, width=thick)
    smooth = image.filter(ImageFilter.GaussianBlur(0.6))
    return as_jpeg(smooth, 80 + dice.below(16)) if dice.chance(0.5) else smooth


def _lines(dice: Dice) -> Image.Image:
    """Bent strokes of a pen on paper."""
    image, pen = _canvas(dice.pick(_WIDE), dice.pick(((255, 255, 255), (250, 246, 236))))
    width, height = image.size
    for _ in range(10 + dice.below(25)):
        x, y = dice.unit() * width, dice.unit() * height
        heading, bend = dice.between(0, 6.28), dice.between(-0.12, 0.12)
        points = [(x, y)]
        for _ in range(20 + dice.below(50)):
            heading += bend + dice.between(-0.05, 0.05)
            x, y = x + 6 * float(np.cos(heading)), y + 6 * float(np.sin(heading))
            points.append((x, y))
        pen.line(points, fill=dice.pick(((30, 30, 30), (70, 70, 75), (40, 50, 110))), width=1 + dice.below(3), joint="curve")
    return image.filter(ImageFilter.GaussianBlur(0.6))


def _chart(dice: Dice) -> Image.Image:
    """Discs of slices, or thick curves over flat fields, without a word."""
    image, pen = _canvas(dice.pick(_WIDE), dice.pick(_FLAT[:3]))
    width, height = image.size
    for _ in range(2 + dice.below(4)):
        x, y, radius = dice.unit() * width, dice.unit() * height, dice.between(0.1, 0.35) * height
        angle = dice.between(0, 360)
        for _ in range(3 + dice.below(5)):
            sweep = dice.between(20, 110)
            pen.pieslice((x - radius, y - radius, x + radius, y + radius), angle, angle + sweep, fill=dice.pick(_FLAT[2:]))
            angle += sweep
    return image.filter(ImageFilter.GaussianBlur(0.7))


def _canvas(size: tuple[int, int], ground: Colour) -> tuple[Image.Image, Pen]:
    image = Image.new("RGB", size, ground)
    return image, ImageDraw.Draw(image)


def _bar(pen: Pen, width: int, dice: Dice) -> None:
    """The head of a window, with what stands in it."""
    fill = dice.pick(_BARS)
    ink = (20, 20, 20) if sum(fill) > 400 else (255, 255, 255)
    pen.rectangle((0, 0, width, 46), fill=fill)
    pen.text((8, 2), f"{dice.below(24):02}:{dice.below(60):02}", fill=ink, font=_font(10))
    pen.text((34, 20), _line(dice, 2), fill=ink, font=_font(15))


def _line(dice: Dice, words: int) -> str:
    return " ".join(dice.pick(_WORDS) for _ in range(words))


def _fitting(dice: Dice, width: float, size: int) -> str:
    """As many words as fit about into that width."""
    text = dice.pick(_WORDS)
    most = max(3, int(width / (size * 0.54)) - dice.below(6))
    while len(text) < most - 4:
        text += " " + dice.pick(_WORDS)
    return text[:most]


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


_CHANGES: dict[Change, Callable[[Image.Image, Dice], Image.Image]] = {
    Change.RESIZED: _resized,
    Change.RECOMPRESSED: lambda image, dice: as_jpeg(image, 15 + dice.below(45)),
    Change.BORDERED: _bordered,
    Change.CROPPED: _cropped,
    Change.BRIGHTER: lambda image, dice: ImageEnhance.Brightness(image).enhance(dice.pick((0.65, 0.8, 1.2, 1.35))),
    Change.CONTRASTED: lambda image, dice: ImageEnhance.Contrast(image).enhance(dice.pick((0.6, 0.75, 1.25, 1.5))),
    Change.GREY: lambda image, _: image.convert("L").convert("RGB"),
    Change.CAPTIONED: _captioned,
    Change.WATERMARKED: _watermarked,
    Change.BLURRED: lambda image, dice: image.filter(ImageFilter.GaussianBlur(dice.between(0.6, 1.6))),
    Change.TURNED: _turned,
    Change.MIRRORED: lambda image, _: ImageOps.mirror(image),
}
