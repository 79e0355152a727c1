"""How much comes of an archive, counted as it comes."""

from __future__ import annotations

import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import pyzipper

from grace.evidence.decoding.port import Reason, Unpacking
from grace.evidence.decoding.program.pictures import Unfit

DAMAGE = (
    *(zipfile.BadZipFile, tarfile.TarError, pyzipper.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError),
)
"""What the readers raise for damaged bytes and wrong passwords."""
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """A member that was not read yet."""

    place: int
    name: str
    read: Callable[[], bytes]


class Meter:
    """The bytes that came: of one member, of a portion, and of the archive, with those that were read for nothing."""

    def __init__(self, limits: Unpacking, spent: int) -> None:
        self.limits = limits
        self.portion = 0
        self._total = spent
        self._member = 0

    def read(self, stream: IO[bytes], packed: int | None = None) -> bytes:
        """All of a member that takes ``packed`` bytes in its archive, where that is known. Raises :class:`Unfit` where it is too much."""
        limits, pieces, size = self.limits, list[bytes](), 0
        most = (
            limits.most_member_bytes
            if packed is None
            else min(limits.most_member_bytes, max(limits.free_bytes, packed * limits.most_ratio))
        )
        while piece := stream.read(_PIECE):
            size += len(piece)
            self._member += len(piece)
            if size > most:
                raise Unfit(Reason.BYTES if most == limits.most_member_bytes else Reason.BOMB)
            if self._total + self._member > limits.most_total_bytes:
                raise Unfit(Reason.BYTES)
            pieces.append(piece)
        return b"".join(pieces)

    def end_member(self) -> None:
        """What was read of this member counts, whether it was of use or not."""
        self.portion += self._member
        self._total += self._member
        self._member = 0
