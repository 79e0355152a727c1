"""Two versions of the rules side by side: which lines came, went or changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that differs: ``part`` is rules, floors, weights or escalation; None where it was not there."""

    part: str
    name: str
    before: str | None
    after: str | None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs between two checked bodies, line by line, by the ids of rules and floors."""
    found = []
    for part in ("weights", "escalation", "rules", "floors"):
        old, new = _lines(before[part]), _lines(after[part])
        found += [Difference(part, name, old.get(name), new.get(name)) for name in (new | old) if old.get(name) != new.get(name)]
    return found


def _lines(part: Any) -> dict[str, str]:
    if isinstance(part, dict):
        return {name: str(value) for name, value in part.items()}
    return {line["id"]: in_words(line) for line in part}


def in_words(line: Mapping[str, Any]) -> str:
    """A rule or floor as one line that a person reads."""
    conditions = " and ".join(_condition(each) for each in line["when"])
    if "floor" in line:
        return f"floor {line['floor']} if {conditions}: {line['text']}"
    each = f" for each {line['each']}" if "each" in line else ""
    bound = f", up to {line['up_to']}" if "up_to" in line else ""
    return f"{line['points']:+d} {line['axis']}{each}{bound} if {conditions}: {line['text']}"


def _condition(raw: Mapping[str, Any]) -> str:
    operator = next(key for key in raw if key != "signal")
    value = raw[operator]
    if operator == "absent":
        return f"{raw['signal']} {'absent' if value else 'present'}"
    return f"{raw['signal']} {operator.replace('_', ' ')} {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
