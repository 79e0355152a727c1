"""EXIF (CIPA DC-008): the main directory, those of the camera and of the place, and the thumbnail's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction

from grace.analysis.analysers.metadata.said import Said, decoded, from_table, place_said, time_said
from grace.analysis.analysers.walks.reading import Short, Steps, part
from grace.analysis.analysers.walks.tiff import Entry, Number, Tiff

Directory = Mapping[int, Entry]
_MOST_TEXT = 16 << 10
_NO_TEXT = re.compile(rb"[\x01-\x08\x0e-\x1f]")
_RIGHTS = 0x8298
_CAMERA, _PLACE, _MAKER_NOTE = 0x8769, 0x8825, 0x927C
_TEXTS = {
    0x10E: ("description", "ImageDescription"),
    0x10F: ("device.make", "Make"),
    0x110: ("device.model", "Model"),
    0x131: ("software", "Software"),
    0x13B: ("author", "Artist"),
    0x13C: ("software", "HostComputer"),
    0x8298: ("copyright", "Copyright"),
    0xC614: ("device.model", "UniqueCameraModel"),
    0xC62F: ("device.serial", "CameraSerialNumber"),
    0xA420: ("image.id", "ImageUniqueID"),
    0xA430: ("device.owner", "CameraOwnerName"),
    0xA431: ("device.serial", "BodySerialNumber"),
    0xA433: ("device.lens", "LensMake"),
    0xA434: ("device.lens", "LensModel"),
    0xA435: ("device.serial", "LensSerialNumber"),
}
_OF_WINDOWS = {
    0x9C9B: ("title", "XPTitle"),
    0x9C9C: ("comment", "XPComment"),
    0x9C9D: ("author", "XPAuthor"),
    0x9C9E: ("keyword", "XPKeywords"),
    0x9C9F: ("title", "XPSubject"),
}
_TIMES = (
    (0x9003, 0x9011, 0x9291, "taken_at", "DateTimeOriginal"),
    (0x9004, 0x9012, 0x9292, "created_at", "DateTimeDigitized"),
    (0x132, 0x9010, 0x9290, "modified_at", "DateTime"),
)
"""The time, its zone, its fractions."""
_OF_APPLE = {
    0x0B: ("image.id", "BurstUUID"),
    0x11: ("image.id", "ContentIdentifier"),
    0x15: ("image.id", "ImageUniqueID"),
    0x2B: ("image.id", "PhotoIdentifier"),
}
_APPLE = b"Apple iOS\0\0\1MM"
_COMMENT = 0x9286
_CHARACTERS = {b"ASCII\0\0\0": "ascii", b"UNICODE\0": "utf-16", b"JIS\0\0\0\0\0": "iso2022_jp"}


def _directory(tiff: Tiff, at: int, steps: Steps) -> dict[int, Entry]:
    """The first entry of each tag, as far as the directory goes."""
    found: dict[int, Entry] = {}
    with suppress(Short):
        for entry in tiff.entries(at, steps):
            found.setdefault(entry.tag, entry)
    return found


def _below(tiff: Tiff, directory: Directory, tag: int, steps: Steps) -> dict[int, Entry]:
    numbers = _numbers(tiff, directory, tag)
    return _directory(tiff, int(numbers[0]), steps) if numbers else {}


def _numbers(tiff: Tiff, directory: Directory, tag: int) -> tuple[Number, ...]:
    entry = directory.get(tag)
    if entry is None or entry.count > 16:
        return ()
    with suppress(Short):
        return tiff.numbers(entry)
    return ()


def _raw(tiff: Tiff, directory: Directory, tag: int) -> bytes:
    entry = directory.get(tag)
    if entry is None:
        return b""
    with suppress(Short):
        return part(tiff.data, entry.at, min(entry.size, _MOST_TEXT))
    return b""


def _text(tiff: Tiff, directory: Directory, tag: int) -> str:
    """A text; the two halves of a note of rights are joined, and what is no text is told in hexadecimal digits."""
    raw = _raw(tiff, directory, tag).strip(b"\0 ")
    if _NO_TEXT.search(raw):
        return raw[:64].hex(" ")
    return "; ".join(filter(None, map(decoded, raw.split(b"\0")[:2]))) if tag == _RIGHTS else decoded(raw.partition(b"\0")[0])


def _comment(tiff: Tiff, directory: Directory) -> str:
    raw = _raw(tiff, directory, _COMMENT)
    codec = _CHARACTERS.get(raw[:8], "")
    if codec == "utf-16" and raw[8:10] not in {b"\xff\xfe", b"\xfe\xff"}:
        codec = "utf-16-be" if tiff.order == "big" or raw[8:9] == b"\0" else "utf-16-le"
    return decoded(raw[8:] if codec else raw.lstrip(b"\0"), codec)


def _degrees(tiff: Tiff, directory: Directory, tag: int, negative: str) -> float | None:
    parts = _numbers(tiff, directory, tag)
    if not parts:
        return None
    degrees = float(sum((Fraction(part) / 60**place for place, part in enumerate(parts[:3])), Fraction(0)))
    return -degrees if _text(tiff, directory, tag - 1).upper()[:1] == negative else degrees


def _place(tiff: Tiff, directory: Directory) -> Iterator[Said]:
    latitude, longitude = _degrees(tiff, directory, 2, "S"), _degrees(tiff, directory, 4, "W")
    facts = {}
    altitude, below = _numbers(tiff, directory, 6), _raw(tiff, directory, 5)[:1] == b"\1"
    if altitude:
        facts["altitude"] = f"{-float(altitude[0]) if below else float(altitude[0]):.1f} m"
    clock = _numbers(tiff, directory, 7)
    if len(clock) == 3:
        facts["time"] = f"{_text(tiff, directory, 29)} {':'.join(f'{int(part):02}' for part in clock)} UTC".strip()
    direction, error = _numbers(tiff, directory, 17), _numbers(tiff, directory, 31)
    if direction:
        facts["direction"] = f"{float(direction[0]):.1f} degrees"
    if error:
        facts["error"] = f"{float(error[0]):.1f} m"
    method = _raw(tiff, directory, 27)
    if method:
        facts["method"] = decoded(method[8:] if method[:8] in _CHARACTERS else method)[:100]
    if latitude is not None and longitude is not None:
        yield from place_said(latitude, longitude, "EXIF GPS", facts)


def _thumbnail(tiff: Tiff, at: int, steps: Steps) -> Iterator[Said]:
    directory = _directory(tiff, at, steps)
    places, sizes = _numbers(tiff, directory, 0x201), _numbers(tiff, directory, 0x202)
    if places and sizes and sizes[0] > 0 and int(places[0] + sizes[0]) <= len(tiff.data):
        start = int(places[0])
        kind = "image/jpeg" if tiff.data[start : start + 2] == b"\xff\xd8" else "unknown"
        yield Said("thumbnail", kind, "EXIF thumbnail", {"bytes": str(sizes[0])}, (start, start + int(sizes[0])))


def _main(tiff: Tiff, main: Directory, camera: Directory) -> Iterator[Said]:
    every = {**camera, **main}
    for tag, (kind, name) in _TEXTS.items():
        text = _text(tiff, every, tag)
        if text:
            facts = {"of": "lens" if "Lens" in name else "body"} if kind == "device.serial" else {}
            yield Said(kind, text, f"EXIF {name}", facts)
    for tag, (kind, name) in _OF_WINDOWS.items():
        if tag in main:
            yield from from_table([(name, decoded(_raw(tiff, main, tag), "utf-16-le"))], {name: kind}, "EXIF")
    for tag, zone, fraction, kind, name in _TIMES:
        yield from time_said(
            kind, _text(tiff, every, tag), f"EXIF {name}", zone=_text(tiff, every, zone), subsecond=_text(tiff, every, fraction)
        )
    yield from from_table([("UserComment", _comment(tiff, every))], {"UserComment": "comment"}, "EXIF")
    turned = _numbers(tiff, main, 0x112)
    if turned and 1 <= turned[0] <= 8:
        yield Said("orientation", str(turned[0]), "EXIF Orientation")


def _of_apple(tiff: Tiff, camera: Directory, steps: Steps) -> Iterator[Said]:
    note = _raw(tiff, camera, _MAKER_NOTE)
    if note.startswith(_APPLE):
        inner = Tiff(note, "big", len(_APPLE))
        entries = _directory(inner, inner.first, steps)
        for tag, (kind, name) in _OF_APPLE.items():
            text = _text(inner, entries, tag)
            if text:
                yield Said(kind, text, f"Apple {name}")


def said(data: bytes, steps: Steps) -> Iterator[Said]:
    """What a TIFF or an EXIF says; ``where`` counts from its beginning. Raises ``ValueError`` where it is none."""
    tiff = Tiff.of(data)
    main = _directory(tiff, tiff.first, steps)
    camera = _below(tiff, main, _CAMERA, steps)
    yield from _main(tiff, main, camera)
    yield from _place(tiff, _below(tiff, main, _PLACE, steps))
    yield from _of_apple(tiff, camera, steps)
    with suppress(Short):
        following = tiff.behind(tiff.first)[1]
        if following and following != tiff.first:
            yield from _thumbnail(tiff, following, steps)


def embedded(data: bytes, steps: Steps) -> Iterator[tuple[str, bytes]]:
    """The other forms that a TIFF carries in its main directory: form and bytes."""
    tiff = Tiff.of(data)
    main = _directory(tiff, tiff.first, steps)
    for tag, form in ((0x2BC, "xmp"), (0x83BB, "iptc"), (0x8773, "icc"), (0x8649, "resources"), (0xCD41, "c2pa")):
        entry = main.get(tag)
        if entry is not None:
            with suppress(Short):
                yield form, tiff.raw(entry)
