"""A small sample of what benchmarks/bench_line.py measures, with fixed seeds: promises are kept, drift is met."""

from __future__ import annotations

import pytest

from tests.support.lines import KINDS, World, courses, in_time, trials, weighted


@pytest.mark.parametrize(
    ("share", "state", "world"), [(50, None, World(50_000, 10_000)), (10, None, World(100_000, 20_000)), (50, 3, World(200_000, 40_000))]
)
def test_a_batch_promise_is_kept_where_a_quantile_is_not(share: int, state: int | None, world: World) -> None:
    told = trials(share, world, 150, seed=7, state=state)
    assert told["batch promise"].refused == 0
    assert told["batch promise"].batch_share <= 0.05
    assert told["quantile as it is"].batch_share > 0.3
    assert told["population promise"].population_share <= 0.08, "5 % and what 150 trials may be off"


def test_too_few_labels_are_refused_and_never_guessed() -> None:
    assert trials(10, World(10_000, 5_000), 20, seed=7)["batch promise"].refused == 20


def test_a_sample_of_unequal_shares_keeps_the_promise_when_thinned() -> None:
    told = weighted(50, 150, seed=7)
    assert told["thinned"].batch_share <= 0.05 < told["weights forgotten"].batch_share


@pytest.mark.parametrize("kind", ["more urgent ones in a state that is served worse", "all scores fall", "a new kind of urgent ones"])
def test_an_alarm_is_raised_before_twice_as_many_are_missed(kind: str) -> None:
    assert in_time(courses(50, KINDS[kind], 1_500, 1_000, 12, seed=7)) >= 11 / 12


def test_while_nothing_changes_there_is_no_alarm() -> None:
    assert sum(each.alarm is not None for each in courses(50, KINDS["nothing changes"], 1_000, 1_000, 20, seed=7)) <= 1
