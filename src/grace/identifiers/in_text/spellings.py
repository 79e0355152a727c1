"""How unlike the words of any language a text is spelt: ``tidepooltom`` has letters in a row that no word of running text has.

``heard.txt`` holds the words that running texts of many languages say, in lower case and without accents; ``benchmarks/fit_names.py`` writes it.
``ordinary.txt`` holds more, written by hand for how words are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from grace.identifiers.in_text.words import bare

_STRETCH = 5
"""Letters in a row that are looked up together, a word's beginning and end counting as letters."""
_MOST_ODD = 10


@cache
def heard() -> frozenset[str]:
    """Words of running text in many languages."""
    return ordinary() | frozenset(files(__package__).joinpath("heard.txt").read_text(encoding="utf-8").split())


@cache
def ordinary() -> frozenset[str]:
    """Words written by hand."""
    lines = files(__package__).joinpath("ordinary.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(bare(word) for line in lines if not line.startswith("#") for word in re.split(r"[\s'-]", line) if word)


@cache
def known_stretches() -> frozenset[str]:
    """The stretches that words of running text have."""
    return frozenset(each for word in heard() for each in _stretches(word))


def _stretches(word: str) -> list[str]:
    whole = f"^{word}$"
    return [whole[at : at + _STRETCH] for at in range(len(whole) - _STRETCH + 1)]


@lru_cache(4_096)
def is_heard(word: str) -> bool:
    """Whether running texts say a word in lower case."""
    return bare(word) in heard()


@lru_cache(4_096)
def unheard(word: str) -> int:
    """How many stretches of a word in lower case no word of running text has."""
    known = known_stretches()
    return sum(each not in known for each in _stretches(bare(word)))


def spelling(word: str) -> Iterator[str]:
    """Traits that tell how unlike a word of running text a mere word is spelt."""
    if is_heard(word):
        yield "heard"
        return
    odd = sum(map(unheard, word.split("-")))
    yield from (f"odd.{each}" for each in range(1, min(odd, _MOST_ODD) + 1))
    yield f"oddness.{10 * odd // len(word)}"
    yield from (f"ends.{word[-2:]}", f"ends.{word[-3:]}")
