"""Drawings of three harmless things - boats, bridges, stairs - and of anything else: what the classifier that comes with GRACE learns from.

They stand in for what a real classifier would look for, so that the whole path of a model can be shown and tested without any such file.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from grace.simulate.chance import Dice, Key
from grace.simulate.looks import Look, as_jpeg, show
from grace.simulate.pictures import landscape, shapes

Colour: TypeAlias = tuple[int, int, int]
Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, width, height, in pixels."""
Pen: TypeAlias = ImageDraw.ImageDraw
_SIZES = ((240, 180), (256, 192), (192, 192), (180, 240), (288, 162))
_WATER = ((60, 95, 120), (80, 120, 140), (45, 70, 95), (110, 140, 150))
_PAINTS = ((165, 60, 50), (60, 90, 135), (225, 220, 205), (85, 115, 85), (50, 52, 60), (190, 150, 65), (120, 100, 85), (150, 150, 155))


class StandIn(StrEnum):
    """What a drawing shows."""

    BOAT = "boat"
    BRIDGE = "bridge"
    STAIRS = "stairs"
    OTHER = "other"


def draw(what: StandIn, *key: Key, small: bool = False) -> Image.Image:
    """A picture of some 240 pixels, the same for the same key; ``small`` shows the thing in a fifth to a third of the width."""
    dice = Dice(*key, what.value, "stand-in")
    if what is StandIn.OTHER:
        return _other(dice)
    size = dice.pick(_SIZES)
    image = _ground(what, dice, size)
    share = dice.between(0.2, 0.34) if small else dice.between(0.42, 0.95)
    wide = share * size[0]
    high = min(wide * dice.between(0.55, 0.95), size[1] * 0.9)
    left, top = dice.unit() * (size[0] - wide), dice.unit() * (size[1] - high)
    _DRAWN[what](ImageDraw.Draw(image), (left, top, wide, high), dice)
    if dice.chance(0.5):
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return _taken(_askew(image, dice), dice)


