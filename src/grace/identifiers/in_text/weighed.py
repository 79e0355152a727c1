"""Names that only the sum of many small signs tells: their shape, a service somewhere near, the words between and around.

Where no rule decides, the traits of a text are weighed, and the text is a name where the sum passes a mark. The weights are data
(``weights.toml``), fitted by ``benchmarks/fit_names.py`` to texts that people labelled; the mark is set so that little is false.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from grace.identifiers.in_text.hits import Hit
from grace.identifiers.in_text.names import squeezed
from grace.identifiers.in_text.nears import Around, Told
from grace.identifiers.in_text.traits import candidates, is_made, traits

_MOST = 40
"""Texts that are weighed in one window: what a hostile text may cost is bounded by it."""
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
        if mention and weight(told) > _data()["mark"]["least"]:
            yield found, mention.service


def weight(told: list[str]) -> float:
    """What traits weigh together; above the mark they are those of a name."""
    weights = _data()["weights"]
    return sum(weights.get(trait, 0.0) for trait in told) + weights["any"]


@cache
def _data() -> Mapping[str, Mapping[str, float]]:
    return tomllib.loads(files(__package__).joinpath("weights.toml").read_text(encoding="utf-8"))
