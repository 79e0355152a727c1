from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.priority.compare import as_text, differences, in_words
from grace.priority.rules import base_rules

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["rules", "floors", "id", "x"]), inner, max_size=3),
)


def test_what_came_went_and_changed_is_told_by_id() -> None:
    before, after = base_rules(), base_rules()
    del after["rules"][0]
    after["rules"][0]["points"] = 7
    after["weights"] |= {"urgency": 50, "novelty": 15}
    after["floors"].append({**after["floors"][0], "id": "f-more"})
    found = {(each.part, each.name): (each.before is not None, each.after is not None) for each in differences(before, after)}
    assert found == {
        ("weights", "urgency"): (True, True),
        ("weights", "novelty"): (True, True),
        ("rules", "c-account"): (True, False),
        ("rules", "c-contact"): (True, True),
        ("floors", "f-more"): (False, True),
    }
    assert differences(before, base_rules()) == []


def test_a_line_reads_as_a_sentence() -> None:
    lines = {line["id"]: in_words(line) for line in (*base_rules()["rules"], *base_rules()["floors"])}
    assert lines["u-escalated"] == "sender escalated: +40 urgency if sender.escalated is true"
    assert lines["a-earlier"].startswith("earlier reports named: +5 actionability for each link.earlier_reports, up to 15 if")
    assert lines["n-nothing"].endswith("if file.named_count absent")
    assert "one of enticement, molestation, trafficking" in lines["u-enticement"]


def test_the_text_keeps_one_rule_a_line_in_the_usual_order() -> None:
    shuffled = json.loads(json.dumps(base_rules(), sort_keys=True))
    text = as_text(shuffled)
    assert json.loads(text) == base_rules()
    assert len(text.splitlines()) == len(base_rules()["rules"]) + len(base_rules()["floors"]) + 9
    assert text.index('"weights"') < text.index('"rules"') < text.index('"floors"')


@given(anything)
def test_any_json_is_shown_as_it_is(body: Any) -> None:
    assert json.loads(as_text(body)) == body


@pytest.mark.parametrize("body", [{"rules": [], "floors": []}, {"rules": [1], "floors": [None]}])
def test_odd_shapes_are_shown_too(body: dict[str, Any]) -> None:
    assert json.loads(as_text(body)) == body
