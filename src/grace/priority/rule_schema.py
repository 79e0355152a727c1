"""The JSON Schema of a rules file, made of the same lists that the checker reads; docs/reference/rules.schema.json is written by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grace.priority.axes import Axis
from grace.priority.rule_faults import LINES, MOST_ID, MOST_NUMBER, MOST_POINTS, MOST_TEXT
from grace.sdk.signals import KINDS, SignalKind

FILE_FORMAT, FILE_VERSION = "grace-rules", 1
MOST_TITLE, MOST_NOTE = 200, 500
_TEXT = {"type": "string", "minLength": 1, "maxLength": MOST_TEXT}
_NUMBER = {"type": "number", "minimum": -MOST_NUMBER, "maximum": MOST_NUMBER}


def rules_file_schema() -> dict[str, Any]:
    """JSON Schema 2020-12. That ids are not used twice and weights sum to 100 it cannot say; reading a file demands it all the same."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "GRACE rules",
        "description": "The rules by which a unit's queue is ordered, as a file that agencies share. It holds no personal data.",
        **_object(
            {
                "format": {"const": FILE_FORMAT},
                "version": {"const": FILE_VERSION},
                "title": {"type": "string", "minLength": 1, "maxLength": MOST_TITLE},
                "note": {"type": "string", "maxLength": MOST_NOTE},
                "made_at": {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"},
                "rules": {"$ref": "#/$defs/body"},
            }
        ),
        "$defs": {"body": _body(), "condition": {"oneOf": [_condition(kind) for kind in KINDS.values()]}, **_lines()},
    }


def _body() -> dict[str, Any]:
    lists: dict[str, Any] = {
        part: {"type": "array", "maxItems": most, "items": {"$ref": f"#/$defs/{part[:-1]}"}} for part, most in LINES.items()
    }
    shares = {
        "minimum": _whole(0, 1_000),
        "share": {"type": "number", "minimum": 0, "maximum": 1},
        "maximum": _whole(0, 100_000),
    }
    parts = {"format": {"const": 1}, "weights": _object({axis.value: _whole(0, 100) for axis in Axis}), "escalation": _object(shares)}
    return _object({**parts, **lists}, optional={"queues"})


def _lines() -> dict[str, Any]:
    common = {
        "id": {"type": "string", "minLength": 1, "maxLength": MOST_ID},
        "text": _TEXT,
        "when": {"type": "array", "minItems": 1, "maxItems": 10, "items": {"$ref": "#/$defs/condition"}},
    }
    counting = [kind.name for kind in KINDS.values() if kind.type is int]
    points = {
        "axis": {"enum": [axis.value for axis in Axis]},
        "points": _whole(-MOST_POINTS, MOST_POINTS),
        "each": {"enum": counting},
        "up_to": _whole(1, MOST_POINTS),
    }
    return {
        "rule": _object({**common, **points}, optional={"each", "up_to"}) | {"dependentRequired": {"up_to": ["each"]}},
        "floor": _object({**common, "floor": _whole(1, 100)}),
        "queue": _object(common),
    }


def _condition(kind: SignalKind) -> dict[str, Any]:
    """The condition on one signal: its name and exactly one test that its type allows."""
    tests: dict[type, dict[str, Any]] = {
        bool: {"is": {"type": "boolean"}},
        int: {"is": _NUMBER, "at_least": _NUMBER, "at_most": _NUMBER},
        float: {"is": _NUMBER, "at_least": _NUMBER, "at_most": _NUMBER},
        str: {"is": _TEXT, "one_of": {"type": "array", "minItems": 1, "items": _TEXT}},
    }
    allowed = {"signal": {"const": kind.name}, **tests[kind.type], "absent": {"type": "boolean"}}
    return {
        "type": "object",
        "properties": allowed,
        "required": ["signal"],
        "additionalProperties": False,
        "minProperties": 2,
        "maxProperties": 2,
    }


def _object(members: Mapping[str, Any], optional: set[str] | None = None) -> dict[str, Any]:
    needed = [name for name in members if name not in (optional or set())]
    return {"type": "object", "properties": dict(members), "required": needed, "additionalProperties": False}


def _whole(low: int, high: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": low, "maximum": high}
