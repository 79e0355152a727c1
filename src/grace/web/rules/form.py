"""The editor's form: a body of rules as fields, and fields as a body. Whatever is typed becomes a body; the checker judges it.

Fields of one line begin with ``r3-`` (the fourth rule), ``f0-`` (the first floor) or ``q0-`` (the first queue), those of a condition with ``r3-c0-``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.priority.axes import Axis
from grace.priority.rule_faults import Fault
from grace.sdk.signals import KINDS

PARTS = {"r": "rules", "f": "floors", "q": "queues"}
_CONDITION = re.compile(r"([rfq]\d{1,4})-c(\d{1,3})-signal")
_LINE = re.compile(r"([rfq])(\d{1,4})-id")
_PLACE = re.compile(r"(rules|floors|queues)\[(\d+)\](?:\.(.*))?")


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition as it stands in the form."""

    prefix: str
    signal: str
    operator: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """One rule or floor as it stands in the form, with what is wrong with it."""

    prefix: str
    id: str
    axis: str
    number: str
    each: str
    up_to: str
    text: str
    conditions: list[ConditionRow]
    faults: list[str] = field(default_factory=list)


def read_json(text: str) -> Any:
    """A body from the text field. Raises ``Invalid`` with the line of the fault."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as fault:
        raise Invalid(
            _("This is no JSON: line %(line)d, column %(column)d.") % {"line": fault.lineno, "column": fault.colno},
            remedy=_("Mend that place and try again."),
        ) from fault
    except RecursionError as fault:
        raise Invalid(_("This JSON nests too deep.")) from fault


def read_fields(typed: Mapping[str, str]) -> dict[str, Any]:
    """A body from the fields of the table."""
    lines: dict[str, list[dict[str, Any]]] = {part: [] for part in PARTS.values()}
    found = sorted({(match[1], int(match[2])) for match in map(_LINE.fullmatch, typed) if match})
    for letter, place in found:
        lines[PARTS[letter]].append(_line(typed, f"{letter}{place}", PARTS[letter]))
    if not lines["queues"]:
        del lines["queues"]
    return {
        "format": 1,
        "weights": {axis.value: _number(typed.get(f"weight-{axis}", "")) for axis in Axis},
        "escalation": {name: _number(typed.get(f"escalation-{name}", "")) for name in ("minimum", "share", "maximum")},
        **lines,
    }


def _line(typed: Mapping[str, str], prefix: str, part: str) -> dict[str, Any]:
    def said(name: str) -> str:
        return typed.get(f"{prefix}-{name}", "").strip()

    made: dict[str, Any] = {"id": said("id")}
    if part == "floors":
        made["floor"] = _number(said("number"))
    elif part == "rules":
        made |= {"axis": said("axis"), "points": _number(said("number"))}
        made |= {"each": said("each")} if said("each") else {}
        made |= {"up_to": _number(said("up_to"))} if said("up_to") else {}
    return {**made, "when": _conditions(typed, prefix), "text": said("text")}


def _conditions(typed: Mapping[str, str], prefix: str) -> list[dict[str, Any]]:
    places = sorted(int(match[2]) for match in map(_CONDITION.fullmatch, typed) if match and match[1] == prefix)
    made = []
    for place in places:
        signal, operator, value = (typed.get(f"{prefix}-c{place}-{name}", "").strip() for name in ("signal", "operator", "value"))
        made.append({"signal": signal, operator or "is": _value(signal, operator, value)})
    return made


def _value(signal: str, operator: str, typed: str) -> Any:
    """The value as its signal wants it; what does not fit stays a text, and the checker says so."""
    kind = KINDS[signal].type if signal in KINDS else str
    if operator == "one_of":
        return [each.strip() for each in typed.split(",") if each.strip()]
    if kind is bool or operator == "absent":
        return {"true": True, "false": False}.get(typed.lower(), typed)
    return typed if kind is str else _number(typed)


def _number(typed: str) -> Any:
    """A number where one was typed; an exact whole number stays one."""
    if re.fullmatch(r"[+-]?\d{1,9}", typed.strip()):
        return int(typed)
    if re.fullmatch(r"[+-]?\d{0,9}\.\d{1,9}", typed.strip()):
        return float(typed)
    return typed


def act_on(body: dict[str, Any], act: str) -> bool:
    """Carry out a button that adds or removes a row; False where the act is another one."""
    word, _colon, prefix = act.partition(":")
    match (word, re.fullmatch(r"([rfq])(\d+)(?:-c(\d+))?", prefix)):
        case ("add-rule", _) if prefix in list(Axis):
            body["rules"].append({"id": _fresh(body, "r"), "axis": prefix, "points": 10, "when": [_blank()], "text": ""})
        case ("add-floor", _):
            body["floors"].append({"id": _fresh(body, "f"), "floor": 50, "when": [_blank()], "text": ""})
        case ("add-queue", _):
            body.setdefault("queues", []).append({"id": _fresh(body, "q"), "when": [_blank()], "text": ""})
        case ("add-condition", re.Match() as at) if _holds(body, at):
            body[PARTS[at[1]]][int(at[2])]["when"].append(_blank())
        case ("remove", re.Match() as at) if _holds(body, at):
            _remove(body[PARTS[at[1]]], int(at[2]), at[3])
        case _:
            return False
    return True


def _holds(body: dict[str, Any], at: re.Match[str]) -> bool:
    return int(at[2]) < len(body.get(PARTS[at[1]], ()))


def _remove(lines: list[dict[str, Any]], place: int, condition: str | None) -> None:
    if condition is None:
        del lines[place]
    elif int(condition) < len(lines[place]["when"]):
        del lines[place]["when"][int(condition)]


def _blank() -> dict[str, Any]:
    return {"signal": next(iter(KINDS)), "is": True}


def _fresh(body: dict[str, Any], letter: str) -> str:
    taken = {line.get("id") for part in PARTS.values() for line in body.get(part, ())}
    return next(name for number in range(1, len(taken) + 2) if (name := f"{letter}-new-{number}") not in taken)


_NONE: Mapping[str, list[Any] | None] = {"rules": None, "floors": None, "queues": []}


def is_table(body: object) -> bool:
    """Whether the body has the shape that the table can show; any other is mended as text."""
    return (
        isinstance(body, dict)
        and all(isinstance(lines := body.get(part, _NONE[part]), list) and all(map(_is_line, lines)) for part in PARTS.values())
        and all(isinstance(body.get(part), dict) for part in ("weights", "escalation"))
    )


def _is_line(line: object) -> bool:
    return (
        isinstance(line, dict)
        and isinstance(line.get("when"), list)
        and all(isinstance(each, dict) and len(each) == 2 and isinstance(each.get("signal"), str) for each in line["when"])
    )


def rows_of(body: Mapping[str, Any], faults: list[Fault]) -> dict[str, list[LineRow]]:
    """The rows of the table: one list for each axis, and those of floors and queues under their names."""
    rows: dict[str, list[LineRow]] = {axis.value: [] for axis in Axis}
    for place, line in enumerate(body["rules"]):
        axis = str(line.get("axis"))
        rows[axis if axis in rows else Axis.COMPLETENESS].append(_row(f"r{place}", line, _of_line(faults, "rules", place)))
    for letter in ("f", "q"):
        part = PARTS[letter]
        rows[part] = [_row(f"{letter}{place}", line, _of_line(faults, part, place)) for place, line in enumerate(body.get(part, ()))]
    return rows


def _row(prefix: str, line: Mapping[str, Any], faults: list[str]) -> LineRow:
    return LineRow(
        prefix=prefix,
        id=_shown(line.get("id")),
        axis=_shown(line.get("axis")),
        number=_shown(line.get("floor", line.get("points"))),
        each=_shown(line.get("each")),
        up_to=_shown(line.get("up_to")),
        text=_shown(line.get("text")),
        conditions=[_condition(f"{prefix}-c{place}", each) for place, each in enumerate(line["when"])],
        faults=faults,
    )


def _condition(prefix: str, raw: Mapping[str, Any]) -> ConditionRow:
    operator = next(key for key in raw if key != "signal")
    signal = raw["signal"]
    return ConditionRow(prefix, signal, operator, _shown(raw[operator]), KINDS[signal].meaning if signal in KINDS else "")


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _of_line(faults: list[Fault], part: str, place: int) -> list[str]:
    return [
        f"{match[3]}: {each.what}" if match[3] else each.what
        for each in faults
        if (match := _PLACE.fullmatch(each.place)) and (match[1], int(match[2])) == (part, place)
    ]


def faults_of_all(faults: list[Fault]) -> list[str]:
    """The faults that belong to no line."""
    return [f"{each.place}: {each.what}" for each in faults if not _PLACE.fullmatch(each.place)]
