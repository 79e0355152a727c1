import io
import json
from typing import Any

import jsonschema
import pytest

from grace.identifiers import moments
from grace.intake.formats.described import deviations
from grace.intake.formats.dsa_notice import FORMAT
from grace.intake.formats.dsa_notice.description import NOTICE, schema
from grace.intake.formats.dsa_notice.examples import SMALLEST, WHOLE
from grace.intake.formats.json_document import parse
from grace.sdk.intake import Kind, Report, Role
from grace.sdk.testing import package

VALIDATOR = jsonschema.Draft202012Validator(schema())


def read(document: Any) -> Report:
    return FORMAT.read(package({"notice.json": json.dumps(document).encode()}))[0].report


def codes(document: Any) -> set[str]:
    return {note.code for note in read(document).notes}


def test_the_schema_is_one_and_the_examples_keep_it() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    for example in (WHOLE, SMALLEST):
        VALIDATOR.validate(example)
    assert not codes(WHOLE)
    assert codes(SMALLEST) == {"number-missing", "states-missing"}


def test_what_a_notice_says() -> None:
    report = read(WHOLE)
    assert (report.issuer, report.number, report.sender) == ("Example Hosting", "N-2026-0017", "Example Hosting")
    assert (report.incident_at, report.incident_time_note) == ("2026-11-01 21:10:09 +01:00", "Time of publication")
    assert report.facts["published_at"] == report.incident_at
    assert report.facts["suspicion"].startswith("An invented explanation")
    assert report.facts["states_concerned"] == "NL; DE"
    assert (report.facts["states_concerned_victim"], report.facts["states_concerned_suspect"]) == ("DE", "NL")
    recipient, provider = report.persons
    assert (recipient.role, recipient.fields["last_name"], recipient.claims[2].port) == (Role.REPORTED, "Sample", "51600")
    assert (provider.role, provider.fields) == (Role.SENDER, {"organisation": "Example Hosting"})
    assert [(claim.kind, claim.value) for claim in report.claims] == [(Kind.URL, "https://files.example.net/a/1")]
    assert [passage.about for passage in report.passages] == ["suspicion", "content"]
    assert [file.name for file in report.attachments] == ["card.txt"]


@pytest.mark.parametrize(
    ("at", "zone", "utc", "noted"),
    [
        ("2026-11-01 21:10:09", "+01:00", "2026-11-01T20:10:09+00:00", False),
        ("2026-11-01T21:10", "UTC", "2026-11-01T21:10:00+00:00", False),
        ("2026-11-01T21:10:09Z", "+01:00", "2026-11-01T21:10:09+00:00", False),
        ("2026-11-01T21:10:09+02:00", None, "2026-11-01T19:10:09+00:00", False),
        ("2026-11-01 21:10:09", None, None, True),
        ("2026-11-01 21:10:09", "Europe/Amsterdam", None, True),
        ("2026-11-01", "+01:00", "2026-10-31T23:00:00+00:00", False),
        ("yesterday", None, None, True),
    ],
)
def test_the_designated_time_zone_counts(at: str, zone: str | None, utc: str | None, noted: bool) -> None:
    report = read({**SMALLEST, "published_at": at, "time_zone": zone})
    assert report.incident_at is not None
    moment = moments.read(report.incident_at).at
    assert (moment and moment.isoformat()) == utc
    assert ("zone-missing" in {note.code for note in report.notes}) == noted
    assert report.facts.get("time_zone") == zone


@pytest.mark.parametrize(
    "change",
    [
        {"suspicion": None},
        {"provider": {"name": "x"}},
        {"content": []},
        {"mood": 1},
        {"states_concerned": ["NL"]},
        {"states_concerned": [{"state": "NL", "because": ["whim"]}]},
        {"recipient": {"identifiers": [{"kind": "star sign", "value": "x"}]}},
    ],
)
def test_what_the_schema_fails_is_read_and_noted(change: dict[str, Any]) -> None:
    document = {**WHOLE, **change}
    assert not VALIDATOR.is_valid(document)
    assert deviations(parse(io.BytesIO(json.dumps(document).encode())), NOTICE)
    assert read(document).sender in {"Example Hosting", "x"}


def test_a_state_alone_is_a_state() -> None:
    assert read({**SMALLEST, "states_concerned": ["NL", " IE "]}).facts["states_concerned"] == "NL; IE"
