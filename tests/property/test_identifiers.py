"""Laws of normal spellings: they are stable, never an error, and the short way agrees with the long one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.identifiers import moments, normal
from grace.sdk.intake import Kind

anything = st.text(max_size=200) | st.from_regex(r"[+0-9a-z@.:/\[\]% -]{0,40}", fullmatch=True)
calling_codes = st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))


@given(st.sampled_from(Kind), anything, st.none() | st.sampled_from(["BE", "US", "+44"]))
@settings(max_examples=500, deadline=None)
def test_a_normal_spelling_is_its_own_normal_spelling(kind: Kind, text: str, region: str | None) -> None:
    spelling = normal(kind, text, region=region)
    if spelling is not None:
        assert normal(kind, spelling) == spelling


@given(st.ip_addresses(v=6))
def test_every_spelling_of_an_ipv6_address_is_one(address: IPv6Address) -> None:
    spellings = {str(address), address.exploded, address.exploded.upper(), f"[{address}]", f"[{address.compressed}]:443"}
    assert len({normal(Kind.IP, spelling) for spelling in spellings}) == 1


@given(st.ip_addresses(v=4))
def test_every_spelling_of_an_ipv4_address_is_one(address: IPv4Address) -> None:
    padded = ".".join(f"{int(part):03d}" for part in str(address).split("."))
    spellings = {str(address), padded, f"::ffff:{address}", f"::ffff:{padded}", f"{address}:80", str(IPv6Address(f"::ffff:{address}"))}
    assert {normal(Kind.IP, spelling) for spelling in spellings} == {str(address)}


@given(calling_codes, st.from_regex(r"[0-9]{3,13}", fullmatch=True))
@settings(max_examples=1000, deadline=None)
def test_the_short_way_to_a_phone_number_agrees_with_the_long_one(code: int, national: str) -> None:
    written = f"+{code}{national}"
    try:
        number = phonenumbers.parse(written, None)
        possible = phonenumbers.is_possible_number(number)
        expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else None
    except phonenumbers.NumberParseException:
        expected = None
    assert normal(Kind.PHONE, written) == expected


@given(anything, st.booleans())
@settings(max_examples=500, deadline=None)
def test_a_time_is_read_or_left_alone(text: str, always_utc: bool) -> None:
    moment = moments.read(text, always_utc=always_utc)
    assert moment.as_written == text
    assert (moment.wall is None) == (moment.precision is None)
    assert moment.at is None or moment.zone == "stated"


@given(st.datetimes(), st.timezones())
def test_a_time_with_its_offset_is_that_moment(wall: object, zone: object) -> None:
    aware = wall.replace(tzinfo=zone)  # type: ignore[attr-defined]
    written = aware.isoformat()
    moment = moments.read(written)
    assert moment.at in {None, aware}
