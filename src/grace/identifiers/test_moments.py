from datetime import UTC, datetime

import pytest

from grace.identifiers import moments


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("written", "at", "precision"),
    [
        ("2025-03-04T21:10:09Z", utc(2025, 3, 4, 21, 10, 9), "second"),
        ("2025-10-09T10:00:00.500+02:00", utc(2025, 10, 9, 8, 0, 0, 500_000), "fraction"),
        ("2025-10-09T07:00:00.1234567Z", utc(2025, 10, 9, 7, 0, 0, 123_456), "fraction"),
        ("2025-10-09 07:30:00 UTC", utc(2025, 10, 9, 7, 30), "second"),
        ("2025-10-09 07:30:00 GMT", utc(2025, 10, 9, 7, 30), "second"),
        ("2025-10-09T07:30Z", utc(2025, 10, 9, 7, 30), "minute"),
        ("2026-01-06T05:15:00-03:30", utc(2026, 1, 6, 8, 45), "second"),
        ("2026-01-07T06:15:00+14:00", utc(2026, 1, 6, 16, 15), "second"),
        ("2026-01-07T06:15:00+0200", utc(2026, 1, 7, 4, 15), "second"),
        ("2026-01-07T06:15:00+02", utc(2026, 1, 7, 4, 15), "second"),
        ("07-09-2025 10:00:00 UTC", utc(2025, 7, 9, 10), "second"),
        ("2025-10-09 07:30:00 PM UTC", utc(2025, 10, 9, 19, 30), "second"),
        ("2025-10-09T24:00:00Z", utc(2025, 10, 10), "second"),
        ("2016-12-31T23:59:60Z", utc(2016, 12, 31, 23, 59, 59, 999_999), "second"),
    ],
)
def test_a_stated_zone_gives_utc(written: str, at: datetime, precision: str) -> None:
    moment = moments.read(written)
    assert (moment.at, moment.zone, moment.precision, moment.as_written) == (at, "stated", precision, written)


@pytest.mark.parametrize(
    ("written", "wall", "precision"),
    [
        ("2026-01-09T03:15:00", datetime(2026, 1, 9, 3, 15), "second"),
        ("2025-10-10", datetime(2025, 10, 10), "day"),
        ("2024-02-29 1:02", datetime(2024, 2, 29, 1, 2), "minute"),
    ],
)
def test_without_a_zone_the_zone_is_unknown(written: str, wall: datetime, precision: str) -> None:
    moment = moments.read(written)
    assert (moment.at, moment.wall, moment.zone, moment.precision) == (None, wall, "unknown", precision)


def test_a_format_may_define_that_its_times_are_utc() -> None:
    assert moments.read("2025-10-10", always_utc=True).at == utc(2025, 10, 10)
    assert moments.read("2025-10-10 05:00:00 +02:00", always_utc=True).at == utc(2025, 10, 10, 3)


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "",
        "2025-02-30T00:00:00Z",
        "2025-13-01",
        "2025-01-01T25:00:00Z",
        "2025-01-01T00:61:00Z",
        "2025-01-01T24:00:01Z",
        "2025-01-01T13:00:00 PM",
        "2025-01-01T00:00:00+15:00",
        "2025-01-01T00:00:00+02:75",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "0000-00-00T00:00:00Z",
        "07/09/2025 10:00",  # July or September: nobody can tell
        "2025-10-09T07:00:00Z2025-10-09",
        "\u0662\u0660\u0662\u0665-\u0661\u0660-\u0660\u0669",
        "1" * 1_000_000,
    ],
)
def test_what_is_no_time_stays_as_written(written: str) -> None:
    moment = moments.read(written)
    assert (moment.at, moment.wall, moment.precision, moment.as_written) == (None, None, None, written)
