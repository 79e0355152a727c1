from __future__ import annotations

from collections import Counter
from itertools import pairwise
from statistics import fmean

import pytest

from grace.simulate.chance import Dice, Shuffle, Weighted, fold


def test_the_same_key_gives_the_same_draws() -> None:
    assert [Dice(7, "a", 3).word() for _ in range(5)] == [Dice(7, "a", 3).word() for _ in range(5)]


def test_draws_are_the_same_on_every_machine_and_python() -> None:
    assert (fold(1, "boat", 2), Dice(1, "boat", 2).word()) == (9055651025728291945, 570010979184481140)


@pytest.mark.parametrize("other", [(7, "a", 4), (7, "b", 3), (8, "a", 3), (7, 3, "a"), (7, "a")])
def test_another_key_gives_other_draws(other: tuple[int | str, ...]) -> None:
    assert Dice(7, "a", 3).word() != Dice(*other).word()


def test_neighbouring_keys_are_unrelated() -> None:
    firsts = [Dice(1, "x", index).unit() for index in range(20_000)]
    assert abs(fmean(firsts) - 0.5) < 0.01
    assert abs(fmean(a * b for a, b in pairwise(firsts)) - 0.25) < 0.01


def test_numbers_are_sixteen_even_ones() -> None:
    numbers = Dice(1, "n").numbers()
    assert len(numbers) == 16
    assert all(0 <= number < 2**32 for number in numbers)


def test_waiting_times_and_counts_have_their_means() -> None:
    dice = Dice(3, "means")
    assert 4.8 < fmean(dice.exponential(5) for _ in range(20_000)) < 5.2
    assert 1.6 < fmean(dice.count(1.7, 50) for _ in range(20_000)) < 1.8
    assert {dice.count(0, 9) for _ in range(10)} == {0}
    assert max(dice.count(30, 12) for _ in range(200)) == 12


def test_weights_are_kept() -> None:
    draw, dice = Weighted([("often", 3), ("seldom", 1)]), Dice(4, "weights")
    drawn = Counter(draw.draw(dice) for _ in range(8_000))
    assert 0.72 < drawn["often"] / 8_000 < 0.78


@pytest.mark.parametrize("size", [1, 2, 3, 16, 17, 1_000, 4_097])
def test_a_shuffle_places_everyone_once(size: int) -> None:
    shuffle = Shuffle(size, 9, "order")
    assert sorted(shuffle.place(index) for index in range(size)) == list(range(size))


def test_a_shuffle_shuffles() -> None:
    shuffle = Shuffle(10_000, 9, "order")
    early = [index for index in range(10_000) if shuffle.place(index) < 100]
    gaps = {b - a for a, b in pairwise(early)}
    assert len(gaps) > 30
    assert 3_500 < fmean(early) < 6_500


@pytest.mark.parametrize("index", [-1, 5])
def test_a_shuffle_knows_its_end(index: int) -> None:
    with pytest.raises(IndexError):
        Shuffle(5, 1).place(index)
