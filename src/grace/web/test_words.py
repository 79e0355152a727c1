from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from grace.web import words

NOW = datetime(2026, 4, 18, 14, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "summary", "says"),
    [
        ("enticement", {"accounts": 1, "recipients": 1}, "Enticement report: 1 account, 1 recipient"),
        ("material", {"accounts": 2, "files": 3, "new": 3}, "Material report: 2 accounts, 3 files, none known"),
        ("material", {"files": 3, "known": 2, "new": 1}, "Material report: 3 files, 2 known"),
        ("material", {"files": 3, "near": 1, "unchecked": 2}, "Material report: 3 files, 1 near a known one, 2 not checked"),
        ("material", {"files": 2, "unchecked": 2}, "Material report: 2 files, not checked"),
        ("something new", {}, "Report of another kind"),
    ],
)
def test_a_referral_in_one_sentence(kind: str, summary: dict[str, int], says: str) -> None:
    assert words.title(kind, summary) == says


@pytest.mark.parametrize(
    ("ago", "says"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=2, minutes=5), "2 h 05"),
        (timedelta(hours=41), "41 h"),
        (timedelta(days=41), "41 d"),
    ],
)
def test_an_age_is_short(ago: timedelta, says: str) -> None:
    assert words.age(NOW - ago, NOW) == says


def test_a_referral_is_called_by_year_and_number() -> None:
    assert words.reference(118_204, NOW) == "R-26-118\u00a0204"
    assert words.reference(7, NOW) == "R-26-7"


def test_a_count_that_stopped_says_so() -> None:
    assert words.capped((10_000, True)) == "10\u202f000+"
    assert words.capped((42, False)) == "42"


def test_points_carry_their_sign() -> None:
    assert [words.signed(points) for points in (40, 0, -8)] == ["+40", "+0", "\u22128"]


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (
            {"shared_identifiers": 1, "shared_files": 1, "of": 2, "days_apart": 1.0, "exact": True},
            "says the same: 1 identifier and 1 file, 1 day apart",
        ),
        (
            {"shared_identifiers": 4, "shared_files": 0, "of": 9, "days_apart": 0.5, "exact": False},
            "has in common with another, of 9 in all: 4 identifiers and 0 files, 0.5 days apart",
        ),
    ],
)
def test_one_is_said_in_the_singular(evidence: dict[str, object], says: str) -> None:
    assert words.because("duplicate", evidence) == says


def test_a_decision_about_a_group_is_told_in_numbers() -> None:
    assert words.decided(1, 1) == "1 referral; 1 left as it was"
    assert words.decided(14, 0) == "14 referrals; 0 left as they were"
    with override("de"):
        assert words.decided(1, 2) == "1 Meldung; 2 unverändert gelassen"
        one = {"shared_identifiers": 1, "shared_files": 2, "of": 3, "days_apart": 1.5, "exact": True}
        assert words.because("duplicate", one) == "sagt dasselbe: 1 Kennung und 2 Dateien, 1,5 Tage auseinander"
