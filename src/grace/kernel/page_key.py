"""The key of a page in an address: a few plain words, packed so that nobody takes it for something to change."""

from __future__ import annotations

import base64
import binascii


def packed(*words: str) -> str:
    """The words as they stand in addresses; none may hold a line break."""
    return base64.urlsafe_b64encode("\n".join(words).encode()).decode().rstrip("=")


def unpacked(key: str) -> list[str]:
    """The words again. Raises ``ValueError`` for what :func:`packed` did not make."""
    try:
        return base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode("ascii").split("\n")
    except (binascii.Error, UnicodeError) as fault:
        raise ValueError(key) from fault
