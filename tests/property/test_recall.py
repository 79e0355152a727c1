"""What is kept of a document tells the same facts as the document did: stated ones as stated, those of running text as of text."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from grace.intake import registry
from grace.intake.canonical import canonical
from grace.intake.feedback import remarks
from grace.intake.normalise import Facts, facts
from grace.intake.packages import open_package
from grace.intake.recall import recall
from grace.kernel import clock
from grace.referrals.signals import signals
from grace.sdk.fields import FIELDS
from grace.sdk.intake import Claim, Kind, Passage, Person, Reading, Report, Role
from grace.simulate.forms import members
from grace.simulate.plan import Form
from grace.simulate.world import zipped
from tests.support.truths import readable, reports


def round_trip(report: Report) -> Report:
    return recall(canonical(Reading(report, ("document",))))


def told(found: Facts) -> list[tuple[object, ...]]:
    return [
        (e.kind, e.value, e.as_written, e.normalised, e.path, e.person, e.attachment, e.event, e.at, e.wall if e.at is None else None,
         e.zone, e.precision, e.port, e.weak, e.verified, e.service, e.label, e.mined, e.is_stated, e.position)
        for e in found.sightings
    ]  # fmt: skip


def assert_same(report: Report) -> None:
    again = replace(round_trip(report), path=report.path)  # where the report itself stood is not kept
    before, after = facts(report), facts(again)
    assert told(after) == told(before)
    assert [(each.role, each.fields, each.path) for each in after.persons] == [
        (each.role, each.fields, each.path) for each in before.persons
    ]
    assert [each.digests for each in after.attachments] == [each.digests for each in before.attachments]
    now = clock.now()
    assert signals(again, after, now) == signals(report, before, now)
    everything = frozenset(FIELDS)
    assert remarks(again, after, everything, ()) == remarks(replace(report, leaves=()), before, everything, ())


@pytest.mark.parametrize("form", readable())
def test_every_form_comes_back_as_it_was(form: Form) -> None:
    for referral in reports(2, 10):
        documents = members(referral, form)
        name, content = next(iter(documents.items()))
        with open_package(io.BytesIO(content if len(documents) == 1 else zipped(documents)), name=name) as package:
            (reading,) = registry.read(package)
        assert_same(reading.report)


def report(*claims: Claim, text: str = "", always_utc: bool = False) -> Report:
    person = Person(Role.REPORTED, "$.person", {}, claims, (Passage(text, "$.bio", "bio"),) if text else ())
    return Report("lea-json", "Example", "7", "Example Chat", persons=(person,), always_utc=always_utc)


@pytest.mark.parametrize("always_utc", [True, False])
@pytest.mark.parametrize(
    "at",
    [
        "2025-01-02T03:04:05Z", "2025-01-02T03:04:05.678Z", "2025-01-02T03:04Z", "2025-01-02 03:04", "2025-01-02", "2025-01-02Z",
        "2025-01-02T03:04+05:30", "2025-01-02+01:00", "2025-01-02 03:04:05", "01-02-2025 03:04 AM UTC", "some day", "",
    ],
)  # fmt: skip
def test_a_time_comes_back_as_precise_as_it_was(at: str, always_utc: bool) -> None:
    assert_same(report(Claim(Kind.IP, "192.0.2.7", "$.ip", at=at, port="4433"), always_utc=always_utc))


def test_what_was_found_in_text_never_comes_back_as_a_statement() -> None:
    said = report(Claim(Kind.EMAIL, "ada@example.org", "$.mail"), text="Write to kite@example.org or call +32 470 12 34 56.")
    assert_same(said)
    stated = [each.value for each in facts(round_trip(said)).sightings if each.is_stated]
    assert stated == ["ada@example.org"]
