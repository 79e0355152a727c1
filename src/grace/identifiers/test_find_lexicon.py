"""The words around identifiers are data that can go wrong: a word twice, a stem that would swallow a language."""

from collections import Counter
from importlib.resources import files
from itertools import chain
from tomllib import loads

import pytest

from grace.identifiers.in_text.words import SHORTEST_STEM, is_compound, is_inflected, service_of, words

FILES = {
    path.name.removesuffix(".toml"): loads(path.read_text(encoding="utf-8"))
    for path in files("grace.identifiers.in_text").joinpath("lexicon").iterdir()
    if path.name.endswith(".toml")
}
WORDS = [
    (file, table, word)
    for file, tables in FILES.items()
    if file != "services"
    for table, languages in tables.items()
    for text in languages.values()
    for word in text.split()
]
SERVICES = FILES["services"]["services"]
KEPT_AS_WRITTEN = {"money", "units"}


def test_words_are_in_lower_case_and_stems_not_short() -> None:
    assert [each for each in WORDS if each[2] != each[2].lower() and each[1] not in KEPT_AS_WRITTEN] == []
    assert [each for each in WORDS if each[2].endswith("*") and len(each[2]) < SHORTEST_STEM] == []
    assert [each for each in WORDS if "*" in each[2][:-1]] == []


def test_a_service_s_word_names_one_service() -> None:
    told = Counter(
        word
        for told in SERVICES.values()
        for word in set(chain(*(told.get(kind, "").split() for kind in ("words", "exact", "plain", "stems"))))
    )
    assert [word for word, times in told.items() if times > 1] == []


@pytest.mark.parametrize(
    ("word", "service"),
    {
        "telegramissa": "telegram",
        "тіктоці": "tiktok",
        "snapie": "snapchat",
        "instam": "instagram",
        "feisbukā": "facebook",
        "discordzie": "discord",
        "вайбър": "viber",
        "steamu": "steam",
    }.items(),
)
def test_declined_words_name_their_service(word: str, service: str) -> None:
    found = service_of(word)
    assert found is not None
    assert found.name == service


@pytest.mark.parametrize("word", ["instant", "snapper", "telefon", "steamed", "disco", "kiki", "kikki", "sender", "likely"])
def test_other_words_name_none(word: str) -> None:
    assert service_of(word) is None


def test_endings_and_compounds_are_told() -> None:
    assert is_inflected("telegramissa")
    assert not is_inflected("telegram")
    assert not is_inflected("insta")
    assert is_compound("snapname")
    assert not is_compound("snapchat")


def test_stems_stand_for_what_begins_so() -> None:
    names = words("names", "names")
    assert "käyttäjänimesi" in names
    assert "kontor" not in names
    assert names.any(["the", "profilen"])
    assert not names.any(["the", "house"])
