from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.priority.axes import Axis
from grace.priority.rules import base_rules, read_rules
from grace.priority.score import CAP, assess
from grace.sdk.signals import KINDS, Basis, Signal

BASE = read_rules(base_rules())


def said(kind: str, value: Any, basis: Basis = Basis.REPORTED) -> Signal:
    return Signal(kind, value, basis, "test")


def test_an_urgent_referral_says_why_in_words_a_person_reads() -> None:
    found = assess([said("sender.escalated", True), said("person.access_to_child", True)], BASE)
    assert found.axes[Axis.URGENCY] == 65
    assert [(r.text, r.points) for r in found.reasons[Axis.URGENCY]] == [("sender escalated", 40), ("access to a child stated", 25)]
    assert found.floor == 90
    assert found.why()[0] == ["f-escalated", 90, "sender escalated", "floor"]


def test_what_is_known_lowers_novelty_only() -> None:
    before = assess([said("sender.escalated", True), said("file.named_count", 3), said("file.new_count", 1)], BASE)
    after = assess([said("sender.escalated", True), said("file.named_count", 3), said("file.known_count", 3)], BASE)
    assert after.axes[Axis.NOVELTY] < before.axes[Axis.NOVELTY]
    assert after.axes[Axis.URGENCY] == before.axes[Axis.URGENCY]
    assert after.axes[Axis.ACTIONABILITY] == before.axes[Axis.ACTIONABILITY]
    assert after.floor == before.floor


def test_beyond_the_daily_share_an_escalation_lifts_nothing() -> None:
    assert assess([said("sender.escalated_over_share", True)], BASE).floor == 0


def test_points_for_each_stop_at_their_bound() -> None:
    found = assess([said("link.earlier_reports", 50)], BASE)
    assert [r.points for r in found.reasons[Axis.ACTIONABILITY]] == [15]


def test_a_models_estimate_marks_the_line_that_rests_on_it() -> None:
    found = assess([said("text.present", True, Basis.MODEL)], BASE)
    assert found.reasons[Axis.COMPLETENESS][0].basis == "model"


def test_an_absent_signal_is_a_condition_of_its_own() -> None:
    assert assess([], BASE).axes[Axis.NOVELTY] == 40
    assert assess([said("file.named_count", 1)], BASE).axes[Axis.NOVELTY] == 0


values = {
    bool: st.booleans(),
    int: st.integers(0, 10_000),
    float: st.floats(0, 10_000),
    str: st.sampled_from(["enticement", "material", "sextortion"]),
}
signals = st.lists(
    st.sampled_from(sorted(KINDS)).flatmap(lambda kind: values[KINDS[kind].type].map(lambda value: said(kind, value))), max_size=30
)


@given(signals)
def test_reasons_always_sum_to_their_axis(given_signals: list[Signal]) -> None:
    found = assess(given_signals, BASE)
    for axis in Axis:
        assert sum(reason.points for reason in found.reasons[axis]) == found.axes[axis]
        assert 0 <= found.axes[axis] <= 100
        assert sum(reason.rule == CAP for reason in found.reasons[axis]) <= 1
    assert 0 <= found.score <= 10_000


@given(signals, st.integers(-100, 100).filter(bool))
def test_no_rule_can_lower_a_floor(given_signals: list[Signal], points: int) -> None:
    body = base_rules()
    when = [{"signal": kind, "absent": absent} for kind, absent in [("sender.bundled", True)]]
    body["rules"] += [{"id": f"x-{axis}", "axis": axis, "points": points, "text": "x", "when": when} for axis in Axis]
    assert assess(given_signals, read_rules(body)).floor == assess(given_signals, BASE).floor


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_published_kind_can_be_scored(kind: str) -> None:
    sample = {bool: True, int: 1, float: 1.0, str: "enticement"}[KINDS[kind].type]
    assess([said(kind, sample)], BASE)
