"""Runs of digits that may be telephone numbers: what is a date, a timetable or an address, and where opening hours begin."""

from __future__ import annotations

import re
from itertools import pairwise

from grace.identifiers.in_text.words import words

_SPAN = r"\s?[-\u2010-\u2013/]\s?"
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])"
_NO_MORE = r"(?![0-9]|[ ./-][0-9])"
DATE = re.compile(
    r"(?:[0-9]{1,2}(?P<a>[./ -])\s?[0-9]{1,2}(?P=a)\s?(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}(?P<b>[./ -])\s?[01]?[0-9](?P=b)\s?[0-3]?[0-9]|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?![0-9])"
    r"|[0-3]?[0-9](?P<c>[./-])[01]?[0-9](?P=c)[0-9]{2}(?:\s|$)(?!\s?[0-9]{2}\s[0-9]{2})"
    rf"|[0-9]{{1,2}}[.][0-9]{{2}}\s?[-\u2013]\s?[0-9]{{1,2}}[.][0-9]{{2}}|(?:19|20)[0-9]{{2}}{_SPAN}(?:19|20)[0-9]{{2}}(?![0-9])"
    rf"|(?:0?[1-9]|1[0-2])[./-](?:19|20)[0-9]{{2}}{_NO_MORE}|(?:19|20)[0-9]{{2}}[./-](?:0[1-9]|1[0-2]){_NO_MORE}"
    rf"|(?!0[0-9]){_BYTE}(?:\.{_BYTE}){{3}}(?![0-9]|\.[0-9])"
    rf"|[0-2]?[0-9]\.[0-5][0-9](?:{_SPAN}|\s)(?:[0-2]?[0-9]\.[0-5][0-9](?:{_SPAN}|\s)?)+(?![.]?[0-9])"
)
"""A date, a span of years or hours, a month of a year, four bytes with dots, a timetable."""
_FOURS = re.compile(rf"(?:(?:[01][0-9]|2[0-3])[0-5][0-9](?:\s|{_SPAN})?){{2,}}{_NO_MORE}")
_BRACKET = re.compile(r"\(")
_WITHIN = re.compile(r"\(\s?[0-9](?:\s?[0-9]){0,5}\s?\)")
_HOURS = re.compile(r"[\s,]+\(?(?P<from>[0-9]{1,2})(?:\.[0-5][0-9])?\s?[-\u2010-\u2013]\s?(?P<to>[0-9]{1,2})(?:\.[0-5][0-9])?$")
_LAST = re.compile(r"\s\(?[0-9]{1,2}(?:\.[0-5][0-9])?$")
_CLOCK = re.compile(
    r":[0-5][0-9]|\s?(?:uhr|h|hrs?|hours|heures|horas|ore|uur|godz|[ap]\.?m\.?|\u03bc\.\u03bc\.|\u03c0\.\u03bc\."
    rf"|{words('numbers', 'minutes').pattern()})(?!\w)",
    re.IGNORECASE,
)
_OTHER_END = re.compile(r"(?:(?<=[0-9]{2})\s?/\s?[0-9]{1,2}|\s/\s?[0-9]{1,4}|(?<=[0-9]{3})/[0-9]{3})(?:\s?/\s?[0-9]{1,4}){0,3}$")
"""Other ends of the same number, behind slashes."""
_AREA = 6
"""Digits that may stand before a bracket within a number: a country and an area."""
_LEAST = 8
"""Digits that a number before opening hours has at least."""
_DAY = 24


def is_timetable(text: str, start: int) -> bool:
    """Whether hours and minutes follow one another: ``0700 0745 0830``."""
    found = _FOURS.match(text, start)
    return found is not None and all(one < other for one, other in pairwise(re.findall("[0-9]{4}", found[0])))


def number_end(text: str, start: int, written: str) -> int:
    """How much of a run of digits at ``start`` may be one number: a bracket late in it and hours of the day are no part of it."""
    end = len(written)
    for found in _BRACKET.finditer(written, 1):
        is_late = sum(map(str.isdigit, written[: found.start()])) > _AREA
        if is_late or not _WITHIN.match(written, found.start()):
            end = found.start()
            break
    kept = written[:end]
    other = _OTHER_END.search(kept)
    if other and sum(map(str.isdigit, kept[: other.start()])) >= _LEAST:
        return other.start()  # "040 123 45 67 / 68"
    hours = _HOURS.search(kept) or (_LAST.search(kept) if _CLOCK.match(text, start + end) else None)
    if hours is None or sum(map(str.isdigit, kept[: hours.start()])) < _LEAST:
        return end
    is_span = "from" not in hours.groupdict() or int(hours["from"]) < int(hours["to"]) <= _DAY
    return hours.start() if is_span else end
