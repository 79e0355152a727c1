from __future__ import annotations

from datetime import UTC, datetime, timedelta

from grace.referrals.models import Sighting
from grace.web.referral.timeline import LEFT, MOST_LANES, MOST_MARKS, RIGHT, timeline

START = datetime(2026, 4, 15, tzinfo=UTC)


def at(hours: float, event: str = "login", *, number: int = 0, precision: str = "second", weak: bool = False) -> Sighting:
    return Sighting(
        id=number or int(hours * 100) + 1, at=START + timedelta(hours=hours), event=event, zone="stated", precision=precision, weak=weak
    )


def without_zone(written: str, number: int = 9_000) -> Sighting:
    return Sighting(id=number, at=None, at_written=written, zone="unknown", event="login")


def test_points_stand_in_the_order_of_time_within_the_drawing() -> None:
    drawn = timeline([at(0), at(30), at(72)])
    places = [mark.x for mark in drawn.marks]
    assert places == sorted(places)
    assert LEFT <= places[0] <= places[-1] <= RIGHT
    assert 2 <= len(drawn.ticks) <= 7


def test_an_unknown_zone_is_a_band_of_26_hours_and_never_a_point() -> None:
    drawn = timeline([at(0), at(100), without_zone("2026-04-16 11:58")])
    (band,) = [mark for mark in drawn.marks if mark.width]
    exact = [mark for mark in drawn.marks if not mark.width]
    hours = 100 * band.width / (exact[1].x - exact[0].x)
    assert abs(hours - 26) < 0.5
    assert drawn.lanes[-1][0] == "zone unknown"


def test_minutes_and_shared_addresses_are_weak() -> None:
    drawn = timeline([at(0), at(1, precision="minute"), at(2, weak=True)])
    assert [mark.weak for mark in drawn.marks] == [False, True, True]


def test_no_time_no_drawing() -> None:
    drawn = timeline([Sighting(id=1, at=None, at_written=None), without_zone("at dawn")])
    assert drawn.marks == []
    assert drawn.timeless == 2


def test_many_events_share_the_last_lane_and_many_marks_are_cut() -> None:
    drawn = timeline([at(hour, f"event {hour}") for hour in range(12)])
    assert len(drawn.lanes) == MOST_LANES + 1
    crowd = timeline([at(number / 60, number=number + 1) for number in range(MOST_MARKS + 7)])
    assert (len(crowd.marks), crowd.left_out) == (MOST_MARKS, 7)


def test_one_moment_alone_is_drawn() -> None:
    assert len(timeline([at(5)]).marks) == 1


def test_the_ends_of_time_break_nothing() -> None:
    ends = [
        Sighting(id=1, at=datetime(1, 1, 1, tzinfo=UTC), precision="second"),
        Sighting(id=2, at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC), precision="second"),
    ]
    assert len(timeline([*ends, without_zone("9999-12-31 23:00"), without_zone("0001-01-01 01:00", 9_001)]).marks) >= 2
