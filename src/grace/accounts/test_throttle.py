from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from grace.accounts import throttle
from grace.accounts.models import Throttle
from grace.accounts.throttle import by_address, by_name
from grace.kernel import clock

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 4, 18, 12, tzinfo=UTC)


def attempts(number: int, at: datetime, key: throttle.Counted) -> list[bool]:
    with clock.held(at):
        return [throttle.count([key]) for _number in range(number)]


def test_a_name_rests_after_five_failures_for_fifteen_minutes() -> None:
    alice = by_name("alice")
    assert attempts(6, NOON, alice) == [True] * 5 + [False]
    assert attempts(1, NOON + timedelta(minutes=14, seconds=59), alice) == [False]
    assert attempts(1, NOON + timedelta(minutes=15, seconds=1), alice) == [True]


def test_trying_while_resting_does_not_lengthen_the_rest() -> None:
    alice = by_name("alice")
    attempts(5, NOON, alice)
    attempts(50, NOON + timedelta(minutes=10), alice)
    assert attempts(1, NOON + timedelta(minutes=15, seconds=1), alice) == [True]


def test_failures_long_ago_are_forgotten() -> None:
    alice = by_name("alice")
    attempts(4, NOON, alice)
    assert attempts(5, NOON + timedelta(minutes=16), alice) == [True] * 5


def test_success_clears_the_name_and_gives_the_address_its_attempt_back() -> None:
    alice, office = by_name("alice"), by_address("192.0.2.7")
    for _number in range(100):
        assert throttle.count([alice, office])
        throttle.forgive(alice, office)


def test_an_address_rests_after_thirty_failures_on_any_names() -> None:
    office = by_address("192.0.2.7")
    allowed = [throttle.count([by_name(f"name {number}"), office]) for number in range(31)]
    assert allowed == [True] * 30 + [False]


def test_addresses_of_one_subscriber_count_together() -> None:
    assert by_address("2001:db8:1:2::1") == by_address("2001:db8:1:2:ffff::9")
    assert by_address("2001:db8:1:2::1") != by_address("2001:db8:1:3::1")


def test_no_name_and_no_address_stands_in_the_table() -> None:
    throttle.count([by_name("alice"), by_address("192.0.2.7")])
    keys = " ".join(Throttle.objects.values_list("key", flat=True))
    assert "alice" not in keys
    assert "192.0.2.7" not in keys
