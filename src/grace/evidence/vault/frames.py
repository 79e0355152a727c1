"""How an object is encrypted: the STREAM construction over AES-256-GCM, in frames of one mebibyte.

Layout: ``GRV1``, 7 random bytes, then frames of ciphertext, each with its 16-byte tag. A frame's nonce is those 7
bytes, its number (4 bytes, big-endian) and 1 for the last frame, else 0: frames cannot be left out, moved, repeated or
cut off unnoticed (Hoang, Reyhanitabar, Rogaway, Vizár: "Online authenticated encryption and its nonce-reuse
misuse-resistance", CRYPTO 2015). The object's id is associated data, so bytes cannot pass for another object's.
Nothing reaches the caller before its frame's tag was checked. An empty object is one empty last frame.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grace.evidence.errors import Tampered

FRAME = 1 << 20
TAG = 16
MAGIC = b"GRV1"
_PREFIX = 7
HEAD = len(MAGIC) + _PREFIX


def frames_of(size: int) -> int:
    """How many frames hold ``size`` plain bytes."""
    return max(1, -(-size // FRAME))


def stored_size(size: int) -> int:
    """How many bytes ``size`` plain bytes take in the store."""
    return HEAD + size + TAG * frames_of(size)


def encrypt(key: bytes, object_id: UUID, plain: Iterable[bytes]) -> Iterator[bytes]:
    """Head and frames; ``plain`` gives blocks of exactly :data:`FRAME` bytes, the last one shorter or equal."""
    cipher, bound = AESGCM(key), MAGIC + object_id.bytes
    prefix = os.urandom(_PREFIX)
    yield MAGIC + prefix
    blocks = iter(plain)
    held = next(blocks, b"")
    number = 0
    for block in blocks:
        yield cipher.encrypt(_nonce(prefix, number, last=False), held, bound)
        held, number = block, number + 1
    yield cipher.encrypt(_nonce(prefix, number, last=True), held, bound)


class Frames:
    """Random access to the frames of one stored object of ``size`` plain bytes."""

    def __init__(self, key: bytes, object_id: UUID, size: int, stored: BinaryIO) -> None:
        self._cipher = AESGCM(key)
        self._object_id = object_id
        self._count = frames_of(size)
        self._stored = stored
        if stored.seek(0, os.SEEK_END) != stored_size(size):
            raise self._tampered("its length is wrong")
        stored.seek(0)
        head = stored.read(HEAD)
        if not head.startswith(MAGIC):
            raise self._tampered("its head is wrong")
        self._prefix = head[len(MAGIC) :]

    def frame(self, number: int) -> bytes:
        """The plain bytes of one frame. Raises :class:`Tampered` where its tag does not fit."""
        self._stored.seek(HEAD + number * (FRAME + TAG))
        nonce = _nonce(self._prefix, number, last=number == self._count - 1)
        try:
            return self._cipher.decrypt(nonce, self._stored.read(FRAME + TAG), MAGIC + self._object_id.bytes)
        except (InvalidTag, ValueError):
            raise self._tampered(f"frame {number} is not what was sealed") from None

    def close(self) -> None:
        """Close the stored object."""
        self._stored.close()

    def _tampered(self, why: str) -> Tampered:
        return Tampered(
            f"Object {self._object_id} was changed in the store: {why}.",
            remedy="Restore its bytes from the last backup and run `grace evidence scrub`.",
        )


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\1" if last else b"\0")
