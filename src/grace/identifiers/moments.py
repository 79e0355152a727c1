"""Times as senders write them: to UTC where a zone is stated, else kept with the zone unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal

Zone = Literal["stated", "unknown"]
Precision = Literal["fraction", "second", "minute", "day"]

_ISO = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:(?:[Tt]|\s+)(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:\s*[AaPp][Mm])?))?"
    r"\s*(?P<zone>[Zz]|UTC|GMT|utc|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})?"
)
_MONTH_FIRST = re.compile(  # MM-DD-YYYY as in the PDF of the same report; with slashes nobody can tell day from month
    r"(?P<month>[0-9]{2})-(?P<day>[0-9]{2})-(?P<year>[0-9]{4})"
    r"(?:(?:[Tt]|,?\s+)(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:\s*[AaPp][Mm])?))?"
    r"\s*(?P<zone>[Zz]|UTC|GMT|utc|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})?"
)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?(?:\s*([AaPp])[Mm])?")
_LONGEST = 64
_FARTHEST = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as written, and what it says.

    ``at`` is UTC, None where no zone is known or the text is no time; ``wall`` is the time as it stands, without
    zone, None where the text is no time; ``precision`` is None in that case too.
    """

    as_written: str
    at: datetime | None = None
    wall: datetime | None = None
    zone: Zone = "unknown"
    precision: Precision | None = None


def read(text: str, *, always_utc: bool = False) -> Moment:
    """Read a time; a text that is no time comes back with ``at`` and ``wall`` None, never an error.

    ``always_utc`` is for formats that define their times to be UTC: there a missing zone is stated by the format.
    A fraction finer than a microsecond is cut off, a leap second becomes the last microsecond before it.
    """
    if len(text) == 20 and text[19] == "Z" and text[10] == "T" and text[4] == "-":
        quick = _quick(text)
        if quick:
            return quick
    if len(text) > _LONGEST:
        return Moment(text)
    return _read(text, always_utc=always_utc)


def _quick(text: str) -> Moment | None:
    """The form that nearly every document uses, ``YYYY-MM-DDTHH:MM:SSZ``."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return Moment(text, at, at.replace(tzinfo=None), "stated", "second")


def _read(text: str, *, always_utc: bool) -> Moment:
    stripped = text.strip()
    found = _ISO.fullmatch(stripped) or _MONTH_FIRST.fullmatch(stripped)
    if found is None:
        return Moment(text)
    day = _day(found)
    clock = _clock(found["time"])
    if day is None or clock is None:
        return Moment(text)
    since_midnight, precision = clock
    try:
        wall = datetime.combine(day, time.min) + since_midnight
        zone = _zone(found["zone"]) or (UTC if always_utc else None)
        at = wall.replace(tzinfo=zone).astimezone(UTC) if zone else None
    except (ValueError, OverflowError):
        return Moment(text)
    return Moment(text, at, wall, "stated" if zone else "unknown", precision)


def _day(found: re.Match[str]) -> date | None:
    groups = found.groupdict()
    try:
        return (
            date.fromisoformat(groups["date"]) if "date" in groups else date(int(groups["year"]), int(groups["month"]), int(groups["day"]))
        )
    except ValueError:
        return None


def _clock(text: str | None) -> tuple[timedelta, Precision] | None:
    if text is None:
        return timedelta(), "day"
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[5] in "Pp" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    micros = int((found[4] or "0")[:6].ljust(6, "0"))
    length = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micros)
    if second == 60:
        length = timedelta(hours=hour, minutes=minute, seconds=59, microseconds=999_999)
    return length, "fraction" if found[4] else "second" if found[3] else "minute"


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    minutes = int(text[-2:]) if len(text) > 3 else 0
    offset = timedelta(hours=int(text[1:3]), minutes=minutes)
    if minutes > 59 or offset > _FARTHEST:
        raise ValueError(text)
    return timezone(-offset if text[0] == "-" else offset)
