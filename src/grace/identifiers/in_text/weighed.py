"""Names that only the sum of many small signs tells: their shape, a service somewhere near, the words between and around.

Where no rule decides, small trees ask for the traits of a text, and the text is a name where what they add up to passes a mark. The trees are
data (``trees.txt``), fitted by ``benchmarks/fit_names.py`` to labelled texts; the mark is set so that little is false.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files

from grace.identifiers.in_text.hits import Hit
from grace.identifiers.in_text.names import squeezed
from grace.identifiers.in_text.nears import Around, Told
from grace.identifiers.in_text.traits import candidates, is_made, traits

Tree = tuple[tuple[str, ...], tuple[float, ...]]
MARK = 0.75
"""What the trees must add up to. Chosen by what sets show that were left out of the fit."""
_MOST = 40
"""Texts that are weighed in one window: what a hostile text may cost is bounded by it."""
_FIRST, _HOPELESS = 30, -2.0
"""Behind the first trees, which add most, a sum so low has never come up to the mark: the others need not be asked."""
_ROUNDS = 2
"""A name that is found may be what another one is told by: one round more."""


def weighed(around: Around) -> Iterator[Told]:
    """Texts whose traits weigh enough, with the service that is nearest to each."""
    for _ in range(_ROUNDS):
        told = list(_enough(around))
        yield from told
        if not told:
            return
        new = [Hit(found.start(), found.end(), squeezed(found["name"]), service.name) for found, service in told]
        around = replace(around, hits=[*around.hits, *new])


def _enough(around: Around) -> Iterator[Told]:
    made, mere = list[re.Match[str]](), list[re.Match[str]]()
    for found in candidates(around):
        if not around.reaches(found.start(), found.end()):
            (made if is_made(found) else mere).append(found)
            if len(made) == _MOST:
                break
    for found in [*made, *mere][:_MOST]:  # in a long chat mere words would leave no room for names
        told, mention = traits(around, found)
        if mention and weight(told) > MARK:
            yield found, mention.service


def weight(told: Collection[str]) -> float:
    """What the trees make of traits; above the mark they are those of a name."""
    total = 0.0
    for place, (asks, adds) in enumerate(trees()):
        if place == _FIRST and total < _HOPELESS:
            return total
        node = 0
        while node < len(asks):
            node = 2 * node + 1 + (asks[node] in told)
        total += adds[node - len(asks)]
    return total


@cache
def trees() -> tuple[Tree, ...]:
    """Per line the traits that the nodes of a tree ask for, in the order of a heap, and behind a bar what its leaves add in thousandths."""
    lines = files(__package__).joinpath("trees.txt").read_text(encoding="utf-8").splitlines()
    parts = (line.split("|") for line in lines if not line.startswith("#"))
    return tuple((tuple(asks.split()), tuple(int(each) / 1000 for each in adds.split())) for asks, adds in parts)
