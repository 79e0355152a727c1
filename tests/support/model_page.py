"""docs/reference/data-model.md: rooms, tables, columns and what they point at, read from the models."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.models import Field, Model

from tests.support.source import ROOT, layers

PAGE = ROOT / "docs" / "reference" / "data-model.md"
_HEAD = """# Data model

Generated from the models (`make docs`). Rooms stand from the bottom of the house to its top; a table is named after its room and
points only at tables of its own room or of rooms below. What stands higher is named by an opaque id without a foreign key.
`grace_app`, the role that runs, may change all tables but the ledger's: there it only inserts (and `custody_pending` it empties).
The tables `procrastinate_*` hold jobs and belong to that library.
"""


def model_page() -> str:
    """The page as it should be."""
    return "\n".join([_HEAD, *(part for room in _rooms() for part in _room(room))])


def _rooms() -> Iterator[str]:
    for line in reversed(layers()):
        yield from line


def _room(room: str) -> Iterator[str]:
    models = [model for model in apps.get_models(include_auto_created=True) if model.__module__.split(".")[:2] == ["grace", room]]
    if models:
        yield f"## {room}\n"
    for model in sorted(models, key=lambda each: each._meta.db_table):
        yield from _table(model)


def _table(model: type[Model]) -> Iterator[str]:
    yield f"### {model._meta.db_table}\n"
    yield f"{_about(model)}\n"
    yield "| column | type | |\n|---|---|---|"
    yield from (_column(field) for field in model._meta.get_fields() if isinstance(field, Field) and field.column)
    rules = [*(index.name for index in model._meta.indexes), *(constraint.name for constraint in model._meta.constraints)]
    if rules:
        yield f"\nIndexes and constraints: {', '.join(f'`{name}`' for name in rules)}"
    yield ""


def _about(model: type[Model]) -> str:
    """The docstring on one line, in Markdown."""
    text = " ".join((inspect.getdoc(model) or "").split())
    return re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", text).replace("``", "`")


def _column(field: Field) -> str:  # type: ignore[type-arg]  # any field: nothing of its value is used
    notes = ["key"] if field.primary_key else ["unique"] if field.unique else []
    if field.null:
        notes.append("may be null")
    if field.is_relation and isinstance(field.related_model, type):
        notes.append(f"→ `{field.related_model._meta.db_table}`")
    return f"| `{field.column}` | {field.db_type(connection)} | {', '.join(notes)} |"
