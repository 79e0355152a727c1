"""A piece of memory that both sides see: on it lies the file when a worker is asked, and what it found when it has answered.

We write and read it by its descriptor, which copies: what we have read does not change any more, whoever else still writes. The worker has
a mapping, made before it sees a hostile byte, and no descriptor: it can neither resize the memory nor hand it on. Only pages that
were written take room. Standard library only; each worker has a slate of its own.
"""

from __future__ import annotations

import fcntl
import mmap
import os
from typing import BinaryIO

SIZE = 512 << 20
"""More fits no file and no answer: as much as a video may have."""
_PIECE = 1 << 20
_MUCH = 8 << 20


class Slate:
    """Our side of it."""

    def __init__(self) -> None:
        self.descriptor = os.memfd_create("slate", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(self.descriptor, SIZE)
        fcntl.fcntl(self.descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)

    def write(self, stream: BinaryIO, most: int) -> int | None:
        """Lay all of the stream on the slate; how many bytes these are, or None where they are more than ``most``."""
        size = 0
        while piece := stream.read(_PIECE):
            if size + len(piece) > min(most, SIZE):
                return None
            rest = memoryview(piece)
            while rest:
                written = os.pwrite(self.descriptor, rest, size)
                size += written
                rest = rest[written:]
        return size

    def read(self, size: int, at: int = 0) -> bytes:
        """What the worker laid there, from the byte ``at`` on: a copy, of at most ``size`` bytes."""
        return os.pread(self.descriptor, size, at)

    def close(self) -> None:
        """Let go of it; the memory is the system's again when the worker has ended too."""
        os.close(self.descriptor)


class Mapped:
    """The worker's side of it."""

    def __init__(self, descriptor: int) -> None:
        self._pages = mmap.mmap(descriptor, SIZE)

    def take(self, size: int) -> bytes:
        """The file: a copy. The pages of a large one go back to the system, so that it is not in memory twice."""
        content = self._pages[:size]
        if size > _MUCH:
            self._pages.madvise(mmap.MADV_REMOVE, 0, size)
        return content

    def put(self, *contents: bytes) -> int:
        """Lay what was found on it, one behind the other; how many bytes these are."""
        end = 0
        for content in contents:
            begin, end = end, end + len(content)
            self._pages[begin:end] = content
        return end
