"""Where pictures carry what they say: the segments of JPEG, the chunks of PNG and WebP, the blocks of GIF, the resources of Photoshop."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace

from grace.analysis.analysers.metadata import exif, iptc
from grace.analysis.analysers.metadata.said import Piece, decoded
from grace.analysis.analysers.walks import chunks, gif, jpeg
from grace.analysis.analysers.walks.reading import Short, Steps, big, part

_EXIF, _XMP, _MORE_XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
_PROFILE, _RESOURCES = b"ICC_PROFILE\0", b"Photoshop 3.0\0"
_APP_1, _APP_2, _APP_11, _APP_13 = 0xE1, 0xE2, 0xEB, 0xED
_MOST_JOINED = 4 << 20
_MOST_INFLATED = 1 << 20


def of_jpeg(data: bytes, steps: Steps) -> Iterator[Piece]:
    """Segments as they come; what is spread over several is joined in the order of the file."""
    joined: dict[str, bytearray] = {}
    try:
        for marker, start, end in jpeg.segments(data, steps):
            if marker == jpeg.COMMENT:
                yield Piece("text", data[start:end], start, end, "Comment")
            elif marker == _APP_1 and data.startswith(_EXIF, start):
                yield Piece("exif", data[start + 6 : end], start + 6, end)
            elif marker == _APP_1 and data.startswith(_XMP, start):
                yield Piece("xmp", data[start + len(_XMP) : end], start + len(_XMP), end)
            elif marker == _APP_13 and data.startswith(_RESOURCES, start):
                yield Piece("resources", data[start + len(_RESOURCES) : end], start + len(_RESOURCES), end)
            else:
                _join(joined, data, marker, start, end)
    except Short:
        pass  # what came before the cut is as good as it was
    yield from (Piece(form, bytes(content)) for form, content in joined.items())


def _join(joined: dict[str, bytearray], data: bytes, marker: int, start: int, end: int) -> None:
    form, skipped = "", 0
    if marker == _APP_1 and data.startswith(_MORE_XMP, start):
        form, skipped = "xmp", len(_MORE_XMP) + 40
    elif marker == _APP_2 and data.startswith(_PROFILE, start):
        form, skipped = "icc", len(_PROFILE) + 2
    elif marker == _APP_11 and data[start : start + 2] == b"JP":
        form, skipped = "c2pa", 8 if "c2pa" not in joined else 16  # every further segment repeats the head of the box
    if form:
        content = joined.setdefault(form, bytearray())
        content += data[start + skipped : min(end, start + skipped + _MOST_JOINED - len(content))]


_RAW_PROFILE = re.compile(r"Raw profile type (exif|APP1|iptc|8bim|xmp|icc|icm)")
_RAW_FORMS = {"exif": "exif", "APP1": "exif", "iptc": "resources", "8bim": "resources", "xmp": "xmp", "icc": "icc", "icm": "icc"}


def _inflated(raw: bytes, steps: Steps) -> bytes:
    """A compressed text of PNG, up to a bound. Raises :class:`Short` where it is damaged."""
    try:
        unpacked = zlib.decompressobj().decompress(raw, _MOST_INFLATED)
    except zlib.error as damaged:
        raise Short("a compressed text is damaged") from damaged
    steps.take(len(unpacked))
    return unpacked


def _text_of_png(name: bytes, content: bytes, steps: Steps) -> tuple[str, bytes]:
    """Key and text of the three chunks of text, the text as its chunk codes it."""
    key, _, rest = content.partition(b"\0")
    if name == b"zTXt":
        rest = _inflated(rest[1:], steps)
    elif name == b"iTXt":
        compressed, rest = rest[:1] == b"\1", rest[2:]
        rest = rest.partition(b"\0")[2].partition(b"\0")[2]
        rest = _inflated(rest, steps) if compressed else rest
    return decoded(key[:79]), rest


def _in_hex(key: str, content: bytes) -> Piece | None:
    """What ImageMagick writes as a text: a name, a length, and the bytes in hexadecimal digits."""
    found = _RAW_PROFILE.fullmatch(key)
    if not found:
        return None
    digits = b"".join(content.split()[2:])
    try:
        raw = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return None
    return Piece(_RAW_FORMS[found[1]], raw.removeprefix(_EXIF))


def of_png(data: bytes, steps: Steps) -> Iterator[Piece]:
    """Chunks of text, EXIF, colour and C2PA."""
    for name, start, end in chunks.png(data, steps):
        if name == b"eXIf":
            yield Piece("exif", data[start:end].removeprefix(_EXIF), start, end)
        elif name == b"caBX":
            yield Piece("c2pa", data[start:end], start, end)
        elif name == b"iCCP":
            try:
                yield Piece("icc", _inflated(data[start:end].partition(b"\0")[2][1:], steps), start, end)
            except Short:
                continue
        elif name in {b"tEXt", b"zTXt", b"iTXt"}:
            try:
                key, text = _text_of_png(name, data[start:end], steps)
            except Short:
                continue
            known = Piece("xmp", text) if key == "XML:com.adobe.xmp" else _in_hex(key, text)
            yield replace(known or Piece("text", text, key=key), at=start, end=end)


_OF_WEBP = {b"EXIF": "exif", b"XMP ": "xmp", b"ICCP": "icc", b"C2PA": "c2pa"}


def of_webp(data: bytes, steps: Steps) -> Iterator[Piece]:
    """Chunks with names of their own."""
    for name, start, end in chunks.riff(data, steps, 12, len(data)):
        if name in _OF_WEBP:
            yield Piece(_OF_WEBP[name], data[start:end].removeprefix(_EXIF), start, end)


def of_gif(data: bytes, steps: Steps) -> Iterator[Piece]:
    """Comments, and XMP, which stands there as it is and not in sub-blocks."""
    for kind, start, end in gif.blocks(data, steps):
        if kind == gif.COMMENT:
            yield Piece("text", gif.joined(data, start + 2, _MOST_INFLATED), start, end, "Comment")
        elif kind == gif.APPLICATION and data[start + 3 : start + 14] == b"XMP DataXMP":
            yield Piece("xmp", data[start + 14 : end].rpartition(b">")[0] + b">", start, end)
        elif kind == gif.APPLICATION and data[start + 3 : start + 11] == b"C2PA_GIF":
            yield Piece("c2pa", gif.joined(data, start + 14, _MOST_JOINED), start, end)


def of_tiff(data: bytes, steps: Steps) -> Iterator[Piece]:
    """The whole is an EXIF; other forms are values of its tags."""
    yield Piece("exif", data, 0, len(data))
    for form, content in exif.embedded(data, steps):
        yield Piece(form, content)


def of_photoshop(data: bytes, steps: Steps) -> Iterator[Piece]:
    """Its second part is resources."""
    at = 30 + big(data, 26, 4)
    size = big(data, at, 4)
    steps.take()
    yield Piece("resources", part(data, at + 4, size), at + 4, at + 4 + size)


def of_resources(piece: Piece, steps: Steps) -> Iterator[Piece]:
    """What resources of Photoshop hold, each with its place in the file."""
    for form, start, end in iptc.resources(piece.data, steps):
        yield Piece(form, piece.data[start:end].removeprefix(_EXIF), piece.at + start, piece.at + end)
