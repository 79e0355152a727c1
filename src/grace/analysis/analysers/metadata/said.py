"""What a part of a file says: one value of a published kind, with where it was read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from grace.sdk.text import storable

MOST_TEXT = 900
"""Characters of a value that are kept; the file itself keeps the rest."""
_INVISIBLE = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Said:
    """A value of a kind; ``source`` names the part of the file and the field; ``where`` is that part's first and last byte."""

    kind: str
    value: str
    source: str
    facts: Mapping[str, str] = field(default_factory=dict)
    where: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file in a form of its own: ``exif``, ``xmp``, ``iptc``, ``icc``, ``c2pa``, ``text`` (with its ``key``)."""

    form: str
    data: bytes
    at: int = 0
    end: int = 0
    key: str = ""


def clean(text: str) -> str:
    """The text without filling and without what no screen shows."""
    return storable(_INVISIBLE.sub("", text.strip("\0 \t\r\n")))


def decoded(raw: bytes, codec: str = "") -> str:
    """Bytes as text: in the codec that is stated, else UTF-8, else as Western Europe wrote."""
    for attempt in filter(None, (codec, "utf-8")):
        try:
            return clean(raw.decode(attempt))
        except (UnicodeDecodeError, LookupError):
            continue
    return clean(raw.decode("latin-1"))


def beginning(raw: bytes, most: int = 64 << 10) -> bytes:
    """The first bytes of a text, without a character of UTF-8 that would be cut in two."""
    if len(raw) <= most:
        return raw
    end = most
    while end > most - 4 and raw[end] & 0xC0 == 0x80:
        end -= 1
    return raw[:end]


def from_table(stated: Iterable[tuple[str, str]], kinds: Mapping[str, str], source: str) -> Iterator[Said]:
    """Each stated name and value whose name has a kind."""
    for name, value in stated:
        if name in kinds and clean(value):
            yield Said(kinds[name], clean(value), f"{source} {name}")


_TIME = re.compile(
    r"(\d{4})[:/-](\d{1,2})[:/-](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?"
)


def time_said(kind: str, text: str, source: str, *, zone: str = "", subsecond: str = "") -> Iterator[Said]:
    """A time in the form of ISO 8601; a zone only where one is stated. Nothing where it is no time."""
    found = _TIME.match(text.strip("\0 \t\r\n"))
    if not found:
        return
    year, month, day, hour, minute, second, fraction, stated = found.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))  # noqa: DTZ001 - its zone may be unknown
    except ValueError:
        return
    fraction = fraction or (subsecond if subsecond.isdigit() else "")
    zone = clean(stated or zone)
    zone = "+00:00" if zone in {"Z", "UTC"} else f"{zone[:3]}:{zone[3:]}" if re.fullmatch(r"[+-]\d{4}", zone) else zone
    zone = zone if re.fullmatch(r"[+-]\d{2}:\d{2}", zone) else ""
    words = moment.isoformat() if hour else moment.date().isoformat()
    words += f".{fraction[:6]}" if fraction and hour else ""
    yield Said(kind, words + (zone if hour else ""), source, {"zone": zone or "not stated"})


def place_said(latitude: float, longitude: float, source: str, facts: Mapping[str, str] | None = None) -> Iterator[Said]:
    """A place in decimal degrees, to a tenth of a metre. Nothing where no such place is."""
    if -90 <= latitude <= 90 and -180 <= longitude <= 180:
        yield Said("gps", f"{latitude:.6f},{longitude:.6f}", source, facts or {})
