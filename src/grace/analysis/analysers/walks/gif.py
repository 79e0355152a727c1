"""The blocks of a GIF (GIF 89a, 15 to 27)."""

from __future__ import annotations

from collections.abc import Iterator

from grace.analysis.analysers.walks.reading import Short, Steps, big, part

TRAILER, PICTURE, COMMENT, APPLICATION = 0x3B, 0x2C, 0xFE, 0xFF
_EXTENSION = 0x21


def _colours(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _sub_blocks(data: bytes, at: int, steps: Steps) -> int:
    """Where a row of blocks of at most 255 bytes ends."""
    while size := big(data, at, 1):
        steps.take()
        at += 1 + size
    return at + 1


def blocks(data: bytes, steps: Steps) -> Iterator[tuple[int, int, int]]:
    """Kind (of an extension: its label), start and end of each block; the last is the trailer. Raises :class:`Short` where it is cut."""
    at = 13 + _colours(big(data, 10, 1))
    while True:
        steps.take()
        kind, start = big(data, at, 1), at
        if kind == TRAILER:
            yield kind, start, at + 1
            return
        if kind == _EXTENSION:
            kind, at = big(data, at + 1, 1), _sub_blocks(data, at + 2, steps)
        elif kind == PICTURE:
            at = _sub_blocks(data, at + 11 + _colours(big(data, at + 9, 1)), steps)
        else:
            raise Short(f"no block of a GIF at {at}")
        yield kind, start, at


def joined(data: bytes, at: int, most: int) -> bytes:
    """What stands in a row of sub-blocks, up to so many bytes."""
    found = bytearray()
    while (size := big(data, at, 1)) and len(found) < most:
        found += part(data, at + 1, size)
        at += 1 + size
    return bytes(found)
