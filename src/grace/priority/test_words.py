from __future__ import annotations

from django.utils import translation

from grace.priority import words
from grace.priority.axes import Axis
from grace.priority.compare import in_words
from grace.priority.models import RuleSet
from grace.priority.rules import base_rules


def test_every_text_of_the_base_rules_is_in_the_catalogues() -> None:
    body = base_rules()
    assert set(words.BASE_TEXTS) == {line["text"] for line in (*body["rules"], *body["floors"])}


def test_every_axis_part_and_state_is_in_the_catalogues() -> None:
    body = base_rules()
    assert set(words.AXES) == {axis.value for axis in Axis}
    assert set(words.PARTS) == {*body, *body["escalation"], "queues"} - {"format"}, "queues may be left out"
    assert set(words.STATES) == set(RuleSet.State.labels)


def test_a_rule_is_told_in_german() -> None:
    line = next(each for each in base_rules()["rules"] if each["id"] == "u-escalated")
    own = "words of the unit itself"
    with translation.override("de"):
        assert in_words(line) == "Absender eskalierte: +40 Dringlichkeit, wenn sender.escalated ist true"
        assert in_words({**line, "text": own}).startswith(own)
