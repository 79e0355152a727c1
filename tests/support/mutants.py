"""Sound files of many formats, and mutants of them: a few bytes, blocks and lengths changed at random, checksums mended."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from grace.evidence.decoding.program.pages import _locked
from tests.support.films import film, scenes
from tests.support.hostile import documents
from tests.support.hostile.made import Hostile, picture

_PICTURES: dict[str, dict[str, object]] = {
    "JPEG": {},
    "JPEG in steps": {"progressive": True},
    "PNG": {},
    "GIF": {},
    "WEBP": {},
    "WEBP without loss": {"lossless": True},
    "BMP": {},
    "TIFF": {},
    "TIFF by LZW": {"compression": "tiff_lzw"},
    "TIFF by zlib": {"compression": "tiff_adobe_deflate"},
    "TIFF by JPEG": {"compression": "jpeg"},
    "AVIF": {},
    "JPEG2000": {},
}
_FILMS = (
    *(("mpeg4", "mp4"), ("libvpx", "webm"), ("libvpx-vp9", "webm"), ("libsvtav1", "mp4"), ("mpeg2video", "mpeg"), ("mpeg2video", "mpegts")),
    *(("mjpeg", "avi"), ("flv", "flv"), ("wmv2", "asf"), ("msmpeg4", "avi")),
)
_LENGTHS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Seed:
    """A sound file, and what it is asked for."""

    name: str
    content: bytes
    verb: str = "fingerprint"


def seeds() -> list[Seed]:
    """The sound files."""
    made = [Seed(name, picture(name.split(" ")[0], 48, 32, **options)) for name, options in _PICTURES.items()]
    for codec, written_as in _FILMS:
        content = film(scenes(1, 1, rate=4, height=64, width=80), rate=25, codec=codec, written_as=written_as)
        made.append(Seed(f"{codec} in {written_as}", content, "fingerprint_video"))
    text = documents.document(
        documents.stream(zlib.compress(b"BT /F 9 Tf 72 700 Td (One) Tj 0 -12 Td (Two) Tj ET"), b"/Filter/FlateDecode")
    )
    return [*made, Seed("PDF", text, "pages"), Seed("PDF, locked", _locked("AES-128"), "pages")]


def mutants(some: list[Seed], number: int, seed: int) -> Iterator[Hostile]:
    """So many mutants, each format in turn; the same number and seed make the same mutants."""
    for count in range(number):
        original = some[count % len(some)]
        yield Hostile(f"{original.name}, {seed}:{count}", _mutant(original, random.Random(f"{seed}:{count}")), original.verb)


def _mutant(original: Seed, dice: random.Random) -> bytes:
    content = bytearray(original.content)
    for _ in range(dice.choice((1, 1, 2, 4, 8, 24))):
        at = dice.randrange(len(content) + 1) if dice.random() < 0.7 else dice.randrange(min(len(content), 400) + 1)
        match dice.randrange(6):
            case 0 | 1:
                content[at : at + 1] = bytes([dice.randrange(256)])
            case 2:
                content[at : at + 1] = bytes([(content[at] if at < len(content) else 0) ^ 1 << dice.randrange(8)])
            case 3:
                width = dice.choice((1, 2, 4))
                value = dice.choice(_LENGTHS) & (1 << 8 * width) - 1
                content[at : at + width] = value.to_bytes(width, dice.choice(("big", "little")))
            case 4:
                content[at : at + dice.randrange(64)] = b""
            case 5:
                content[at:at] = content[(other := dice.randrange(len(content) + 1)) : other + dice.randrange(64)]
    return _mended(bytes(content)) if original.name == "PNG" else bytes(content)


def _mended(png: bytes) -> bytes:
    """A PNG with right checksums, or no mutant would get beyond them."""
    mended, at = bytearray(png[:8]), 8
    while at + 12 <= len(png):
        size = struct.unpack(">I", png[at : at + 4])[0]
        body = png[at + 4 : at + 8 + size]
        mended += png[at : at + 4] + body + struct.pack(">I", zlib.crc32(body))
        at += 12 + size
    return bytes(mended) + png[at:]
