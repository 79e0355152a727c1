"""What MP4, MOV, 3GP, HEIC and AVIF say: times, size, place, keys of phones, and the items that pictures carry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from grace.analysis.analysers.metadata.said import Piece, Said, decoded, place_said, time_said
from grace.analysis.analysers.walks.boxes import Box, boxes, inside
from grace.analysis.analysers.walks.reading import Short, Steps, big, part

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_MOST_SECONDS = 2**33
_XMP_ID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_C2PA_ID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_MOST_KEYS = 200
_MOST_TEXT = 4_096
_KINDS = {
    "©too": "software",
    "©swr": "software",
    "©enc": "software",
    "©mak": "device.make",
    "©mod": "device.model",
    "©nam": "title",
    "©cmt": "comment",
    "©des": "description",
    "©inf": "comment",
    "©ART": "author",
    "©aut": "author",
    "©cpy": "copyright",
    "desc": "description",
    "titl": "title",
    "dscp": "description",
    "auth": "author",
    "cprt": "copyright",
    "com.apple.quicktime.make": "device.make",
    "com.apple.quicktime.model": "device.model",
    "com.apple.quicktime.software": "software",
    "com.apple.quicktime.title": "title",
    "com.apple.quicktime.author": "author",
    "com.apple.quicktime.comment": "comment",
    "com.apple.quicktime.description": "description",
    "com.apple.quicktime.camera.lens_model": "device.lens",
    "com.apple.quicktime.content.identifier": "image.id",
    "com.android.version": "software",
    "com.android.manufacturer": "device.make",
    "com.android.model": "device.model",
}
_TIMES = {"©day": "created_at", "com.apple.quicktime.creationdate": "taken_at"}
_PLACES = frozenset({"©xyz", "com.apple.quicktime.location.ISO6709"})
_ISO_6709 = re.compile(r"([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?")


def _stated(name: str, text: str) -> Iterator[Said]:
    source = f"container {name}"
    if name in _PLACES:
        found = _ISO_6709.match(text)
        if found:
            facts = {"altitude": f"{float(found[3]):.1f} m"} if found[3] else {}
            yield from place_said(float(found[1]), float(found[2]), source, facts)
    elif name in _TIMES:
        yield from time_said(_TIMES[name], text, source)
    elif text and name in _KINDS:
        yield Said(_KINDS[name], f"Android {text}" if name == "com.android.version" else text, source)


def _moment(kind: str, seconds: int, source: str) -> Iterator[Said]:
    if 0 < seconds < _MOST_SECONDS:
        moment = _EPOCH + timedelta(seconds=seconds)
        yield Said(kind, moment.isoformat(), source, {"zone": "+00:00 by the standard; some cameras write local time"})


def _head(data: bytes, box: Box) -> Iterator[Said]:
    wide = 8 if big(data, box.body, 1) else 4
    at = box.body + 4
    yield from _moment("created_at", big(data, at, wide), "container mvhd")
    yield from _moment("modified_at", big(data, at + wide, wide), "container mvhd")
    scale, length = big(data, at + 2 * wide, 4), big(data, at + 2 * wide + 4, wide)
    if scale and 0 < length < (1 << 8 * wide) - 1:
        yield Said("duration", str(length * 1_000 // scale), "container mvhd", {"unit": "milliseconds"})


def _track(data: bytes, track: Box, steps: Steps) -> Iterator[Said]:
    head = inside(data, steps, track, b"tkhd")
    if head:
        at = head.body + (88 if big(data, head.body, 1) else 76)
        width, height = big(data, at, 4) >> 16, big(data, at + 4, 4) >> 16
        if width and height:
            yield Said("dimensions", f"{width}x{height}", "container tkhd")
    user = inside(data, steps, track, b"udta")
    if user:
        yield from _user(data, user, steps)


def _text(data: bytes, box: Box) -> str:
    """A text of QuickTime: length, language, text; or of 3GP: version, language, text."""
    raw = data[box.body : min(box.end, box.body + _MOST_TEXT)]
    size = int.from_bytes(raw[:2], "big")
    if box.kind[:1] == b"\xa9":
        return decoded(raw[4 : 4 + size] if size else raw[4:])
    return decoded(raw[6:], "utf-16" if raw[6:8] in {b"\xff\xfe", b"\xfe\xff"} else "")


def _fixed(data: bytes, at: int) -> float:
    return int.from_bytes(part(data, at, 4), "big", signed=True) / 65_536


def _user(data: bytes, user: Box, steps: Steps) -> Iterator[Said]:
    for box in boxes(data, steps, user.body, user.end):
        name = box.kind.decode("latin-1")
        with suppress(Short):
            if box.kind == b"meta":
                yield from _keyed(data, box, steps)
            elif box.kind == b"loci":  # longitude comes first, behind a name and a role
                at = data.index(b"\0", box.body + 6, min(box.end, box.body + _MOST_TEXT)) + 2
                yield from place_said(_fixed(data, at + 4), _fixed(data, at), "container loci")
            elif name in _KINDS or name in _TIMES or name in _PLACES:
                yield from _stated(name, _text(data, box))


def _keyed(data: bytes, meta: Box, steps: Steps) -> Iterator[Said]:
    """Keys and their values as Apple keeps them: by number where there is a list of keys, else by name."""
    keys, values = inside(data, steps, meta, b"keys"), inside(data, steps, meta, b"ilst")
    names: list[str] = []
    if keys:
        at = keys.body + 8
        for _ in range(min(big(data, keys.body + 4, 4), _MOST_KEYS)):
            steps.take(_MOST_TEXT)
            size = big(data, at, 4)
            names.append(decoded(data[at + 8 : at + min(size, 200)]))
            at += max(size, 8)
    for box in boxes(data, steps, values.body, values.end) if values else ():
        number = int.from_bytes(box.kind, "big")
        name = names[number - 1] if 0 < number <= len(names) else box.kind.decode("latin-1")
        value = inside(data, steps, box, b"data")
        if value:
            raw = data[value.body + 8 : min(value.end, value.body + 8 + _MOST_TEXT)]
            is_text = big(data, value.body, 4) & 0xFFFFFF in {0, 1, 2}
            yield from _stated(name, decoded(raw, "utf-16-be" if big(data, value.body, 4) == 2 else "")) if is_text else ()


def _described(data: bytes, box: Box, steps: Steps) -> Iterator[Said]:
    match box.kind:
        case b"mvhd":
            yield from _head(data, box)
        case b"trak":
            yield from _track(data, box, steps)
        case b"udta":
            yield from _user(data, box, steps)
        case b"meta":
            yield from _keyed(data, box, steps)


def said(data: bytes, steps: Steps) -> Iterator[Said]:
    """What the description of a film says, and the size of a picture."""
    for top in boxes(data, steps, 0, len(data)):
        if top.kind == b"moov":
            for box in boxes(data, steps, top.body, top.end):
                with suppress(Short):
                    yield from _described(data, box, steps)
        elif top.kind == b"meta":
            held = inside(data, steps, top, b"iprp", b"ipco")
            for box in boxes(data, steps, held.body, held.end) if held else ():
                if box.kind == b"ispe":
                    yield Said("dimensions", f"{big(data, box.body + 4, 4)}x{big(data, box.body + 8, 4)}", "container ispe")


def pieces(data: bytes, steps: Steps) -> Iterator[Piece]:
    """Other forms: in boxes with an id, in the user's part, and as items of a picture."""
    for top in boxes(data, steps, 0, len(data)):
        name = data[top.body : top.body + 16] if top.kind == b"uuid" else b""
        if name in {_XMP_ID, _C2PA_ID}:
            yield Piece("xmp" if name == _XMP_ID else "c2pa", data[top.body + 16 : top.end], top.body + 16, top.end)
        elif top.kind == b"jumb":
            yield Piece("c2pa", data[top.start : top.end], top.start, top.end)
        elif top.kind == b"moov":
            held = inside(data, steps, top, b"udta", b"XMP_")
            if held:
                yield Piece("xmp", data[held.body : held.end], held.body, held.end)
        elif top.kind == b"meta":
            yield from _items(data, top, steps)


