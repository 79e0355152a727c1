"""The one rule for characters that no database, no file and no terminal can hold."""

from __future__ import annotations

import re

_ODD = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with NUL shown as U+2400 and lone surrogates as U+FFFD; the original bytes stay sealed as they came.

    PostgreSQL holds neither in ``text``, and UTF-8 has no form for the second.
    """
    return _ODD.sub(_shown, text) if _ODD.search(text) else text


def _shown(found: re.Match[str]) -> str:
    return "\N{SYMBOL FOR NULL}" if found[0] == "\x00" else "\N{REPLACEMENT CHARACTER}"
