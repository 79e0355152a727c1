"""What a PDF says in its information dictionary; its XMP stands in it as it is."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import islice

from grace.analysis.analysers.metadata.said import Said, clean, decoded, time_said
from grace.analysis.analysers.walks.reading import Steps

_KEY = re.compile(rb"/(Producer|Creator|Author|Title|Subject|Keywords|CreationDate|ModDate)\s{0,8}(?=[(<])")
_KINDS = {
    b"Producer": "software",
    b"Creator": "software",
    b"Author": "author",
    b"Title": "title",
    b"Subject": "description",
    b"Keywords": "keyword",
}
_TIMES = {b"CreationDate": "created_at", b"ModDate": "modified_at"}
_INFO = re.compile(rb"/Info\s{1,8}(\d{1,9})\s{1,8}(\d{1,5})\s{1,8}R")
_STREAM = re.compile(rb"stream\r?\n")
_MOST_VALUE = 2_048
_MOST_PACKED = 32
_MOST_INFLATED = 1 << 20
_MOST_INFOS = 4
_MOST_KEYS = 16
_MOST_NAMED = 1_000
_NEAR = 16 << 10
_ESCAPES = {ord("n"): 10, ord("r"): 13, ord("t"): 9, ord("b"): 8, ord("f"): 12}
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?\s*(Z|[+-]\d{2})?'?(\d{2})?")


def _literal(data: bytes, at: int) -> bytes:
    """A string in parentheses, which may nest; cut where it is too long."""
    found, depth = bytearray(), 0
    end = min(len(data), at + _MOST_VALUE)
    while at < end:
        byte = data[at]
        if byte == 0x5C and at + 1 < end:
            at += 1
            digits = re.match(rb"[0-7]{1,3}", data[at : at + 3])
            found.append(int(digits[0], 8) & 255 if digits else _ESCAPES.get(data[at], data[at]))
            at += len(digits[0]) if digits else 1
            continue
        depth += (byte == 0x28) - (byte == 0x29)
        if not depth:
            break
        if depth > 1 or byte != 0x28:
            found.append(byte)
        at += 1
    return bytes(found)


def _value(data: bytes, at: int) -> str:
    if data[at : at + 1] == b"(":
        raw = _literal(data, at)
    else:
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", data[at : at + 2 * _MOST_VALUE].partition(b">")[0])
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    return decoded(raw, "utf-16" if raw[:2] in {b"\xfe\xff", b"\xff\xfe"} else "")


def _time(kind: str, text: str, source: str) -> Iterator[Said]:
    found = _DATE.match(text)
    if found:
        year, month, day, hour, minute, second, zone, minutes = found.groups()
        words = f"{year}-{month or '01'}-{day or '01'}" + (f"T{hour}:{minute or '00'}:{second or '00'}" if hour else "")
        stated = zone + (minutes or "00") if zone and zone != "Z" else zone or ""
        yield from time_said(kind, words, source, zone=stated)


def _plain(data: bytes, begin: int, end: int) -> Iterator[Said]:
    for found in islice(_KEY.finditer(data, begin, end), _MOST_KEYS):
        name = found[1]
        text, source = clean(_value(data, found.end())), f"PDF {name.decode('ascii')}"
        if name in _TIMES:
            yield from _time(_TIMES[name], text, source)
        elif text:
            yield Said(_KINDS[name], text, source)


def _unpacked(data: bytes, steps: Steps) -> Iterator[bytes]:
    """Streams of objects, each up to a bound."""
    at = 0
    for _ in range(_MOST_PACKED):
        steps.take(_MOST_INFLATED // 8)
        at = data.find(b"/ObjStm", at)
        if at < 0:
            return
        start = _STREAM.search(data, at, at + 1_024)
        at += 7
        if start:
            try:
                yield zlib.decompressobj().decompress(data[start.end() : start.end() + _MOST_INFLATED], _MOST_INFLATED)
            except zlib.error:
                continue


def _objects(data: bytes, steps: Steps) -> Iterator[tuple[int, int]]:
    """From where to where the objects stand that a trailer names as information."""
    named = islice(dict.fromkeys(match.groups() for match in islice(_INFO.finditer(data), _MOST_NAMED)), _MOST_INFOS)
    for number, generation in named:
        head, at = number + b" " + generation + b" obj", 0
        for _ in range(_MOST_INFOS):
            steps.take()
            at = data.find(head, at)
            if at < 0:
                break
            at += len(head)
            if not data[at - len(head) - 1 : at - len(head)].isdigit():
                end = data.find(b"endobj", at, at + _NEAR)
                yield at, end if end >= 0 else at + _NEAR


def of_pdf(data: bytes, steps: Steps) -> Iterator[Said]:
    """The information of each version of the document, from plain objects, else from streams of objects."""
    is_found = False
    for begin, end in _objects(data, steps):
        for each in _plain(data, begin, end):
            is_found = True
            yield each
    for unpacked in () if is_found else _unpacked(data, steps):
        yield from _plain(unpacked, 0, len(unpacked))
