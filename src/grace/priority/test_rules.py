from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.kernel.errors import Invalid
from grace.priority.axes import Axis
from grace.priority.rules import base_rules, read_rules
from grace.sdk.signals import DENIED, KINDS


def body_with(**changes: Any) -> dict[str, Any]:
    body = base_rules()
    body.update(changes)
    return body


def rule(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"id": "r", "axis": "urgency", "points": 5, "text": "t", "when": [{"signal": "sender.bundled", "is": True}]}
    return {**made, **changes}


def test_the_base_rules_are_sound() -> None:
    rules = read_rules(base_rules())
    assert sum(rules.weights.values()) == 100
    assert {each.axis for each in rules.rules} == set(Axis)
    assert rules.floors


def test_all_faults_are_told_at_once() -> None:
    body = body_with(weights={"urgency": 100}, rules=[rule(points=1000), rule(id="", axis="colour")])
    with pytest.raises(Invalid) as caught:
        read_rules(body)
    assert [line.split(":")[0] for line in caught.value.message.splitlines()] == [
        "weights",
        "rules[0].points",
        "rules[1].id",
        "rules[1].axis",
    ]


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ({"signal": "nobody.said", "is": True}, "no such signal"),
        ({"signal": "ip.count", "is": True}, "type int"),
        ({"signal": "sender.bundled", "at_least": 1}, "a number"),
        ({"signal": "sender.bundled", "like": "x"}, "no such operator"),
        ({"signal": "incident.type", "one_of": []}, "list of texts"),
        ({"signal": "incident.type"}, "a signal and one of"),
        ({"signal": ["x"], "is": 1}, "a text"),
        ("sender.bundled", "a signal and one of"),
    ],
)
def test_a_condition_that_means_nothing_is_refused(condition: object, fault: str) -> None:
    with pytest.raises(Invalid, match=fault):
        read_rules(body_with(rules=[rule(when=[condition])]))


@pytest.mark.parametrize("text", ["", "x" * 201, "a\0b", "a\ud800b", "two\nlines", 7])
def test_a_text_that_cannot_be_stored_or_shown_is_refused(text: object) -> None:
    for changes in (
        {"text": text},
        {"id": text},
        {"when": [{"signal": "incident.type", "is": text}]},
        {"when": [{"signal": "incident.type", "one_of": [text]}]},
    ):
        with pytest.raises(Invalid):
            read_rules(body_with(rules=[rule(**changes)]))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400])
def test_a_number_that_cannot_be_compared_is_refused(value: float) -> None:
    with pytest.raises(Invalid):
        read_rules(body_with(rules=[rule(when=[{"signal": "ip.count", "at_least": value}])]))


def test_ids_are_not_used_twice_across_rules_and_floors() -> None:
    floor = {"id": "r", "floor": 5, "text": "t", "when": [{"signal": "sender.bundled", "is": True}]}
    with pytest.raises(Invalid, match=r"floors\[0\]\.id"):
        read_rules(body_with(rules=[rule()], floors=[floor]))


def test_no_published_signal_speaks_of_what_is_denied() -> None:
    persons = {name for name in KINDS if name.startswith(("person.", "contact."))}
    assert not [name for name in persons if DENIED & set(name.replace(".", "_").split("_"))]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_any_nonsense_in_any_place_is_refused_in_words(data: st.DataObject) -> None:
    body = base_rules()
    holder: Any = body
    for _ in range(data.draw(st.integers(0, 4))):
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        inner = [key for key in keys if isinstance(holder[key], dict | list) and holder[key]]
        if not inner:
            break
        holder = holder[data.draw(st.sampled_from(inner))]
    key = data.draw(st.sampled_from(list(holder) if isinstance(holder, dict) else list(range(len(holder)))))
    holder[key] = data.draw(json_values)
    with suppress(Invalid):
        read_rules(body)
