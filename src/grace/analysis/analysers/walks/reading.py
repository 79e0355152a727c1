"""Numbers and parts of hostile bytes, and the count of steps that ends every walk."""

from __future__ import annotations

from dataclasses import dataclass

BYTES_A_STEP = 256
MOST_STEPS = 400_000
"""Steps that all walks over one file may take together: well below a second, and enough for files that cameras and phones write."""


class Short(ValueError):
    """The bytes end where their structure goes on."""


class Endless(ValueError):
    """The structure has more parts than anybody waits for."""


@dataclass(slots=True)
class Steps:
    """What is left of the steps of one file."""

    left: int = MOST_STEPS

    def take(self, size: int = 0) -> None:
        """One step, and more where so many bytes are copied or unpacked. Raises :class:`Endless` where none is left."""
        self.left -= 1 + size // BYTES_A_STEP
        if self.left < 0:
            raise Endless("the structure has too many parts")


def part(data: bytes, at: int, size: int) -> bytes:
    """``size`` bytes at an offset. Raises :class:`Short` where they are not there, or where the offset is nonsense."""
    if at < 0 or size < 0 or at + size > len(data):
        raise Short(f"{size} bytes at {at} are not there")
    return data[at : at + size]


def big(data: bytes, at: int, size: int) -> int:
    """An unsigned big-endian number of ``size`` bytes. Raises :class:`Short`."""
    return int.from_bytes(part(data, at, size), "big")


def little(data: bytes, at: int, size: int) -> int:
    """An unsigned little-endian number of ``size`` bytes. Raises :class:`Short`."""
    return int.from_bytes(part(data, at, size), "little")
