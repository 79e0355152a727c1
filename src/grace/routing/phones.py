"""The country of a telephone number, by the plan of numbers: whether it is assigned to anybody is not asked."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

from grace.routing.countries import state_of

_LONGEST = 3
"""Digits of a calling code."""


def country_of_phone(number: str) -> str | None:
    """The country of a number in E.164; None for satellite, toll-free and other numbers of no country.

    Where several countries share a calling code (+1, +39, +44 …) the number's beginning decides, or else their main country.
    """
    digits = number[1:] if number.startswith("+") else ""
    for width in range(1, _LONGEST + 1):
        code = digits[:width]
        if not (code.isascii() and code.isdigit()):
            return None
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code))
        if regions:
            return _among(number) if len(regions) > 1 else _state(regions[0])
    return None


@lru_cache(maxsize=16_384)
def _among(number: str) -> str | None:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    return _state(phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(parsed.country_code or 0))


def _state(region: str) -> str | None:
    """The state of a region of the plan; the plan's words for no country are no code of a state."""
    return state_of(region)
