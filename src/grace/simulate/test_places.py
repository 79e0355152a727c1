from __future__ import annotations

import ipaddress

import phonenumbers
import pytest

from grace.simulate.chance import Dice
from grace.simulate.places import STATES, ipv4, ipv6, networks, phone, relay_ipv4, relay_ipv6, relays

DOCUMENTATION = [ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]


def test_the_states_are_the_27() -> None:
    assert len({state.code for state in STATES}) == len(STATES) == 27


@pytest.mark.parametrize("state", range(27))
def test_addresses_lie_in_the_network_of_their_state_and_nowhere_else(state: int) -> None:
    mine = [ipaddress.ip_network(net) for net, code, kind in networks() if not kind and code == STATES[state].code]
    others = [ipaddress.ip_network(net) for net, code, kind in networks() if kind or code != STATES[state].code]
    dice = Dice(1, "addresses", state)
    for text in (*(ipv4(state, dice) for _ in range(50)), *(ipv6(state, dice.word()) for _ in range(50))):
        address = ipaddress.ip_address(text)
        assert str(address) == text
        assert any(address in net for net in mine)
        assert not any(address in net for net in others)


def test_networks_are_documentation_networks() -> None:
    for text, _, _ in networks():
        net = ipaddress.ip_network(text)
        assert any(net[0] in outer and net[-1] in outer for outer in DOCUMENTATION)


def test_words_that_differ_give_addresses_that_differ() -> None:
    assert len({ipv6(3, word) for word in range(5_000)}) == 5_000


@pytest.mark.parametrize("code", ["FR", "DE", "SE", "IE"])
def test_telephone_numbers_are_of_their_state_and_all_different(code: str) -> None:
    state = next(index for index, each in enumerate(STATES) if each.code == code)
    numbers = [number for slot in range(120) if (number := phone(state, slot))]
    assert len(set(numbers)) == len(numbers) == 120
    for number in numbers:
        parsed = phonenumbers.parse(number)
        assert phonenumbers.is_possible_number(parsed)
        assert parsed.country_code == {"FR": 33, "DE": 49, "SE": 46, "IE": 353}[code]


def test_no_number_is_invented_where_none_is_set_aside() -> None:
    assert phone(next(index for index, each in enumerate(STATES) if each.code == "BE"), 0) is None
    assert phone(next(index for index, each in enumerate(STATES) if each.code == "SE"), 295) is None


@pytest.mark.parametrize("relay", range(relays()))
def test_addresses_of_relays_lie_in_a_network_for_hire_and_in_no_states_own(relay: int) -> None:
    dice = Dice(1, "relays", relay)
    for text in (*(relay_ipv4(relay, dice) for _ in range(50)), *(relay_ipv6(relay, dice.word()) for _ in range(50))):
        address = ipaddress.ip_address(text)
        assert str(address) == text
        assert [kind for net, _, kind in networks() if address in ipaddress.ip_network(net)] == ["hosting"]
