"""Rules are data: conditions over published signals that give points on four axes, and floors that nothing can lower.

The floors of the base rules, and as many escalations as they let count, hold under any body: one that lacks them or puts them lower
is read as if it had them (:func:`held`). So no edit, import or program takes a floor from a referral that the base rules give it.

A body is plain JSON (see ``base_rules.json`` and docs/reference/rules.md). :func:`read_rules` checks all of it and
says every fault at once, so that an editor can show them beside their lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.priority.axes import Axis
from grace.priority.rule_faults import faults
from grace.priority.shapes import Ranker
from grace.sdk.signals import SignalValue


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one signal kind; a signal that nobody gave makes it false, unless it asks for absence."""

    signal: str
    operator: str
    value: Any

    def holds(self, values: Sequence[SignalValue]) -> bool:
        """Whether any of the values that were given passes (``absent``: whether there is none)."""
        if self.operator == "absent":
            return bool(values) is not self.value
        test = _TESTS[self.operator]
        found = False
        for value in values:  # no any(): a re-scoring asks this ten million times
            found = found or test(value, self.value)
        return found


_TESTS: Mapping[str, Any] = {
    "is": lambda value, wanted: value == wanted,
    "at_least": lambda value, wanted: value >= wanted,
    "at_most": lambda value, wanted: value <= wanted,
    "one_of": lambda value, wanted: value in wanted,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Points on one axis where all conditions hold; ``each`` multiplies by a counting signal, up to ``up_to`` points."""

    id: str
    axis: Axis
    points: int
    when: tuple[Condition, ...]
    text: str
    each: str | None = None
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """A height below which no rule can push the referral, where all conditions hold. 1 to 100; higher is earlier."""

    id: str
    floor: int
    when: tuple[Condition, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue of the unit's own: it shows the referrals for which all conditions hold, in the order of the whole, and moves none."""

    id: str
    when: tuple[Condition, ...]
    text: str


@dataclass(frozen=True, slots=True)
class EscalationShare:
    """How many of a sender's own escalations of a day count: its share of the day's reports, within bounds."""

    minimum: int
    share: float
    maximum: int

    def allowance(self, received: int) -> int:
        """Escalations that count after ``received`` reports of the day."""
        return max(self.minimum, min(self.maximum, int(received * self.share)))


@dataclass(frozen=True, slots=True)
class Rules:
    """A checked body. ``weights`` are per cent and sum to 100. Where a ``ranker`` is promoted it gives the score, and the floors stay."""

    weights: Mapping[Axis, int]
    escalation: EscalationShare
    rules: tuple[Rule, ...]
    floors: tuple[Floor, ...]
    queues: tuple[Queue, ...] = ()
    ranker: Ranker | None = None


@cache
def base_body() -> str:
    """The body that every unit starts with, as JSON text."""
    return files("grace.priority").joinpath("base_rules.json").read_text(encoding="utf-8")


def base_rules() -> dict[str, Any]:
    """A fresh copy of the base body."""
    body: dict[str, Any] = json.loads(base_body())
    return body


def read_rules(body: object) -> Rules:
    """Check a body and make it runnable; raises :class:`Invalid` with all faults, one a line."""
    found = faults(body)
    if found or not isinstance(body, dict):
        lines = "\n".join(f"{each.place}: {each.what}" for each in found)
        raise Invalid(lines, remedy=_("Mend these places and try again; nothing was published."))
    own, base = body["escalation"], base_rules()["escalation"]
    return Rules(
        weights={axis: body["weights"][axis] for axis in Axis},
        escalation=EscalationShare(
            max(own["minimum"], base["minimum"]), float(max(own["share"], base["share"])), max(own["maximum"], base["maximum"])
        ),
        rules=tuple(_rule(each) for each in body["rules"]),
        floors=(*_floors(body), *_missing_floors(body)),
        queues=tuple(Queue(each["id"], _conditions(each["when"]), each["text"]) for each in body.get("queues", ())),
    )


def held(body: Mapping[str, Any]) -> list[tuple[str, str, object]]:
    """What a checked body lacks of the base rules' floors and escalations, and what holds all the same: part, name and height or number."""
    base = base_rules()["escalation"]
    shares = [("escalation", name, number) for name, number in base.items() if body["escalation"][name] < number]
    return [*(("floors", each.text, each.floor) for each in _missing_floors(body)), *shares]


def _missing_floors(body: Mapping[str, Any]) -> list[Floor]:
    """The base floors that no floor of the body covers: one that is as high, under no more conditions."""
    own = _floors(body)
    return [
        base
        for base in _floors(base_rules())
        if not any(each.floor >= base.floor and all(condition in base.when for condition in each.when) for each in own)
    ]


def _floors(body: Mapping[str, Any]) -> tuple[Floor, ...]:
    return tuple(Floor(each["id"], each["floor"], _conditions(each["when"]), each["text"]) for each in body["floors"])


def _rule(raw: Mapping[str, Any]) -> Rule:
    return Rule(raw["id"], Axis(raw["axis"]), raw["points"], _conditions(raw["when"]), raw["text"], raw.get("each"), raw.get("up_to"))


def _conditions(raw: Sequence[Mapping[str, Any]]) -> tuple[Condition, ...]:
    made = []
    for each in raw:
        operator = next(key for key in each if key != "signal")
        made.append(Condition(each["signal"], operator, each[operator]))
    return tuple(made)
