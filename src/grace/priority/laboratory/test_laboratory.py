"""Courses of the laboratory: seeded, plausible, and nothing is lost or read twice."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.priority import turns
from grace.priority.laboratory.coming import Coming, draw
from grace.priority.laboratory.desk import Desk, serve
from grace.priority.laboratory.setting import DAY, Setting, Shift, Untenable, Way, as_json, from_json
from grace.priority.laboratory.told import over, play

EVERY_DAY = tuple(range(7))
SMALL = Setting(per_day=44, minutes=60, shifts=(Shift(5, days=EVERY_DAY),), days=90, urgent_share=0.02)

some_settings = st.builds(
    Setting,
    per_day=st.floats(0.5, 12),
    minutes=st.floats(10, 300),
    shifts=st.lists(
        st.builds(
            Shift,
            officers=st.integers(1, 3),
            begins=st.sampled_from([0.0, 8.0, 22.0]),
            hours=st.sampled_from([4.0, 8.0, 24.0]),
            days=st.sampled_from([EVERY_DAY, (0, 1, 2, 3, 4), (6,)]),
        ),
        min_size=1,
        max_size=2,
    ).map(tuple),
    policy=st.sampled_from([each.value for each in Way]),
    days=st.integers(7, 40),
    urgent_share=st.floats(0, 0.5),
    auc=st.floats(0.5, 0.99),
    floored=st.floats(0, 1),
    false_floors=st.floats(0, 0.2),
    audited=st.integers(0, 1000),
    out_of_turn=st.integers(0, 500),
    waiting=st.integers(0, 50),
)


@settings(max_examples=60, deadline=None)
@given(some_settings, st.integers(0, 2**31))
def test_nobody_reads_before_it_comes_two_at_once_or_out_of_hours(setting: Setting, seed: int) -> None:
    coming = draw(setting, seed)
    seen = serve(setting, coming, seed)
    read = np.isfinite(seen)
    assert (seen[read] >= coming.times[read]).all()
    assert (seen[read] < setting.days * DAY).all()
    begun = np.sort(seen[read])
    for moment in begun:
        at_work = sum(each.officers for each in setting.shifts for back in (0, 1) if _is_on(each, moment + back * DAY, back))
        assert 1 <= np.isclose(begun, moment).sum() <= at_work
    assert coming.work[read].sum() <= setting.capacity * setting.minutes * (setting.days + 7) + setting.officers * coming.work.max(
        initial=0
    )


def _is_on(shift: Shift, moment: float, back: int) -> bool:
    """Whether it is in the shift that began today (back 0), or, with a day added, in that of yesterday that runs past midnight."""
    day = int(moment // DAY) - 2 * back
    begins = DAY * day + 60 * shift.begins
    return day % 7 in shift.days and begins <= moment - back * DAY < begins + 60 * shift.hours


@settings(max_examples=40, deadline=None)
@given(some_settings, st.integers(0, 2**31))
def test_a_course_is_the_same_each_time(setting: Setting, seed: int) -> None:
    first, second = play(setting, seed), play(from_json(as_json(setting)), seed)
    assert first.figures == second.figures
    assert first == second
    assert all(value is None or 0 <= value < inf for value in first.figures.values())


def test_all_ways_read_as_many_and_see_the_same_things_come() -> None:
    ends = [play(replace(SMALL, policy=each.value), 3).waiting[-1] for each in Way]
    assert max(ends) - min(ends) < 30
    first, second = (draw(replace(SMALL, policy=each), 3) for each in ("fifo", "turns"))
    assert (first.times == second.times).all()
    assert (first.scores == second.scores).all()


def test_over_a_load_of_one_something_starves_and_it_is_shown() -> None:
    told = {each.value: over(replace(SMALL, policy=each.value, out_of_turn=200), range(6)) for each in Way}
    middle = {way: {name: value[0] if value else np.nan for name, value in found["figures"].items()} for way, found in told.items()}
    assert told["turns"]["load"] == pytest.approx(1.1)
    assert middle["fifo"]["urgent_within_day"] < 0.3, "the oldest first lets everybody wait, the urgent ones too"
    assert middle["score"]["urgent_within_day"] > 0.97
    assert middle["score"]["unread"] > 0.05, "by score only the tail is never read"
    assert middle["turns"]["urgent_within_day"] > 0.97
    assert middle["turns"]["unread"] <= 0.01
    assert told["score"]["read"][0] < 0.5 < told["score"]["read"][-1], "the lowest tenth of the scores starves"


def test_under_a_load_of_one_every_way_looks_well() -> None:
    for each in Way:
        figures = over(replace(SMALL, per_day=30, policy=each.value), range(3))["figures"]
        assert figures["urgent_within_day"][0] == 1.0
        assert figures["unread"][0] == 0.0
        assert 0.2 < figures["idle"][0] < 0.3


def test_weeks_of_the_past_keep_their_weekends_and_floods() -> None:
    quiet, flood = (10, 10, 10, 10, 10, 0, 0), (100, 10, 10, 10, 10, 0, 0)
    setting = Setting(per_day=20, minutes=10, shifts=(Shift(2),), days=70, history=(*quiet, *flood))
    days = np.bincount((draw(setting, 1).times // DAY).astype(int), minlength=70)
    assert days.reshape(-1, 7)[:, 5:].sum() == 0
    assert days.max() > 5 * np.median(days[days > 0])


def test_what_waits_at_the_beginning_came_before() -> None:
    coming = draw(replace(SMALL, waiting=100), 1)
    assert (coming.times < 0).sum() == 100
    with_them, without = (play(replace(SMALL, waiting=each, policy="fifo"), 1).waiting[-1] for each in (100, 0))
    assert with_them > without + 50


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"per_day": 0}, "per_day"),
        ({"per_day": 9_000, "days": 300}, "per_day"),
        ({"auc": 0.4}, "auc"),
        ({"days": 1}, "days"),
        ({"policy": "lottery"}, "policy"),
        ({"history": (1, 2)}, "history"),
        ({"history": (0,) * 7}, "history"),
        ({"shifts": ()}, "shifts"),
        ({"shifts": (Shift(0),)}, "shifts"),
        ({"shifts": (Shift(1, days=(7,)),)}, "shifts"),
        ({"shifts": (Shift(1, begins=24),)}, "shifts"),
        ({"shifts": (Shift(501),)}, "shifts"),
        ({"out_of_turn": 501}, "out_of_turn"),
    ],
)
def test_what_cannot_be_tried_is_named(changes: dict[str, object], part: str) -> None:
    with pytest.raises(Untenable) as fault:
        replace(SMALL, **changes)  # type: ignore[arg-type]  # what is wrong on purpose
    assert fault.value.part == part


def test_the_rule_of_the_product_is_asked_of_the_desk() -> None:
    times = np.array([0.0, 10.0, 20.0, 30.0])
    no, scores = np.zeros(4, bool), np.array([0.0, 3.0, 1.0, 2.0])
    coming = Coming(times, no, scores, np.array([False, False, False, True]), np.array([False, False, True, False]), np.ones(4))
    desk = Desk(coming, -scores - 100.0 * coming.floored, lambda: 0.7)
    desk.come(25.0)
    assert (desk.first(), desk.urgent(), desk.oldest(), desk.audited(), desk.any_by_lot()) == (1, False, 0, 2, 1)
    drawn = iter([50, 1])
    assert turns.out_of_turn(100, lambda _most: next(drawn), desk) == 2
    desk.take(0)
    desk.take(2)
    assert (desk.oldest(), desk.audited(), desk.any_by_lot()) == (1, None, 1)
    desk.come(30.0)
    assert desk.urgent()
    assert turns.out_of_turn(1000, lambda _most: 0, desk) is None, "what a floor holds up comes first"
