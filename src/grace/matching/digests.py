"""What can be looked up, and how each kind is written in hexadecimal."""

from __future__ import annotations

from dataclasses import dataclass

EXACT_BYTES = {"md5": 16, "sha1": 20, "sha256": 32}
PDQ = "pdq"
LENGTHS = EXACT_BYTES | {PDQ: 32}


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest with or without the bytes it was made of; ``algorithm`` is ``md5``, ``sha1`` or ``sha256``, ``value`` raw."""

    algorithm: str
    value: bytes


def read_hex(algorithm: str, written: str) -> bytes | None:
    """The raw value; None where it is not hexadecimal of the algorithm's length."""
    length = LENGTHS.get(algorithm)
    if length is None or len(written) != 2 * length or not written.isascii() or not written.isalnum():
        return None
    try:
        return bytes.fromhex(written)
    except ValueError:
        return None
