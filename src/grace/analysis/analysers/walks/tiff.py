"""Directories of a TIFF, which are also those of EXIF (TIFF 6.0; CIPA DC-008)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from grace.analysis.analysers.walks.reading import Short, Steps, part

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_WHOLE = {1: False, 3: False, 4: False, 6: True, 8: True, 9: True, 13: False}
_RATIO = {5: False, 10: True}
MOST_ENTRIES = 4_096
MOST_DIRECTORIES = 64
MOST_NUMBERS = 65_536

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Entry:
    """A tag with its type, how many values, and where they stand: ``at`` and ``size`` in bytes from the beginning of the TIFF."""

    tag: int
    type: int
    count: int
    at: int
    size: int


@dataclass(frozen=True, slots=True)
class Tiff:
    """The bytes of a TIFF with their order. Raises ``ValueError`` where they are none."""

    data: bytes
    order: Literal["big", "little"]
    first: int

    @classmethod
    def of(cls, data: bytes) -> Tiff:
        """Read the head."""
        if data[:4] not in {b"II*\0", b"MM\0*"}:
            raise ValueError("no TIFF")
        order: Literal["big", "little"] = "little" if data[:2] == b"II" else "big"
        return cls(data, order, int.from_bytes(part(data, 4, 4), order))

    def whole(self, at: int, size: int, *, signed: bool = False) -> int:
        """A whole number. Raises :class:`Short`."""
        return int.from_bytes(part(self.data, at, size), self.order, signed=signed)

    def entries(self, at: int, steps: Steps) -> Iterator[Entry]:
        """The entries of the directory at an offset; those of unknown type are left out. Raises :class:`Short` where it is cut."""
        for number in range(min(self.whole(at, 2), MOST_ENTRIES)):
            steps.take()
            place = at + 2 + 12 * number
            kind, count = self.whole(place + 2, 2), self.whole(place + 4, 4)
            if kind in _SIZES:
                size = _SIZES[kind] * count
                yield Entry(self.whole(place, 2), kind, count, place + 8 if size <= 4 else self.whole(place + 8, 4), size)

    def behind(self, at: int) -> tuple[int, int]:
        """Where the directory at an offset ends, and where the next one stands (0: nowhere)."""
        end = at + 2 + 12 * self.whole(at, 2)
        return end + 4, self.whole(end, 4)

    def chain(self, steps: Steps) -> Iterator[int]:
        """Where the directories of the main chain stand; a chain that bites its tail ends there."""
        at, seen = self.first, set[int]()
        while at and at not in seen and len(seen) < MOST_DIRECTORIES:
            steps.take()
            seen.add(at)
            yield at
            at = self.behind(at)[1]

    def raw(self, entry: Entry) -> bytes:
        """The bytes of a value. Raises :class:`Short`."""
        return part(self.data, entry.at, entry.size)

    def numbers(self, entry: Entry) -> tuple[Number, ...]:
        """The values as numbers; a ratio over nothing is left out; empty for other types. Raises :class:`Short`."""
        if entry.count > MOST_NUMBERS:
            raise Short("more numbers than anybody reads")
        if entry.type in _WHOLE:
            size = _SIZES[entry.type]
            raw = self.raw(entry)
            return tuple(
                int.from_bytes(raw[at : at + size], self.order, signed=_WHOLE[entry.type]) for at in range(0, size * entry.count, size)
            )
        if entry.type in _RATIO:
            signed = _RATIO[entry.type]
            pairs = (
                (self.whole(at, 4, signed=signed), self.whole(at + 4, 4, signed=signed)) for at in range(entry.at, entry.at + entry.size, 8)
            )
            return tuple(Fraction(upper, lower) for upper, lower in pairs if lower)
        return ()
