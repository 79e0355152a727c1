"""A file with the truth about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """``types`` are the media types that are right. ``appended`` counts what was put behind it, ``second`` is what else it is.

    ``group`` names what kind of truth it tests: whole, appended, polyglot, cut.
    """

    name: str
    content: bytes
    types: frozenset[str]
    group: str = "whole"
    appended: int = 0
    second: str = ""


def sample(name: str, content: bytes, *types: str) -> Sample:
    """A whole file."""
    return Sample(name, content, frozenset(types))
