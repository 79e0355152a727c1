"""Laws of the search in texts: places are exact, nothing overlaps, no text makes it fail or take long."""

from __future__ import annotations

import time
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.identifiers.find import MARGIN, WINDOW, find
from grace.sdk.intake import Kind

pieces = st.sampled_from(
    [
        "kite",
        "@",
        ".",
        "example.org",
        "+49 30 1234567",
        "192.0.2.1",
        "::",
        "2001:db8::1",
        "https://",
        "www.",
        "/",
        "(",
        ")",
        "[",
        "]",
        "(at)",
        " dot ",
        "0",
        "snap",
        ": ",
        "my ",
        "is ",
        "kite_77",
        "#1234",
        "DE89 3704 0044 0532 0130 00",
        "0x",
        "bc1",
        "\n",
        "\x00",
        "�",
        "👻",
        "ß",
        "İ",
        "\u202e",
        "&#64;",
        "user: ",
        "service: Kik",
        "<td>",
        "\\n",
        "? ",
        "IG'de ",
        "live:",
        "is ",
        "formerly ",
        "IP ",
        "1. 2. 3. 4",
        "/24",
        " -> ",
        "ver ",
        "tel ",
        "nr ",
        "İnsta ",
    ]
)
texts = st.text(max_size=300) | st.lists(pieces, max_size=40).map("".join)
regions = st.none() | st.sampled_from(["DE", "US", "FR", "IT", "PL", "DK", "XX"])


@given(texts, regions)
@settings(max_examples=600, deadline=None)
def test_places_are_exact_ordered_and_apart(text: str, region: str | None) -> None:
    found = find(text, region=region)
    for each in found:
        assert text[each.start : each.end] == each.value != ""
        assert each.normal
        assert (each.service is not None) == (each.kind is Kind.SCREEN_NAME)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert find(text, region=region) == found


@given(st.ip_addresses(v=6) | st.ip_addresses(v=4))
def test_an_address_after_the_word_is_found_in_every_spelling(address: object) -> None:
    compressed = str(address)
    if compressed.startswith(("0.", "255.")) or compressed == "::":
        return  # this network, netmasks and the broadcast are nobody's
    for written in {compressed, address.exploded, compressed.upper()}:  # type: ignore[attr-defined]
        (found,) = find(f"logged in from IP {written}, later")
        assert (found.kind, found.value) == (Kind.IP, written)


HOSTILE = [
    "a",
    "@",
    "a@",
    "a.",
    "1.",
    ":",
    "1:",
    "ffff:",
    "http://",
    "https://a.example/(",
    "+1 ",
    "+49 30 1234567 ",
    "0 ",
    "snap ",
    "my snap is ",
    "snap @a ",
]
HOSTILE += [
    "snap (",
    "a(at)",
    "a at b dot ",
    "DE89 ",
    "bc1q",
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3 ",
    "www.",
    "a.example/",
    "a[.]",
    "u/a_b ",
    "[",
    "(",
    " ",
    "\n",
    "on snap ",
    "@a_1 snap ",
    "my snap was a b c d ",
    "snap, ",
    "0700 0745 ",
    "0034 990 00 ",
    "030 1234567 (9-17) ",
    "1[.]",
    "2001[:]",
]


HOSTILE += [
    "snap? ",
    "snap\n",
    "service: snap user: a_b\n",
    "user: a_b snap ",
    "<td>",
    "&amp;",
    "\\n",
    "a_b and ",
    "@a_1 and @b_1 on snap ",
    "k#1234 discord ",
    "D E 8 9 ",
    "1. 1. ",
    "1.1.1.1->",
    "IG'de ",
    "snap' ",
    "tik tok ",
    "kite_77 (a b snap",
    "snap my old new name is ",
    "instagram_user ",
    "tel nr ",
    "[12:00] <a> snap\n",
    "👻",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_the_text_takes_about_twice_the_time(piece: str) -> None:
    """Windows bound what a pattern may cost, so that time grows with the length alone; what disturbs one try does not disturb three."""

    def taken(windows: int) -> float:
        return _timed(piece * (windows * WINDOW // len(piece)))

    assert any(taken(4) < 8 * taken(2) + 0.05 for _ in range(3))


@pytest.mark.parametrize("character", "a0Z_-.@:/#+()[]{}<>\"'`*|,;=&%$!?~\\ \n\té👻→")
def test_64_kib_of_any_character_are_read_at_once(character: str) -> None:
    """At once: within eight times what a text of that length takes which names an account in each sentence."""
    assert any(_timed(character * 65_536) < 8 * _ordinary() for _ in range(2))


@cache
def _ordinary() -> float:
    return min(_timed("Ask kite_77 on snap. " * (65_536 // 21)) for _ in range(2))


def _timed(text: str) -> float:
    start = time.process_time()
    find(text, region="US")
    return time.process_time() - start


@given(st.integers(min_value=WINDOW - 40, max_value=WINDOW + 40))
@settings(max_examples=60, deadline=None)
def test_a_window_cuts_no_identifier(place: int) -> None:
    address = "https://example.org/" + "kite/" * 60
    assert len(address) < MARGIN
    text = " " * place + address + " " * 50
    assert [(each.start, each.value) for each in find(text)] == [(place, address)]
