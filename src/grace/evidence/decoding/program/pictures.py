"""Pixels out of untrusted bytes, by Pillow, by one stated rule.

The rule: what a plain viewer shows. The first frame of an animation or of several pages; turned upright as its EXIF
orientation says; transparency laid over white; palettes resolved; 16-bit channels cut to their upper 8 bits; 32-bit
integers and floats stretched linearly from their least to their greatest value; CMYK and YCbCr converted by Pillow's
own formulas, without colour profiles. Colours in CIELAB are not decoded. A file that ends early is not decoded.
Only the formats of :data:`FORMATS` are tried, whatever else Pillow could open.

Fingerprints have a rule of their own, which is that of whoever else fills hash lists: see :class:`Shown`.
"""

from __future__ import annotations

import io
import warnings
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from PIL import AvifImagePlugin, Image, ImageFile, ImageOps, UnidentifiedImageError, features

from grace.evidence.decoding.port import Limits, Preview, Reason
from grace.evidence.decoding.program.blur import Pixels
from grace.sdk.analysis import Picture

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000")
_PLUG_INS = ("Jpeg", "Mpo", "Png", "Gif", "WebP", "Bmp", "Tiff", "Avif", "Jpeg2K")
"""Those of Pillow that decode these formats; it has some forty more, which take a tenth of a second to load."""
_STRETCHED = frozenset({"I", "F"})
_SHADES = frozenset({"1", "L", "P", "RGB", "CMYK", "YCbCr", "HSV", "LA", "La", "PA", "RGBA", "RGBa", "RGBX"})
_JPEG_QUALITY = 85
_MANY, _STRIP = 8_000_000, 128
_ORIENTATION = 0x0112
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
turbo: Any = import_module("simplejpeg") if find_spec("simplejpeg") else None
"""libjpeg-turbo without a detour: three times as fast for the same pixels. Where it is not installed, Pillow decodes everything."""


class Unfit(Exception):
    """There are no pixels to be had, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def warm_up() -> None:
    """Load every codec now: later the process can open no file."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.preinit()
    for plugin in _PLUG_INS:
        import_module(f"PIL.{plugin}ImagePlugin")
    for name in ("avif", "webp", "jpg_2000", "libtiff"):
        if features.check(name):
            written = io.BytesIO()
            kind = {"avif": "AVIF", "webp": "WEBP", "jpg_2000": "JPEG2000", "libtiff": "TIFF"}[name]
            Image.new("RGB", (16, 16)).save(written, kind)
            open_upright(written.getvalue(), Limits())
    written = io.BytesIO()
    Image.new("RGB", (16, 16)).save(written, "JPEG", exif=Image.Exif())
    make_preview(written.getvalue(), 8, Limits())
    make_pixels(written.getvalue(), Limits())


def ordinary_picture() -> bytes:
    """A JPEG of the size and unrest of a photograph, of nothing."""
    height, width = 480, 640
    waves = np.sin(np.arange(height)[:, None] / 37) + np.cos(np.arange(width)[None, :] / 53)
    grain = np.random.default_rng(1).normal(0, 4, (height, width, 3))
    written, exif = io.BytesIO(), Image.Exif()
    exif[_ORIENTATION] = 1
    Image.fromarray(np.clip(128 + 50 * waves[..., None] + grain, 0, 255).astype(np.uint8)).save(written, "JPEG", exif=exif)
    return written.getvalue()


def open_upright(content: bytes, limits: Limits) -> Image.Image:
    """An RGB image by the rule above. Raises :class:`Unfit`, and whatever Pillow raises for a damaged file."""
    return _upright(_opened(content, limits))


def make_picture(content: bytes, most_side: int | None, limits: Limits) -> Picture:
    """All pixels, or fewer where ``most_side`` is given."""
    image = open_upright(content, limits)
    if most_side:
        image.thumbnail((most_side, most_side), Image.Resampling.LANCZOS)
    return Picture(image.width, image.height, image.tobytes())


def make_small_picture(content: bytes, most_side: int, limits: Limits) -> Picture:
    """A picture with no side longer than ``most_side``, from a fraction of a large JPEG's pixels: what models are shown, whose answers must be had again."""
    image = _small(content, most_side, limits)
    return Picture(image.width, image.height, image.tobytes())


def make_pixels(content: bytes, limits: Limits) -> tuple[Pixels, tuple[int, int]]:
    """The pixels that PDQ is made of, and width and height when upright: see :class:`Shown`."""
    shown = Shown(content, limits)
    return shown.pixels, shown.size


