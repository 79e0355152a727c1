"""Collection, alteration, consultation, disclosure, combination and erasure are logged (LED Art. 25(1))."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView
from procrastinate.contrib.django import app

from grace.custody.declare import kinds_of

_OF_OTHERS = ("ninja.openapi.views", "procrastinate.builtin_tasks")
"""Views and jobs of libraries that show or touch no data of ours: the API's own description, the removal of old jobs."""


def views(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[tuple[str, object]]:
    """Every view with its route; the operations of an API one by one."""
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, route)
        else:
            operations = operations_of(pattern.callback)
            yield from ((f"{'/'.join(operation.methods)} {route}", operation.view_func) for operation in operations)
            if not operations:
                yield route, pattern.callback


def operations_of(callback: object) -> list[Any]:
    """The operations behind a view of django-ninja, which closes over the path that it serves."""
    for cell in getattr(callback, "__closure__", None) or ():
        if isinstance(cell.cell_contents, PathView):
            return list(cell.cell_contents.operations)
    return []


def is_of_others(target: object) -> bool:
    inner = getattr(target, "func", target)
    return getattr(inner, "__module__", "").startswith(_OF_OTHERS)


def test_every_route_says_which_kinds_of_processing_it_does() -> None:
    silent = [route for route, view in views(get_resolver().url_patterns) if kinds_of(view) is None and not is_of_others(view)]
    assert silent == []


def test_every_job_says_which_kinds_of_processing_it_does() -> None:
    silent = [name for name, task in app.tasks.items() if kinds_of(task.func) is None and not is_of_others(task.func)]
    assert silent == []


def test_a_silent_route_would_be_found() -> None:
    def silent() -> None: ...

    assert kinds_of(silent) is None
