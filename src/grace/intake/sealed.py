"""A member of a package whose bytes lie in the vault already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from grace.evidence import vault
from grace.evidence.vault import Sealed


@dataclass(frozen=True, slots=True)
class SealedMember:
    """Bytes that are read from the vault each time they are opened."""

    name: str
    object_id: UUID
    size: int

    def open(self) -> BinaryIO:
        """The bytes, from the beginning."""
        return vault.open(self.object_id)


@dataclass(frozen=True, slots=True)
class SealedFile(SealedMember):
    """The same, for a file of the incident: it is held as it lies, and never sealed again."""

    sealed: Sealed


def sealed_file(name: str, sealed: Sealed) -> SealedFile:
    """A member for a file that was sealed before."""
    return SealedFile(name, sealed.object_id, sealed.size, sealed)
