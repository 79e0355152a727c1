"""SQL text for writing many rows at once; executes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

_NAME = re.compile(r"^[a-z_][a-z0-9_]*$")


def insert_many(table: str, columns: Mapping[str, str], tail: str = "") -> str:
    """``INSERT … SELECT FROM UNNEST``: one statement for any number of rows.

    ``columns`` maps each column to its SQL type (``uuid``, ``text``, ``jsonb`` …); the parameters are what
    :func:`by_column` makes. ``tail`` is appended as it stands (``ON CONFLICT DO NOTHING``, ``RETURNING id``).
    Measured 1.3 times as fast as ``bulk_create`` in batches of 50, and flat in table size.
    """
    for name in (table, *columns):
        if not _NAME.match(name):
            msg = f"not a plain SQL name: {name!r}"
            raise ValueError(msg)
    names = ", ".join(columns)
    arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    return f"INSERT INTO {table} ({names}) SELECT * FROM UNNEST({arrays}) {tail}".strip()  # noqa: S608 - names checked above


def fill(text: str, **parts: str) -> str:
    """SQL text with its named parts put in, each ``{name}`` by one of ours; whatever comes from outside is bound, never filled in."""
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text


def by_column(rows: Iterable[Sequence[object]], width: int) -> list[str]:
    """Turn rows into one array literal per column, to be bound to ``%s::type[]``; ``width`` counts where there are no rows.

    The driver's own array dumper cost a third of an intake; this one knows the few types that we write and is ten times
    as fast. Raises ``TypeError`` for any other type.
    """
    return [array(column) for column in zip(*rows, strict=True)] or ["{}"] * width


def array(values: Iterable[object]) -> str:
    """PostgreSQL's text form of a one-dimensional array (documentation, section 8.15.6)."""
    return "{" + ",".join([_SPELLERS.get(type(value), _spelled)(value) for value in values]) + "}"


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _plain(value: object) -> str:
    return str(value)


_SPELLERS: dict[type, Callable[..., str]] = {
    type(None): lambda _: "NULL",
    str: _text,
    bool: lambda value: "t" if value else "f",
    int: _plain,
    float: repr,
    UUID: _plain,
    bytes: lambda value: '"\\\\x' + value.hex() + '"',
    memoryview: lambda value: '"\\\\x' + value.hex() + '"',
    datetime: lambda value: '"' + value.isoformat() + '"',
    date: lambda value: value.isoformat(),
}


def _spelled(value: object) -> str:
    """A value of a subclass, such as a word of an enumeration."""
    for kind in (str, int, UUID, bytes, datetime):
        if isinstance(value, kind):
            return _SPELLERS[kind](value.value if hasattr(value, "value") else value)
    raise TypeError(f"cannot be written in bulk: {type(value).__name__}")
