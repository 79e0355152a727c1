"""Phone numbers in E.164: possible lengths and a country code are asked for, not an assigned range.

Numbers for show and numbers of networks newer than the metadata are "not valid" and yet real leads. Parsing costs
about 60 microseconds, so that numbers already written in the international form take a shorter way that asks the
same metadata; ``tests/property/test_identifiers.py`` holds both ways together.
"""

from __future__ import annotations

import re
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata

_LONGEST = 64
_INTERNATIONAL = re.compile(r"\+[0-9][0-9 .\-]{5,24}")
_SEPARATORS = str.maketrans("", "", "+ .-")
_SHAPE = re.compile(r"[+(]?[0-9(][0-9 ()./\-\u00a0\u2010-\u2013]*(?:[ ,;]*(?:ext\.?|x|#)[ .:=]*[0-9]{1,7})?", re.IGNORECASE)


def normal_phone(text: str, region: str | None = None) -> str | None:
    """The number as ``+`` and digits (E.164), an extension behind ``;ext=``, or None.

    ``region`` reads a number without ``+``: an ISO 3166 alpha-2 code, or a calling code as ``+44``. Without it only
    numbers with ``+`` are read, for a wrong country makes a wrong person. IP addresses and dates are never numbers.
    """
    text = text.strip().removeprefix("tel:")
    if len(text) > _LONGEST:
        return None
    if _INTERNATIONAL.fullmatch(text):
        short = e164(text.translate(_SEPARATORS))
        if short:
            return short
    return _long_way(text, region) if _SHAPE.fullmatch(text) else None


def e164(digits: str) -> str | None:
    """E.164 of digits behind a ``+``, or None where their length fits no country: then the long way must decide."""
    for width in (1, 2, 3):
        lengths, prefix = _plan(int(digits[:width])) if digits[0] != "0" else ((), None)
        if not lengths:
            continue
        national = digits[width:]
        if len(national) not in lengths or national[0] == "0" or (prefix and prefix.match(national)):
            return None
        return f"+{digits}"
    return None


@cache
def _plan(calling_code: int) -> tuple[tuple[int, ...], re.Pattern[str] | None]:
    """Possible lengths of the national part, and what may be a prefix to strip from it; nothing for no country."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(calling_code)
    if regions is None:
        return (), None
    metadata = (
        PhoneMetadata.metadata_for_nongeo_region(calling_code)
        if regions[0] == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY
        else PhoneMetadata.metadata_for_region(regions[0])
    )
    if metadata is None or metadata.general_desc is None:
        return (), None
    prefix = metadata.national_prefix_for_parsing
    return tuple(metadata.general_desc.possible_length), re.compile(prefix) if prefix else None


def _long_way(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, _region(region))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};ext={number.extension}" if number.extension else plain


def _region(region: str | None) -> str | None:
    if region is None or not region.startswith("+"):
        return region.upper() if region else None
    code = region[1:]
    if not (code.isascii() and code.isdigit()):
        return None
    found: str = phonenumbers.region_code_for_country_code(int(code[:4]))
    return None if found in {phonenumbers.UNKNOWN_REGION, phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY} else found
