"""The blocks that hostile files are put together from."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from functools import cache

from PIL import Image

from grace.evidence.decoding.testing import fractal, written


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file, and what it is asked for besides a fingerprint: a ``preview``, ``pages`` or a ``fingerprint_video``."""

    name: str
    content: bytes
    verb: str = "preview"


def picture(kind: str, width: int = 64, height: int = 48, **options: object) -> bytes:
    """A sound picture."""
    return written(fractal(width, height), kind, **options).getvalue()


def plain(kind: str, mode: str = "RGB", side: int = 16) -> bytes:
    """A sound picture of one colour."""
    stream = io.BytesIO()
    Image.new(mode, (side, side)).save(stream, kind)
    return stream.getvalue()


def cut(name: str, content: bytes, places: int, verb: str = "preview") -> list[Hostile]:
    """The file cut short at so many places."""
    return [
        Hostile(f"{name} cut at {part} of {places + 1}", content[: len(content) * part // (places + 1)], verb)
        for part in range(1, places + 1)
    ]


def chunk(name: bytes, body: bytes = b"", size: int | None = None) -> bytes:
    """A chunk of a PNG, with a right checksum."""
    return struct.pack(">I", len(body) if size is None else size) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*chunks: bytes, width: int = 16, height: int = 16, depth: int = 8, colour: int = 2, interlace: int = 0) -> bytes:
    """A PNG of these chunks behind its head."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks)


@cache
def bomb(megabytes: int) -> bytes:
    """Zeros, packed a thousandfold."""
    packer = zlib.compressobj(9)
    million = bytes(1 << 20)
    return b"".join(packer.compress(million) for _ in range(megabytes)) + packer.flush()


def segment(marker: int, body: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def atom(name: bytes, body: bytes = b"", size: int | None = None) -> bytes:
    """A box of an MP4."""
    return struct.pack(">I", len(body) + 8 if size is None else size) + name + body


def tiff(entries: list[tuple[int, int, int, int]], following: int = 0, tail: bytes = b"") -> bytes:
    """A TIFF of one directory: tag, type, count and value of each entry."""
    return tiff_directory(entries, following, b"II*\0" + struct.pack("<I", 8)) + tail


def tiff_directory(entries: list[tuple[int, int, int, int]], following: int, before: bytes = b"") -> bytes:
    """A directory, and what stands before it."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return before + struct.pack("<H", len(entries)) + packed + struct.pack("<I", following)
