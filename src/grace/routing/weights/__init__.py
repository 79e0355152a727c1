"""What each kind of evidence weighs, and how pieces are combined: versioned data, so that old proposals can be explained for good."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from grace.routing.words import Criterion, Mark, Matter
from grace.sdk.intake import Role
from grace.sdk.signals import is_denied

CURRENT = "first-2"
"""The version that proposes now. A change is a new file with a new name, never an edit of one that has been used."""

_PLACE = re.compile(r"_\d+(?=_|$)")


@dataclass(frozen=True, slots=True)
class Weights:
    """One version. ``alone`` are the kinds that can propose a state; the others only add to what these propose.

    All numbers lie between 0 and 1. ``contradiction`` is the share of its confidence that a state loses where the same
    person is as surely somewhere else. Proposals from ``propose_at`` on concern a state; those below, from ``show_at``
    on, are shown and concern nobody.
    """

    id: str
    propose_at: float
    show_at: float
    contradiction: float
    kinds: Mapping[Matter, float]
    alone: frozenset[Matter]
    marks: Mapping[Mark, float]
    roles: Mapping[Role, Criterion]
    offence_events: frozenset[str]
    person_fields: Mapping[str, Matter]
    incident_fields: Mapping[str, Matter]
    stated_states: Mapping[str, Criterion]
    languages: Mapping[str, Sequence[str]]

    def of(self, matter: Matter, marks: Sequence[Mark] = ()) -> float:
        """What a piece of evidence weighs: its kind, times each of its marks; a mark that a version does not know had no voice in it."""
        weight = self.kinds[matter]
        for mark in marks:
            weight *= self.marks.get(mark, 0.0)
        return weight


@cache
def weights(name: str = CURRENT) -> Weights:
    """A version, checked. Raises ``ValueError`` where the file is wrong: a fault of ours, found by the tests."""
    told = json.loads((files(__name__) / f"{name}.json").read_text(encoding="utf-8"))
    kinds = {Matter(kind): float(each["weight"]) for kind, each in told["kinds"].items()}
    found = Weights(
        id=told["id"],
        propose_at=float(told["propose_at"]),
        show_at=float(told["show_at"]),
        contradiction=float(told["contradiction"]),
        kinds=kinds,
        alone=frozenset(Matter(kind) for kind, each in told["kinds"].items() if not each.get("only_beside_others")),
        marks={Mark(mark): float(factor) for mark, factor in told["marks"].items()},
        roles={Role(role): Criterion(criterion) for role, criterion in told["roles"].items()},
        offence_events=frozenset(told["offence_events"]),
        person_fields={name: Matter(matter) for name, matter in told["person_fields"].items()},
        incident_fields={name: Matter(matter) for name, matter in told["incident_fields"].items()},
        stated_states={name: Criterion(criterion) for name, criterion in told["stated_states"].items()},
        languages={code: tuple(states) for code, states in told["languages"].items()},
    )
    _check(found, name)
    return found


def _check(found: Weights, name: str) -> None:
    if found.id != name:
        raise ValueError(f"the file {name} calls itself {found.id}")
    numbers = (found.propose_at, found.show_at, found.contradiction, *found.kinds.values(), *found.marks.values())
    if not all(0 <= number <= 1 for number in numbers) or set(found.kinds) != set(Matter):
        raise ValueError(f"{name}: every kind needs a number from 0 to 1")
    if name == CURRENT and set(found.marks) != set(Mark):
        raise ValueError(f"{name}: every mark needs a number from 0 to 1")
    denied = [field for field in (*found.person_fields, *found.incident_fields) if is_denied(field)]
    if denied:
        raise ValueError(f"{name}: {denied} says what a person is, not where")


def plain_field(key: str) -> str:
    """The name of a field without its place: ``address_2_country`` and ``address_country_2`` are both ``address_country``."""
    return _PLACE.sub("", key)
