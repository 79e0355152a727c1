"""A fingerprint as a drawing of its bits, 16 by 16, row by row as its hexadecimal form is read: the data of one SVG path."""

from __future__ import annotations

from itertools import groupby

SIDE = 16


def path(value: bytes) -> str:
    """The set bits of 32 bytes as squares of side one; neighbours in a row are one rectangle."""
    drawn = []
    for row in range(SIDE):
        bits = f"{int.from_bytes(value[2 * row : 2 * row + 2], 'big'):016b}"
        column = 0
        for bit, run in groupby(bits):
            width = len(list(run))
            if bit == "1":
                drawn.append(f"M{column} {row}h{width}v1h-{width}z")
            column += width
    return "".join(drawn)


def apart(one: bytes, other: bytes) -> bytes:
    """The bits in which two values differ."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def bits(value: bytes) -> int:
    """How many bits are set."""
    return int.from_bytes(value, "big").bit_count()
