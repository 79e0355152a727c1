from __future__ import annotations

from random import Random

import pytest

from grace.casework.agreement import LEAST_ANSWERS, LEAST_OFFICERS, Said, agreement, kappa


def said(number: int, answered: str = "nothing", **more: object) -> list[Said]:
    told = {"kind": "double", "expected": "nothing", "proposed": "", "shown": True, "opened": True, **more}
    return [Said(answered=answered, **told)] * number  # type: ignore[arg-type]  # what a test names is of the right kind


def test_kappa_of_a_table_that_is_known() -> None:
    """Fifty pairs, 35 alike, half of that by chance."""
    found = kappa([("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15)
    assert (found.n, found.agreed) == (50, 35)
    assert found.value == pytest.approx(0.4)
    assert found.interval == pytest.approx((0.1511, 0.6489), abs=0.005)


def test_the_interval_holds_what_is_so_in_about_nineteen_of_twenty() -> None:
    """Two persons who say the same in three of four cases, and else anything: the true kappa is three quarters."""
    chance, held, rounds = Random(7), 0, 400
    for _ in range(rounds):
        pairs = [
            (first, first if chance.random() < 0.75 else chance.choice("abc")) for first in (chance.choice("abc") for _pair in range(120))
        ]
        interval = kappa(pairs).interval
        held += interval is not None and interval[0] <= 0.75 <= interval[1]
    assert 0.9 <= held / rounds <= 0.99


def test_where_nothing_differs_there_is_no_interval_but_a_bound() -> None:
    found = kappa([("a", "a")] * 15 + [("b", "b")] * 15)
    assert (found.value, found.interval) == (1.0, None)
    assert 0.9 < found.least < 0.91
    assert kappa([("a", "a")] * 30).value is None, "of one answer only, chance alone agrees"
    assert kappa([]).n == 0


def test_nothing_is_shown_of_few() -> None:
    many = said(LEAST_ANSWERS)
    assert agreement(many, LEAST_OFFICERS - 1).parts == {}
    assert agreement(many[1:], LEAST_OFFICERS).parts == {}
    assert agreement(many, LEAST_OFFICERS).parts["all"] is not None


def test_a_small_part_hides_its_counterpart_too() -> None:
    """Else it would be what is left when the other is taken from all."""
    found = agreement([*said(40), *said(3, shown=False)], LEAST_OFFICERS)
    assert found.parts["all"] is not None
    assert found.parts["shown"] is None
    assert found.parts["hidden"] is None


def test_following_is_counted_where_something_was_proposed() -> None:
    found = agreement(
        [
            *said(30, "known", proposed="known", opened=False),
            *said(10, "known", proposed="known"),
            *said(5, proposed="known"),
            *said(9),
        ],
        LEAST_OFFICERS,
    ).parts["all"]
    assert found is not None
    assert (found.proposed, found.followed, found.unopened) == (45, 40, 30)
