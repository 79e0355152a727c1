"""Names that are one made-up word in small letters, and words of every day in the same places, which are nobody's."""

from __future__ import annotations

import pytest

from grace.identifiers.find import find
from grace.identifiers.in_text.spellings import is_heard, unheard

NAMES = [
    ("try me on insta, teapotharriet, i check it most days", "teapotharriet", "instagram"),
    ('He said: "find me on Steam, puddlejumperpaul." That was all.', "puddlejumperpaul", "steam"),
    ('Card with the words "TikTok bargeandbiscuit" on the back', "bargeandbiscuit", "tiktok"),
    ("sein Twitch ist gurkenglasgott, mehr weiß ich nicht", "gurkenglasgott", "twitch"),
    ("Sur TikTok elle s'appelle crevettemoutarde depuis l'été.", "crevettemoutarde", "tiktok"),
    ("ajoute moi sur insta, jeannotlapinou, merci", "jeannotlapinou", "instagram"),
    ("en roblox soy pinguinocucharon y mi hermana no juega", "pinguinocucharon", "roblox"),
    ("su twitch mi chiamo gelatoelimone, seguitemi", "gelatoelimone", "twitch"),
    ("Il suo Pinterest è bottoniebottiglie, solo ricette.", "bottoniebottiglie", "pinterest"),
    ("ik speel roblox als pannenkoekpiet en mijn broer niet", "pannenkoekpiet", "roblox"),
    ("Haar Tumblr is regenlaarsroos en verder heeft ze niks.", "regenlaarsroos", "tumblr"),
    ("hendes Pinterest er grydelapgrethe, det handler om strik", "grydelapgrethe", "pinterest"),
    ("min brors twitch är kottkungenkalle och han är nio år", "kottkungenkalle", "twitch"),
    ("na twitchi je knedlikkarel a vysílá večer", "knedlikkarel", "twitch"),
]
NOBODY = [
    "try me on insta, preferably, i check it most days",
    "Her page on Tumblr (unfortunately) has only drawings of mushrooms.",
    'He said: "find me on Steam, otherwise." That was all.',
    'Card with the words "TikTok championship" on the back',
    "Meine Tante ist auf Pinterest unterwegs und mein Onkel gar nirgends.",
    "sein Twitch ist langweiliger, mehr weiß ich nicht",
    "Sur TikTok elle s'ennuie énormément depuis l'été.",
    "ajoute moi sur insta, absolument, merci",
    "en roblox soy principiante y mi hermana no juega",
    "Su Tumblr es interesante y habla de trenes.",
    "su twitch mi diverto tantissimo, provateci",
    "Il suo Pinterest è bellissimo, solo ricette.",
    "Haar Tumblr is ontoegankelijk en verder heeft ze niks.",
    "hendes Pinterest er hyggeligt, det handler om strik",
    "min brors twitch är avstängt och han är nio år",
    "jej tumblr to wspomnienie, same rysunki",
    "no roblox sou programador, adiciona",
    "na twitchi je neaktivní a vysílá jinde",
    "instán elérhetetlen vagyok, írj mailt",
]


@pytest.mark.parametrize(("text", "name", "service"), NAMES)
def test_a_made_up_word_is_a_name(text: str, name: str, service: str) -> None:
    assert [(each.normal, each.service) for each in find(text) if each.service] == [(name, service)]


@pytest.mark.parametrize("text", NOBODY)
def test_a_word_of_every_day_is_nobody(text: str) -> None:
    assert [each for each in find(text) if each.service] == []


def test_a_word_that_texts_say_is_heard_and_one_that_is_made_up_is_spelt_like_none() -> None:
    assert is_heard("address")
    assert not is_heard("puddlejumperpaul")
    assert unheard("address") == 0
    assert unheard("puddlejumperpaul") > unheard("puddles")
