"""Lists and forms that say how things stand at a service, names of people and places there, and names that one service alone has."""

from __future__ import annotations

import pytest

from grace.identifiers.find import find

STATES = [
    "Tareas\nInstagram: listo\nFacebook: terminado\nTikTok: rechazado (9 votos)",
    "Aufgaben\nInstagram: erledigt\nFacebook: verschoben\nTikTok: abgelehnt",
    "À faire\nInstagram: reporté\nFacebook: fait\nTikTok: abandonné",
    "Da fare\nInstagram: fatto\nFacebook: rimandato\nTikTok: scartato",
    "Taken\ninsta: klaar\ntiktok: afgewezen\nsnap: geheim",
    "Zadania\nInstagram: zrobione\nFacebook: odrzucone\nTikTok: tajne",
    "Tarefas\nInstagram: feito\nFacebook: adiado\nTikTok: segredo",
    "Att göra\nInstagram: klart\nFacebook: uppskjutet\nTikTok: hemligt",
    "To do\nInstagram: done\nFacebook: postponed\nTikTok: rejected",
    "At gøre\nInstagram: færdig\nFacebook: udsat\nTikTok: hemmeligt",
    "name: Bram\nsnap: bram.kite\ninsta: top secret\ndiscord: nope",
    "Úkoly\nInstagram: hotovo\nFacebook: odloženo\nTikTok: zamítnuto",
]
TITLES = [
    "På Facebook heter han Per Hansen, lykke til.",
    "Discord-serveren heter «Fjellvettet».",
    'Discordservern heter "Norrsken".',
    "Auf Facebook heißt sie Anna Berger.",
    'Der Discord-Server heißt "Zugvogel".',
    "Le serveur Discord s'appelle « Fourmilière ».",
    'El servidor de Discord se llama "Hormiguero".',
    "Snakk med @everybody på Discord",
    "ping @everybody and @everyone on Discord before Monday",
]
OF_A_SERVICE = [
    ("Op Threema: 4KTE7WKZ. Bellen mag ook.", [("4kte7wkz", "threema")]),
    ("Threema-ID 9XKP2M4T", [("9xkp2m4t", "threema")]),
    ("meine Threema-ID ist KTE7W2XA", [("kte7w2xa", "threema")]),
    ("Threema TEAMWORK läuft nicht", []),
    ("Threema: 20261127", []),
    ("Redditen u/kitegull, mondta", [("kitegull", "reddit")]),
    ("Na Redditu je u/kite_gull.", [("kite_gull", "reddit")]),
    ("steam.account = kite_77\ndiscord.user: gull_77", [("kite_77", "steam"), ("gull_77", "discord")]),
]
HEADS = [
    "user_name;last_login;mail_address\n1;2;3",
    "discord_user,steam_user,last_ip\n,,",
    "Discord | first_seen | last_seen\n— | 2026-01-01 | 2026-02-02",
    "INSERT INTO profile (service, last_ip, next_contact) VALUES ('Kik', NULL, NULL)",
]


@pytest.mark.parametrize("text", STATES)
def test_how_things_stand_is_no_name(text: str) -> None:
    assert [each.normal for each in find(text) if each.service] == (["bram.kite"] if "bram.kite" in text else [])


@pytest.mark.parametrize("text", TITLES)
def test_names_of_people_and_of_places_are_no_names_at_services(text: str) -> None:
    assert [each for each in find(text) if each.service] == []


@pytest.mark.parametrize(("text", "expected"), OF_A_SERVICE)
def test_names_as_one_service_alone_has_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.normal, each.service) for each in find(text) if each.service] == expected


@pytest.mark.parametrize("text", HEADS)
def test_heads_of_tables_are_no_names(text: str) -> None:
    assert [each for each in find(text) if each.service] == []


def test_the_sign_of_a_user_at_reddit_is_no_part_of_the_name() -> None:
    (found,) = find("Reddit: u/kite_gull")
    assert found.value == "kite_gull"
