from __future__ import annotations

from typing import Any

import pytest

from grace.kernel.errors import Invalid
from grace.priority.rule_faults import faults
from grace.priority.rules import base_rules
from grace.web.rules import form


def fields_of(body: dict[str, Any]) -> dict[str, str]:
    """What a browser would send back of the untouched editor."""
    rows = form.rows_of(body, [])
    sent = {f"weight-{axis}": str(weight) for axis, weight in body["weights"].items()}
    sent |= {f"escalation-{name}": str(value) for name, value in body["escalation"].items()}
    for row in (row for lines in rows.values() for row in lines):
        sent |= {f"{row.prefix}-{name}": getattr(row, name) for name in ("id", "axis", "number", "each", "up_to", "text")}
        for condition in row.conditions:
            sent |= {f"{condition.prefix}-{name}": getattr(condition, name) for name in ("signal", "operator", "value")}
    return sent


def test_an_untouched_editor_sends_back_the_same_rules() -> None:
    assert form.read_fields(fields_of(base_rules())) == base_rules()


@pytest.mark.parametrize(
    ("signal", "operator", "typed", "value"),
    [
        ("sender.bundled", "is", "true", True),
        ("sender.bundled", "is", "perhaps", "perhaps"),
        ("ip.count", "at_least", "3", 3),
        ("incident.age_days", "at_most", "1.5", 1.5),
        ("incident.type", "one_of", "a, b,, c", ["a", "b", "c"]),
        ("ip.count", "absent", "false", False),
        ("nobody.said", "is", "x", "x"),
    ],
)
def test_a_value_is_read_as_its_signal_wants_it(signal: str, operator: str, typed: str, value: object) -> None:
    sent = {"r0-id": "x", "r0-c0-signal": signal, "r0-c0-operator": operator, "r0-c0-value": typed}
    assert form.read_fields(sent)["rules"][0]["when"] == [{"signal": signal, operator: value}]


def test_rows_are_added_and_removed() -> None:
    body = base_rules()
    before = len(body["rules"])
    assert form.act_on(body, "add-rule:urgency")
    assert form.act_on(body, f"add-condition:r{before}")
    assert len(body["rules"][before]["when"]) == 2
    assert form.act_on(body, f"remove:r{before}-c0")
    assert form.act_on(body, f"remove:r{before}")
    assert form.act_on(body, "add-floor")
    assert form.act_on(body, "remove:f3")
    assert body == base_rules()


@pytest.mark.parametrize("act", ["save", "", "remove:r999", "remove:x", "add-rule:colour", "remove:r0-c", "add-condition:f77"])
def test_other_acts_change_nothing(act: str) -> None:
    body = base_rules()
    assert not form.act_on(body, act)
    assert body == base_rules()


def test_faults_stand_beside_their_lines() -> None:
    body = base_rules()
    body["rules"][2]["points"] = 1000
    body["floors"][0]["when"][0] = {"signal": "nobody.said", "is": True}
    body["weights"]["urgency"] = 0
    found = faults(body)
    rows = form.rows_of(body, found)
    assert [row.prefix for lines in rows.values() for row in lines if row.faults] == ["r2", "f0"]
    assert [fault.split(":")[0] for fault in form.faults_of_all(found)] == ["weights"]


@pytest.mark.parametrize("body", [None, [], {}, {"rules": [1], "floors": [], "weights": {}, "escalation": {}}, {"rules": [{"when": [{}]}]}])
def test_what_is_no_table_is_shown_as_text(body: object) -> None:
    assert not form.is_table(body)


def test_broken_json_is_told_by_its_line() -> None:
    with pytest.raises(Invalid, match="line 2"):
        form.read_json('{\n "a": }')
    with pytest.raises(Invalid):
        form.read_json("[" * 100_000)
