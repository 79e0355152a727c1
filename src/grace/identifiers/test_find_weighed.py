"""Names that no rule ties to a service, but the sum of what speaks for them; and what looks like one beside a service and is none."""

from __future__ import annotations

import pytest

from grace.identifiers.find import WINDOW, find
from grace.identifiers.in_text.hits import Hit
from grace.identifiers.in_text.mentions import mentions
from grace.identifiers.in_text.nears import Around
from grace.identifiers.in_text.traits import candidates, traits
from grace.identifiers.in_text.weighed import weighed

NAMES = {
    "Notiz zu Snapchat\n12:40 drachen_lenker schreibt wieder": ["drachen_lenker"],
    "[kik]\nnom = cerf_volant_bleu\nip = 203.0.113.5": ["cerf_volant_bleu"],
    "He went from TikTok (@blue.kite.77) to Kik. - What was he called there? - bluekite77, he said": ["blue.kite.77", "bluekite77"],
    "Comments below the picture on Instagram:\n@kite.and.gull nice!\n@gull_of_norrland where is it?": ["kite.and.gull", "gull_of_norrland"],
    "what's your snap\nkite_of_april but i hardly use it": ["kite_of_april"],
    "[b]Rules[/b]: impostors on Twitter: [i]@kite_on_oder[/i], [i]@kiteonoder[/i].": ["kite_on_oder", "kiteonoder"],
    "Seen as TikTok/kite_77 and Kik/blue.kite": ["kite_77", "blue.kite"],
    "accounts: Discord/kite_77, Steam/gull77": ["kite_77", "gull77"],
}
NOBODY = [
    "see Discord/bot_setup, Twitch/overlay_v2",
    "discord\nreg_ip = 203.0.113.5\nreg_ts = 17",
    "On YouTube and Twitch as a 12-year-old",
    "reply to my gumtree ad didn't go through",
    "<kite_77> who is on discord today?",
    "session of discord c92ec93d2bd1b8b6438d3d6cb0839e45",
    "the plan: discord on monday, the file plan_final.txt on tuesday",
]


@pytest.mark.parametrize("text", NAMES)
def test_names_are_found_by_all_that_speaks_for_them(text: str) -> None:
    assert [each.normal for each in find(text) if each.service] == NAMES[text]


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_is_named(text: str) -> None:
    assert [each for each in find(text) if each.service] == []


def test_a_trait_says_how_near_a_service_is_and_what_stands_between() -> None:
    text = "on Snapchat she was kite_77"
    around = Around(text, list(mentions(text)), [])
    (found,) = candidates(around)
    told, mention = traits(around, found)
    assert mention is not None
    assert mention.service.name == "snapchat"
    assert {"near.b.w2", "shape.underscored", "b0.links", "way.links", "ends_in_digits", "behind.end"} <= set(told)


def test_what_is_found_already_is_not_weighed_again() -> None:
    text = "what's your snap\nkite_of_april"
    every = list(mentions(text))
    assert [found["name"] for found, _ in weighed(Around(text, every, []))] == ["kite_of_april"]
    assert list(weighed(Around(text, every, [Hit(17, len(text), "kiteofapril", "snapchat")]))) == []


def test_a_text_of_nothing_but_what_may_be_names_costs_no_more_than_a_bound() -> None:
    text = ("discord " + "a_fooBar9 zoo.bar9 " * 30) * (WINDOW // 600)
    assert len(list(weighed(Around(text, list(mentions(text)), [])))) <= 80
