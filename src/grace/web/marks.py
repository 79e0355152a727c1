"""Marks that a view can carry besides what it declares to the ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_View = TypeVar("_View", bound=Callable[..., Any])


def passive(view: _View) -> _View:
    """A page asks for this by itself, so that it keeps no session alive: without it an unattended screen would never sign out."""
    return _marked(view, "is_passive")


def before_second_factor(view: _View) -> _View:
    """Open to an enrolled officer who has not yet shown the second factor: the page that asks for it, and the way out."""
    return _marked(view, "is_before_second_factor")


def _marked(view: _View, mark: str) -> _View:
    setattr(view, mark, True)
    return view
