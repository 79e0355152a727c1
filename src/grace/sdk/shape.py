"""Dataclasses that tell what their values may be: a strict reader and a JSON Schema of the same types, so that the two cannot disagree.

A field is ``Annotated[type, rule]``; a rule is one of the small classes below, or a dataclass of this kind. Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from inspect import getdoc
from typing import Any, TypeAlias, TypeVar, get_type_hints

T = TypeVar("T")
Rule: TypeAlias = Any
"""One of the classes below, or a dataclass whose fields have rules."""
_MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"


class Misshapen(ValueError):
    """A value is not what its rule wants; the message names the place, never the value."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of 1 to ``most`` printable characters and line ends (or none, where it may be empty), in the form of ``pattern``."""

    most: int
    empty: bool = False
    pattern: str = ""

    def read(self, value: object, place: str) -> str:
        """The text."""
        fits = isinstance(value, str) and len(value) <= self.most and bool(value or self.empty)
        if not fits or not isinstance(value, str) or any(not (sign.isprintable() or sign == "\n") for sign in value):
            raise Misshapen(f"{place} is not a text of at most {self.most} characters")
        if value and self.pattern and not re.fullmatch(self.pattern, value):
            raise Misshapen(f"{place} is not of the form {self.pattern}")
        return value

    def schema(self) -> dict[str, object]:
        """As JSON Schema."""
        form: dict[str, object] = {"pattern": f"^(?:{self.pattern})?$" if self.empty else f"^(?:{self.pattern})$"} if self.pattern else {}
        return {"type": "string", "minLength": 0 if self.empty else 1, "maxLength": self.most, **form}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    among: tuple[str, ...]

    def read(self, value: object, place: str) -> str:
        """The word."""
        if not isinstance(value, str) or value not in self.among:
            raise Misshapen(f"{place} is none of {', '.join(self.among)}")
        return value

    def schema(self) -> dict[str, object]:
        """As JSON Schema."""
        return {"enum": list(self.among)}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within limits, both included."""

    least: int
    most: int

    def read(self, value: object, place: str) -> int:
        """The number."""
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise Misshapen(f"{place} is not a whole number from {self.least} to {self.most}")
        return value

    def schema(self) -> dict[str, object]:
        """As JSON Schema."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Real:
    """A number within limits, both included."""

    least: float
    most: float

    def read(self, value: object, place: str) -> float:
        """The number."""
        if not isinstance(value, int | float) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise Misshapen(f"{place} is not a number from {self.least} to {self.most}")
        return float(value)

    def schema(self) -> dict[str, object]:
        """As JSON Schema."""
        return {"type": "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in UTC, to the second: ``2026-11-26T08:00:00Z``."""

    def read(self, value: object, place: str) -> datetime:
        """The moment."""
        try:
            if isinstance(value, str) and re.fullmatch(_MOMENT, value):
                return datetime.fromisoformat(value)
        except ValueError:
            pass
        raise Misshapen(f"{place} is not a moment such as 2026-11-26T08:00:00Z")

    def schema(self) -> dict[str, object]:
        """As JSON Schema."""
        return {"type": "string", "format": "date-time", "pattern": _MOMENT}


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value, or null."""

    of: Rule

    def read(self, value: object, place: str) -> object:
        """The value."""
        return None if value is None else read(self.of, value, place)

    def schema(self) -> dict[str, object]:
        """As JSON Schema."""
        return {"anyOf": [schema(self.of), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class Many:
    """A list of ``least`` to ``most`` values."""

    of: Rule
    least: int
    most: int

    def read(self, value: object, place: str) -> tuple[object, ...]:
        """The values."""
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            raise Misshapen(f"{place} is not a list of {self.least} to {self.most}")
        return tuple(read(self.of, each, f"{place}[{index}]") for index, each in enumerate(value))

    def schema(self) -> dict[str, object]:
        """As JSON Schema."""
        return {"type": "array", "items": schema(self.of), "minItems": self.least, "maxItems": self.most}


@dataclass(frozen=True, slots=True)
class OneOf:
    """An object of one of several kinds, told apart by the word in its member ``kind``."""

    kinds: tuple[type, ...]

    def read(self, value: object, place: str) -> object:
        """The object."""
        word = value.get("kind") if isinstance(value, Mapping) else None
        for each in self.kinds:
            if isinstance(word, str) and word in _rules(each)["kind"].among:
                return read(each, value, place)
        raise Misshapen(f"{place}.kind is none of those that this version knows")

    def schema(self) -> dict[str, object]:
        """As JSON Schema."""
        return {"oneOf": [schema(each) for each in self.kinds]}


def read(rule: Rule, value: object, place: str = "$") -> Any:
    """The value as its rule has it, an object as its dataclass. Raises :class:`Misshapen`; a member too many is an error as one too few."""
    if not (isinstance(rule, type) and is_dataclass(rule)):
        return rule.read(value, place)
    rules = _rules(rule)
    if not isinstance(value, Mapping):
        raise Misshapen(f"{place} is not an object")
    for name in rules:
        if name not in value:
            raise Misshapen(f"{place}.{name} is missing")
    if len(value) > len(rules):
        raise Misshapen(f"{place} holds {len(value) - len(rules)} members that this version does not know")
    try:
        return rule(**{name: read(each, value[name], f"{place}.{name}") for name, each in rules.items()})
    except Misshapen:
        raise
    except ValueError as fault:
        raise Misshapen(f"{place}: {fault}") from None


def told(value: object) -> Any:
    """The value as JSON has it: what :func:`read` makes the same value of."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: told(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [told(each) for each in value]
    return value


def schema(rule: Rule) -> dict[str, object]:
    """The JSON Schema of a rule; an object's docstring is its description."""
    if not (isinstance(rule, type) and is_dataclass(rule)):
        described: dict[str, object] = rule.schema()
        return described
    rules = _rules(rule)
    return {
        "type": "object",
        "description": " ".join((getdoc(rule) or "").replace("``", "`").split()),
        "properties": {name: schema(each) for name, each in rules.items()},
        "required": list(rules),
        "additionalProperties": False,
    }


@cache
def _rules(shape: type) -> Mapping[str, Rule]:
    return dict(_each_rule(shape))


def _each_rule(shape: type) -> Iterator[tuple[str, Rule]]:
    for name, hint in get_type_hints(shape, include_extras=True).items():
        metadata = getattr(hint, "__metadata__", None)
        yield name, metadata[0] if metadata else hint
