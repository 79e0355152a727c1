"""What a list of shared lines says, and what is refused of one."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.kernel.errors import Invalid
from grace.links.lines import NONE, Lines, read, write

LIST = """
cgnat, 203.0.113.0/24, Example Mobile, since May  # said by phone
vpn, 203.0.113.128/25
proxy, 198.51.100.9
VPN, 2001:db8:40::/48
mail, @Requests.Example.NET.
"""


def test_what_is_read_can_be_written_and_read_again() -> None:
    entries = read(LIST)
    assert entries == read(write(entries))
    assert ("cgnat", "203.0.113.0/24", "Example Mobile, since May") in entries
    assert [each for each in entries if each[0] == "mail"] == [("mail", "requests.example.net", "")]


@pytest.mark.parametrize(
    ("kind", "value", "is_named"),
    [
        ("ip", "203.0.113.0", True),
        ("ip", "203.0.113.255", True),
        ("ip", "203.0.114.0", False),
        ("ip", "198.51.100.9", True),
        ("ip", "198.51.100.10", False),
        ("ip", "2001:db8:40::1", True),
        ("ip", "2001:db8:41::1", False),
        ("ip", "no address", False),
        ("email", "any@requests.example.net", True),
        ("email", "any@below.requests.example.net", True),
        ("email", "any@example.net", False),
        ("email", "any@otherrequests.example.net", False),
        ("screen_name", "203.0.113.0", False),
    ],
)
def test_who_is_named(kind: str, value: str, is_named: bool) -> None:
    assert Lines.of(read(LIST)).names(kind, value) is is_named
    assert not NONE.names(kind, value)


@pytest.mark.parametrize(
    "line",
    ["0.0.0.0/0", "cgnat, 0.0.0.0/0", "vpn, 2001::/8", "vpn, example.net", "mail, 203.0.113.7", "mail, x", "mail", "tor, 203.0.113.7"],
)
def test_a_fault_is_told_with_its_line_and_nothing_is_taken(line: str) -> None:
    with pytest.raises(Invalid, match="line 2"):
        read(f"vpn, 203.0.113.7\n{line}\n")


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(8, 32)), max_size=8), st.integers(0, 2**32 - 1))
def test_spans_say_what_networks_say(networks: list[tuple[int, int]], address: int) -> None:
    some = [ip_network((number, prefix), strict=False) for number, prefix in networks]
    asked = ip_address(address)
    assert Lines.of(("vpn", str(each), "") for each in some).names("ip", str(asked)) == any(asked in each for each in some)
