"""Alarms: silent while nothing changes, loud when something does; the numbers with fixed seeds."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.priority.drift import moved, ranks, rate_doubt, spent, wealth


@given(st.lists(st.integers(0, 5), max_size=20), st.lists(st.integers(0, 5), max_size=20), st.integers(0, 999))
def test_ranks_are_those_of_a_slow_count(before: list[int], since: list[int], part: int) -> None:
    chance = [part / 1000] * len(since)
    known = list(before)
    for place, found in zip(since, ranks(before, since, chance), strict=True):
        known.append(place)
        assert found == pytest.approx((sum(each < place for each in known) + part / 1000 * known.count(place)) / len(known))


def test_the_bettor_gains_nothing_on_the_average_and_is_seldom_rich() -> None:
    told = wealth(np.random.default_rng(1).random((4_000, 200)), 200, 50)
    assert told[:, -1].mean() == pytest.approx(1, abs=0.25), "a fair game"
    assert (told.max(axis=1) >= 20).mean() <= 0.05, "Ville's inequality"


def test_the_bettor_grows_rich_on_low_ranks_however_late_they_begin() -> None:
    rng = np.random.default_rng(2)
    late = np.concatenate([rng.random((200, 300)), rng.random((200, 150)) ** 2], axis=1)
    assert (wealth(late, 450, 50).max(axis=1) >= 20).mean() > 0.95


@given(st.integers(0, 6), st.integers(0, 10), st.integers(0, 6), st.integers(0, 10))
def test_the_test_of_the_rate_is_exact(urgent: int, calm: int, urgent_since: int, calm_since: int) -> None:
    total, before, since = urgent + urgent_since, urgent + calm, urgent_since + calm_since
    law = [Fraction(comb(since, each) * comb(before, total - each), comb(before + since, total)) for each in range(total + 1)]
    exact = min(Fraction(1), 2 * min(sum(law[: urgent_since + 1]), sum(law[urgent_since:])))
    assert rate_doubt(urgent, before, urgent_since, since) == pytest.approx(float(exact), rel=1e-9)


def test_scores_that_move_are_seen_and_those_that_stay_are_not() -> None:
    rng = np.random.default_rng(3)
    before, same, other = (Counter((1000 * rng.normal(mean, 1, 20_000)).astype(int).tolist()) for mean in (0, 0, -0.3))
    assert moved(before, same, 0.01) <= 0 < moved(before, other, 0.01)
    assert moved(before, Counter(), 0.01) < 0
    assert moved(Counter({1: 5}), Counter({2: 5}), 0.01) < 0, "five tell nothing"


def test_all_looks_together_spend_no_more_than_the_doubt() -> None:
    assert sum(spent(0.05, look) for look in range(1, 10_000)) < 0.05
