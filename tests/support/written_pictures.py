"""Pictures of text with the text known: neutral sentences in many fonts, as a page and as a chat; and pictures without any text.

The fonts are packages of Debian (fonts-dejavu-core and -extra, fonts-freefont-ttf, fonts-liberation, fonts-noto-core, fonts-open-sans, fonts-roboto-unhinted,
fonts-inter, fonts-crosextra-carlito, fonts-linuxlibertine); those that are not installed are left out.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = (
    "DejaVuSans.ttf",
    "DejaVuSerif.ttf",
    "DejaVuSansMono.ttf",
    "FreeSans.ttf",
    "FreeSerif.ttf",
    "FreeMono.ttf",
    "LiberationSans-Regular.ttf",
    "LiberationSerif-Regular.ttf",
    "LiberationMono-Regular.ttf",
    "NotoSans-Regular.ttf",
    "NotoSerif-Regular.ttf",
    "OpenSans-Regular.ttf",
    "Roboto-Regular.ttf",
    "Inter-Regular.otf",
    "Carlito-Regular.ttf",
    "LinLibertine_R.otf",
    "LinBiolinum_R.otf",
)
"""Fonts that have letters of all three scripts."""
SIZES = (14, 18, 22, 28, 40)
_SENTENCES = Path(__file__).parent.parent.parent / "benchmarks" / "languages"
LANGUAGES: Mapping[str, Sequence[str]] = {
    "Latin": [
        "cs",
        "da",
        "de",
        "en",
        "es",
        "et",
        "fi",
        "fr",
        "ga",
        "hr",
        "hu",
        "it",
        "lt",
        "lv",
        "mt",
        "nl",
        "pl",
        "pt",
        "ro",
        "sk",
        "sl",
        "sv",
    ],
    "Greek": ["el"],
    "Cyrillic": ["bg"],
}
_THEMES = (
    ((236, 229, 221), (255, 255, 255), (0, 0, 0), (220, 248, 198), (0, 0, 0)),
    ((11, 20, 26), (32, 44, 51), (233, 237, 239), (0, 92, 75), (233, 237, 239)),
    ((255, 255, 255), (233, 233, 235), (0, 0, 0), (0, 122, 255), (255, 255, 255)),
    ((24, 25, 26), (58, 59, 60), (228, 230, 235), (0, 132, 255), (255, 255, 255)),
)
"""Behind all, theirs, its text, ours, its text: as usual messengers look, light and dark."""


@dataclass(frozen=True, slots=True)
class Written:
    """A picture, and its lines from top to bottom."""

    picture: Image.Image
    lines: tuple[str, ...]


@cache
def fonts() -> Mapping[str, Path]:
    """Those of the fonts that are installed."""
    there = {
        path.name: path for folder in ("/usr/share/fonts", "/usr/local/share/fonts") for path in sorted(Path(folder).rglob("*.[ot]tf"))
    }
    return {name: there[name] for name in FONTS if name in there}


@cache
def sentences(language: str) -> tuple[str, ...]:
    """The sentences of a language, of which the benchmark of languages has some."""
    lines = (_SENTENCES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _sentence(chance: random.Random, script: str) -> str:
    return chance.choice(sentences(chance.choice(LANGUAGES[script])))


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def page(script: str, font_name: str, size: int) -> Written:
    """Black on white."""
    chance = random.Random(f"page {script} {font_name} {size}")
    font, width, step = ImageFont.truetype(str(fonts()[font_name]), size), chance.choice((600, 800, 1000)), round(size * 1.45)
    lines = [line for _ in range(4) for line in _wrapped(_sentence(chance, script), font, width - 40)]
    picture = Image.new("RGB", (width, step * len(lines) + 40), "white")
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((20, 20 + number * step), line, font=font, fill="black")
    return Written(picture, tuple(lines))


def chat(script: str, font_name: str, size: int) -> Written:
    """A messenger: bubbles left and right, light or dark, written as JPEG of middling quality."""
    chance = random.Random(f"chat {script} {font_name} {size}")
    font, step = ImageFont.truetype(str(fonts()[font_name]), size), round(size * 1.35)
    width = chance.choice((540, 720, 1080)) if size < 28 else 1080
    behind, theirs, their_text, ours, our_text = chance.choice(_THEMES)
    bubbles = [(chance.random() < 0.5, _wrapped(_sentence(chance, script), font, width * 0.7 - 2 * size)) for _ in range(5)]
    height = sum(len(lines) * step + 2 * size for _, lines in bubbles) + 60
    picture = Image.new("RGB", (width, height), behind)
    draw, top = ImageDraw.Draw(picture), 30.0
    for is_ours, lines in bubbles:
        wide = max(map(font.getlength, lines)) + 1.4 * size
        left = width - 20 - wide if is_ours else 20
        draw.rounded_rectangle((left, top, left + wide, top + len(lines) * step + size), size * 0.6, fill=ours if is_ours else theirs)
        for number, line in enumerate(lines):
            place = (left + 0.7 * size, top + size * 0.4 + number * step)
            draw.text(place, line, font=font, fill=our_text if is_ours else their_text)
        top += len(lines) * step + 1.5 * size
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=chance.choice((60, 75, 90)))
    return Written(Image.open(jpeg).convert("RGB"), tuple(line for _, lines in bubbles for line in lines))


def _cells(chance: random.Random) -> Image.Image:
    """Pebbles: discs of all sizes."""
    picture = Image.new("RGB", (900, 700), (120, 118, 110))
    draw = ImageDraw.Draw(picture)
    for _ in range(900):
        x, y, r, shade = chance.randrange(900), chance.randrange(700), chance.randrange(4, 22), chance.randrange(60, 220)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(shade, shade, shade - 20))
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def _blades(chance: random.Random) -> Image.Image:
    """Grass: short strokes in green."""
    picture = Image.new("RGB", (900, 700), (60, 110, 50))
    draw = ImageDraw.Draw(picture)
    for _ in range(6000):
        x, y, lean, shade = chance.randrange(900), chance.randrange(700), chance.randrange(-6, 7), chance.randrange(70, 200)
        draw.line((x, y, x + lean, y - chance.randrange(8, 26)), fill=(shade // 2, shade, shade // 3), width=chance.choice((1, 2)))
    return picture


def _bricks(_: random.Random) -> Image.Image:
    picture = Image.new("RGB", (900, 700), (200, 195, 190))
    draw = ImageDraw.Draw(picture)
    for row in range(28):
        for column in range(-1, 16):
            x, y = column * 60 + row % 2 * 30, row * 25
            draw.rectangle((x + 2, y + 2, x + 57, y + 22), fill=(150 + column * 3 % 30, 70, 60))
    return picture


def _noise(chance: random.Random) -> Image.Image:
    return Image.frombytes("RGB", (600, 400), chance.randbytes(720_000)).filter(ImageFilter.GaussianBlur(1.5))


def _gradient(_: random.Random) -> Image.Image:
    across = Image.linear_gradient("L").resize((900, 700))
    return Image.merge("RGB", (across, across.rotate(90).resize((900, 700)), across.rotate(180)))


def _fractal(_: random.Random) -> Image.Image:
    return Image.effect_mandelbrot((900, 700), (-2, -1.2, 1, 1.2), 60).convert("RGB")


def _windows(_: random.Random) -> Image.Image:
    """A house front: the same opening again and again."""
    picture = Image.new("RGB", (900, 700), (190, 180, 160))
    draw = ImageDraw.Draw(picture)
    for row in range(9):
        for column in range(20):
            draw.rectangle((20 + column * 44, 30 + row * 74, 40 + column * 44, 70 + row * 74), fill=(40, 50, 70))
    return picture


WITHOUT_TEXT: Mapping[str, Callable[[random.Random], Image.Image]] = {
    "pebbles": _cells,
    "grass": _blades,
    "bricks": _bricks,
    "noise": _noise,
    "gradient": _gradient,
    "fractal": _fractal,
    "windows": _windows,
}
"""What readers of text see letters in."""


def without_text(name: str, seed: int = 1) -> Image.Image:
    """One of these pictures."""
    return WITHOUT_TEXT[name](random.Random(f"{name} {seed}"))
