"""Lines of a table from outside, each bounded, so that no line can fill the memory and a bad one spoils no other."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Protocol

from django.utils.translation import gettext as _

from grace.matching.formats.item import Fault

MOST_LINE_BYTES = 8192


class Lines(Protocol):
    """What is read: any binary stream will do."""

    def readline(self, size: int = -1, /) -> bytes:
        """A line with its end, or as many bytes of it as ``size`` allows."""
        ...


def lines_of(stream: Lines, *, first: int) -> Iterator[tuple[int, bytes | Fault]]:
    """Every line but empty ones with its number, the next one being ``first``; one that is too long is a fault."""
    number = first - 1
    while raw := stream.readline(MOST_LINE_BYTES + 1):
        number += 1
        if len(raw) > MOST_LINE_BYTES:
            _skip_rest(stream, raw)
            yield number, Fault(number, _("longer than %(most)d bytes") % {"most": MOST_LINE_BYTES})
        elif raw.strip():
            yield number, raw


def cells_of(number: int, raw: bytes, parted_by: str, *, strays: bool = False) -> list[str] | Fault:
    """The cells of one line. ``strays`` lets bytes pass that are not UTF-8, each as a sign that says so."""
    try:
        line = raw.decode("utf-8", errors="replace" if strays else "strict").rstrip("\r\n")
        rows = list(csv.reader([line], delimiter=parted_by, strict=True))
    except UnicodeDecodeError:
        return Fault(number, _("not UTF-8"))
    except csv.Error:
        return Fault(number, _("quotes do not pair up"))
    return rows[0] if rows else []


def _skip_rest(stream: Lines, raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = stream.readline(MOST_LINE_BYTES)
