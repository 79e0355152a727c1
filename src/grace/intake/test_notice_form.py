import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.intake.formats.described import deviations
from grace.intake.formats.dsa_notice import FORMAT
from grace.intake.formats.dsa_notice.description import NOTICE
from grace.intake.formats.json_document import parse
from grace.intake.notice_fields import SECTIONS, ZONES
from grace.intake.notice_form import MOST_FILES, MOST_LINES, compose
from grace.sdk.intake import Bytes, Report
from grace.sdk.testing import package

NEEDED = {"urls": "https://files.example.net/a/1", "suspicion": "An invented explanation.", "contact": "desk@hosting.example.net"}
WHOLE = {
    **NEEDED,
    "content_reference": "item-77",
    "content_text": "The bench was painted green.\nTwice.",
    "digests": "3E25960A79DBC69B674CD4EC67A72C62",
    "published_at": "2026-11-01T21:10",
    "time_zone": "+01:00",
    "user_ids": "4711\n4712",
    "screen_names": "lighthouse ada",
    "emails": "ada.sample@post.example.net",
    "phones": "+31 20 555 0147",
    "ips": "192.0.2.7, 2026-11-01T20:10:09Z, 51600\n2001:db8::7",
    "first_name": "Ada",
    "last_name": "Sample",
    "date_of_birth": "1985-04-30",
    "address_street": "Quay 1",
    "address_postal_code": "3500",
    "address_city": "Utrecht",
    "address_country": "NL",
    "states_offence": "nl, de",
    "states_victim": "DE",
    "phone": "+31 20 555 0100",
    "reference": "N-17",
    "established_in": "ie",
}
FIELDS = [field for section in SECTIONS for field in section.fields]


def faults(**typed: str) -> dict[str, str]:
    return dict(compose({**NEEDED, **typed}, "Example Hosting").faults)


def read(notice: object) -> Report:
    return FORMAT.read(package({"notice.json": json.dumps(notice).encode()}))[0].report


def test_the_whole_form_becomes_a_notice_that_keeps_its_schema() -> None:
    assert {*WHOLE, "files", "states_suspect"} == {field.name for field in FIELDS}
    composed = compose(WHOLE, "Example Hosting", ["1-card.txt"])
    assert composed.faults == {}
    assert deviations(parse(Bytes("n", json.dumps(composed.notice).encode()).open()), NOTICE) == ()
    report = read(composed.notice)
    assert not report.notes
    assert (report.sender, report.number, report.incident_at) == ("Example Hosting", "N-17", "2026-11-01T21:10 +01:00")
    assert (report.facts["states_concerned"], report.facts["states_concerned_offence"]) == ("NL; DE", "NL; DE")
    claims = [(claim.kind.value, claim.value, claim.port) for claim in report.persons[0].claims]
    assert claims == [
        ("user_id", "4711", None),
        ("user_id", "4712", None),
        ("screen_name", "lighthouse ada", None),
        ("email", "ada.sample@post.example.net", None),
        ("phone", "+31 20 555 0147", None),
        ("ip", "192.0.2.7", "51600"),
        ("ip", "2001:db8::7", None),
    ]
    assert [file.name for file in report.attachments] == ["1-card.txt", None]


def test_what_is_not_typed_is_not_said() -> None:
    composed = compose(NEEDED, "Example Hosting")
    assert composed.faults == {}
    assert set(composed.notice) == {"dsa_notice", "provider", "content", "suspicion"}


@pytest.mark.parametrize("name", ["suspicion", "contact", "urls"])
def test_what_is_needed_is_asked_for(name: str) -> None:
    assert set(faults(**{name: " "})) == {name}


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("urls", "https://files.example.net/a\nfiles of mine", "Line 2"),
        ("digests", "abc", "no digest"),
        ("published_at", "yesterday", "no time"),
        ("time_zone", "", "time zone"),
        ("time_zone", "Europe/Amsterdam", "time zone"),
        ("emails", "ada at post", "no e-mail"),
        ("phones", "call me", "no telephone"),
        ("ips", "300.1.2.3", "no IP address"),
        ("ips", "192.0.2.7 2026-11-01T20:10:09", "no zone"),
        ("ips", "192.0.2.7 70000", "source port"),
        ("ips", "192.0.2.7 1 2", "source port"),
        ("date_of_birth", "long ago", "no date"),
        ("states_victim", "Netherlands", "two letters"),
        ("established_in", "NL DE", "one state"),
        ("contact", "nobody", "no e-mail"),
        ("reference", "x" * 2000, "longer"),
        ("suspicion", "x" * 60_000, "longer"),
        ("user_ids", "1\n" * (MOST_LINES + 1), "more than"),
    ],
)
def test_nonsense_is_told_where_it_stands(name: str, text: str, word: str) -> None:
    more = {"published_at": "2026-11-01T21:10"} if name == "time_zone" else {}
    if name == "published_at":
        more = {"time_zone": "UTC"}
    found = faults(**more, **{name: text})
    assert set(found) == {name}
    assert word in found[name]


def test_a_file_is_content_enough_and_many_are_too_many() -> None:
    typed = {**NEEDED, "urls": ""}
    assert compose(typed, "Example Hosting", ["1-a.txt"]).faults == {}
    assert set(compose(typed, "Example Hosting", [f"{place}" for place in range(MOST_FILES + 1)]).faults) == {"files"}


@given(
    st.dictionaries(st.sampled_from([field.name for field in FIELDS]), st.text(max_size=40) | st.sampled_from([*WHOLE.values(), *ZONES]))
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_typed_gives_a_notice_or_faults(typed: dict[str, str]) -> None:
    composed = compose(typed, "Example Hosting")
    assert set(composed.faults) <= {field.name for field in FIELDS}
    if not composed.faults:
        assert deviations(parse(Bytes("n", json.dumps(composed.notice).encode()).open()), NOTICE) == ()
