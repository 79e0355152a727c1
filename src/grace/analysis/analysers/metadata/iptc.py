"""The resources of Photoshop, and IPTC-IIM (version 4.2) within them."""

from __future__ import annotations

from collections.abc import Iterator

from grace.analysis.analysers.metadata.said import Said, decoded, time_said
from grace.analysis.analysers.walks.reading import Short, Steps, big, part

_FORMS = {0x0404: "iptc", 0x040F: "icc", 0x0422: "exif", 0x0424: "xmp"}
_UTF_8 = b"\x1b%G"
_TEXTS = {
    5: ("title", "ObjectName"),
    25: ("keyword", "Keywords"),
    65: ("software", "OriginatingProgram"),
    80: ("author", "By-line"),
    90: ("place", "City"),
    95: ("place", "Province-State"),
    101: ("place", "Country"),
    105: ("title", "Headline"),
    110: ("credit", "Credit"),
    116: ("copyright", "CopyrightNotice"),
    120: ("description", "Caption-Abstract"),
}
_TIMES = {55: (60, "taken_at", "DateCreated"), 62: (63, "created_at", "DigitalCreationDate")}


def resources(data: bytes, steps: Steps, at: int = 0) -> Iterator[tuple[str, int, int]]:
    """Form, start and end of each resource of a form that is read. Raises :class:`Short` where one is cut."""
    while data[at : at + 4] == b"8BIM":
        steps.take()
        number, name = big(data, at + 4, 2), big(data, at + 6, 1)
        body = at + 6 + (name + 2) // 2 * 2
        size = big(data, body, 4)
        if body + 4 + size > len(data):
            raise Short("a resource is cut")
        if number in _FORMS:
            yield _FORMS[number], body + 4, body + 4 + size
        at = body + 4 + (size + 1) // 2 * 2


def _sets(data: bytes, steps: Steps) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while data[at : at + 1] == b"\x1c":
        steps.take()
        size, body = big(data, at + 3, 2), at + 5
        if size & 0x8000:
            width = size & 0x7FFF
            if width > 4:
                raise Short("a length of more than four bytes")
            size, body = big(data, body, width), body + width
        yield big(data, at + 1, 1), big(data, at + 2, 1), part(data, body, size)
        at = body + size


def _moment(day: str, clock: str) -> tuple[str, str]:
    """A date and a time of IPTC, which have no marks between their parts, and the zone."""
    text = f"{day[:4]}-{day[4:6]}-{day[6:8]}"
    if len(clock) >= 6 and clock[:6].isdigit():
        text += f"T{clock[:2]}:{clock[2:4]}:{clock[4:6]}"
    return text, clock[6:11]


def said(data: bytes, steps: Steps) -> Iterator[Said]:
    """What IPTC-IIM says, as far as it goes."""
    codec, days, clocks = "", dict[int, str](), dict[int, str]()
    for record, number, raw in _sets(data, steps):
        if (record, number) == (1, 90):
            codec = "utf-8" if raw == _UTF_8 else ""
        elif record == 1 and number == 100:
            yield Said("image.id", decoded(raw, codec), "IPTC UNO")
        elif record == 2 and number in _TEXTS and raw:
            kind, name = _TEXTS[number]
            yield Said(kind, decoded(raw, codec), f"IPTC {name}")
        elif record == 2:
            days.setdefault(number, decoded(raw))
            clocks.setdefault(number, decoded(raw))
    for number, (clock, kind, name) in _TIMES.items():
        if number in days:
            text, zone = _moment(days[number], clocks.get(clock, ""))
            yield from time_said(kind, text, f"IPTC {name}", zone=zone)
