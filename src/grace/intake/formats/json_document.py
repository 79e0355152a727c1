"""Bytes to a tree: UTF-8 with or without byte-order mark, strict limits, numbers kept as they are written."""

from __future__ import annotations

import codecs
import json
from typing import BinaryIO, NoReturn

from grace.intake.formats.room import Room
from grace.sdk.intake import Unreadable
from grace.sdk.text import storable

MAX_DEPTH = 100
"""Levels of nesting; a genuine document has 11."""
MAX_COMMAS = 2_000_000
"""No JSON text has more values than commas and brackets: the bound that holds before memory is spent on them."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Number(str):
    """A JSON number as written: ``1.10`` stays ``1.10``, and a million digits cost nothing."""

    __slots__ = ()


class Repeated(str):
    """The key under which a second value of the same name is kept, for JSON readers silently drop all but one."""

    __slots__ = ()


def parse(stream: BinaryIO, room: Room | None = None) -> dict[str, object]:
    """The document as dicts, lists, texts, :class:`Number`, booleans and None.

    Raises :class:`Unreadable` for what is no JSON object, too deep, not Unicode, or larger than the ``room`` that its package has left.
    """
    raw = (room or Room()).read(stream)
    if raw.count(b",") > MAX_COMMAS:
        raise Unreadable("too-many-values", f"The JSON document holds more than {MAX_COMMAS} values.")
    tree = _tree(_text(raw))
    if not isinstance(tree, dict):
        raise Unreadable("not-an-object", "The JSON document is not an object.")
    return tree


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-16" if raw.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not-unicode", f"The document is not valid {error.encoding} at byte {error.start}.") from error
    return text.replace("\x00", "\N{SYMBOL FOR NULL}") if "\x00" in text else text


def _tree(text: str) -> object:
    odd = "\\u0000" in text or "\\ud" in text or "\\uD" in text
    try:
        tree = json.loads(text, object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=Number)
        return _storable(tree) if odd else tree
    except RecursionError as error:
        raise Unreadable("too-deep", f"The JSON document nests deeper than {MAX_DEPTH} levels.") from error
    except json.JSONDecodeError as error:
        _refuse(text, error)


def _refuse(text: str, error: json.JSONDecodeError) -> NoReturn:
    if not text.strip():
        raise Unreadable("empty", "The document is empty.") from error
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
        raise Unreadable("truncated", f"The JSON document ends in the middle (line {error.lineno}).") from error
    raise Unreadable("malformed", f"No valid JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _with_repeats(pairs)


def _with_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The first value keeps the name; each further one stands under ``name (repeated n)``."""
    members: dict[str, object] = {}
    seen: dict[str, int] = {}
    for key, value in pairs:
        count = seen[key] = seen.get(key, 0) + 1
        name: str = key if count == 1 else Repeated(f"{key} (repeated {count})")
        while name in members:
            name = Repeated(f"{name}'")
        members[name] = value
    return members


def _storable(value: object) -> object:
    """The tree with every text storable; only walked where an escape for NUL or a surrogate occurs."""
    if isinstance(value, dict):
        return {type(key)(storable(key)): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return storable(value) if type(value) is str else value
