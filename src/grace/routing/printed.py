"""A postal address as a print has it: all of it in one text, the country at its end, often as no more than a code.

AT is Austria and Asti, DE Germany and Delaware, RO Romania, Rovigo and Rondônia. So a code alone speaks only where nothing in
the address says that it is written as in a country with provinces of that code: a house number before its street, as in
North America and Australia, or the words of that country for a street. Where the code is no member state's, a state or
province of those that end so many addresses with theirs wins without any sign.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from grace.routing.countries import country_at_end, country_of, folded, members

_LONGEST = 200
_CODE = re.compile(r"[A-Z]{2}[.]?")
_HOUSE_FIRST = re.compile(r"[0-9]{1,5}[A-Za-z]?[ -]+[A-Za-z]")
_POSTAL_CODE_FIRST = re.compile(r"[0-9]{4,6} ")


@dataclass(frozen=True, slots=True)
class Printed:
    """The state that an address names, and whether it does so by its code alone."""

    state: str
    code_alone: bool


@dataclass(frozen=True, slots=True)
class _Provinces:
    """The codes of a country's states or provinces, and by which signs an address is one of that country."""

    codes: frozenset[str]
    words: frozenset[str]
    number_first: bool
    wins: bool


def country_of_print(text: str) -> Printed | None:
    """The country at the end of an address: by its name, or by a code that cannot well be that of a province."""
    if len(text) > _LONGEST:
        return None
    *before, last = [part.strip() for part in text.split(",")]
    named = country_at_end(text) or country_at_end(last)
    if named is not None:
        return Printed(named, code_alone=False)
    state = country_of(last[:2]) if _CODE.fullmatch(last) else None
    if state is None or any(_is_there(each, before, state) for each in _of_code(last[:2])):
        return None
    return Printed(state, code_alone=True)


def _is_there(provinces: _Provinces, before: Sequence[str], state: str) -> bool:
    """Whether the address is rather one of this country with its provinces."""
    if provinces.wins and state not in members():
        return True
    words = {word for part in before for word in folded(part).split()}
    return bool(words & provinces.words) or (provinces.number_first and _has_house_first(before))


def _has_house_first(before: Sequence[str]) -> bool:
    """``12 Example Street, Wilmington`` has it; ``20095 Hamburg`` begins with a postal code, and ``12, Example Street`` is of elsewhere."""
    if not before or not _HOUSE_FIRST.match(before[0]):
        return False
    return len(before) > 1 or not _POSTAL_CODE_FIRST.match(before[0])


@cache
def _of_code(code: str) -> tuple[_Provinces, ...]:
    return tuple(each for each in _all() if code in each.codes)


@cache
def _all() -> tuple[_Provinces, ...]:
    rows = csv.DictReader((files("grace.routing") / "data" / "provinces.csv").read_text(encoding="utf-8").splitlines())
    return tuple(
        _Provinces(frozenset(row["codes"].split()), frozenset(row["words"].split()), bool(row["number_first"]), bool(row["wins"]))
        for row in rows
    )
