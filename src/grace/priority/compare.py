"""Two versions of the rules side by side: which lines came, went or changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that differs: ``part`` is rules, floors, queues, weights or escalation; None where it was not there."""

    part: str
    name: str
    before: str | None
    after: str | None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs between two checked bodies, line by line, by the ids of rules and floors."""
    found = []
    for part in ("weights", "escalation", "rules", "floors", "queues"):
        old, new = _lines(before.get(part, [])), _lines(after.get(part, []))
        found += [Difference(part, name, old.get(name), new.get(name)) for name in (new | old) if old.get(name) != new.get(name)]
    return found


def _lines(part: Any) -> dict[str, str]:
    if isinstance(part, dict):
        return {name: str(value) for name, value in part.items()}
    return {line["id"]: in_words(line) for line in part}


def in_words(line: Mapping[str, Any]) -> str:
    """A rule or floor as one line that a person reads: the officer's words first, then what it does."""
    told = {"text": _(line["text"]), "conditions": conditions_in_words(line)}
    if "floor" in line:
        return _("%(text)s: floor %(floor)s if %(conditions)s") % {**told, "floor": line["floor"]}
    if "axis" not in line:
        return _("%(text)s: if %(conditions)s") % told
    axis = _(line["axis"])
    points = f"{line['points']:+d} {axis}"
    if "each" in line:
        points += " " + _("for each") + f" {line['each']}"
    if "up_to" in line:
        points += ", " + _("up to") + f" {line['up_to']}"
    return _("%(text)s: %(points)s if %(conditions)s") % {**told, "points": points}


def conditions_in_words(line: Mapping[str, Any]) -> str:
    """When a line holds."""
    joint = " " + _("and") + " "
    return joint.join(_condition(each) for each in line["when"])


def _condition(raw: Mapping[str, Any]) -> str:
    operator = next(key for key in raw if key != "signal")
    value = raw[operator]
    if operator == "absent":
        return f"{raw['signal']} " + (_("absent") if value else _("present"))
    told = ", ".join(value) if isinstance(value, list) else value if isinstance(value, str) else json.dumps(value)
    word = _(_OPERATORS[operator])
    return f"{raw['signal']} {word} {told}"


_OPERATORS = {
    "is": gettext_noop("is"),
    "at_least": gettext_noop("at least"),
    "at_most": gettext_noop("at most"),
    "one_of": gettext_noop("one of"),
}


_ORDER = (
    "format",
    "weights",
    "escalation",
    "rules",
    "floors",
    "queues",
    *("id", "axis", "floor", "points", "each", "up_to", "signal", "when", "text"),
)


def as_text(body: object) -> str:
    """A body as JSON that a person can edit: parts in their usual order, one rule a line. Any other value as plain JSON."""
    if not isinstance(body, dict) or not all(isinstance(body.get(part), list) for part in ("rules", "floors")):
        return json.dumps(body, indent=2, ensure_ascii=False)
    parts = [f'  "{name}": {_part(value)}' for name, value in _ordered(body).items()]
    return "{\n" + ",\n".join(parts) + "\n}"


def _part(value: object) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"    {json.dumps(each, ensure_ascii=False)}" for each in value) + "\n  ]"
    return json.dumps(value, ensure_ascii=False)


def _ordered(value: Any) -> Any:
    """The database keeps the members of objects in an order of its own."""
    if isinstance(value, list):
        return [_ordered(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: _ordered(value[key]) for key in sorted(value, key=lambda key: _ORDER.index(key) if key in _ORDER else len(_ORDER))}
