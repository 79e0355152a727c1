"""Packets that are only numbers: which pictures are wanted of them."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grace.evidence.decoding.program.moments import APART, CALM, Packets, chosen, sane


def packets(*pieces: tuple[int, int], key: int = 250, step: int = 40, key_size: int = 9_000) -> tuple[Packets, int]:
    """So many packets of about that size each; every ``key``-th can be decoded alone."""
    chance = np.random.default_rng(1)
    sizes = np.concatenate([chance.normal(size, size / 40, count) for count, size in pieces]).astype(np.int64)
    keys = np.arange(len(sizes)) % key == 0
    sizes[keys] = key_size
    return Packets(np.arange(len(sizes)) * step, np.maximum(sizes, 1), keys), len(sizes) * step


def at(found: tuple[Packets, int]) -> list[int]:
    return [int(found[0].moments[place]) for place in chosen(*found)]


def test_where_nothing_turns_key_pictures_are_enough() -> None:
    assert at(packets((1_000, 500))) == [0, 10_000, 20_000, 30_000]


def test_key_pictures_that_are_dense_are_thinned_where_nothing_turns() -> None:
    assert at(packets((500, 500), key=25)) == list(range(0, 20_000, CALM))


def test_a_shot_between_two_key_pictures_is_seen() -> None:
    """Its first packet is large, and so is the next shot's."""
    found = packets((60, 500), (1, 4_000), (60, 500), (1, 4_000), (200, 500))
    assert at(found) == [0, 60 * 40, 10_000]


def test_one_turn_between_two_key_pictures_costs_nothing() -> None:
    assert at(packets((60, 500), (1, 4_000), (350, 500))) == [0, 10_000]


def test_a_key_picture_on_the_beat_shows_what_turned_before_it() -> None:
    """It is of another size since the scene is another one, and no turn of its own: nothing between the two has to be decoded."""
    found = packets((1_000, 500), key=50)
    found[0].sizes[520] = 4_000
    found[0].sizes[found[0].keys & (np.arange(1_000) > 520)] = 20_000
    assert at(found) == [*range(0, 520 * 40, CALM), 22_000, *range(22_000 + CALM, 40_000, CALM)]


def test_key_pictures_that_somebody_put_at_cuts_are_turns() -> None:
    keys = np.isin(np.arange(1_000), [0, 120, 290, 380, 510, 640, 730, 850, 960])
    some = Packets(np.arange(1_000) * 40, np.where(keys, 9_000, 500), keys)
    assert set(np.flatnonzero(keys)) <= set(chosen(some, 40_000))


def test_the_last_shot_is_seen_though_no_key_picture_follows() -> None:
    assert at(packets((60, 500), (1, 4_000), (60, 500))) == [0, 2_400]


def test_what_changes_little_by_little_is_told_by_its_size() -> None:
    """A scene, a part that is nearly nothing, a scene."""
    found = packets((60, 900), (60, 20), (60, 900), (220, 900))
    assert any(60 * 40 <= moment < 120 * 40 for moment in at(found))


def test_without_key_pictures_some_are_taken_all_the_same() -> None:
    found = at(packets((3_000, 500), key=10_000))
    assert found[0] == 0
    assert max(np.diff([*found, 120_000])) <= APART


def test_moments_that_hardly_go_forward_are_counted_instead() -> None:
    assert sane(np.zeros(100, np.int64), 40.0).tolist() == [40 * number for number in range(100)]
    assert sane(np.arange(100)[::-1].astype(np.int64), 40.0)[-1] == 99 * 40
    assert sane(np.array([0, 120, 40, 80]), 40.0).tolist() == [0, 120, 40, 80]


def test_of_nothing_nothing_is_wanted() -> None:
    assert chosen(Packets(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.bool_)), 0) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**31), st.booleans()), min_size=1, max_size=120),
    st.integers(0, 2**32 - 1),
)
def test_whatever_packets_say_the_answer_is_of_them_and_in_order(told: list[tuple[int, int, bool]], end: int) -> None:
    moments, sizes, keys = (np.array(each) for each in zip(*told, strict=True))
    some = Packets(moments.astype(np.int64), sizes.astype(np.int64), keys.astype(np.bool_))
    places = chosen(some, end)
    assert len(set(places)) == len(places)
    assert set(places) <= set(range(len(told)))
    times = [int(some.moments[place]) for place in places]
    assert times == sorted(times)
    assert bool(places) == bool(keys.any())


@pytest.mark.parametrize("key", [1, 25, 250])
def test_the_same_packets_give_the_same_answer(key: int) -> None:
    found = packets((80, 500), (1, 4_000), (100, 700), (30, 60), key=key)
    assert chosen(*found) == chosen(*found)


def test_turns_without_end_take_no_long_time() -> None:
    """Ten hours in which every third packet is large."""
    sizes = np.where(np.arange(900_000) % 3 == 0, 5_000, 500)
    some = Packets(np.arange(900_000) * 40, sizes, np.arange(900_000) == 0)
    begun = time.process_time()
    assert chosen(some, 36_000_000)
    assert time.process_time() - begun < 30
