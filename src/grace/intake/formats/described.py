"""Documents of ours, described once as data: the published JSON Schema, the known places and the deviations come from it.

The schema is strict, so that a sender's mistakes show where they are made; the reading is tolerant: what departs from
the description is kept among the leaves and noted, never refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from grace.intake.formats.json_document import Number
from grace.intake.formats.json_leaves import Shape
from grace.sdk.intake import Note

Schema = dict[str, object]

MOST_NOTES = 200
"""Deviations of one document that are noted singly."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Anything that may stand in a document; ``about`` says what it means. What is not ``required`` may be missing or null."""

    about: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Value):
    """The number that names the format and its version."""

    number: int
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Value):
    """A text; one of ``one_of`` where that is given. ``number``: a number may stand for it; ``flag``: true or false may."""

    one_of: tuple[str, ...] = ()
    number: bool = False
    flag: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Value):
    """True or false; null or missing is a third state, "not stated"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Value):
    """A list of one kind of value."""

    items: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Value):
    """An object; ``more`` describes what may stand under keys of the sender's own choice; ``is_open``: anything may."""

    members: Mapping[str, Value] = field(default_factory=dict)
    more: Text | None = None
    is_open: bool = False


def published(record: Record, *, title: str, address: str) -> Schema:
    """The JSON Schema of a document."""
    return {"$schema": _DIALECT, "$id": address, "title": title, **_schema(record)}


def _schema(value: Value) -> Schema:
    match value:
        case Mark():
            return {"description": value.about, "const": value.number}
        case Text():
            return {"description": value.about, **_text(value)}
        case Flag():
            return {"description": value.about, "type": _types(value, "boolean")}
        case Listing():
            return {"description": value.about, "type": _types(value, "array"), "items": _schema(value.items)}
        case Record():
            return {"description": value.about, **_record(value)}
    raise TypeError


def _text(text: Text) -> Schema:
    types = _types(text, "string", *(["number"] if text.number else []), *(["boolean"] if text.flag else []))
    if not text.one_of:
        return {"type": types}
    return {"type": types, "enum": [*text.one_of, *([] if text.required else [None])]}


def _record(record: Record) -> Schema:
    required = [name for name, value in record.members.items() if value.required]
    return {
        "type": _types(record, "object"),
        "properties": {name: _schema(value) for name, value in record.members.items()},
        **({"required": required} if required else {}),
        "additionalProperties": _schema(record.more) if record.more else record.is_open,
    }


def _types(value: Value, *names: str) -> str | list[str]:
    types = [*names, *([] if value.required else ["null"])]
    return types[0] if len(types) == 1 else types


def shape_of(value: Value) -> Shape:
    """The known places of what is described."""
    match value:
        case Record():
            more = shape_of(value.more) if value.more else None
            return Shape({name: shape_of(inner) for name, inner in value.members.items()}, more=more)
        case Listing():
            return Shape(items=shape_of(value.items))
    return Shape()


def deviations(tree: dict[str, object], record: Record) -> tuple[Note, ...]:
    """Where a document departs from its description: exactly the places at which the published schema fails it."""
    notes: list[Note] = []
    for note in _within(tree, record, "$"):
        if len(notes) == MOST_NOTES:
            notes.append(Note("more-deviations", "$", f"The document departs from its schema in more than {MOST_NOTES} places."))
            break
        notes.append(note)
    return tuple(notes)


def _within(item: object, value: Value, path: str) -> Iterator[Note]:
    if item is None and not value.required:
        return
    match value:
        case Record() if isinstance(item, dict):
            yield from _in_record(item, value, path)
        case Listing() if isinstance(item, list):
            for index, inner in enumerate(item):
                yield from _within(inner, value.items, f"{path}[{index}]")
        case Text() if _is_text(item, value):
            if value.one_of and item not in value.one_of:
                yield Note("unlisted-value", path, "The value is none of those that the schema lists.")
        case Flag() if isinstance(item, bool):
            return
        case Mark() if isinstance(item, Number) and item == str(value.number):
            return
        case _:
            yield Note("wrong-type", path, "The value is of another type than the schema says.")


def _is_text(item: object, text: Text) -> bool:
    if isinstance(item, Number):
        return text.number
    return isinstance(item, str) or (isinstance(item, bool) and text.flag)


def _in_record(item: dict[str, object], record: Record, path: str) -> Iterator[Note]:
    for name, value in record.members.items():
        if name in item:
            yield from _within(item[name], value, f"{path}.{name}")
        elif value.required:
            yield Note("missing-value", f"{path}.{name}", "The schema asks for this value; the document does not have it.")
    for name, inner in item.items():
        if name not in record.members:
            if record.more:
                yield from _within(inner, record.more, path)
            elif not record.is_open:
                yield Note("unknown-key", path, "The object has a key that the schema does not name; it is kept and shown.")
