"""Schema, reader and the contract's own Report are the same thing said three times."""

import io
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.intake.formats.described import MOST_NOTES, Flag, Listing, Mark, Record, Text, Value, deviations
from grace.intake.formats.grace_json import FORMAT
from grace.intake.formats.grace_json.description import REPORT, schema
from grace.intake.formats.grace_json.examples import SMALLEST, WHOLE
from grace.intake.formats.json_document import parse
from grace.intake.formats.lea_json import FORMAT as LEA
from grace.sdk.fields import FIELDS, stated
from grace.sdk.intake import Attachment, Claim, Kind, Passage, Person, Report, Role
from grace.sdk.testing import package

VALIDATOR = jsonschema.Draft202012Validator(schema())


def read(document: object) -> Report:
    return FORMAT.read(package({"report.json": json.dumps(document).encode()}))[0].report


def codes(document: object) -> set[str]:
    return {note.code for note in read(document).notes}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("example", [SMALLEST, WHOLE])
def test_the_examples_keep_the_schema(example: object) -> None:
    VALIDATOR.validate(example)
    assert not codes(example)


# What a document may hold: a value as described, or now and then something else.
WILD = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=3), st.just([]), st.just({}), st.just([{"a": 1}]))


def described(value: Value) -> st.SearchStrategy[Any]:
    right: st.SearchStrategy[Any]
    match value:
        case Mark():
            right = st.just(value.number)
        case Flag():
            right = st.booleans()
        case Text():
            right = st.sampled_from([*value.one_of]) if value.one_of else st.text(max_size=4)
        case Listing():
            right = st.lists(described(value.items), max_size=2)
        case Record():
            named = {name: described(inner) for name, inner in value.members.items()}
            wanted = {name for name, inner in value.members.items() if inner.required}
            right = st.fixed_dictionaries(
                {name: inner for name, inner in named.items() if name in wanted},
                optional={name: inner for name, inner in named.items() if name not in wanted},
            )
            right = (
                st.tuples(right, st.dictionaries(st.text(max_size=3), WILD, max_size=1)).map(lambda pair: {**pair[1], **pair[0]}) | right
            )
    return st.integers(0, 30).flatmap(lambda dice: WILD if dice == 0 else right)


@given(described(REPORT).filter(lambda tree: isinstance(tree, dict)))
@settings(max_examples=150, deadline=None)
def test_a_deviation_is_noted_exactly_where_the_schema_fails(tree: dict[str, Any]) -> None:
    noted = {note.code for note in deviations(parse(io.BytesIO(json.dumps(tree).encode())), REPORT)}
    assert bool(noted) == (not VALIDATOR.is_valid(tree)), noted


def test_deviations_are_counted_to_an_end() -> None:
    notes = read({**SMALLEST, **{f"key{place}": 1 for place in range(MOST_NOTES * 3)}}).notes
    assert len(notes) == MOST_NOTES + 1
    assert notes[-1].code == "more-deviations"


def written(report: Report) -> dict[str, Any]:
    """The report as a document, written here and not by the reader's description."""
    return {
        "grace_report": 1,
        "issuer": report.issuer,
        "number": report.number,
        "sender": report.sender,
        "service": report.service,
        "received": report.received_at,
        "incident": {"type": report.incident_type, "at": report.incident_at, "time_note": report.incident_time_note},
        "escalated": report.escalated or (True if report.escalated == "" else None),
        "annotations": list(report.annotations),
        "bundled": report.bundled,
        "prior_numbers": list(report.prior_numbers),
        "facts": dict(report.facts),
        "persons": [{"role": each.role, "fields": dict(each.fields), **said(each)} for each in report.persons],
        "files": [file(each) for each in report.attachments],
        **said(report),
        "times_are_utc": report.always_utc,
    }


def said(bearer: Report | Person | Attachment) -> dict[str, Any]:
    names = {"kind", "value", "event", "at", "port", "verified", "service", "label", "facts"}
    return {
        "identifiers": [{**{name: getattr(claim, name) for name in names}, "in_text": claim.mined} for claim in bearer.claims],
        "passages": [{"about": each.about, "text": each.text} for each in bearer.passages],
    }


def file(each: Attachment) -> dict[str, Any]:
    plain = {name.name: getattr(each, name.name) for name in fields(Attachment)}
    return {name: value for name, value in plain.items() if name not in {"path", "claims", "passages"}} | said(each)


