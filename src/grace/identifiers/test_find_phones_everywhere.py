"""The national forms of every country of the Union and around it, in usual groups, behind a word for a telephone."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from grace.identifiers.find import find
from grace.sdk.intake import Kind

WORDS = {
    "Tel.": "AT CH DE", "tel.": "BE CZ EE ES GB HR HU IE IT LT MT NL PL PT RO SE SI SK TR US", "tél.": "FR LU", "тел.": "BG RU UA", "τηλ.": "CY GR",
    "tlf.": "DK NO", "puh.": "FI", "tālr.": "LV", "sími": "IS",
}  # fmt: skip
REGIONS = {region: word for word, regions in WORDS.items() for region in regions.split()}
_PAIRS = re.compile(r"[0-9]{2}(?:\.[0-9]{2}){3}")
"""Four pairs with dots are as well an IP address, and read as one."""


@pytest.mark.parametrize("kind", [PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE])
@pytest.mark.parametrize("region", REGIONS)
def test_numbers_are_found_as_a_country_writes_them(region: str, kind: int) -> None:
    number = phonenumbers.example_number_for_type(region, kind)
    assert number is not None
    national, abroad, normal = (
        phonenumbers.format_number(number, form)
        for form in (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164)
    )
    forms = {form.replace(" ", sign) for form in (national, abroad) for sign in " -."}
    forms |= {re.sub(r"\D", "", national), abroad.replace("+", "00"), re.sub(r"[ -]", "", abroad).replace("+", "00")}
    for form in sorted(form for form in forms if not _PAIRS.fullmatch(form)):
        for text in (f"{REGIONS[region]} {form}", f"{REGIONS[region]}: {form}, 9-17"):
            assert [each.normal for each in find(text, region=region) if each.kind is Kind.PHONE] == [normal], text


@pytest.mark.parametrize(
    ("text", "region", "normal"),
    [
        ("if nobody picks up try 07700 900417 after tea", "GB", ["+447700900417"]),
        ("the chairman's numbers: 1998 0113 496 0123, now 07700 900417", "GB", ["+441134960123", "+447700900417"]),
        ("List of duties by telephone\nMon 600 000 731 (Ivo)\nWed 600 000 732 (Ana)", "PL", ["+48600000731", "+48600000732"]),
        ("Tear off and ring:\n10 00 04 31 Sigurd | 10 00 04 31 Sigurd", "DK", ["+4510000431", "+4510000431"]),
        ("Calls\n10.11 in +380 44 000 0331 2 хв\n10.11 out 00380600000932", "UA", ["+380440000331", "+380600000932"]),
        ("in the evening 0031 6 00000053", "NL", ["+31600000053"]),
        ("see haie.pdf#page=3. Standard: 01.99.00.77.31.", "FR", ["+33199007731"]),
        ("+ 2026-08-09 14:03 cake is holding", "US", []),
        ("Key 0417-2281-6 hangs at Bengt's", "SE", []),
        ("costs TRY 07700 900417", "GB", []),
    ],
)
def test_numbers_in_lists_and_beside_years(text: str, region: str, normal: list[str]) -> None:
    assert [each.normal for each in find(text, region=region) if each.kind is Kind.PHONE] == normal
