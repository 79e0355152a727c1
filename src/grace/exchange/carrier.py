"""The contract of a carrier: a package goes to one recipient, whole, and a signed receipt comes back, now or later.

Two carriers keep it: HTTPS, whose receipt is the answer, and a file carried by hand, whose receipt comes back as a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol
from uuid import UUID

from grace.agencies.keys import PublicKeys
from grace.exchange.label import Label

CHUNK = 4 << 20


@dataclass(frozen=True, slots=True)
class Parcel:
    """A package ready to leave: the signed head, and the sealed body as a seekable stream of ``label.size`` bytes."""

    label: Label
    head: bytes
    body: BinaryIO
    recipient: PublicKeys
    address: str

    @property
    def size(self) -> int:
        """Bytes of head and body."""
        return len(self.head) + self.label.size

    def read(self, at: int, most: int) -> bytes:
        """At most so many bytes of head and body, from a place on."""
        if at < len(self.head):
            return self.head[at : at + most]
        self.body.seek(at - len(self.head))
        return self.body.read(most)

    def parts(self, at: int = 0) -> Iterator[bytes]:
        """All of it from a place on."""
        while part := self.read(at, CHUNK):
            yield part
            at += len(part)


class Carrier(Protocol):
    """Carries parcels."""

    def carry(self, parcel: Parcel) -> str | None:
        """The recipient's receipt, unchecked, or None where it comes later.

        Raises :class:`~grace.exchange.errors.Unreached` where another try may help, and :class:`~grace.exchange.errors.Declined`
        where the recipient refuses the package.
        """
        ...


def path_of(package: UUID) -> str:
    """Where a package is asked for and handed in, below an installation's address."""
    return f"/exchange/v1/packages/{package}"
