"""Rules are data: conditions over published signals that give points on four axes, and floors that nothing can lower.

A body is plain JSON (see ``base_rules.json`` and docs/reference/rules.md). :func:`read_rules` checks all of it and
says every fault at once, so that an editor can show them beside their lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.sdk.signals import KINDS, SignalValue, is_denied

MOST_RULES = 500
MOST_POINTS = 100
MOST_ID = 60
MOST_TEXT = 200
MOST_NUMBER = 10**9
FOR_NOVELTY = "group."
"""The beginning of the signals that may lower novelty, and touch nothing else."""


class Axis(StrEnum):
    """The four questions that are never mixed: can it be worked, is there a lead here, is there harm now, is it new."""

    COMPLETENESS = "completeness"
    ACTIONABILITY = "actionability"
    URGENCY = "urgency"
    NOVELTY = "novelty"


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
        return any(_TESTS[self.operator](value, self.value) for value in values)


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
    """A checked body. ``weights`` are per cent and sum to 100."""

    weights: Mapping[Axis, int]
    escalation: EscalationShare
    rules: tuple[Rule, ...]
    floors: tuple[Floor, ...]


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
    escalation = body["escalation"]
    return Rules(
        weights={axis: body["weights"][axis] for axis in Axis},
        escalation=EscalationShare(escalation["minimum"], float(escalation["share"]), escalation["maximum"]),
        rules=tuple(_rule(each) for each in body["rules"]),
        floors=tuple(Floor(each["id"], each["floor"], _conditions(each["when"]), each["text"]) for each in body["floors"]),
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: ``weights``, ``rules[3].points``, ``floors[0].when[1]``."""

    place: str
    what: str


def faults(body: object) -> list[Fault]:
    """Everything that is wrong with a body, in its order; nothing for a sound one."""
    return [Fault(*line.split(": ", 1)) for line in _faults(body)]


def _rule(raw: Mapping[str, Any]) -> Rule:
    return Rule(raw["id"], Axis(raw["axis"]), raw["points"], _conditions(raw["when"]), raw["text"], raw.get("each"), raw.get("up_to"))


def _conditions(raw: Sequence[Mapping[str, Any]]) -> tuple[Condition, ...]:
    made = []
    for each in raw:
        operator = next(key for key in each if key != "signal")
        made.append(Condition(each["signal"], operator, each[operator]))
    return tuple(made)


def _faults(body: object) -> Iterator[str]:
    if not isinstance(body, dict):
        yield "rules: must be an object"
        return
    if set(body) != {"format", "weights", "escalation", "rules", "floors"}:
        yield "rules: must hold exactly format, weights, escalation, rules, floors"
        return
    if body["format"] != 1:
        yield "format: must be 1"
    yield from _weight_faults(body["weights"])
    yield from _escalation_faults(body["escalation"])
    seen: set[str] = set()
    for part in ("rules", "floors"):
        lines = body[part]
        if not isinstance(lines, list) or len(lines) > MOST_RULES:
            yield f"{part}: must be a list of at most {MOST_RULES}"
            continue
        for place, line in enumerate(lines):
            yield from _line_faults(f"{part}[{place}]", line, seen, is_floor=part == "floors")


def _weight_faults(weights: object) -> Iterator[str]:
    if not isinstance(weights, dict) or set(weights) != set(Axis) or not all(_whole(each, 0, 100) for each in weights.values()):
        yield "weights: one whole number from 0 to 100 for each of completeness, actionability, urgency, novelty"
    elif sum(weights.values()) != 100:
        yield f"weights: must sum to 100, not {sum(weights.values())}"


def _escalation_faults(raw: object) -> Iterator[str]:
    if (
        not isinstance(raw, dict)
        or set(raw) != {"minimum", "share", "maximum"}
        or not _whole(raw["minimum"], 0, 1000)
        or not _whole(raw["maximum"], 0, 100_000)
        or isinstance(raw["share"], bool)
        or not isinstance(raw["share"], int | float)
        or not 0 <= raw["share"] <= 1
    ):
        yield "escalation: minimum (0 to 1,000), share (0 to 1) and maximum (0 to 100,000)"


