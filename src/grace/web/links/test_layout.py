from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from grace.web.links.layout import HEIGHT, WIDTH, around
from grace.web.links.shown import MOST_BARS, bars


@pytest.mark.parametrize("number", [1, 2, 16, 17, 48])
def test_each_link_has_a_place_of_its_own_inside_of_the_drawing(number: int) -> None:
    spots = around([1 - place / 50 for place in range(number)])
    assert len({(each.x, each.y) for each in spots}) == number
    assert all(8 <= each.x <= WIDTH - 8 and 8 <= each.y <= HEIGHT - 8 for each in spots)


def test_the_stronger_stands_nearer() -> None:
    weak, strong = around([0.1, 1.0])
    middle = HEIGHT / 2
    assert abs(strong.y - middle) < abs(weak.y - middle)


def test_months_without_links_are_shown_and_the_chosen_ones_marked() -> None:
    times = [datetime(2025, 11, 30, 23, 59, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)]
    found = bars(times, date(2026, 1, 15), None)
    assert [(each.first.month, each.number, each.chosen) for each in found] == [(11, 1, False), (12, 0, False), (1, 0, True), (2, 1, True)]
    assert bars([], None, None) == []
    assert len(bars([datetime(2020, 1, 1, tzinfo=UTC), times[1]], None, None)) == MOST_BARS
