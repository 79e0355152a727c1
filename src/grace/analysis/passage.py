"""What names a text among those of its referral, and how much of it is shown to analysers."""

from __future__ import annotations

import hashlib

MOST_OF_ONE = 20_000
"""Characters of one text that are shown: what can be said of it, these say."""


def digest(text: str) -> bytes:
    """What names a text among those of its referral."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def shown(text: str) -> str:
    """As much of a text as analysers are shown."""
    return text[:MOST_OF_ONE]
