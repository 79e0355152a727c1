"""What the documents of one package may hold together: all of them, and the paths of their values, are in memory at the same time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO

from grace.sdk.intake import Unreadable

MAX_BYTES = 32 * 1024 * 1024
MAX_VALUES = 500_000
"""Values, and what holds values; a genuine report has some thousands."""
MAX_CHARACTERS = 64 * 1024 * 1024
"""Characters of the paths of all values."""
LONGEST_NAME = 1_000
"""Characters of a key or of an element's name: it stands in the path of every value below it."""


@dataclass(slots=True)
class Room:
    """What is left of it; each document takes its part."""

    octets: int = field(default_factory=lambda: MAX_BYTES)
    values: int = field(default_factory=lambda: MAX_VALUES)
    characters: int = field(default_factory=lambda: MAX_CHARACTERS)

    def read(self, stream: BinaryIO) -> bytes:
        """A document. Raises :class:`Unreadable` where it is larger than what is left."""
        raw = stream.read(self.octets + 1)
        if len(raw) > self.octets:
            raise Unreadable("too-large", "The document, or all documents of the package together, hold more bytes than are read.")
        self.octets -= len(raw)
        return raw

    def take(self, path: str, count: int) -> None:
        """Make room for so many values right below a path. Raises :class:`Unreadable` where there is none."""
        self.values -= count
        self.characters -= len(path) * count
        if self.values < 0 or self.characters < 0:
            raise Unreadable(
                "too-many-values", f"The document holds more than {MAX_VALUES} values, or names that are too long for so many."
            )


def check_name(name: str) -> None:
    """Raise :class:`Unreadable` for a name that would make every path below it endless."""
    if len(name) > LONGEST_NAME:
        raise Unreadable("too-large", f"A name in the document is longer than {LONGEST_NAME} characters.")
