"""Files that were crafted to hurt whoever opens them, made by code: benign in all that they show, which is nothing."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.hostile import documents, jpegs, others, pictures, videos
from tests.support.hostile.made import Hostile


def everything() -> Iterator[Hostile]:
    """All of them, one family after the other."""
    for family in (pictures, jpegs, others, videos, documents):
        yield from family.files()
