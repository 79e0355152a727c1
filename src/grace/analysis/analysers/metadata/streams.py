"""What Matroska, MP3, FLAC, OGG and RIFF say in their tags."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from grace.analysis.analysers.metadata.said import Said, decoded, from_table, time_said
from grace.analysis.analysers.walks.chunks import ebml, riff
from grace.analysis.analysers.walks.reading import Short, Steps, big, little, part

_SEGMENT, _INFO, _TRACKS, _TRACK, _VIDEO, _TAGS, _TAG, _SIMPLE = (
    0x18538067,
    0x1549A966,
    0x1654AE6B,
    0xAE,
    0xE0,
    0x1254C367,
    0x7373,
    0x67C8,
)
_TITLE, _MUXER, _WRITER, _DATE, _DURATION, _SCALE = 0x7BA9, 0x4D80, 0x5741, 0x4461, 0x4489, 0x2AD7B1
_WIDTH, _HEIGHT, _TAG_NAME, _TAG_TEXT = 0xB0, 0xBA, 0x45A3, 0x4487
_OF_MATROSKA = {_TITLE: ("title", "Title"), _MUXER: ("software", "MuxingApp"), _WRITER: ("software", "WritingApp")}
_OF_TAGS = {
    "TITLE": "title",
    "ARTIST": "author",
    "AUTHOR": "author",
    "COMMENT": "comment",
    "DESCRIPTION": "description",
    "ENCODER": "software",
    "ENCODED_BY": "software",
    "ENCODED-BY": "software",
    "VENDOR": "software",
    "COPYRIGHT": "copyright",
    "MAKE": "device.make",
    "MODEL": "device.model",
    "COM.ANDROID.MANUFACTURER": "device.make",
    "COM.ANDROID.MODEL": "device.model",
}
_TIMES_OF_TAGS = {"DATE": "created_at", "DATE_RECORDED": "taken_at", "CREATION_TIME": "created_at", "DATE_ENCODED": "created_at"}
_2001 = datetime(2001, 1, 1, tzinfo=UTC)
_CENTURY = 3_155_760_000 * 10**9
_MOST_COMMENTS = 500
_MOST_TEXT = 4_096


def _tagged(name: str, raw: bytes, source: str) -> Iterator[Said]:
    """A value with a name; only those that mean something are decoded."""
    name = name.upper()
    if name in _TIMES_OF_TAGS:
        yield from time_said(_TIMES_OF_TAGS[name], decoded(raw[:_MOST_TEXT]), f"{source} {name}")
    elif name in _OF_TAGS:
        yield from from_table([(name, decoded(raw))], _OF_TAGS, source)


def of_matroska(data: bytes, steps: Steps) -> Iterator[Said]:
    """The information of the first segment, its tracks' sizes, and its tags."""
    for name, at, end in ebml(data, steps, 0, len(data)):
        if name == _SEGMENT:
            for key, start, stop in ebml(data, steps, at, len(data) if end is None else end):
                if key == _INFO and stop is not None:
                    yield from _info(data, start, stop, steps)
                elif key == _TRACKS and stop is not None:
                    yield from _sizes(data, start, stop, steps)
                elif key == _TAGS and stop is not None:
                    yield from _tags(data, start, stop, steps)


def _fields(data: bytes, at: int, end: int, steps: Steps) -> dict[int, bytes]:
    """The elements of one level, each as far as anybody reads it: a length may be a lie."""
    return {name: data[start : min(stop or start, start + _MOST_TEXT)] for name, start, stop in ebml(data, steps, at, end)}


def _number(raw: bytes) -> float:
    return float(struct.unpack(">d" if len(raw) == 8 else ">f", raw)[0]) if len(raw) in {4, 8} else 0.0


def _info(data: bytes, at: int, end: int, steps: Steps) -> Iterator[Said]:
    scale, length = 1_000_000, 0.0
    for key, start, stop in ebml(data, steps, at, end):
        raw = data[start : min(stop or start, start + _MOST_TEXT)]
        if key in _OF_MATROSKA and raw:
            kind, name = _OF_MATROSKA[key]
            yield Said(kind, decoded(raw), f"Matroska {name}")
        elif key == _DATE and len(raw) == 8:
            nanoseconds = int.from_bytes(raw, "big", signed=True)
            if abs(nanoseconds) < _CENTURY:
                moment = _2001 + timedelta(microseconds=nanoseconds // 1_000)
                yield Said("created_at", moment.isoformat(), "Matroska DateUTC", {"zone": "+00:00"})
        elif key == _SCALE:
            scale = int.from_bytes(raw[:8], "big")
        elif key == _DURATION:
            length = _number(raw)
    if 0 < length * scale < _CENTURY:
        yield Said("duration", str(int(length * scale / 1_000_000)), "Matroska Duration", {"unit": "milliseconds"})


def _sizes(data: bytes, at: int, end: int, steps: Steps) -> Iterator[Said]:
    for key, start, stop in ebml(data, steps, at, end):
        for field, first, last in ebml(data, steps, start, stop or start) if key == _TRACK else ():
            if field == _VIDEO and last is not None:
                found = _fields(data, first, last, steps)
                width, height = (int.from_bytes(found.get(side, b"")[:8], "big") for side in (_WIDTH, _HEIGHT))
                if width and height:
                    yield Said("dimensions", f"{width}x{height}", "Matroska track")


def _tags(data: bytes, at: int, end: int, steps: Steps) -> Iterator[Said]:
    for key, start, stop in ebml(data, steps, at, end):
        for field, first, last in ebml(data, steps, start, stop or start) if key == _TAG else ():
            if field == _SIMPLE and last is not None:
                found = _fields(data, first, last, steps)
                steps.take(_MOST_TEXT)
                yield from _tagged(decoded(found.get(_TAG_NAME, b"")[:80]), found.get(_TAG_TEXT, b""), "Matroska")


_ID3 = {
    "TIT2": "title", "TT2": "title", "TPE1": "author", "TP1": "author", "TENC": "software", "TEN": "software", "TSSE": "software",
    "TSS": "software", "COMM": "comment", "COM": "comment", "TCOP": "copyright", "TCR": "copyright",
}  # fmt: skip
_ID3_TIMES = frozenset({"TDRC", "TDEN", "TDRL"})
_CODECS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}


