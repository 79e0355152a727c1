"""The three digests that senders and lists use, made in one pass."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from grace.evidence.media_types import HEAD_BYTES, media_type_of
from grace.evidence.vault.frames import FRAME


@dataclass(frozen=True, slots=True)
class Digests:
    """Raw digests, the size in bytes, and the media type that the first bytes speak of."""

    size: int
    md5: bytes
    sha1: bytes
    sha256: bytes
    media_type: str


class Reading:
    """Hands a stream on in frames and digests it on the way."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._size = 0
        self._head = b""
        # usedforsecurity: MD5 and SHA-1 name files in senders' documents and in lists, they protect nothing here
        self._hashes = (hashlib.md5(usedforsecurity=False), hashlib.sha1(usedforsecurity=False), hashlib.sha256())

    def frames(self) -> Iterator[bytes]:
        """Blocks of exactly one frame, the last one shorter."""
        while block := _fill(self._stream):
            self._head = self._head or block[:HEAD_BYTES]
            self._size += len(block)
            for each in self._hashes:
                each.update(block)
            yield block

    def digests(self) -> Digests:
        """What was read so far."""
        md5, sha1, sha256 = (each.digest() for each in self._hashes)
        return Digests(self._size, md5, sha1, sha256, media_type_of(self._head))


def digest(content: bytes) -> Digests:
    """The digests of bytes in memory."""
    return Digests(
        len(content),
        hashlib.md5(content, usedforsecurity=False).digest(),
        hashlib.sha1(content, usedforsecurity=False).digest(),
        hashlib.sha256(content).digest(),
        media_type_of(content[:HEAD_BYTES]),
    )


def _fill(stream: BinaryIO) -> bytes:
    """One frame, also from a stream that gives less than it is asked for."""
    block = stream.read(FRAME)
    if not block or len(block) == FRAME:
        return block
    parts, missing = [block], FRAME - len(block)
    while missing and (more := stream.read(missing)):
        parts.append(more)
        missing -= len(more)
    return b"".join(parts)
