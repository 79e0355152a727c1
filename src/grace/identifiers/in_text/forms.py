"""How numbers that no word tells to be a telephone number must be written, and what may stand beside them.

The groups of dates, times, versions, file names and articles fit some country's plan now and then; their punctuation gives them away.
"""

from __future__ import annotations

import re
from itertools import pairwise

from grace.identifiers.in_text.hits import words_before
from grace.identifiers.in_text.words import words

_GROUP = re.compile(r"[0-9]+")
_TRUNKS = frozenset({"0", "06", "8", "80"})
_DAY = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])[/.](?:0?[1-9]|1[0-2])(?=[^0-9/.])|(?:0?[1-9]|[12][0-9]|3[01])\.(?:0?[1-9]|1[0-2])\.\s")
_ONE_BEHIND_AREA = re.compile(r"\(?0[0-9]{1,4}\)?[^0-9.]{1,3}[0-9]\s[0-9]{2}")
_FOUR_PAIRS = re.compile(r"[0-9]{2}(?:\.[0-9]{2}){3}")
_GOES_ON = re.compile(r":[0-9]|\.(?:[0-9a-z_]|[A-Z0-9]{2,4}(?!\w))|/[A-Za-z_]|[\\=]|_\w")
"""Right behind: minutes, the ending of a file, a path, a field."""
_BELONGS_BEFORE = re.compile(r"[0-9][:.,]$|[\\=]$|\w/$")
_OTHERWISE = re.compile(
    r"[0-9]+-[0-9]+\s[^-]*-.*|[0-2][0-9]\.[0-5][0-9]\s.*|[0-9]+-[0-9]{1,2}-(?:19|20)[0-9]{2}|[0-9]+[ ][0-9]+\.[0-9]+"
    r"|[0-9]+[-/](?:19[89]|20[0-4])[0-9](?:[-/][0-9]+)*"
)
"""Spans, hours and minutes, a year at the end, degrees and decimal minutes, a number of a year: ``0417/2025-3``."""
_PAIRS = re.compile(r"[0-9]{2}(?:(?P<sign>[ .\-])[0-9]{2})(?:(?P=sign)[0-9]{2})*")
_LONE = re.compile(r"[1-9](?P<sign>[ .\-])[0-9]{2}(?:(?P=sign)[0-9]{2})+")
"""A digit alone before pairs, which no country's numbers have without their prefix: ``7-19-33-61-88``."""
_LEAST_RISING, _MOST_GROUPS = 5, 6
_VERSIONS = words("hosts", "no", "no_of_small")
_LEAST, _LEAST_OF_A_DATE, _LEAST_BEFORE_ONE = 7, 9, 7
_LEAST_WITH_ZERO = 8
_FEW = 3


def is_in_form(text: str, start: int, end: int, plain: str, *, has_trunk: bool) -> bool:
    """Whether a number (``plain``, without its extension) is written as telephone numbers are, and nothing beside it speaks against it."""
    groups = _GROUP.findall(plain)
    if _GOES_ON.match(text, end) or _BELONGS_BEFORE.search(text, max(0, start - 2), start):
        return False
    if len(groups) > 1 and not (_has_groups(plain, groups) and _has_signs(text, end, plain, groups)):
        return False
    digits = sum(map(len, groups))
    if digits < _LEAST or (groups[0][0] == "0" and digits < _LEAST_WITH_ZERO and not has_trunk):
        return False
    if digits < _LEAST_OF_A_DATE and (_DAY.match(plain) or _FOUR_PAIRS.fullmatch(plain)) and (has_trunk or "/" in plain):
        return False
    return "." not in plain or not _VERSIONS.any(words_before(text, start)[:_FEW])


def _has_groups(plain: str, groups: list[str]) -> bool:
    """A digit stands alone only as the prefix of calls, right behind it or the area (``0341/9 99 00 77``), or last behind a hyphen (``0341 99900-0``)."""
    first_free = 2 if groups[0] in _TRUNKS or _ONE_BEHIND_AREA.match(plain) else 1
    if any(len(group) == 1 for group in groups[first_free:-1]):
        return False
    is_last = len(groups) <= first_free or len(groups[-1]) > 1
    is_extension = plain[-1] == "0" or sum(plain.count(each) for each in "-\u2010\u2011\u2013") == 1  # "0417-2281-6" is of a key
    return is_last or (is_extension and plain[-2] in "-\u2010\u2011\u2013" and sum(map(len, groups[:-1])) >= _LEAST_BEFORE_ONE)


def _has_signs(text: str, end: int, plain: str, groups: list[str]) -> bool:
    """Whether the signs between the groups are those of numbers, and pairs neither go on nor rise as those of a lottery do."""
    if len(groups) > _MOST_GROUPS:
        return False
    pairs = _PAIRS.fullmatch(plain)
    if pairs:
        is_rising = len(groups) >= _LEAST_RISING and all(one < other for one, other in pairwise(groups))
        return not (is_rising or re.match(rf"{re.escape(pairs['sign'])}[0-9]{{2}}(?![0-9])", text[end : end + 4]))
    if _LONE.fullmatch(plain):
        return False
    area, _, rest = plain.partition("/")
    is_file = "/" in rest or (bool(rest) and len(_GROUP.findall(area)) > (2 if groups[0] in _TRUNKS else 1))  # of an office: "034-01/26-01"
    return not is_file and _OTHERWISE.fullmatch(plain) is None
