"""The promises beside published numbers, and beside a slow count of every order in which labels and batch can come."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import ceil, comb, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.priority.promise import Batch, Promise, allowed, chance_in_batch, chance_in_population, expected


def slow_batch(urgent: int, rank: int, size: int, share: int) -> Fraction:
    """Of all orders, the part with more of the batch below the label of this rank than is allowed."""
    orders = list(combinations(range(urgent + size), urgent))
    broken = sum(order[rank - 1] - (rank - 1) > allowed(size, share) for order in orders)
    return Fraction(broken, len(orders))


@given(st.data())
def test_the_chance_in_a_batch_is_exact(data: st.DataObject) -> None:
    urgent, size = data.draw(st.integers(1, 6)), data.draw(st.integers(0, 6))
    rank, share = data.draw(st.integers(1, urgent)), data.draw(st.integers(1, 999))
    assert chance_in_batch(urgent, rank, size, share) == pytest.approx(float(slow_batch(urgent, rank, size, share)), abs=1e-12)


@given(st.integers(1, 60), st.data())
def test_the_chance_in_the_population_is_the_sum_of_the_binomial_law(urgent: int, data: st.DataObject) -> None:
    rank, share = data.draw(st.integers(1, urgent)), data.draw(st.integers(1, 999))
    part = Fraction(share, 1000)
    exact = sum(comb(urgent, each) * part**each * (1 - part) ** (urgent - each) for each in range(rank))
    assert chance_in_population(urgent, rank, share) == pytest.approx(float(exact), rel=1e-9)


@pytest.mark.parametrize(("share", "least"), [(10, 299), (50, 59), (100, 29)])
def test_wilks_numbers(share: int, least: int) -> None:
    """Wilks (1941): so many are needed for one bound of this share at 95 %; it is ln 0.05 / ln (1 - share)."""
    assert Promise(share).least_urgent() == least == ceil(log(0.05) / log(1 - share / 1000))


def test_a_batch_that_may_lose_none_needs_nineteen_times_its_size() -> None:
    """The lowest of n labels lies above none of m others with a probability of n / (n + m)."""
    assert Promise(10, 50, Batch(99, 99)).least_urgent() == 19 * 99
    assert Promise(50, 50, Batch(0, 19)).least_urgent() == 19 * 19


def test_in_a_large_batch_the_two_promises_meet() -> None:
    assert chance_in_batch(500, 3, 2_000_000, 10) == pytest.approx(chance_in_population(500, 3, 10), abs=1e-4)


@given(st.integers(1, 400), st.integers(5, 100), st.integers(0, 150), st.integers(0, 150))
def test_no_batch_within_the_promise_is_worse_than_what_is_told(urgent: int, share: int, least: int, more: int) -> None:
    promise = Promise(share, 50, Batch(least, least + more))
    rank = promise.rank(urgent)
    told = promise.chance_broken(urgent, rank)
    assert told <= 0.05 + 1e-12
    if rank:
        assert all(chance_in_batch(urgent, rank, size, share) <= told + 1e-9 for size in range(least, least + more + 1))
    if rank < urgent:
        assert promise.chance_broken(urgent, rank + 1) > 0.05, "a higher rank breaks the promise"


@given(st.integers(5, 200), st.sampled_from([None, Batch(10, 30), Batch(100, 120)]))
def test_a_line_exists_from_the_least_number_on(share: int, batch: Batch | None) -> None:
    promise = Promise(share, 50, batch)
    least = promise.least_urgent()
    assert promise.rank(least) >= 1
    assert promise.rank(least - 1) == 0


@given(st.integers(0, 30), st.integers(0, 300), st.integers(0, 300))
def test_what_is_expected_holds_what_the_rate_says(urgent: int, more: int, size: int) -> None:
    audited = urgent + more
    found = expected(urgent, audited, size)
    assert 0 <= found.least <= found.most <= size
    if audited:
        assert found.least <= size * urgent / audited + 1
        assert found.most >= size * urgent / audited - 1


def test_numbers_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="no promise"):
        Promise(0)
    with pytest.raises(ValueError, match="no batch"):
        Batch(3, 2)
    with pytest.raises(ValueError, match="no rank"):
        Promise(50).chance_broken(5, 6)
    with pytest.raises(ValueError, match="no audit"):
        expected(3, 2, 10)
