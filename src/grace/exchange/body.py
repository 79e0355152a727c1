"""The sealed body of a package: records of one mebibyte, each sealed by HPKE (RFC 9180) for the recipient's key.

HPKE comes whole from ``cryptography``; nothing here adds to it. Its ``info`` binds each record to the package, its number and
whether it is the last, so that records cannot be left out, moved, repeated or cut off unnoticed. That the body is the sender's
and unchanged rests on the signature over its SHA-256 (see ``label``) and over the digests of the members (see ``manifest``).
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PublicKey, Suite

from grace.agencies.keys import PrivateKeys
from grace.exchange.errors import Rejected

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

RECORD = 1 << 20
"""Plain bytes of a record; the last one is shorter or equal, and there is at least one."""
OVERHEAD = 1_120 + 16
"""Bytes that sealing adds to a record: the encapsulated key of ML-KEM-768 and X25519, and the tag."""


def suite() -> Suite:
    """ML-KEM-768 with X25519, HKDF-SHA256, AES-256-GCM."""
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def seal(plain: BinaryIO, key: MLKEM768X25519PublicKey, package: UUID) -> Iterator[bytes]:
    """The body of what ``plain`` gives, record by record."""
    sealing = suite()
    held, number = _fill(plain), 0
    while following := _fill(plain):
        yield sealing.encrypt(held, key, info=_info(package, number, last=False))
        held, number = following, number + 1
    yield sealing.encrypt(held, key, info=_info(package, number, last=True))


def plain_size(sealed: int) -> int:
    """How many plain bytes a body of so many bytes holds. Raises :class:`Rejected` for a length that no body has."""
    records = -(-sealed // (RECORD + OVERHEAD))
    size = sealed - records * OVERHEAD
    if size < 0 or records < 1 or sealed - (records - 1) * (RECORD + OVERHEAD) < OVERHEAD:
        raise Rejected("malformed")
    return size


class Opened(io.RawIOBase):
    """The plain bytes of a body, seekable; a record is checked before a byte of it is handed out.

    Raises :class:`Rejected` (also while reading): ``not-for-our-key`` where none of our keys opens the first record, ``tampered``
    for any other.
    """

    def __init__(self, sealed: BinaryIO, size: int, package: UUID, keys: Sequence[PrivateKeys]) -> None:
        self._sealed, self._package, self._keys = sealed, package, list(keys)
        self._size = plain_size(size)
        self._records = -(-size // (RECORD + OVERHEAD))
        self._at, self._number, self._plain = 0, -1, b""
        self._load(0)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move; the next read opens the record that holds the place."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError(errno.EINVAL, "before the start")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """The place in plain bytes."""
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill the buffer from one record."""
        if self._at >= self._size:
            return 0
        self._load(self._at // RECORD)
        view = memoryview(buffer).cast("B")
        start = self._at % RECORD
        part = self._plain[start : start + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        """Close the sealed stream too."""
        if not self.closed:
            self._sealed.close()
        super().close()

    def _load(self, number: int) -> None:
        if number == self._number:
            return
        self._sealed.seek(number * (RECORD + OVERHEAD))
        record = self._sealed.read(RECORD + OVERHEAD)
        info = _info(self._package, number, last=number == self._records - 1)
        for keys in self._keys:
            try:
                self._plain, self._number = suite().decrypt(record, keys.unsealing, info=info), number
            except (InvalidTag, ValueError):
                continue
            self._keys = [keys]
            return
        raise Rejected("not-for-our-key" if self._number < 0 else "tampered")


def opened(sealed: BinaryIO, size: int, package: UUID, keys: Sequence[PrivateKeys]) -> BinaryIO:
    """A buffered stream of the plain bytes."""
    return io.BufferedReader(Opened(sealed, size, package, keys), 64 * 1024)


def _info(package: UUID, number: int, *, last: bool) -> bytes:
    return b"grace-package-1\0" + package.bytes + number.to_bytes(8, "big") + (b"\1" if last else b"\0")


def _fill(stream: BinaryIO) -> bytes:
    """One record, also from a stream that gives less than it is asked for."""
    parts: list[bytes] = []
    missing = RECORD
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
