from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grace.links.spans import covers, dense, merged, probes

times = st.lists(st.integers(0, 60), max_size=30)


def test_three_within_ten_seconds_are_dense_and_two_are_not() -> None:
    assert dense([0, 5, 11], 3, 10) == []
    assert dense([0, 5, 10], 3, 10) == [(0, 10)]
    assert dense([0, 5, 10, 14, 100, 101], 3, 10) == [(0, 14)]


def test_two_outbreaks_of_one_file_stay_apart() -> None:
    assert dense([1, 2, 3, 500, 501, 502], 3, 10) == [(1, 3), (500, 502)]


@given(times, st.integers(1, 6), st.integers(0, 20))
def test_what_is_dense_is_what_a_slow_look_at_every_window_finds(given_times: list[int], threshold: int, window: int) -> None:
    slow = {
        time
        for start in given_times
        if len(inside := [each for each in given_times if start <= each <= start + window]) >= threshold
        for time in inside
    }
    found = dense(given_times, threshold, window)
    assert {time for time in given_times if covers(found, time)} == slow


@given(times, times, st.integers(1, 6), st.integers(0, 20))
def test_neighbours_of_new_times_are_enough(known: list[int], new: list[int], threshold: int, window: int) -> None:
    """What the incremental way finds from few neighbours is what all times together give."""
    present = dense(known, threshold, window)
    everything = sorted(known + new)
    found = list(present)
    for first, last in probes(present, new):
        before = [time for time in everything if time < first][-(threshold - 1) :] if threshold > 1 else []
        after = [time for time in everything if time > last][: threshold - 1]
        between = [time for time in everything if first <= time <= last]
        found += dense(before + between + after, threshold, window)
    whole = dense(everything, threshold, window)
    assert {time for time in everything if covers(merged(found), time)} == {time for time in everything if covers(whole, time)}
