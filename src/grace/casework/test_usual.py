from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grace.casework.sender_figures import Figures, bins
from grace.casework.usual import is_flood, sender_rules, usual

RULES = sender_rules()


def test_a_steady_sender_floods_far_above_its_level_only() -> None:
    by = usual([100, 104, 98, 101, 97, 103, 99, 100], RULES)
    assert by is not None
    assert (by.level, by.spread, by.bound) == (100, 10, 150)
    assert not is_flood(150, by)
    assert is_flood(151, by)


def test_one_flood_before_does_not_raise_the_bound() -> None:
    calm, once = usual([10] * 28, RULES), usual([10] * 27 + [50_000], RULES)
    assert calm is not None
    assert once is not None
    assert once.bound == calm.bound


def test_few_reports_are_never_a_flood_and_few_days_no_level() -> None:
    by = usual([0] * 28, RULES)
    assert by is not None
    assert not is_flood(20, by)
    assert is_flood(21, by)
    assert usual([5] * (RULES.known_days - 1), RULES) is None
    assert not is_flood(10**6, None)


@given(st.lists(st.integers(0, 10**6), min_size=7, max_size=60))
def test_the_bound_lies_above_the_level(before: list[int]) -> None:
    by = usual(before, RULES)
    assert by is not None
    assert by.bound >= max(by.level, RULES.at_least)
    assert by.days == min(len(before), RULES.days)


@given(st.lists(st.integers(0, 100)))
def test_the_median_is_one_of_the_values_in_the_middle(values: list[int]) -> None:
    figures = Figures()
    figures.completeness.update(values)
    assert figures.median_completeness == (sorted(values)[(len(values) - 1) // 2] if values else None)
    assert sum(number for _, _, number in bins(figures.completeness, (0, 20, 40, 60, 80, 101))) == len(values)


def test_who_changes_the_bound_of_actionability_counts_all_days_anew() -> None:
    """Days keep how many referrals reached it: a change of the rules comes with a migration that touches every day (as 0007 does)."""
    assert RULES.actionable_at_least == 40
