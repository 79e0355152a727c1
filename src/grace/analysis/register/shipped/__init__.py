"""Models that come with GRACE, each in its folder. ``keys.json`` holds the public keys that signed them; the private ones were thrown away."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

NAMES = ("stand-ins",)


@cache
def keys() -> frozenset[str]:
    """The keys, in base64."""
    return frozenset(json.loads(files(__name__).joinpath("keys.json").read_text(encoding="utf-8")))


def folder(name: str) -> Path:
    """The folder of a model that comes with GRACE."""
    return Path(str(files(__name__).joinpath(name)))
