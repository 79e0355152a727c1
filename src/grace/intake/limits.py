"""How large a package may be before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a package; all sizes in bytes, unpacked unless said otherwise.

    ``ratio`` (unpacked to packed) counts from ``ratio_from`` bytes on: short texts may well shrink a hundredfold.
    """

    members: int = 5_000
    member_bytes: int = 16 * GIB
    total_bytes: int = 64 * GIB
    memory_bytes: int = GIB // 2
    name_characters: int = 1_024
    depth: int = 32
    ratio: int = 200
    ratio_from: int = 32 * 1024**2
