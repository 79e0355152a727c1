"""The ranker: no direction is ever gone against, reasons always sum, floors stay, and what is learned is calibrated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.priority.features import BETWEEN, JUDGED, valued
from grace.priority.learn import missing, train, weigh
from grace.priority.measures import area, calibration_error
from grace.priority.rules import base_rules, read_rules
from grace.priority.score import assess
from grace.priority.shapes import Ranker, chance, read_ranker, told_as
from grace.sdk.signals import DENIED, KINDS, Basis, Signal
from tests.support.outcomes import TYPES, draw, outcomes


@cache
def learned() -> tuple[Ranker, Mapping[str, Any]]:
    drawn = draw(4_000, seed=11)
    return train(outcomes(drawn), {}, read_rules(base_rules()), 1)


_VALUES = {
    bool: st.booleans(),
    int: st.integers(0, 2**31),
    float: st.floats(-10, 1e6),
    str: st.sampled_from([*TYPES, "", "age", "x" * 300]),
}
_SIGNALS = st.lists(
    st.sampled_from(sorted(KINDS)).flatmap(
        lambda kind: st.builds(Signal, st.just(kind), _VALUES[KINDS[kind].type], st.sampled_from(Basis), st.just("text from outside"))
    ),
    max_size=40,
)


@given(_SIGNALS)
def test_reasons_sum_to_the_score_whatever_is_said(signals: list[Signal]) -> None:
    ranker, _ = learned()
    told = valued(signals)
    assert abs(sum(each.points for each in ranker.reasons(told)) - ranker.score(told)) <= 1e-9
    assert 0 <= ranker.score(told) <= 10_000


@given(_SIGNALS)
def test_no_ranker_changes_a_floor_or_an_axis(signals: list[Signal]) -> None:
    rules = read_rules(base_rules())
    alone, ranked = assess(signals, rules), assess(signals, replace(rules, ranker=learned()[0]))
    assert (ranked.floor, ranked.floors, ranked.axes, ranked.reasons) == (alone.floor, alone.floors, alone.axes, alone.reasons)
    assert ranked.by_rules(rules) == alone.score
    assert sum(each.points for each in ranked.learned) == ranked.score


@given(_SIGNALS, st.sampled_from(sorted(name for name, (_axis, direction) in JUDGED.items() if direction)), st.floats(0, 1e4))
def test_no_direction_is_gone_against(signals: list[Signal], kind: str, more: float) -> None:
    ranker, _ = learned()
    told = valued(signals)
    low = told.get(kind, 0.0 if KINDS[kind].type is not float else more)
    before, after = ({**told, kind: value} for value in (low, low + more))
    assert JUDGED[kind][1] * (ranker.score(after) - ranker.score(before)) >= 0


def test_what_is_known_lowers_its_own_lines_only() -> None:
    """Nothing else that is said of a referral is worth less because its files are known."""
    ranker, _ = learned()
    told = valued(draw(1, seed=3).signals[0])
    without = {name: value for name, value in told.items() if name != "file.known_count"}
    lines = [{each.name: each.points for each in ranker.reasons(some) if each.name != "file.known_count"} for some in (told, without)]
    assert lines[0] == lines[1]


def test_it_is_nearly_as_good_as_the_truth_and_calibrated() -> None:
    ranker, passport = learned()
    fresh = draw(20_000, seed=12)
    scores = np.array([ranker.score(valued(each)) for each in fresh.signals], float)
    labels, ones = fresh.urgent.astype(float), np.ones(len(scores))
    assert area(labels, fresh.odds, ones) - area(labels, scores, ones) < 0.03
    assert calibration_error(labels, np.array([chance(int(each)) for each in scores]), ones) <= 0.02
    value, low, high = passport["measured"]["area"]
    assert low <= value <= high
    assert value > passport["measured"]["area_of_rules"][0]


def test_the_passport_tells_what_it_rests_on() -> None:
    ranker, passport = learned()
    assert passport["data"]["trained"]["outcomes"] == 3_000
    assert passport["data"]["held"]["outcomes"] == 1_000
    assert passport["denied"] == {"words": sorted(DENIED), "found": []}
    named = {each["feature"] for each in passport["features"]}
    assert set(ranker.shapes) <= named
    assert all(JUDGED[each["feature"].partition(BETWEEN)[0]][1] == each["direction"] for each in passport["features"])
    assert read_ranker(told_as(ranker)) == ranker


def test_the_same_outcomes_give_the_same_ranker() -> None:
    drawn = outcomes(draw(1_200, seed=4, base=-3))
    rules = read_rules(base_rules())
    assert told_as(train(drawn, {}, rules, 1)[0]) == told_as(train(drawn, {}, rules, 1)[0])


@pytest.mark.parametrize(("urgent", "calm", "told"), [(0, 0, (60, 240)), (59, 1_000, (1, 0)), (100, 100, (0, 140))])
def test_too_few_outcomes_are_told_in_numbers(urgent: int, calm: int, told: tuple[int, int]) -> None:
    found = missing([True] * urgent + [False] * calm)
    assert found is not None
    assert (found.urgent_missing, found.calm_missing) == told


def test_enough_are_not_enough_where_none_of_the_newest_is_urgent() -> None:
    found = missing([True] * 60 + [False] * 1_000)
    assert found is not None
    assert found.urgent_missing == 5
    assert missing(([False] * 16 + [True]) * 60) is None


def test_weights_give_back_what_was_read_from_the_top() -> None:
    """Of ten thousand referrals all of the upper half was decided and one in fifty of the lower: the weighted share is that of all."""
    rng = np.random.default_rng(8)
    heights = rng.integers(0, 10_000, 40_000)
    urgent = rng.random(40_000) < np.where(heights > 5_000, 0.1, 0.01)
    decided = (heights > 5_000) | (rng.random(40_000) < 0.02)
    steps, numbers = np.unique(heights // 100 * 100, return_counts=True)
    weights, unread = weigh(heights[decided], dict(zip(steps.tolist(), numbers.tolist(), strict=True)))
    assert unread == 0
    assert np.average(urgent[decided], weights=weights) == pytest.approx(urgent.mean(), rel=0.1)
    assert urgent[decided].mean() > 1.5 * urgent.mean()