def _other(dice: Dice) -> Image.Image:
    """The same grounds with nothing upon them, blocks and discs, and what screens, pages and drawings look like."""
    lot = dice.unit()
    if lot < 0.45:
        return _taken(_askew(_ground(dice.pick(tuple(_DRAWN)), dice, dice.pick(_SIZES)), dice), dice)
    if lot < 0.65:
        return _taken(_askew(shapes(dice, dice.pick(_SIZES)), dice), dice)
    look = dice.pick((Look.SCREENSHOT, Look.DOCUMENT, Look.DRAWING, Look.PHOTO))
    image = show(look, dice.word(), "other")
    return image.resize((max(48, image.width // 2), max(48, image.height // 2)), Image.Resampling.LANCZOS)


def _askew(image: Image.Image, dice: Dice) -> Image.Image:
    """Held a little askew, and not quite sharp."""
    turned = image.rotate(dice.between(-6, 6), Image.Resampling.BICUBIC, fillcolor=image.getpixel((0, 0)))
    return turned.filter(ImageFilter.GaussianBlur(dice.between(0.2, 0.9)))


def _taken(image: Image.Image, dice: Dice) -> Image.Image:
    """With the light and the grain of a camera, from a JPEG."""
    rng = np.random.Generator(np.random.PCG64(dice.word()))
    light = np.linspace(dice.between(0.75, 1.1), dice.between(0.75, 1.1), image.width)[None, :, None]
    grain = rng.normal(0, dice.between(1, 7), (image.height, image.width, 1))
    return as_jpeg(Image.fromarray(np.clip(np.asarray(image) * light + grain, 0, 255).astype(np.uint8)), 60 + dice.below(36))


def _ground(what: StandIn, dice: Dice, size: tuple[int, int]) -> Image.Image:
    """A landscape, blocks, or one colour; under boats and bridges often water."""
    lot = dice.unit()
    if lot < 0.55:
        image = landscape(dice, size)
    elif lot < 0.75:
        image = shapes(dice, size).filter(ImageFilter.GaussianBlur(3))
    else:
        image = Image.new("RGB", size, dice.pick(((205, 215, 225), (170, 180, 190), (225, 220, 210), (120, 130, 140))))
    if what is not StandIn.STAIRS and dice.chance(0.6):
        top = int(size[1] * dice.between(0.55, 0.85))
        ImageDraw.Draw(image).rectangle((0, top, size[0], size[1]), fill=dice.pick(_WATER))
    return image


def _boat(pen: Pen, box: Box, dice: Dice) -> None:
    """A hull, and above it a mast with sails or a cabin with a funnel."""
    left, top, wide, high = box
    deck, bottom = top + high * dice.between(0.6, 0.74), top + high
    bow, stern = wide * dice.between(0.08, 0.2), wide * dice.between(0.02, 0.12)
    ink = dice.pick(_PAINTS)
    if dice.chance(0.6):
        mast = left + wide * dice.between(0.4, 0.6)
        sail = dice.pick(((240, 238, 230), (225, 200, 170), (200, 90, 70), (180, 200, 215)))
        pen.polygon(((mast + 2, top), (mast + 2, deck - 4), (left + wide * 0.95, deck - 4)), fill=sail)
        if dice.chance(0.7):
            pen.polygon(((mast - 2, top + high * 0.1), (mast - 2, deck - 4), (left + wide * 0.12, deck - 4)), fill=sail)
        pen.line((mast, top, mast, deck), fill=(70, 55, 45), width=max(2, int(wide / 50)))
    else:
        cabin = top + high * dice.between(0.3, 0.45)
        pen.rectangle((left + wide * 0.3, cabin, left + wide * 0.72, deck), fill=dice.pick(_PAINTS))
        pen.rectangle((left + wide * 0.5, top + high * 0.08, left + wide * 0.6, cabin), fill=dice.pick(_PAINTS))
        for window in range(3):
            x = left + wide * (0.35 + 0.12 * window)
            pen.rectangle((x, cabin + high * 0.06, x + wide * 0.06, cabin + high * 0.14), fill=(230, 235, 240))
    pen.polygon(((left, deck), (left + wide, deck), (left + wide - bow, bottom), (left + stern, bottom)), fill=ink)
    pen.line((left + wide * 0.02, deck + 3, left + wide * 0.97, deck + 3), fill=(235, 235, 235), width=max(1, int(high / 40)))


def _bridge(pen: Pen, box: Box, dice: Dice) -> None:
    """A deck on arches or piers, or hung from two towers."""
    left, top, wide, high = box
    deck = top + high * dice.between(0.35, 0.5)
    thick = max(3, high * 0.08)
    ink = dice.pick(_PAINTS)
    if dice.chance(0.5):
        spans = 2 + dice.below(3)
        pen.rectangle((left, deck, left + wide, top + high * 0.95), fill=ink)
        hole = dice.pick(((130, 160, 175), (175, 190, 200), (80, 110, 130)))
        for span in range(spans):
            start, end = left + wide * (span + 0.12) / spans, left + wide * (span + 0.88) / spans
            rise = deck + thick * 1.6
            pen.pieslice((start, rise, end, rise + (top + high - rise) * 2), 180, 360, fill=hole)
    else:
        line = max(1, int(wide / 90))
        towers = [left + wide * dice.between(0.18, 0.28), left + wide * dice.between(0.72, 0.82)]
        for x in towers:
            pen.rectangle((x - wide * 0.02, top, x + wide * 0.02, top + high), fill=ink)
            for step in range(1, 6):
                for side in (-1, 1):
                    pen.line((x, top + high * 0.04, x + side * wide * 0.055 * step, deck), fill=ink, width=line)
        pen.rectangle((left, deck, left + wide, deck + thick), fill=ink)
    for post in range(int(wide / 12)):
        pen.line((left + 12 * post, deck - high * 0.06, left + 12 * post, deck), fill=ink)
    pen.line((left, deck - high * 0.06, left + wide, deck - high * 0.06), fill=ink)


def _stairs(pen: Pen, box: Box, dice: Dice) -> None:
    """Steps seen from the side or from the front, treads lighter than risers, at times with a rail."""
    left, top, wide, high = box
    steps = 5 + dice.below(6)
    dark = dice.pick(((120, 110, 100), (95, 95, 100), (135, 120, 95), (85, 75, 70), (150, 150, 155)))
    light = (min(255, dark[0] + 60), min(255, dark[1] + 60), min(255, dark[2] + 60))
    if dice.chance(0.5):
        for step in range(steps):
            x, y = left + wide * step / steps, top + high * (steps - 1 - step) / steps
            pen.rectangle((x, y, left + wide, top + high), fill=dark)
            pen.rectangle((x, y, left + wide, y + max(2, high / steps * 0.3)), fill=light)
            pen.line((x, y, x, y + high / steps), fill=(40, 38, 36))
    else:
        for step in range(steps):
            inset = wide * 0.25 * (steps - step) / steps
            y, tall = top + high * step / steps, high / steps
            narrow = wide * 0.25 - inset
            pen.rectangle((left + wide * 0.25 - narrow, y, left + wide * 0.75 + narrow, y + tall * 0.45), fill=light)
            pen.rectangle((left + wide * 0.25 - narrow, y + tall * 0.45, left + wide * 0.75 + narrow, y + tall), fill=dark)
    if dice.chance(0.5):
        rail = (45, 45, 50)
        pen.line((left, top + high * 0.75, left + wide * 0.9, top - high * 0.05), fill=rail, width=max(2, int(wide / 60)))
        for post in range(steps):
            x = left + wide * (post + 0.5) / steps * 0.9
            y = top + high * (0.75 - 0.8 * (post + 0.5) / steps)
            pen.line((x, y, x, y + high * 0.2), fill=rail)


_DRAWN: dict[StandIn, Callable[[Pen, Box, Dice], None]] = {StandIn.BOAT: _boat, StandIn.BRIDGE: _bridge, StandIn.STAIRS: _stairs}
