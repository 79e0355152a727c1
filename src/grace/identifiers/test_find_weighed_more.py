"""Names at services that end as files do, have a capital beside a game's service, answer a question or are set against a false one."""

from __future__ import annotations

import pytest

from grace.identifiers.find import find

NAMES = [
    ("his discord is pancake.exe, he thinks it is funny", "pancake.exe", "discord"),
    ("auf discord heißt sie quarkbrot.exe, frag sie selbst", "quarkbrot.exe", "discord"),
    ("Im Spiel war es Moosreiter (Xbox), mehr wissen wir nicht.", "Moosreiter", "xbox"),
    ("The fake page on Facebook is tennis.club.alder.2. The real one is tennisclubalder.", "tennisclubalder", "facebook"),
    ("[18:20] Ida: hast du discord\n[18:21] Jo: ja, zimtwolke\n[18:21] Ida: ok", "zimtwolke", "discord"),
    ("Ana: ¿tienes discord?\nLeo: sí, nubecanela", "nubecanela", "discord"),
    ("On Discord he was (custard.exe), and now I'm custard_3.", "custard_3", "discord"),
    ("Kaja: vad heter du på snap?\nNils: kanelmoln", "kanelmoln", "snapchat"),
]
NOBODY = [
    "Discord crashed again, updater.exe was missing",
    "TikTok is forbidden at ours, the children were outraged.",
    "Zakazaliśmy TikToka, dzieci były niepocieszone.",
    "Petra (Instagram), Ole (Plakate) und Thomas (Kuchen) teilen sich die Arbeit.",
]


@pytest.mark.parametrize(("text", "name", "service"), NAMES)
def test_a_name_is_told_by_what_stands_around_it(text: str, name: str, service: str) -> None:
    assert (name, service) in [(each.value, each.service) for each in find(text)]


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_is_named(text: str) -> None:
    assert [each for each in find(text) if each.service] == []
