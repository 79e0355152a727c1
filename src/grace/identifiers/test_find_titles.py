"""Titles of groups, servers, lists and filters name nobody; who runs one is named."""

from __future__ import annotations

import pytest

from grace.identifiers.find import find

TITLES = [
    'The Facebook group "Swap_Shop_Leith" closes on Friday',
    "The Discord server is called Compost_Corner now",
    'Our Spotify list "kitchen_disco_2025" has 88 songs',
    'Der Snapchatfilter "abendrot_4" macht alle orange',
    "Serwer na Discordzie nazywa się teraz Kompost_Zachodni",
    "O grupo de Facebook «Trocas_em_Viseu» fecha na sexta",
    'Facebook-ryhmä "Vaihto_Oulu" suljetaan perjantaina',
    "Skupina na Facebooku „Vymena_Zlin“ v pátek končí",
    "Групата във Facebook „Razmyana_Varna“ се закрива",  # noqa: RUF001
    'Discord sunucusunun adı artık "Kompost_Kosesi"',  # noqa: RUF001
]


@pytest.mark.parametrize("text", TITLES)
def test_titles_name_nobody(text: str) -> None:
    assert [each.value for each in find(text) if each.service] == []


def test_who_runs_a_group_is_named() -> None:
    assert [each.normal for each in find("The admin of the Discord server is user kite_of_april") if each.service] == ["kite_of_april"]
    assert [each.normal for each in find("in the group on Discord I'm kite_of_april") if each.service] == ["kite_of_april"]
