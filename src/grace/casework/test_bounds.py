"""Bounds beside published values, and beside a slow count of every sample."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.casework.bounds import most_in_all, most_share


@pytest.mark.parametrize(("found", "read", "upper"), [(81, 263, 0.3676), (15, 148, 0.1617), (0, 20, 0.1684), (1, 29, 0.1776)])
def test_clopper_pearson_as_published(found: int, read: int, upper: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 5; his upper limits leave 2.5 % above them."""
    assert most_share(read, found, 0.975) == pytest.approx(upper, abs=5e-5)


def test_the_rule_of_three_and_wilks_number() -> None:
    """0 of n leaves about 3/n (Hanley and Lippman-Hand, JAMA 1983); 59 are enough for 95 % at 95 %, 58 are not (Wilks, 1941)."""
    assert most_share(1000, 0) == pytest.approx(3 / 1000, rel=0.01)
    assert most_share(59, 0) < 0.05 < most_share(58, 0)


def slow(size: int, read: int, found: int) -> int:
    """The same bound with whole numbers only."""

    def at_most(urgent: int) -> Fraction:
        return Fraction(sum(comb(urgent, each) * comb(size - urgent, read - each) for each in range(found + 1)), comb(size, read))

    return max(urgent for urgent in range(found, size - read + found + 1) if at_most(urgent) > Fraction(1, 20))


@given(st.data())
def test_the_bound_of_a_finite_part_is_exact(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 60))
    read = data.draw(st.integers(0, size))
    found = data.draw(st.integers(0, read))
    assert most_in_all(size, read, found) == slow(size, read, found)


def test_a_finite_part_comes_near_the_endless_one() -> None:
    assert most_in_all(10_000_000, 500, 2) / 10_000_000 == pytest.approx(most_share(500, 2), rel=1e-3)


def test_ends() -> None:
    assert most_in_all(50, 0, 0) == 50, "nothing read: all may be urgent"
    assert most_in_all(50, 50, 3) == 3, "all read: no more than was found"
    assert most_share(7, 7) == 1.0
    with pytest.raises(ValueError, match="no sample"):
        most_in_all(5, 6, 0)