def _line_faults(place: str, line: object, seen: set[str], *, is_floor: bool) -> Iterator[str]:
    allowed = {"id", "text", "when", "floor"} if is_floor else {"id", "text", "when", "axis", "points", "each", "up_to"}
    needed = allowed - {"each", "up_to"}
    if not isinstance(line, dict) or not needed <= set(line) <= allowed:
        yield f"{place}: needs {', '.join(sorted(needed))}, and may hold nothing but {', '.join(sorted(allowed))}"
        return
    if not _words(line["id"], MOST_ID) or line["id"] in seen:
        yield f"{place}.id: a text of its own of 1 to {MOST_ID} characters, not used twice"
    else:
        seen.add(line["id"])
    if not _words(line["text"], MOST_TEXT):
        yield f"{place}.text: what an officer reads, 1 to {MOST_TEXT} characters"
    yield from _condition_faults(f"{place}.when", line["when"])
    yield from _novelty_faults(place, line, is_floor=is_floor)
    if is_floor:
        if not _whole(line["floor"], 1, 100):
            yield f"{place}.floor: a whole number from 1 to 100"
        return
    yield from _points_faults(place, line)


def _points_faults(place: str, line: Mapping[str, Any]) -> Iterator[str]:
    if line["axis"] not in list(Axis):
        yield f"{place}.axis: one of {', '.join(Axis)}"
    if not _whole(line["points"], -MOST_POINTS, MOST_POINTS):
        yield f"{place}.points: a whole number from -{MOST_POINTS} to {MOST_POINTS}"
    if "each" in line and not _counts(line["each"]):
        yield f"{place}.each: a counting signal"
    if "up_to" in line and ("each" not in line or not _whole(line["up_to"], 1, MOST_POINTS)):
        yield f"{place}.up_to: a whole number from 1 to {MOST_POINTS}, beside “each”"


def _novelty_faults(place: str, line: Mapping[str, Any], *, is_floor: bool) -> Iterator[str]:
    """What groups say is for novelty alone: who sends what is known may still be a danger now (DESIGN, Assessment)."""
    conditions = line["when"] if isinstance(line["when"], list) else []
    named = [each.get("signal") for each in conditions if isinstance(each, dict)] + [line.get("each")]
    if not any(isinstance(name, str) and name.startswith(FOR_NOVELTY) for name in named):
        return
    if is_floor or line["axis"] != Axis.NOVELTY:
        yield f"{place}: signals of groups may be used on the novelty axis only"
    elif (
        isinstance(line["points"], int)
        and line["points"] > 0
        and not any(each.get("absent") is True for each in conditions if isinstance(each, dict))
    ):
        yield f"{place}: signals of groups may lower novelty, not raise it"


def _counts(signal: object) -> bool:
    return isinstance(signal, str) and signal in KINDS and KINDS[signal].type is int and not is_denied(signal)


def _condition_faults(place: str, when: object) -> Iterator[str]:
    if not isinstance(when, list) or not 1 <= len(when) <= 10:
        yield f"{place}: a list of 1 to 10 conditions"
        return
    for number, each in enumerate(when):
        fault = _condition_fault(each)
        if fault:
            yield f"{place}[{number}]: {fault}"


def _condition_fault(each: object) -> str:
    if not isinstance(each, dict) or "signal" not in each or len(each) != 2:
        return "a signal and one of is, at_least, at_most, one_of, absent"
    signal = each["signal"]
    operator = next(key for key in each if key != "signal")
    if not isinstance(signal, str):
        return "signal: a text"
    if is_denied(signal):
        return f"{signal[:80]} may not be used in a rule (AI Act, Art. 5)"
    if signal not in KINDS:
        return f"no such signal: {signal[:80]!r}"
    return _value_fault(KINDS[signal].type, operator, each[operator])


def _value_fault(kind: type, operator: str, value: object) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST_NUMBER
    match operator:
        case "absent":
            return "" if isinstance(value, bool) else "absent: true or false"
        case "at_least" | "at_most":
            return "" if number and kind in {int, float} else f"{operator}: a number, for a signal that is one"
        case "is":
            right = number if kind in {int, float} else _words(value, MOST_TEXT) if kind is str else isinstance(value, kind)
            return "" if right else f"is: a value of type {kind.__name__}"
        case "one_of":
            right = kind is str and isinstance(value, list) and bool(value) and all(_words(each, MOST_TEXT) for each in value)
            return "" if right else "one_of: a list of texts, for a signal that is a text"
        case _:
            return f"no such operator: {operator}"


def _words(value: object, most: int) -> bool:
    """Whether a value is a text that the database can hold and a page can show."""
    return isinstance(value, str) and 0 < len(value) <= most and value.isprintable()


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
