from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grace.kernel.errors import Invalid
from grace.priority.models import RuleSet
from grace.priority.rule_files import MOST_BYTES, read_file, written
from grace.priority.rule_schema import rules_file_schema
from grace.priority.rules import base_rules, held, read_rules
from grace.sdk.signals import DENIED

NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)


def a_file(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(written(RuleSet(number=3, note="for the winter", body=base_rules()), "Example rules", NOW))
    return {**told, **changes}


def raw(tree: object) -> bytes:
    return json.dumps(tree).encode()


def test_what_is_written_is_read_back() -> None:
    own = {**base_rules(), "queues": [{"id": "live", "text": "live streams", "when": [{"signal": "incident.type", "is": "live"}]}]}
    told = written(RuleSet(number=3, note="for the winter", body=own), "Example rules", NOW)
    found = read_file(told.encode())
    assert (found.title, found.note, found.made_at, found.body) == ("Example rules", "for the winter", NOW, own)
    assert read_rules(found.body).queues[0].text == "live streams"


def test_the_published_schema_says_the_same() -> None:
    Draft202012Validator.check_schema(rules_file_schema())
    checker = Draft202012Validator(rules_file_schema())
    assert checker.is_valid(a_file())
    body = base_rules()
    body["rules"][0]["when"][0] = {"signal": "person.nationality", "is": "x"}
    assert not checker.is_valid(a_file(rules=body))
    assert not checker.is_valid(a_file(more=1))
    assert not checker.is_valid(a_file(rules={**base_rules(), "more": 1}))


@pytest.mark.parametrize(
    ("hostile", "says"),
    [
        (b"", "no rules file"),
        (b"\xff\xfe", "no rules file"),
        (b"[" * 2_000_000, "too large"),
        (b"[" * 100_000, "nests deeper"),
        (b'{"a":' * 50_000, "nests deeper"),
        (b" " * (MOST_BYTES + 1), "too large"),
        (raw([]), "not an object"),
        (raw({"format": "grace-rules"}), "version is missing"),
        (raw(a_file(format="x")), "not grace-rules"),
        (raw(a_file(version=2)), "not version 1"),
        (raw(a_file(title="")), "title"),
        (raw(a_file(title="x" * 201)), "title"),
        (raw(a_file(title="turned \u202e round")), "title"),
        (raw(a_file(made_at="yesterday")), "made_at"),
        (raw(a_file(extra=1)), "does not know"),
        (raw(a_file(rules={**base_rules(), "extra": 1})), "exactly format"),
        (raw(a_file(rules=None)), "exactly format"),
        (raw(a_file(rules={**base_rules(), "rules": [{}] * 501})), "at most 500"),
        (raw(a_file(rules={**base_rules(), "rules": [{}] * 400})), "more"),
        (raw(a_file()).replace(b'"title"', b'"note": "", "title"', 1), "key twice"),
        (raw(a_file()).replace(b'"share": 0.02', b'"share": NaN'), "no JSON"),
        (raw(a_file()).replace(b'"points": 20', b'"points": ' + b"9" * 5_000, 1), "no JSON"),
        (raw(a_file()).replace(b'"points": 20', b'"points": 1e999', 1), "no JSON"),
    ],
)
def test_what_is_no_rules_file_is_refused_in_plain_words(hostile: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        read_file(hostile)
    assert len(refused.value.message) < 5_000
    assert refused.value.remedy


@pytest.mark.parametrize("word", sorted(DENIED))
@pytest.mark.parametrize("part", ["rules", "floors", "queues"])
def test_what_a_person_is_stays_out_of_imported_rules(word: str, part: str) -> None:
    line = {"id": "x", "text": "x", "when": [{"signal": f"person.{word}", "is": "x"}]}
    more: dict[str, dict[str, Any]] = {"rules": {"axis": "urgency", "points": 5}, "floors": {"floor": 5}, "queues": {}}
    body = {**base_rules(), part: [{**line, **more[part]}]}
    with pytest.raises(Invalid, match=r"may not be used in a rule \(AI Act"):
        read_file(raw(a_file(rules=body)))


def test_a_file_that_would_lower_a_base_floor_is_read_and_the_floor_holds() -> None:
    lowered = {**base_rules(), "floors": [{**each, "floor": 1} for each in base_rules()["floors"]]}
    found = read_file(raw(a_file(rules=lowered)))
    assert [height for _part, _name, height in held(found.body)] == [each["floor"] for each in base_rules()["floors"]]
    assert {each.floor for each in read_rules(found.body).floors} >= {each["floor"] for each in base_rules()["floors"]}
