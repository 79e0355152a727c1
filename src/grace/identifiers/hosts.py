"""Host names: one ASCII form for a name written in any script."""

from __future__ import annotations

import re

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LONGEST = 253


def ascii_host(name: str) -> str | None:
    """The name in lower case and IDNA form without a final dot, or None where it is no host name."""
    name = name.strip().lower().removesuffix(".")
    if len(name) > _LONGEST or not name:
        return None
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
    labels = name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        return None
    return name
