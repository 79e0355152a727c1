from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from grace.intake.canonical import canonical
from grace.intake.differ import Difference, contradictions, differences
from grace.intake.said import as_bytes, said
from grace.sdk.fields import FIELDS
from grace.sdk.intake import Attachment, Claim, Kind, Passage, Person, Reading, Report, Role

ALL = frozenset(FIELDS)
LOGIN = Claim(Kind.IP, "192.0.2.7", "$.ip", event="Login", at="2025-01-01T10:00:00Z", port="4000")
ADA = Person(Role.REPORTED, "$.p[0]", {"first_name": "Ada", "date_of_birth": "05-17-1991"}, (LOGIN,))
BRAM = Person(Role.RECIPIENT, "$.r[0]", {"first_name": "Bram"})
BOAT = Attachment("$.f[0]", name="boat.jpg", digests={"md5": "AB" * 16}, viewed=True)
REPORT = Report("lea-json", "NCMEC", "7", "Example Social", persons=(ADA, BRAM), attachments=(BOAT,))


def told(report: Report = REPORT, **changes: Any) -> dict[str, Any]:
    return canonical(Reading(replace(report, **changes), ("d",)))


def apart(one: Report, other: Report) -> list[Difference]:
    return list(differences(said(told(one), ALL), said(told(other), ALL)))


def test_a_statement_is_known_by_what_it_is_about() -> None:
    facts = said(told(), ALL)
    assert facts["person.role"] == {(): ("recipient 1", "reported 1")}
    assert facts["person.first_name"] == {("reported 1",): ("Ada",), ("recipient 1",): ("Bram",)}
    assert facts["person.date_of_birth"] == {("reported 1",): ("1991-05-17",)}
    assert facts["ip.port"] == {("reported 1", "192.0.2.7", "2025-01-01T10:00:00Z"): ("4000",)}
    assert facts["file.md5"] == {("boat.jpg",): ("ab" * 16,)}


def test_nothing_outside_the_fields_asked_for_leaves_a_mark() -> None:
    facts = said(told(), frozenset({"ip.port", "ip", "person.role"}))
    assert facts == {
        "person.role": {(): ("reported 1",)},
        "ip": {("reported 1",): ("192.0.2.7",)},
        "ip.port": {("reported 1", "192.0.2.7"): ("4000",)},
    }


def test_order_spelling_and_line_breaks_leave_no_mark() -> None:
    spelled = replace(
        REPORT,
        format="other",
        persons=(replace(BRAM, path="/b"), replace(ADA, claims=(replace(LOGIN, event="LOGIN", value="::ffff:192.0.2.7"),))),
        passages=(Passage("A ferry\nleaves.", "/x", "note"),),
    )
    plain = replace(REPORT, passages=(Passage("A ferry leaves.", "$", "chat"),))
    assert as_bytes(said(told(spelled), ALL)) == as_bytes(said(told(plain), ALL))


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (replace(REPORT, sender="Example Chat"), "report.sender"),
        (replace(REPORT, bundled=True), "report.bundled"),
        (replace(REPORT, persons=(ADA, replace(BRAM, role=Role.REPORTED))), "person.role"),
        (replace(REPORT, persons=(replace(ADA, fields={"first_name": "Zoe"}), BRAM)), "person.first_name"),
        (replace(REPORT, persons=(replace(ADA, claims=(replace(LOGIN, value="192.0.2.8"),)), BRAM)), "ip"),
        (replace(REPORT, persons=(replace(ADA, claims=(replace(LOGIN, at="2025-01-01T10:00:09Z"),)), BRAM)), "ip.at"),
        (replace(REPORT, persons=(replace(ADA, claims=(replace(LOGIN, port="4001"),)), BRAM)), "ip.port"),
        (replace(REPORT, attachments=(replace(BOAT, name="ship.jpg"),)), "file.name"),
        (replace(REPORT, attachments=(replace(BOAT, viewed=False),)), "file.viewed"),
    ],
)
def test_a_difference_is_told_once_and_in_its_own_field(other: Report, field: str) -> None:
    assert [each.field for each in apart(REPORT, other)] == [field]


def test_another_address_at_the_same_moment_is_seen_among_many() -> None:
    again = replace(LOGIN, at="2025-01-02T10:00:00Z")
    other = (replace(LOGIN, value="192.0.2.8"), again)
    (found,) = apart(
        replace(REPORT, persons=(replace(ADA, claims=(LOGIN, again)),)), replace(REPORT, persons=(replace(ADA, claims=other),))
    )
    assert (found.field, found.one, found.other) == ("ip", ("192.0.2.7",), ("192.0.2.8",))


def test_silence_contradicts_nothing() -> None:
    less = replace(REPORT, persons=(replace(ADA, fields={}, claims=()),), attachments=(replace(BOAT, viewed=None),))
    assert apart(REPORT, less) == []
    assert apart(less, REPORT) == []


@pytest.mark.parametrize(
    ("written", "contradicts"),
    [("2025-01-01T12:30:00", False), ("2025-01-01T12:31:00", True), ("2025-01-03T10:00:00", True), ("2025-01-01T20:00:00+10:00", False)],
)
def test_a_time_without_a_zone_contradicts_only_what_no_zone_explains(written: str, contradicts: bool) -> None:
    one, other = (replace(REPORT, persons=(), incident_at=at) for at in ("2025-01-01T10:00:00Z", written))
    assert bool(apart(one, other)) is contradicts


def test_what_one_format_cannot_carry_is_not_compared() -> None:
    json = told(received_at="2025-01-01T10:00:00Z", annotations=("spam",))
    xml = told(format="cybertipline-xml", received_at="2026-01-01T10:00:00Z", annotations=("sextortion",))
    assert contradictions(json, xml) == []


def test_files_without_names_are_known_by_their_digest() -> None:
    unnamed = replace(REPORT, attachments=(replace(BOAT, name=None),))
    other = replace(REPORT, attachments=(replace(BOAT, name=None, digests={"md5": "cd" * 16}),))
    assert [each.field for each in apart(unnamed, other)] == ["file.md5"]