WORD = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=6).filter(lambda text: text.lower() != "na")
SAID = st.none() | WORD
TABLE = st.dictionaries(WORD, WORD, max_size=2)
CLAIM = st.builds(
    Claim,
    st.sampled_from(Kind),
    WORD,
    st.just(""),
    SAID,
    SAID,
    SAID,
    st.sampled_from([True, False, None]),
    SAID,
    WORD,
    TABLE,
    st.booleans(),
)
CLAIMS = st.lists(CLAIM, max_size=2).map(tuple)
PASSAGES = st.lists(st.builds(Passage, WORD, st.just(""), WORD), max_size=2).map(tuple)
PERSON = st.builds(Person, st.sampled_from(Role), st.just(""), TABLE, CLAIMS, PASSAGES)
TRUTH = st.sampled_from([True, False, None])
WORDS = st.lists(WORD, max_size=2).map(tuple)
FILE = st.builds(Attachment, st.just(""), SAID, SAID, SAID, TABLE, TRUTH, TRUTH, SAID, SAID, SAID, WORDS, TABLE, CLAIMS, PASSAGES)
REPORTS = st.builds(
    Report,
    st.just("grace-json"),
    *(WORD, WORD, WORD, st.just("$"), SAID, SAID, SAID, SAID, SAID, SAID | st.just("")),
    *(WORDS, st.booleans(), WORDS, TABLE),
    st.lists(PERSON, max_size=2).map(tuple),
    st.lists(FILE, max_size=2).map(tuple),
    CLAIMS,
    PASSAGES,
    always_utc=st.booleans(),
)


def pathless(report: Report) -> Report:
    """The report without its paths, leaves and notes."""

    def bare(bearer: Any) -> dict[str, Any]:
        return {
            "claims": tuple(replace(claim, path="") for claim in bearer.claims),
            "passages": tuple(replace(passage, path="") for passage in bearer.passages),
        }

    return replace(
        report,
        persons=tuple(replace(each, path="", **bare(each)) for each in report.persons),
        attachments=tuple(replace(each, path="", **bare(each)) for each in report.attachments),
        leaves=(),
        **bare(report),
    )


@given(REPORTS)
@settings(max_examples=100, deadline=None)
def test_whatever_a_report_can_say_survives(report: Report) -> None:
    document = json.loads(json.dumps(written(report)))
    assert pathless(read(document)) == report
    VALIDATOR.validate(document)


def test_every_published_field_has_a_place() -> None:
    every = read(EVERYTHING)
    assert stated(every) == FORMAT.carries == frozenset(FIELDS)
    assert not every.notes


def every_kind() -> Iterator[dict[str, Any]]:
    for kind in Kind:
        yield {"kind": kind, "value": "v", "event": "Login", "at": "2026-11-01", "port": 1, "verified": True, "service": "s", "label": "l"}


EVERYTHING: dict[str, Any] = {
    **WHOLE,
    "bundled": True,
    "persons": [
        {
            "role": role,
            "fields": dict.fromkeys(("first_name", "middle_name", "last_name", "date_of_birth", "age", "address_city"), "x"),
            "identifiers": [*every_kind()],
            "passages": [{"text": "x"}],
        }
        for role in Role
    ],
    "files": [
        {
            **WHOLE["files"][0],
            "digests": dict.fromkeys(("md5", "sha1", "sha256", "pdq"), "00"),
            "publicly_available": False,
        }
    ],
}


def test_only_the_outermost_mark_counts() -> None:
    ours, inside = json.dumps(SMALLEST).encode(), json.dumps({"a": {"grace_report": 1}, "b": "grace_report"}).encode()
    assert FORMAT.recognises(package({"a.json": ours})) == 1
    assert FORMAT.recognises(package({"a.json": inside})) == 0
    assert FORMAT.recognises(package({"a.json": ours.decode().encode("utf-16")})) == 1
    lea = LEA.examples()[0]["report.json"]
    assert FORMAT.recognises(package({"a.json": lea})) == 0
    assert LEA.recognises(package({"a.json": ours})) < 1


def test_unknown_keys_are_kept_and_noted() -> None:
    report = read({**SMALLEST, "mood": {"sea": "calm"}})
    assert [(leaf.path, leaf.value) for leaf in report.leaves if not leaf.known] == [("$.mood.sea", "calm")]
    assert [note.code for note in report.notes] == ["unknown-key"]


def test_a_number_that_nobody_gave_names_no_referral() -> None:
    report = read({"grace_report": 1, "number": "17"})
    assert (report.issuer, report.number, report.prior_numbers) == ("", None, ("17",))
    assert {note.code for note in report.notes} >= {"issuer-missing", "sender-missing"}


def test_an_unknown_role_makes_nobody_reported() -> None:
    report = read({**SMALLEST, "persons": [{"role": "suspect"}, {"role": " Victim "}, {}]})
    assert [person.role for person in report.persons] == [Role.ASSOCIATED, Role.VICTIM, Role.ASSOCIATED]


def test_urgent_without_words_is_urgent() -> None:
    assert [read({**SMALLEST, "escalated": said}).escalated for said in (True, False, None, "At once.")] == ["", None, None, "At once."]