class Shown:
    """A picture that is decoded once, however many look at it. Raises as :func:`open_upright` does, when it is first looked at."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._content = content
        self._limits = limits

    @cached_property
    def pixels(self) -> Pixels:
        """The pixels that PDQ is made of: ``height x width x 3``, or in grey ``height x width``.

        Lists of others are made by ThreatExchange and its like, so these are the pixels that those take: Pillow's own
        conversion to RGB of the first frame *as it is stored*. It is not turned as EXIF says, transparency is dropped and not
        laid over anything, and 16-bit grey, 32-bit integers and floats are cut at 255. (ThreatExchange itself takes the
        numbers of a palette for shades, and ink for light in CMYK; its other implementations do not, and neither do we.)
        """
        opened = self._opened
        pixels = _turbo(self._content, opened)
        if pixels is None:
            if opened.mode not in _SHADES | _STRETCHED and not opened.mode.startswith("I;16"):
                raise Unfit(Reason.FORMAT)
            pixels = _pixels_of(opened if opened.mode in {"L", "RGB"} else opened.convert("RGB"))
        return pixels

    @property
    def size(self) -> tuple[int, int]:
        """Width and height when upright."""
        width, height = self._opened.size
        return (height, width) if self._orientation in _ON_ITS_SIDE else (width, height)

    def small(self, most_side: int) -> Picture:
        """By the rule above, upright, and no side longer than ``most_side``: each pixel is about the mean of the area that it covers."""
        opened = self._opened
        is_plain = opened.mode in {"L", "RGB"} and not opened.has_transparency_data
        image = Image.fromarray(self.pixels) if is_plain else _to_rgb(opened)
        image.thumbnail((most_side, most_side), Image.Resampling.BOX, reducing_gap=1.0)
        turn = _TURNS.get(self._orientation)
        image = (image if turn is None else image.transpose(turn)).convert("RGB")
        return Picture(image.width, image.height, image.tobytes())

    @cached_property
    def _opened(self) -> Image.Image:
        return _opened(self._content, self._limits)

    @cached_property
    def _orientation(self) -> int:
        found = self._opened.getexif().get(_ORIENTATION)
        return found if isinstance(found, int) else 1


def make_preview(content: bytes, most_side: int, limits: Limits) -> Preview:
    """A JPEG of at most ``most_side`` pixels a side; a large JPEG is decoded at a fraction of its size."""
    image = _small(content, most_side, limits)
    bare = Image.frombytes("RGB", image.size, image.tobytes())  # nothing of the original but its pixels
    written = io.BytesIO()
    bare.save(written, "JPEG", quality=_JPEG_QUALITY)
    return Preview(bare.width, bare.height, written.getvalue())


def _small(content: bytes, most_side: int, limits: Limits) -> Image.Image:
    opened = _opened(content, limits)
    opened.draft("RGB", (most_side, most_side))
    image = _upright(opened)
    image.thumbnail((most_side, most_side), Image.Resampling.LANCZOS)
    return image


def _opened(content: bytes, limits: Limits) -> Image.Image:
    if not content:
        raise Unfit(Reason.EMPTY)
    Image.MAX_IMAGE_PIXELS = limits.most_pixels
    try:
        opened = Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit(Reason.PIXELS) from None
    except UnidentifiedImageError:
        raise Unfit(Reason.DAMAGED if _starts_like_one(content[:16]) else Reason.FORMAT) from None
    if opened.width * opened.height > limits.most_pixels:
        raise Unfit(Reason.PIXELS)
    return opened


def _turbo(content: bytes, opened: Image.Image) -> Pixels | None:
    """A JPEG's pixels; None for all that is not a flawless JPEG in grey or colour, for Pillow to judge."""
    if turbo is None or opened.format not in {"JPEG", "MPO"} or opened.mode not in {"L", "RGB"}:
        return None
    try:
        height, width = turbo.decode_jpeg_header(content)[:2]
        if (width, height) != opened.size:  # two heads: the one that was not looked at may promise any number of pixels
            return None
        decoded: Pixels = turbo.decode_jpeg(content, "GRAY" if opened.mode == "L" else "RGB", strict=True)
    except ValueError:
        return None
    return decoded.squeeze(axis=2) if opened.mode == "L" else decoded


def _pixels_of(image: Image.Image) -> Pixels:
    """The image's pixels; many millions of them one strip after the other, which is half as dear as all at once."""
    image.load()
    if image.width * image.height <= _MANY:
        return np.asarray(image)
    pixels = np.empty((image.height, image.width, len(image.getbands())), np.uint8)
    for top in range(0, image.height, _STRIP):
        strip = image.crop((0, top, image.width, min(top + _STRIP, image.height)))
        pixels[top : top + _STRIP] = np.frombuffer(strip.tobytes(), np.uint8).reshape(strip.height, *pixels.shape[1:])
    return pixels.squeeze(axis=2) if image.mode == "L" else pixels


def _starts_like_one(head: bytes) -> bool:
    accepts = (Image.OPEN[name][1] for name in FORMATS)
    return any(accept(head) for accept in accepts if accept)


def _upright(image: Image.Image) -> Image.Image:
    ImageOps.exif_transpose(image, in_place=True)  # without a copy where nothing is to be turned
    return _to_rgb(image)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    elif image.mode in _STRETCHED:
        image = _stretched(image)
    if image.mode not in _SHADES:
        raise Unfit(Reason.FORMAT)
    if image.has_transparency_data:
        upon = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", upon.size, "white"), upon).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _stretched(image: Image.Image) -> Image.Image:
    values = np.nan_to_num(np.asarray(image, np.float64), posinf=0, neginf=0)
    least, most = values.min(), values.max()
    return Image.fromarray(((values - least) * (255 / (most - least) if most > least else 0)).astype(np.uint8))
