"""Pictures: gradients in every mode, size and compression that Pillow writes, and some written by hand."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from PIL import Image

from tests.support.file_kinds.sample import Sample, sample

_SIDES = ((16, 16), (61, 33), (200, 150))
_WAYS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("JPEG", "RGB", "image/jpeg", {"quality": 90}),
    ("JPEG", "RGB", "image/jpeg", {"progressive": True, "optimize": True}),
    ("JPEG", "L", "image/jpeg", {"quality": 30, "comment": b"a note about the weather"}),
    ("JPEG", "CMYK", "image/jpeg", {"restart_marker_rows": 1}),
    ("PNG", "RGB", "image/png", {}),
    ("PNG", "RGBA", "image/png", {"optimize": True}),
    ("PNG", "P", "image/png", {}),
    ("PNG", "I;16", "image/png", {}),
    ("PNG", "1", "image/png", {"dpi": (300, 300)}),
    ("GIF", "P", "image/gif", {}),
    ("GIF", "L", "image/gif", {"comment": b"a note"}),
    ("WEBP", "RGB", "image/webp", {"quality": 60}),
    ("WEBP", "RGBA", "image/webp", {"lossless": True}),
    ("BMP", "RGB", "image/bmp", {}),
    ("BMP", "P", "image/bmp", {}),
    ("BMP", "1", "image/bmp", {}),
    ("TIFF", "RGB", "image/tiff", {}),
    ("TIFF", "L", "image/tiff", {"compression": "tiff_lzw"}),
    ("TIFF", "RGB", "image/tiff", {"compression": "jpeg"}),
    ("TIFF", "1", "image/tiff", {"compression": "group4"}),
    ("ICO", "RGBA", "image/vnd.microsoft.icon", {"sizes": [(16, 16), (32, 32)]}),
    ("AVIF", "RGB", "image/avif", {"speed": 10}),
    ("JPEG2000", "RGB", "image/jp2", {}),
    ("PPM", "RGB", "image/x-portable-anymap", {}),
    ("PPM", "L", "image/x-portable-anymap", {}),
    ("PDF", "RGB", "application/pdf", {}),
)
_OTHER_NAMES = {
    "image/vnd.microsoft.icon": ("image/x-icon", "image/ico"),
    "image/bmp": ("image/x-ms-bmp",),
    "image/x-portable-anymap": ("image/x-portable-pixmap", "image/x-portable-graymap", "image/x-portable-bitmap"),
    "image/vnd.adobe.photoshop": ("image/x-photoshop",),
}


def gradient(mode: str = "RGB", side: tuple[int, int] = (61, 33), turn: int = 0) -> Image.Image:
    """A picture of nothing."""
    picture = Image.radial_gradient("L").resize(side).rotate(turn)
    if mode == "I;16":
        return picture.convert("I").point(lambda value: value * 200).convert("I;16")
    return Image.merge("RGB", (picture, picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), picture.rotate(90))).convert(mode)


def written(picture: Image.Image, form: str, **options: Any) -> bytes:
    """The picture as a file."""
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def photoshop(width: int = 8, height: int = 8) -> bytes:
    """A grey picture as Photoshop writes it."""
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 1, height, width, 8, 1)
    return head + bytes(12) + bytes(2) + bytes(width * height)


def pictures() -> Iterator[Sample]:
    """Whole pictures."""
    for form, mode, media_type, options in _WAYS:
        for side in _SIDES:
            name = f"{form} {mode} {side[0]}x{side[1]} {' '.join(options)}".strip()
            yield sample(name, written(gradient(mode, side), form, **options), media_type, *_OTHER_NAMES.get(media_type, ()))
    moving = [gradient("RGB", (40, 30), turn * 30) for turn in range(4)]
    for form, media_type in (
        ("GIF", "image/gif"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("TIFF", "image/tiff"),
        ("AVIF", "image/avif"),
    ):
        content = written(moving[0], form, save_all=True, append_images=moving[1:], duration=100)
        yield sample(f"{form} of four pictures", content, media_type, *(("image/apng",) if form == "PNG" else ()))
    yield sample("MPO of two pictures", written(moving[0], "MPO", save_all=True, append_images=moving[1:2]), "image/jpeg", "image/mpo")
    yield sample("Photoshop", photoshop(), "image/vnd.adobe.photoshop", *_OTHER_NAMES["image/vnd.adobe.photoshop"])
    yield from _high_efficiency()


def _high_efficiency() -> Iterator[Sample]:
    with suppress(ImportError):
        import pillow_heif

        for side in _SIDES:
            stream = io.BytesIO()
            pillow_heif.from_pillow(gradient("RGB", side)).save(stream)
            yield sample(f"HEIC {side[0]}x{side[1]}", stream.getvalue(), "image/heic", "image/heif")
