"""Tallies: sums over agencies carry the line of all in one place, and too few labels carry none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.priority.promise import Promise
from grace.priority.tally import Line, Tally, TooFew, count, draw_line, floor_and_score, pool, position, thinned

PLACES = st.lists(st.integers(0, 30_000), max_size=300)


@given(st.lists(PLACES, min_size=1, max_size=4), st.sampled_from([1, 50, 1000]))
def test_the_line_of_the_sum_is_the_line_of_all_in_one_place(agencies: list[list[int]], step: int) -> None:
    tallies = [count(f"agency {number}", places, 2 * len(places), step=step) for number, places in enumerate(agencies)]
    everything = count("all", [place for places in agencies for place in places], 2 * sum(map(len, agencies)), step=step)
    assert draw_line(pool(tallies), Promise(50)) == draw_line(everything, Promise(50))


@given(PLACES, st.sampled_from([50, 1000]))
def test_coarser_steps_never_put_more_below(places: list[int], step: int) -> None:
    fine, coarse = (draw_line(count("a", places, len(places), step=each), Promise(50)) for each in (1, step))
    if isinstance(fine, Line) and isinstance(coarse, Line):
        assert fine.position - step < coarse.position <= fine.position
        assert sum(place < coarse.position for place in places) < fine.rank
    else:
        assert fine == coarse


def test_too_few_labels_carry_no_line_and_say_how_many_are_missing() -> None:
    assert draw_line(count("a", range(58), 5_800), Promise(50)) == TooFew(58, 5_800, 1, 100)
    assert isinstance(draw_line(count("a", range(59), 5_900), Promise(50)), Line)
    assert draw_line(count("a", [], 0), Promise(50)) == TooFew(0, 0, 59, 118)


def test_what_cannot_be_added() -> None:
    some = count("a", [3], 10)
    for other in (some, count("b", [0], 10, step=5), count("b", [3], 10, share=20_000)):
        with pytest.raises(ValueError, match="cannot add"):
            pool([some, other])
    with pytest.raises(ValueError, match="no tally"):
        Tally(("a",), 1, {0: 2})
    assert pool([some, count("b", [4], 5)]).sources == ("a", "b")


@given(st.integers(0, 100), st.integers(0, 10_000))
def test_positions_are_in_the_order_of_the_queue(floor: int, score: int) -> None:
    assert floor_and_score(position(floor, score)) == (floor, score)
    assert position(floor, score) < position(floor + 1, 0)


def test_thinning_makes_a_plain_sample_of_a_weighted_one() -> None:
    """Of 40,000 referrals the lower half is drawn at 5 %, the upper at 20 %: what stays is drawn at 5 % everywhere."""
    rng = np.random.default_rng(6)
    share = np.repeat([0.05, 0.2], 20_000)
    drawn = rng.random(40_000) < share
    kept = thinned(1 / share[drawn], rng.random(drawn.sum()))
    low = share[drawn] == 0.05
    assert kept[low].all()
    assert kept[~low].mean() == pytest.approx(0.25, abs=0.03)
    assert thinned([], []).shape == (0,)
    with pytest.raises(ValueError, match="positive numbers"):
        thinned([1, 0], [0.5, 0.5])
