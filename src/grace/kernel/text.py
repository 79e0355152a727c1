"""Text from outside, made fit for a key."""

from __future__ import annotations

import hashlib

LONGEST_KEY = 200
"""Characters of a text that stands in an index; PostgreSQL takes 2,704 bytes of a row of a B-tree."""


def short(text: str) -> str:
    """The text if it is at most 200 characters long, else its beginning and the digest of all of it: still one key for one text."""
    if len(text) <= LONGEST_KEY:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{text[: LONGEST_KEY - 33]}~{digest}"
