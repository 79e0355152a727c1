"""Foreign keys follow the layers too; those given as text escape import-linter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Field

from tests.support.source import height, layers


def room_of(model: Any) -> str | None:
    parts: list[str] = model.__module__.split(".")
    return parts[1] if parts[0] == "grace" else None


def relations() -> Iterator[tuple[str, str, str]]:
    """(room that points, room pointed at, field) for every relation between two rooms of ours."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field, Field) and field.is_relation and field.related_model:
                here, there = room_of(model), room_of(field.related_model)
                if here and there and here != there:
                    yield here, there, f"{model.__name__}.{field.name}"


def test_relations_point_downwards() -> None:
    wrong = [f"{field}: {here} may not point at {there}" for here, there, field in relations() if height(there) <= height(here)]
    assert wrong == []


def test_every_table_is_named_after_its_room() -> None:
    ours = [model for model in apps.get_models() if room_of(model)]
    wrong = [model._meta.db_table for model in ours if not model._meta.db_table.startswith(f"{room_of(model)}_")]
    assert wrong == []


def test_every_model_stands_in_a_known_room() -> None:
    known = {room for line in layers() for room in line}
    assert {room_of(model) for model in apps.get_models()} - {None} <= known
