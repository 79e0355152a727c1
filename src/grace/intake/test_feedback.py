from __future__ import annotations

from dataclasses import replace

import pytest

from grace.intake import registry
from grace.intake.feedback import CODES, MOST_PATHS, Remark, kept, remarks, stored
from grace.intake.normalise import facts
from grace.sdk.fields import FIELDS
from grace.sdk.intake import Attachment, Bytes, Claim, IntakeFormat, Kind, Leaf, Person, Report, Role

EVERYTHING = frozenset(FIELDS)
ADDRESS = Claim(Kind.IP, "192.0.2.7", "$.ip[0]", event="Upload", at="2026-03-01T08:00:00Z", port="51600")
FILE = Attachment("$.files[0]", name="card.png", digests={"md5": "ab" * 16}, viewed=True, uploaded_at="2026-03-01T08:00:00Z")
WHOLE = Report(
    "test",
    "Example",
    "7",
    "Chat Example",
    incident_type="enticement",
    incident_at="2026-03-01T08:00:00Z",
    persons=(
        Person(
            Role.REPORTED,
            "$.person",
            claims=(Claim(Kind.EMAIL, "ada@example.org", "$.mail", verified=True), Claim(Kind.USER_ID, "u-1", "$.id"), ADDRESS),
        ),
    ),
    attachments=(FILE,),
)


def lacks(report: Report, carries: frozenset[str] = EVERYTHING, state: str = "present") -> list[str]:
    files = [(each.path, state) for each in report.attachments]
    return [each.code for each in remarks(report, facts(report), carries, files)]


def with_claim(claim: Claim) -> Report:
    (person,) = WHOLE.persons
    return replace(WHOLE, persons=(replace(person, claims=(*person.claims[:2], claim)),))


def test_a_report_that_says_everything_lacks_nothing() -> None:
    assert lacks(WHOLE) == []


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (replace(WHOLE, number=None), "report.number-missing"),
        (replace(WHOLE, incident_type=None), "report.type-missing"),
        (replace(WHOLE, incident_at=None), "incident.time-missing"),
        (replace(WHOLE, incident_at="soon"), "incident.time-unreadable"),
        (replace(WHOLE, incident_at="2026-03-01 08:00:00"), "incident.zone-unknown"),
        (with_claim(replace(ADDRESS, port=None)), "ip.port-missing"),
        (with_claim(replace(ADDRESS, event=None)), "ip.event-missing"),
        (with_claim(replace(ADDRESS, at=None)), "ip.time-missing"),
        (with_claim(replace(ADDRESS, at="soon")), "ip.time-unreadable"),
        (with_claim(replace(ADDRESS, at="2026-03-01T08:00Z")), "ip.time-imprecise"),
        (with_claim(replace(ADDRESS, at="2026-03-01 08:00:00")), "time.zone-unknown"),
        (replace(WHOLE, attachments=(replace(FILE, digests={}),)), "file.digest-missing"),
        (replace(WHOLE, attachments=(replace(FILE, digests={"md5": "xyz"}),)), "file.digest-odd"),
        (replace(WHOLE, attachments=(replace(FILE, viewed=None),)), "file.viewed-not-stated"),
        (replace(WHOLE, attachments=(replace(FILE, uploaded_at=None),)), "file.upload-time-missing"),
        (replace(WHOLE, leaves=(Leaf("$.x", "y", known=False),)), "element.unknown"),
    ],
)
def test_one_thing_left_out_is_one_remark(report: Report, code: str) -> None:
    assert lacks(report) == [code]


def test_a_port_is_asked_of_ipv4_only() -> None:
    assert lacks(with_claim(replace(ADDRESS, value="2001:db8::7", port=None))) == []


def test_what_stands_in_a_text_is_asked_nothing_and_an_address_there_is_none_missing() -> None:
    assert lacks(with_claim(replace(ADDRESS, at=None, port=None, event=None, mined=True))) == []


def test_persons_are_asked_for_contacts_and_accounts() -> None:
    bare = replace(WHOLE, persons=(Person(Role.REPORTED, "$.person"),))
    assert lacks(bare) == ["person.contact-missing", "person.account-missing", "ip.missing"]
    assert lacks(replace(WHOLE, persons=())) == ["person.missing", "ip.missing"]


@pytest.mark.parametrize(
    ("state", "code"), [("missing", "file.bytes-missing"), ("named", "file.bytes-not-sent"), ("changed", "file.changed")]
)
def test_what_became_of_the_bytes_is_said(state: str, code: str) -> None:
    assert lacks(WHOLE, state=state) == [code]


def test_what_a_format_has_no_place_for_is_never_missing() -> None:
    bare = Report("test", "Example", None, "Chat Example", attachments=(Attachment("$.f"),))
    assert lacks(bare, frozenset()) == []
    assert lacks(bare, frozenset({"file.viewed"})) == ["file.viewed-not-stated"]
    assert lacks(with_claim(replace(ADDRESS, port=None)), EVERYTHING - {"ip.port"}) == []


def test_every_code_is_about_a_field_of_the_catalogue() -> None:
    assert {field for code in CODES.values() for field in code.fields} <= EVERYTHING


@pytest.mark.parametrize("form", registry.formats(), ids=lambda form: form.name)
def test_no_format_is_asked_for_what_it_cannot_carry(form: IntakeFormat) -> None:
    for example in form.examples():
        for reading in form.read({name: Bytes(name, content) for name, content in example.items()}):
            files = [(each.path, "named") for each in reading.report.attachments]
            for each in remarks(reading.report, facts(reading.report), form.carries, files):
                fields = CODES[each.code].fields
                assert not fields or not form.carries.isdisjoint(fields), each.code


def test_places_are_counted_beyond_those_that_are_named() -> None:
    many = tuple(replace(ADDRESS, value=f"198.51.100.{n}", port=None, path=f"$.ip[{n}]") for n in range(50))
    (found,) = remarks(replace(WHOLE, claims=many), facts(replace(WHOLE, claims=many)), EVERYTHING, ())
    assert (found.count, len(found.paths), found.paths[0]) == (50, MOST_PATHS, "$.ip[0]")


def test_what_is_kept_comes_back_and_is_told_to_machines_and_people() -> None:
    some = (Remark("ip.port-missing", 2, ("$.a", "$.b")),)
    assert kept(stored(some)) == some
    assert kept(None) == ()
    told = some[0].as_json()
    assert (told["code"], told["field"], told["severity"], told["count"]) == ("ip.port-missing", "ip.port", "missing", 2)
    assert str(told["says"]).endswith(".")
    assert Remark("code.of-later", 1, ()).as_json() == {"code": "code.of-later", "count": 1, "paths": []}
