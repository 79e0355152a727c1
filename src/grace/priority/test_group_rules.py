"""What groups say may lower novelty; no rule and no floor can be written that lets it do anything else."""

from __future__ import annotations

from typing import Any

import pytest

from grace.priority.axes import Axis
from grace.priority.rule_faults import faults
from grace.priority.rules import base_rules, read_rules
from grace.priority.score import assess
from grace.sdk.signals import KINDS, Basis, Signal, SignalValue

GROUPS = [Signal("group.viral", 50_000, Basis.OBSERVED, "links"), Signal("group.duplicate", 9, Basis.OBSERVED, "links")]


def told(body: dict[str, Any]) -> list[str]:
    return [f"{each.place}: {each.what}" for each in faults(body)]


@pytest.mark.parametrize("axis", [axis for axis in Axis if axis is not Axis.NOVELTY])
@pytest.mark.parametrize("condition", [{"at_least": 1}, {"absent": True}, {"at_most": 5}])
@pytest.mark.parametrize("points", [-5, 5])
def test_a_rule_of_another_axis_cannot_rest_on_a_group(axis: Axis, condition: dict[str, Any], points: int) -> None:
    body = base_rules()
    rule = {"id": "x", "axis": axis.value, "points": points, "text": "x", "when": [{"signal": "group.viral", **condition}]}
    body["rules"].append(rule)
    assert any("novelty axis only" in line for line in told(body))


def test_nor_multiply_by_one() -> None:
    body = base_rules()
    when = [{"signal": "file.new_count", "at_least": 1}]
    body["rules"].append({"id": "x", "axis": "urgency", "points": -1, "each": "group.viral", "up_to": 9, "text": "x", "when": when})
    assert any("novelty axis only" in line for line in told(body))


@pytest.mark.parametrize("condition", [{"at_least": 1}, {"absent": True}])
def test_nor_can_a_floor(condition: dict[str, Any]) -> None:
    body = base_rules()
    when = [{"signal": "sender.escalated", "is": True}, {"signal": "group.duplicate", **condition}]
    body["floors"].append({"id": "x", "floor": 90, "text": "x", "when": when})
    assert any("novelty axis only" in line for line in told(body))


def test_a_group_cannot_raise_novelty() -> None:
    body = base_rules()
    body["rules"].append({"id": "x", "axis": "novelty", "points": 5, "text": "x", "when": [{"signal": "group.viral", "at_least": 1}]})
    assert any("not raise" in line for line in told(body))


VALUES: dict[type, SignalValue] = {bool: True, int: 3, float: 0.5, str: "enticement"}


@pytest.mark.parametrize("left_out", [None, *sorted(KINDS)])
def test_with_the_base_rules_groups_change_novelty_and_nothing_else(left_out: str | None) -> None:
    rules = read_rules(base_rules())
    given = [
        Signal(name, VALUES[kind.type], Basis.REPORTED, "x") for name, kind in KINDS.items() if name != left_out and name[:6] != "group."
    ]
    alone, grouped = assess(given, rules), assess([*given, *GROUPS], rules)
    assert grouped.axes[Axis.NOVELTY] <= alone.axes[Axis.NOVELTY]
    for axis in (Axis.COMPLETENESS, Axis.ACTIONABILITY, Axis.URGENCY):
        assert grouped.axes[axis] == alone.axes[axis]
    assert (grouped.floor, grouped.floors) == (alone.floor, alone.floors)
