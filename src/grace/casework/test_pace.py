from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from grace.casework.pace import Step, tail
from grace.priority.lines import STEP

STEPS = some.lists(some.tuples(some.integers(0, 500), some.floats(0, 50)), max_size=30).map(
    lambda each: [Step((len(each) - place) * STEP, waiting, coming) for place, (waiting, coming) in enumerate(each)]
)


def test_what_is_read_first_leaves_the_rest() -> None:
    """Ten a day for thirty days are 300: the 200 above with the 60 that come there; below, 100 stay with what comes above."""
    found = tail([Step(900, 200, 2.0), Step(500, 100, 5.0)], 10, 0, 30)
    assert (found.unread, found.position) == (100, 500 + STEP)
    assert tail([Step(900, 200, 2.0), Step(500, 100, 5.0)], 20, 0, 30).unread == 0


def test_what_is_given_out_of_turn_is_taken_from_the_first() -> None:
    found = tail([Step(900, 290, 0.0), Step(500, 100, 0.0)], 10, 100, 30)
    assert (found.unread, found.out_of_turn) == (390, 30)


@given(STEPS, some.floats(0, 200), some.integers(0, 500))
def test_longer_and_faster_leaves_no_more(steps: list[Step], a_day: float, out_of_turn: int) -> None:
    quiet = [Step(each.position, each.waiting, 0.0) for each in steps]
    now = tail(steps, a_day, out_of_turn, 30)
    assert 0 <= now.unread <= sum(each.waiting for each in steps)
    assert now.unread == sum(each.waiting for each in steps if each.position < now.position)
    assert tail(steps, a_day + 10, out_of_turn, 30).unread <= now.unread
    assert tail(quiet, a_day, out_of_turn, 60).unread <= tail(quiet, a_day, out_of_turn, 30).unread
    assert tail(quiet, a_day, out_of_turn, 30).unread <= now.unread
