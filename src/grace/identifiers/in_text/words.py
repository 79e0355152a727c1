"""The words of ``lexicon/*.toml``. Data can make the search more careful, lead it on or name a service, nothing else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any
from unicodedata import combining, normalize

SHORTEST_STEM = 4
_BEGINNING = 2
_SHORTEST_DECLINED = 3
_LAST_LATIN = "\u024f"
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "\u0131": "i", "ħ": "h", "ŧ": "t"})


@dataclass(frozen=True, slots=True)
class Service:
    """A service by its folded name.

    ``plain``: the word is an ordinary one too; ``logs``: one that programs write before values of their own
    (``session: a_b``); ``numbers``: the names are numbers; ``codes``: they are eight capitals and digits; ``tags``: names have a number behind
    them, ``kite#1234``.
    """

    name: str
    plain: bool = False
    logs: bool = False
    numbers: bool = False
    codes: bool = False
    tags: bool = False


class Words:
    """A set of words in lower case, some of which (``tunnus*``) stand for every word that begins so."""

    __slots__ = ("_by_beginning", "_stems", "_whole")

    def __init__(self, told: Iterable[str]) -> None:
        every = frozenset(told)
        self._whole = frozenset(word for word in every if not word.endswith("*"))
        self._stems = tuple(sorted(word[:-1] for word in every - self._whole))
        self._by_beginning = _grouped(self._stems)

    def __contains__(self, word: str) -> bool:
        return word in self._whole or (word[:_BEGINNING] in self._by_beginning and word.startswith(self._by_beginning[word[:_BEGINNING]]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def any(self, words: Collection[str]) -> bool:
        """Whether one of these words is in the set."""
        if not self._whole.isdisjoint(words):
            return True
        beginnings = self._by_beginning
        return any(word.startswith(beginnings[word[:_BEGINNING]]) for word in words if word[:_BEGINNING] in beginnings)

    def pattern(self) -> str:
        """A regular expression for one of the words, the longest first; ``_`` in a word is a blank."""
        whole = (re.escape(word.replace("_", " ")) for word in self._whole)
        return "|".join(sorted([*whole, *(rf"{re.escape(stem)}\w{{0,12}}" for stem in self._stems)], key=lambda each: (-len(each), each)))


def _grouped(stems: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    return {stem[:_BEGINNING]: tuple(other for other in stems if other[:_BEGINNING] == stem[:_BEGINNING]) for stem in stems}


@cache
def _data(file: str) -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("lexicon", f"{file}.toml").read_text(encoding="utf-8"))


@cache
def words(file: str, *tables: str) -> Words:
    """All words of tables of a file, of every language: ``words("numbers", "yes")``."""
    return Words(word for table in tables for text in _data(file)[table].values() for word in text.split())


@cache
def bare_words(file: str, *tables: str) -> Words:
    """The same, also as people without the letters write them: ``felhasznalo``, ``szolgaltatas``."""
    every = [word for table in tables for text in _data(file)[table].values() for word in text.split()]
    return Words([*every, *map(bare, every)])


def bare(word: str) -> str:
    """A word of Latin letters without its accents."""
    return "".join(each for each in normalize("NFD", word.translate(_LETTERS)) if not combining(each)) if word < _LAST_LATIN else word


@cache
def _cases(script: str) -> tuple[str, ...]:
    return tuple(_data("services")["cases"][script].split())


def attached() -> str:
    """A pattern for the ending of a case that a sign parts from its word: ``IG'de``, ``FB:ssä``, ``dc-n``."""
    return "|".join(sorted(map(re.escape, _cases("attached")), key=lambda each: (-len(each), each)))


@cache
def services() -> tuple[
    Mapping[str, Service], Mapping[str, tuple[tuple[str, Service], ...]], Mapping[str, tuple[tuple[str, Service], ...]]
]:
    """Services by their whole words, by the beginnings of words that may be inflected, and phrases by their first words."""
    whole: dict[str, Service] = {}
    stems: dict[str, list[tuple[str, Service]]] = {}
    phrases: dict[str, list[tuple[str, Service]]] = {}
    for name, told in _data("services")["services"].items():
        service = Service(name, **{mark: told.get(mark, False) for mark in ("logs", "numbers", "codes", "tags")})
        for word in told.get("words", "").split():
            whole |= dict.fromkeys(_declined(word), service)
        whole |= {word + kind: service for word in told.get("compounds", "").split() for kind in _joined()}
        whole |= dict.fromkeys(told.get("exact", "").split(), service)
        whole |= dict.fromkeys(told.get("plain", "").split(), replace(service, plain=True))
        for stem in told.get("stems", "").split():
            stems.setdefault(stem[:SHORTEST_STEM], []).append((stem, service))
        for phrase in told.get("phrases", "").split():
            phrases.setdefault(re.split(r"[\W_]", phrase)[0], []).append((phrase.replace("_", " "), service))
    return whole, {key: tuple(each) for key, each in stems.items()}, {key: tuple(each) for key, each in phrases.items()}


def _declined(word: str) -> Iterable[str]:
    """A word with and without the endings of cases."""
    script = "latin" if word < _LAST_LATIN else "cyrillic"
    return (word, *(word + ending for ending in _cases(script))) if len(word) >= _SHORTEST_DECLINED else (word,)


@cache
def _joined() -> tuple[str, ...]:
    return tuple(_data("services")["compounds"]["all"].split())


def is_compound(word: str) -> bool:
    """Whether a service's word is joined to one for a name or an account: ``snapname``, ``Twitterkontot``."""
    return word.endswith(_joined())


def names_a_service(vocabulary: frozenset[str]) -> bool:
    """Whether any of these words may name a service."""
    whole, stems, phrases = services()
    if not whole.keys().isdisjoint(vocabulary) or not phrases.keys().isdisjoint(vocabulary):
        return True
    if stems.keys().isdisjoint([word[:SHORTEST_STEM] for word in vocabulary]):
        return False
    return any(word.startswith(stem) for word in vocabulary for stem, _ in stems.get(word[:SHORTEST_STEM], ()))


def service_of(word: str) -> Service | None:
    """The service that a word in lower case names, or None."""
    whole, stems, _ = services()
    found = whole.get(word)
    if found:
        return found
    return next((service for stem, service in stems.get(word[:SHORTEST_STEM], ()) if word.startswith(stem)), None)


@cache
def _inflected() -> frozenset[str]:
    told = _data("services")["services"].values()
    return frozenset(form for each in told for word in each.get("words", "").split() for form in _declined(word) if form != word)


def is_inflected(word: str) -> bool:
    """Whether a service's word carries the ending of a case, which may say "on" or "from": ``Telegramissa``, ``snapie``."""
    if word in services()[0]:
        return word in _inflected()
    return all(word not in {stem, service.name} for stem, service in services()[1].get(word[:SHORTEST_STEM], ()))


def phrase_at(text: str, at: int, word: str) -> tuple[str, Service] | None:
    """A service of several words whose first is ``word``, which stands at a place: ``Epic Games``, ``tik-tok``."""
    told = services()[2].get(word)
    if told is None:
        return None
    here = text[at : at + 32].lower()
    return next((each for each in told if here.startswith(each[0])), None)
