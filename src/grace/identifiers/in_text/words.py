"""The words of ``words.toml`` as sets. Data can make the search more careful or name a service, nothing else."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Service:
    """A service by its folded name.

    ``plain``: the word is an ordinary one too; ``logs``: one that programs write before values of their own
    (``session: a_b``); ``numbers``: the names are numbers.
    """

    name: str
    plain: bool = False
    logs: bool = False
    numbers: bool = False


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


@cache
def words(room: str, table: str) -> frozenset[str]:
    """All words of a table, of every language: ``words("phones", "yes")``."""
    return frozenset(word for text in _data()[room][table].values() for word in text.split())


@cache
def services() -> tuple[Mapping[str, Service], tuple[tuple[str, Service], ...]]:
    """Services by their whole words, and by the beginnings of words that may be inflected."""
    whole: dict[str, Service] = {}
    stems: list[tuple[str, Service]] = []
    for name, told in _data()["services"].items():
        service = Service(name, logs=told.get("logs", False), numbers=told.get("numbers", False))
        whole |= dict.fromkeys(told.get("words", "").split(), service)
        whole |= dict.fromkeys(told.get("plain", "").split(), replace(service, plain=True))
        whole |= {word + kind: service for word in told.get("compounds", "").split() for kind in words("handles", "compounds")}
        stems += [(stem, service) for stem in told.get("stems", "").split()]
    return whole, tuple(stems)


def is_compound(word: str) -> bool:
    """Whether a service's word is joined to one for a name or an account: ``snapname``, ``Twitterkontot``."""
    return word.endswith(tuple(words("handles", "compounds")))


@cache
def stems_by_beginning() -> Mapping[str, tuple[tuple[str, Service], ...]]:
    """The stems by their first letters, for a quick look."""
    found: dict[str, list[tuple[str, Service]]] = {}
    for stem, service in services()[1]:
        found.setdefault(stem[:SHORTEST_STEM], []).append((stem, service))
    return {beginning: tuple(entries) for beginning, entries in found.items()}


def names_a_service(vocabulary: frozenset[str]) -> bool:
    """Whether any of these words may name a service."""
    return not services()[0].keys().isdisjoint(vocabulary) or not stems_by_beginning().keys().isdisjoint(
        {word[:SHORTEST_STEM] for word in vocabulary}
    )


def service_of(word: str) -> Service | None:
    """The service that a word in lower case names, or None."""
    whole = services()[0].get(word)
    if whole:
        return whole
    return next((service for stem, service in stems_by_beginning().get(word[:SHORTEST_STEM], ()) if word.startswith(stem)), None)