def of_mp3(data: bytes, steps: Steps) -> Iterator[Said]:
    """The frames of an ID3 tag at the beginning that name something."""
    version = big(data, 3, 1)
    if version not in {2, 3, 4}:
        return
    at, end = 10, 10 + _safe(data, 6)
    head, width = (6, 3) if version == 2 else (10, 4)
    while at + head <= min(end, len(data)) and data[at]:
        steps.take(_MOST_TEXT)
        name = data[at : at + width].decode("latin-1")
        size = _safe(data, at + 4) if version == 4 else big(data, at + width, width)
        raw = part(data, at + head, size)
        at += head + size
        if name in {"APIC", "PIC"}:
            yield Said("thumbnail", "picture in the tag", f"ID3 {name}", {"bytes": str(size)}, (at - size, at))
        elif raw and (name in _ID3 or name in _ID3_TIMES):
            text = decoded(raw[1:], _CODECS.get(raw[0], ""))
            if name in {"COMM", "COM"}:
                text = decoded(raw[4:], _CODECS.get(raw[0], "")).replace("\N{SYMBOL FOR NULL}", "\0").rpartition("\0")[2].lstrip("\ufeff")
            yield from time_said("created_at", text, f"ID3 {name}") if name in _ID3_TIMES else from_table([(name, text)], _ID3, "ID3")


def _safe(data: bytes, at: int) -> int:
    """A number of four times seven bits."""
    first, second, third, fourth = part(data, at, 4)
    return (first & 127) << 21 | (second & 127) << 14 | (third & 127) << 7 | fourth & 127


def _comments(raw: bytes, source: str, steps: Steps) -> Iterator[Said]:
    """Vorbis comments: who encoded it, then names with values."""
    size = little(raw, 0, 4)
    yield from _tagged("VENDOR", part(raw, 4, size), source)
    at = 8 + size
    for _ in range(min(little(raw, at - 4, 4), _MOST_COMMENTS)):
        steps.take()
        steps.take(_MOST_TEXT)
        length = little(raw, at, 4)
        name, _, text = part(raw, at + 4, length).partition(b"=")
        at += 4 + length
        yield from _tagged(decoded(name[:80]), text, source)


def of_flac(data: bytes, steps: Steps) -> Iterator[Said]:
    """Its fourth kind of block is of comments."""
    at, head = 4, 0
    while not head & 0x80:
        steps.take()
        head, size = big(data, at, 1), big(data, at + 1, 3)
        if head & 0x7F == 4:
            yield from _comments(part(data, at + 4, size), "FLAC", steps)
        at += 4 + size


_SECOND = (b"OpusTags", b"\x03vorbis", b"\x81theora")


def of_ogg(data: bytes, steps: Steps) -> Iterator[Said]:
    """The second packet of each codec is of comments; one that goes over its page is read as far as it stands there."""
    at = 0
    for _ in range(8):
        steps.take()
        if data[at : at + 4] != b"OggS":
            return
        count = big(data, at + 26, 1)
        body = at + 27 + count
        at = body + sum(part(data, at + 27, count))
        for head in _SECOND:
            if data.startswith(head, body):
                with suppress(Short):
                    yield from _comments(data[body + len(head) : at], "OGG", steps)


_OF_RIFF = {b"ISFT": "software", b"INAM": "title", b"ICMT": "comment", b"IART": "author", b"ICOP": "copyright"}


def of_riff(data: bytes, steps: Steps) -> Iterator[Said]:
    """Lists of information, and what broadcasters put before their sound."""
    for name, start, end in riff(data, steps, 12, len(data)):
        if name == b"LIST" and data[start : start + 4] == b"INFO":
            for key, first, last in riff(data, steps, start + 4, end):
                if key in _OF_RIFF and first < last:
                    yield Said(_OF_RIFF[key], decoded(data[first : min(last, first + _MOST_TEXT)]), f"RIFF {key.decode('ascii')}")
                elif key == b"ICRD":
                    yield from time_said("created_at", decoded(data[first : min(last, first + _MOST_TEXT)]), "RIFF ICRD")
        elif name == b"bext" and end - start >= 338:
            yield from from_table([("Originator", decoded(data[start + 256 : start + 288]))], {"Originator": "software"}, "RIFF bext")
            yield from time_said("created_at", decoded(data[start + 320 : start + 338]), "RIFF bext")
