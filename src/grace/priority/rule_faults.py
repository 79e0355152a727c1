"""What is wrong with a body of rules, and where: all of it at once, in the reader's language.

The words of the body itself (``weights``, ``at_least`` …) stay as they are: they are what the author has to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from grace.priority.axes import Axis
from grace.sdk.signals import KINDS, is_denied

MOST_RULES = 500
MOST_QUEUES = 20
MOST_POINTS = 100
MOST_ID = 60
MOST_TEXT = 200
MOST_NUMBER = 10**9
FOR_NOVELTY = ("group.", "file.negative_", "file.common_")
"""The beginnings of the signals that may lower novelty, and touch nothing else."""

_PARTS = ("format", "weights", "escalation", "rules", "floors")
LINES = {"rules": MOST_RULES, "floors": MOST_RULES, "queues": MOST_QUEUES}
"""The parts that are lists of lines, and how many each may hold; ``queues`` may be left out."""
_OPERATORS = ("is", "at_least", "at_most", "one_of", "absent")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: ``weights``, ``rules[3].points``, ``floors[0].when[1]``."""

    place: str
    what: str


def faults(body: object) -> list[Fault]:
    """Everything that is wrong with a body, in its order; nothing for a sound one."""
    return list(_faults(body))


def _faults(body: object) -> Iterator[Fault]:
    if not isinstance(body, dict) or set(body) - {"queues"} != set(_PARTS):
        yield Fault(
            "rules", _("must be an object that holds exactly %(names)s, and queues where there are any") % {"names": ", ".join(_PARTS)}
        )
        return
    if body["format"] != 1:
        yield Fault("format", _("must be 1"))
    yield from _weight_faults(body["weights"])
    yield from _escalation_faults(body["escalation"])
    seen: set[str] = set()
    for part, most in LINES.items():
        lines = body.get(part, [])
        if not isinstance(lines, list) or len(lines) > most:
            yield Fault(part, _("must be a list of at most %(most)d") % {"most": most})
            continue
        for place, line in enumerate(lines):
            yield from _line_faults(f"{part}[{place}]", line, seen, part)


def _weight_faults(weights: object) -> Iterator[Fault]:
    if not isinstance(weights, dict) or set(weights) != set(Axis) or not all(is_whole(each, 0, 100) for each in weights.values()):
        yield Fault("weights", _("one whole number from 0 to 100 for each of %(names)s") % {"names": ", ".join(Axis)})
    elif sum(weights.values()) != 100:
        yield Fault("weights", _("must sum to 100, not %(sum)d") % {"sum": sum(weights.values())})


def _escalation_faults(raw: object) -> Iterator[Fault]:
    if (
        not isinstance(raw, dict)
        or set(raw) != {"minimum", "share", "maximum"}
        or not is_whole(raw["minimum"], 0, 1000)
        or not is_whole(raw["maximum"], 0, 100_000)
        or isinstance(raw["share"], bool)
        or not isinstance(raw["share"], int | float)
        or not 0 <= raw["share"] <= 1
    ):
        yield Fault("escalation", _("minimum (0 to 1,000), share (0 to 1) and maximum (0 to 100,000)"))


_MEMBERS: Mapping[str, frozenset[str]] = {
    "rules": frozenset({"id", "text", "when", "axis", "points", "each", "up_to"}),
    "floors": frozenset({"id", "text", "when", "floor"}),
    "queues": frozenset({"id", "text", "when"}),
}


def _line_faults(place: str, line: object, seen: set[str], part: str) -> Iterator[Fault]:
    allowed = _MEMBERS[part]
    needed = allowed - {"each", "up_to"}
    if not isinstance(line, dict) or not needed <= set(line) <= allowed:
        names = {"needed": ", ".join(sorted(needed)), "allowed": ", ".join(sorted(allowed))}
        yield Fault(place, _("needs %(needed)s, and may hold nothing but %(allowed)s") % names)
        return
    if not is_text(line["id"], MOST_ID) or line["id"] in seen:
        yield Fault(f"{place}.id", _("a text of its own of 1 to %(most)d characters, not used twice") % {"most": MOST_ID})
    else:
        seen.add(line["id"])
    if not is_text(line["text"], MOST_TEXT):
        yield Fault(f"{place}.text", _("what an officer reads, 1 to %(most)d characters") % {"most": MOST_TEXT})
    yield from _condition_faults(f"{place}.when", line["when"])
    if part == "queues":  # a queue shows, and moves nothing
        return
    yield from _novelty_faults(place, line, is_floor=part == "floors")
    if part == "rules":
        yield from _points_faults(place, line)
    elif not is_whole(line["floor"], 1, 100):
        yield Fault(f"{place}.floor", _whole_number(1, 100))


