from __future__ import annotations

import pytest

from grace.links.weights import Kind, is_nobodys, strength, weights


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("ip", "100.64.0.1"),
        ("ip", "100.127.255.254"),
        ("ip", "10.1.2.3"),
        ("ip", "192.168.1.1"),
        ("ip", "172.31.0.9"),
        ("ip", "127.0.0.1"),
        ("ip", "::1"),
        ("ip", "fe80::1"),
        ("ip", "fd12::1"),
        ("ip", "no address"),
        ("email", "noreply@example.net"),
        ("email", "Lawful-Requests@mail.example"),
        ("screen_name", "unknown"),
        ("device", " N/A "),
    ],
)
def test_what_names_nobody_links_nothing(kind: str, value: str) -> None:
    assert is_nobodys(kind, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("ip", "192.0.2.7"),
        ("ip", "100.63.255.255"),
        ("ip", "100.128.0.0"),
        ("ip", "2001:db8::7"),
        ("email", "tide@example.net"),
        ("phone", "+493023125000"),
    ],
)
def test_what_names_somebody_may(kind: str, value: str) -> None:
    assert not is_nobodys(kind, value)


def test_the_more_share_a_value_the_less_it_says_and_beyond_its_limit_nothing() -> None:
    kind = Kind(odds=100, half=50, limit=200)
    said = [kind.shared_by(number) for number in range(2, 203)]
    assert said[0] == 100
    assert kind.shared_by(52) == 50
    assert said == sorted(said, reverse=True)
    assert said[-2:] == [kind.shared_by(201), kind.shared_by(202)] == [0, 0]


def test_an_address_alone_never_joins_a_circle_and_an_account_alone_does() -> None:
    rule = weights()
    assert rule.kinds["ip"].shared_by(2) < rule.linked <= rule.kinds["email"].shared_by(2)
    assert rule.steps[0] == rule.linked
    assert list(rule.steps) == sorted(rule.steps)
    assert strength(9) == pytest.approx(0.9)
