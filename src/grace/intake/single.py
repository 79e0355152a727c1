"""A member that is no file of a folder and no member of a ZIP, but a part of somebody else's stream."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True, slots=True)
class StreamMember:
    """A large document that lies in somebody else's stream; each opening reads it from its beginning."""

    name: str
    stream: BinaryIO
    start: int
    size: int

    def open(self) -> BinaryIO:
        """The bytes, from the beginning."""
        return io.BufferedReader(_Window(self.stream, self.start), 1 << 16)


class _Window(io.RawIOBase):
    """Reads a shared stream from a place of its own."""

    def __init__(self, stream: BinaryIO, at: int) -> None:
        self._stream = stream
        self._at = at

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        self._stream.seek(self._at)
        chunk = self._stream.read(len(view))
        view[: len(chunk)] = chunk
        self._at += len(chunk)
        return len(chunk)