def _items(data: bytes, meta: Box, steps: Steps) -> Iterator[Piece]:
    names, places = inside(data, steps, meta, b"iinf"), inside(data, steps, meta, b"iloc")
    held = inside(data, steps, meta, b"iprp", b"ipco")
    for box in boxes(data, steps, held.body, held.end) if held else ():
        if box.kind == b"colr" and data[box.body : box.body + 4] in {b"prof", b"rICC"}:
            yield Piece("icc", data[box.body + 4 : box.end], box.body + 4, box.end)
    if names is None or places is None:
        return
    where = _places(data, places, steps)
    for number, kind in _kinds(data, names, steps).items():
        start, end = where.get(number, (0, 0))
        steps.take(max(end - start, 0))
        raw = data[start:end]
        if kind == b"Exif" and len(raw) > 4:
            head = 4 + int.from_bytes(raw[:4], "big")
            yield Piece("exif", raw[head:].removeprefix(b"Exif\0\0"), start + head, end)
        elif kind.startswith(b"mime") and b"rdf+xml" in kind:
            yield Piece("xmp", raw, start, end)


def _kinds(data: bytes, names: Box, steps: Steps) -> Mapping[int, bytes]:
    """The type of each item by its number; that of ``mime`` with what it says of its content."""
    found = {}
    version = big(data, names.body, 1)
    for box in boxes(data, steps, names.body + (8 if version else 6), names.end):
        wide = 4 if big(data, box.body, 1) == 3 else 2
        at = box.body + 4
        found[big(data, at, wide)] = data[at + wide + 2 : min(box.end, at + wide + 80)]
        if found[big(data, at, wide)][:4] != b"mime":
            found[big(data, at, wide)] = found[big(data, at, wide)][:4]
    return found


def _places(data: bytes, box: Box, steps: Steps) -> Mapping[int, tuple[int, int]]:
    """Where the first part of each item stands that is kept in the file itself."""
    version, sizes = big(data, box.body, 1), big(data, box.body + 4, 2)
    offset, length, base, index = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15 if version else 0
    wide = 4 if version == 2 else 2
    count, at = big(data, box.body + 6, wide), box.body + 6 + wide
    found = {}
    for _ in range(count):
        steps.take()
        number, at = big(data, at, wide), at + wide
        method = 0
        if version:
            method, at = big(data, at, 2) & 15, at + 2
        start, at = big(data, at + 2, base), at + 2 + base
        extents, at = big(data, at, 2), at + 2
        first = at + index
        if extents and not method:
            begin = start + big(data, first, offset)
            found[number] = (begin, begin + big(data, first + offset, length))
        at += extents * (index + offset + length)
    return found