def _points_faults(place: str, line: Mapping[str, Any]) -> Iterator[Fault]:
    if line["axis"] not in list(Axis):
        yield Fault(f"{place}.axis", _("one of %(names)s") % {"names": ", ".join(Axis)})
    if not is_whole(line["points"], -MOST_POINTS, MOST_POINTS):
        yield Fault(f"{place}.points", _whole_number(-MOST_POINTS, MOST_POINTS))
    if "each" in line and not _counts(line["each"]):
        yield Fault(f"{place}.each", _("a counting signal"))
    if "up_to" in line and ("each" not in line or not is_whole(line["up_to"], 1, MOST_POINTS)):
        yield Fault(f"{place}.up_to", _("a whole number from 1 to %(most)d, beside “each”") % {"most": MOST_POINTS})


def _novelty_faults(place: str, line: Mapping[str, Any], *, is_floor: bool) -> Iterator[Fault]:
    """What groups, negative lists and lists of known files say is for novelty alone, and only lowers it.

    Who sends what is known may still be a danger now (DESIGN, Assessment), and a known file is not a good one.
    """
    conditions = [each for each in line["when"] if isinstance(each, dict)] if isinstance(line["when"], list) else []
    named = [*(each.get("signal") for each in conditions), line.get("each")]
    if not any(isinstance(name, str) and name.startswith(FOR_NOVELTY) for name in named):
        return
    if is_floor or line["axis"] != Axis.NOVELTY:
        yield Fault(place, _("signals of groups, negative lists and lists of known files may be used on the novelty axis only"))
    elif isinstance(line["points"], int) and line["points"] > 0 and not any(each.get("absent") is True for each in conditions):
        yield Fault(place, _("signals of groups, negative lists and lists of known files may lower novelty, not raise it"))


def _whole_number(low: int, high: int) -> str:
    return _("a whole number from %(low)d to %(high)d") % {"low": low, "high": high}


def _counts(signal: object) -> bool:
    return isinstance(signal, str) and signal in KINDS and KINDS[signal].type is int and not is_denied(signal)


def _condition_faults(place: str, when: object) -> Iterator[Fault]:
    if not isinstance(when, list) or not 1 <= len(when) <= 10:
        yield Fault(place, _("a list of 1 to 10 conditions"))
        return
    for number, each in enumerate(when):
        fault = _condition_fault(each)
        if fault:
            yield Fault(f"{place}[{number}]", fault)


def _condition_fault(each: object) -> str:
    if not isinstance(each, dict) or "signal" not in each or len(each) != 2:
        return _("a signal and one of %(names)s") % {"names": ", ".join(_OPERATORS)}
    signal = each["signal"]
    operator = next(key for key in each if key != "signal")
    if not isinstance(signal, str):
        return _("signal: a text")
    if is_denied(signal):
        return _("%(signal)s may not be used in a rule (AI Act, Art. 5)") % {"signal": signal[:80]}
    if signal not in KINDS:
        return _("no such signal: %(signal)s") % {"signal": signal[:80]}
    return _value_fault(KINDS[signal].type, operator, each[operator])


def _value_fault(kind: type, operator: str, value: object) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST_NUMBER
    match operator:
        case "absent":
            return "" if isinstance(value, bool) else _("absent: true or false")
        case "at_least" | "at_most":
            return "" if number and kind in {int, float} else _("%(word)s: a number, for a signal that is one") % {"word": operator}
        case "is":
            right = number if kind in {int, float} else is_text(value, MOST_TEXT) if kind is str else isinstance(value, kind)
            return "" if right else _("is: a value of type %(type)s") % {"type": kind.__name__}
        case "one_of":
            right = kind is str and isinstance(value, list) and bool(value) and all(is_text(each, MOST_TEXT) for each in value)
            return "" if right else _("one_of: a list of texts, for a signal that is a text")
        case _:
            return _("no such operator: %(word)s") % {"word": operator[:80]}


def is_text(value: object, most: int) -> bool:
    """Whether a value is a text that the database can hold and a page can show."""
    return isinstance(value, str) and 0 < len(value) <= most and value.isprintable()


def is_whole(value: object, low: int, high: int) -> bool:
    """Whether a value is a whole number within the bounds; a truth value is none."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
