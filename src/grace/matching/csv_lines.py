"""The lines of a hash list in CSV, each read strictly; pure, and never more than one line in memory.

UTF-8 with or without a byte-order mark; the first line is ``algorithm,value,category,source,note``; a value cannot
hold a line break, so a stray quote spoils one line and not the rest of the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.matching.digests import LENGTHS, read_hex

HEADER = ["algorithm", "value", "category", "source", "note"]
MOST_LINE_BYTES = 8192
MOST_CATEGORY = 200
MOST_SOURCE = 200
MOST_NOTE = 2000


class Lines(Protocol):
    """What is read: any binary stream will do."""

    def readline(self, size: int = -1, /) -> bytes:
        """A line with its end, or as many bytes of it as ``size`` allows."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as written; ``category`` and ``source`` empty mean the list's own."""

    number: int
    algorithm: str
    value: bytes
    category: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that was refused, and why; ``number`` counts from 1, the header included."""

    number: int
    why: str


def read_lines(stream: Lines) -> Iterator[Line | Fault]:
    """Every line but empty ones. Raises :class:`Invalid` where the header is not the expected one."""
    _check_header(stream.readline(MOST_LINE_BYTES))
    number = 1
    while raw := stream.readline(MOST_LINE_BYTES + 1):
        number += 1
        if len(raw) > MOST_LINE_BYTES:
            _skip_rest(stream, raw)
            yield Fault(number, _("longer than %(most)d bytes") % {"most": MOST_LINE_BYTES})
        elif raw.strip():
            yield _read_line(number, raw)


def _check_header(raw: bytes) -> None:
    written = raw.decode("utf-8-sig", errors="replace").strip().lower().split(",")
    if [name.strip().strip('"') for name in written] != HEADER:
        raise Invalid(
            _("Line 1 is not the header of a hash list."), remedy=_("Write %(header)s as the first line.") % {"header": ",".join(HEADER)}
        )


def _skip_rest(stream: Lines, raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = stream.readline(MOST_LINE_BYTES)


def _read_line(number: int, raw: bytes) -> Line | Fault:
    try:
        cells = _cells(raw)
    except UnicodeDecodeError:
        return Fault(number, _("not UTF-8"))
    except csv.Error:
        return Fault(number, _("quotes do not pair up"))
    if len(cells) != len(HEADER):
        return Fault(number, _("%(found)d columns instead of %(wanted)d") % {"found": len(cells), "wanted": len(HEADER)})
    algorithm, written, category, source, note = (cell.strip() for cell in cells)
    value = read_hex(algorithm.lower(), written)
    if value is None:
        return Fault(number, _why_no_value(algorithm.lower()))
    if fault := _too_long_or_unprintable(category, source, note):
        return Fault(number, fault)
    return Line(number, algorithm.lower(), value, category, source, note)


def _cells(raw: bytes) -> list[str]:
    line = raw.decode("utf-8").rstrip("\r\n")
    rows = list(csv.reader([line], strict=True))
    return rows[0] if rows else []


def _why_no_value(algorithm: str) -> str:
    if algorithm not in LENGTHS:
        return _("the algorithm is none of %(known)s") % {"known": ", ".join(LENGTHS)}
    return _("the value is not %(wanted)d hexadecimal digits") % {"wanted": 2 * LENGTHS[algorithm]}


def _too_long_or_unprintable(category: str, source: str, note: str) -> str | None:
    for name, text, most in (("category", category, MOST_CATEGORY), ("source", source, MOST_SOURCE), ("note", note, MOST_NOTE)):
        if len(text) > most:
            return _("the %(column)s is longer than %(most)d characters") % {"column": name, "most": most}
        if not text.isprintable():
            return _("the %(column)s holds a character that cannot be shown") % {"column": name}
    return None
