from datetime import UTC, datetime

import pytest

from grace.identifiers import LONGEST
from grace.intake.normalise import Facts, SightingFact, facts
from grace.sdk.intake import Attachment, Claim, Kind, Person, Report, Role

AT = "2025-03-04T21:10:09Z"


def of(*claims: Claim, always_utc: bool = False) -> tuple[SightingFact, ...]:
    person = Person(Role.REPORTED, "$.p", claims=claims)
    return facts(Report("x", "x", None, "x", persons=(person,), always_utc=always_utc)).sightings


def ip(value: str = "192.0.2.1", at: str | None = AT, port: str | None = "443", event: str | None = "Login") -> Claim:
    return Claim(Kind.IP, value, "$", event=event, at=at, port=port)


def test_an_exact_repeat_is_one_sighting() -> None:
    assert len(of(ip(), ip(), ip("::ffff:192.0.2.1"), ip(at="2025-03-04T22:10:09+01:00"))) == 1


@pytest.mark.parametrize(
    "other", [ip(port="444"), ip(port=None), ip(event="Upload"), ip(at=None), ip(at="2025-03-04T21:10:08Z"), ip("192.0.2.2")]
)
def test_another_time_port_event_or_address_is_another_sighting(other: Claim) -> None:
    assert len(of(ip(), other)) == 2


def test_the_same_address_of_two_bearers_is_two_sightings() -> None:
    people = tuple(Person(role, "$", claims=(ip(),)) for role in (Role.REPORTED, Role.RECIPIENT))
    report = Report("x", "x", None, "x", persons=people, claims=(ip(),), attachments=(Attachment("$", claims=(ip(),)),))
    assert [(entry.person, entry.attachment) for entry in facts(report).sightings] == [(0, None), (1, None), (None, None), (None, 0)]


@pytest.mark.parametrize(
    ("claim", "weak"),
    [
        (ip(), False),
        (ip(port=None), True),
        (ip(at=None), True),
        (ip(at="2025-03-04T21:10Z"), True),
        (ip(at="2025-03-04"), True),
        (ip(at="2025-03-04T21:10:09"), True),
        (ip("2001:db8::1", port=None), False),
        (ip("2001:db8::1", at=None), True),
        (ip("192.0.2.1:443", port=None), False),
        (Claim(Kind.EMAIL, "a@example.org", "$"), False),
    ],
)
def test_an_address_that_names_no_subscriber_is_weak(claim: Claim, weak: bool) -> None:
    assert of(claim)[0].weak is weak


@pytest.mark.parametrize(
    ("written", "port"),
    [("443", 443), (" 55001 ", 55001), ("0", None), ("70000", None), ("4.5", None), ("-1", None), ("\u0664", None), ("9" * 9999, None)],
)
def test_ports_are_numbers_or_nothing(written: str, port: int | None) -> None:
    assert of(ip(port=written))[0].port == port


def test_a_time_without_zone_is_utc_only_where_the_format_says_so_and_not_in_free_text() -> None:
    at = "2025-03-04 21:10:09"
    mined = Claim(Kind.IP, "192.0.2.1", "$", at=at, mined=True)
    (field, text) = of(ip(at=at), mined, always_utc=True)
    assert (field.at, field.zone) == (datetime(2025, 3, 4, 21, 10, 9, tzinfo=UTC), "stated")
    assert (text.at, text.zone, text.mined) == (None, "unknown", True)
    assert of(ip(at=at))[0].zone == "unknown"


def test_what_is_no_such_identifier_is_kept_as_written() -> None:
    (sighting,) = of(ip("not-an-ip"))
    assert (sighting.value, sighting.normalised, sighting.weak) == ("not-an-ip", False, False)


def test_a_text_too_long_for_an_identifier_is_none() -> None:
    assert of(ip("x" * (LONGEST + 1))) == ()


def test_a_calling_code_reads_a_national_number() -> None:
    claim = Claim(Kind.PHONE, "020 7946 0018", "$", facts={"country_calling_code": "+44"})
    assert of(claim)[0].value == "+442079460018"


def digests(**stated: str) -> Facts:
    return facts(Report("x", "x", None, "x", attachments=(Attachment("$", digests=stated),)))


def test_digests_become_bytes_or_are_kept_as_written() -> None:
    (file,) = digests(md5=" C8526368FB94CD3FBF7D3647B606CE00 ", sha1="short", photodna="1,2,3").attachments
    assert file.digests == {"md5": bytes.fromhex("c8526368fb94cd3fbf7d3647b606ce00")}
    assert file.odd_digests == {"sha1": "short", "photodna": "1,2,3"}


def test_two_spellings_of_an_algorithm_are_one_and_a_contradiction_is_kept() -> None:
    stated = {"SHA-1": "00" * 20, "sha1": "11" * 20, "sha_1": "00" * 20}
    (file,) = digests(**stated).attachments
    assert file.digests == {"sha1": bytes(20)}
    assert file.odd_digests == {"sha1": "11" * 20}
