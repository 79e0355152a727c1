from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from statistics import fmean, median

from grace.simulate.plan import Form, WorldPlan
from grace.simulate.times import Calendar

YEAR = WorldPlan(referrals=20_000, days=364, growth=1.0)


def test_arrivals_are_in_order_and_within_the_plan() -> None:
    calendar = Calendar(YEAR)
    arrivals = [calendar.arrival(index) for index in range(YEAR.referrals)]
    assert arrivals == sorted(arrivals)
    assert YEAR.start <= arrivals[0]
    assert arrivals[-1] < YEAR.start + timedelta(days=YEAR.days)


def test_trend_week_and_hour_show() -> None:
    calendar = Calendar(YEAR)
    arrivals = [calendar.arrival(index) for index in range(YEAR.referrals)]
    middle = YEAR.start + timedelta(days=182)
    assert sum(at >= middle for at in arrivals) / sum(at < middle for at in arrivals) > 1.2
    by_day = Counter(at.weekday() for at in arrivals)
    assert by_day[5] < 0.85 * by_day[1]
    by_hour = Counter(at.hour for at in arrivals)
    assert by_hour[3] < 0.5 * by_hour[11]


def test_the_season_shows_without_a_trend() -> None:
    calendar = Calendar(replace(YEAR, growth=0.0))
    months = Counter(calendar.arrival(index).month for index in range(YEAR.referrals))
    assert months[7] < 0.85 * months[1]


def test_moments_follow_each_other_and_reporting_has_a_long_tail() -> None:
    calendar = Calendar(YEAR)
    delays = []
    for index in range(5_000):
        moments = calendar.moments(index, Form.LEA_JSON, prompt=False)
        assert moments.incident_at < moments.received_at <= moments.arrives_at == calendar.arrival(index)
        delays.append((moments.received_at - moments.incident_at) / timedelta(hours=1))
    assert median(delays) < 24
    assert fmean(delays) > 72


def test_prompt_reports_come_within_a_day() -> None:
    calendar = Calendar(YEAR)
    for index in range(500):
        moments = calendar.moments(index, Form.TIP_ZIP, prompt=True)
        assert moments.arrives_at - moments.incident_at <= timedelta(hours=24, seconds=60)
