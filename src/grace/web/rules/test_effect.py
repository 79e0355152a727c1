from __future__ import annotations

from datetime import timedelta

import pytest

from grace.priority.replay import Side
from grace.web.rules.effect import difference, span


def side(hours: float | None) -> Side:
    return Side(None, None if hours is None else timedelta(hours=hours), 0, 0)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [(5, 2, "\u22123 h"), (2, 2.5, "+30 min"), (4, 4, "unchanged"), (None, 2, "2 h"), (2, None, "not read"), (None, None, "not read")],
)
def test_the_change_of_a_median_is_said_shortly(before: float | None, after: float | None, said: str) -> None:
    assert difference(side(before), side(after)) == said


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (timedelta(seconds=20), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(minutes=90), "1.5 h"),
        (timedelta(hours=30), "30 h"),
        (timedelta(days=3, hours=12), "3.5 d"),
        (None, "not read"),
    ],
)
def test_a_wait_is_as_short_as_it_can_be_read(wait: timedelta | None, said: str) -> None:
    assert span(wait) == said
