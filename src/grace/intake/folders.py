"""The members of a folder, and a folder as one stream of bytes that is the same for the same files."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from grace.intake.archives import free
from grace.intake.limits import Limits
from grace.sdk.intake import Member, Note, Unreadable
from grace.sdk.text import storable

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_CHUNK = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class FileMember:
    """A file on disk; never reached through a link."""

    name: str
    path: Path
    size: int

    def open(self) -> BinaryIO:
        """The bytes, from the beginning. Raises :class:`Unreadable` where the file has gone, became a link or is no plain file."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise Unreadable("unreachable", f"A file cannot be read ({error.strerror or type(error).__name__}).") from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise Unreadable("unreachable", "This is no plain file.")
        return os.fdopen(descriptor, "rb")


def members_of_folder(folder: Path, limits: Limits) -> tuple[Mapping[str, Member], tuple[Note, ...]]:
    """All files below the folder by their path, sorted; links and devices are noted and left out."""
    members: dict[str, Member] = {}
    notes: list[Note] = []
    total = 0
    for written, entry in _entries(folder, "", limits, 1):
        status = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            notes.append(Note("link-skipped", written, "This is a link or no plain file; it is not followed."))
            continue
        name = free(written, members) if written in members else written  # on disk they differ in bytes that are no text
        if name != written:
            notes.append(Note("duplicate-member", name, "Several members have this name; all are kept, with numbers."))
        members[name] = FileMember(name, Path(entry.path), status.st_size)
        total += status.st_size
        if len(members) > limits.members:
            raise Unreadable("too-many-members", f"The package has more than {limits.members} members.")
        if total > limits.total_bytes or status.st_size > limits.member_bytes:
            raise Unreadable("too-large", "The package is larger than is allowed.")
    return members, tuple(notes)


def _entries(folder: Path | str, prefix: str, limits: Limits, depth: int) -> Iterator[tuple[str, os.DirEntry[str]]]:
    if depth > limits.depth:
        raise Unreadable("unsafe-name", "The folders nest too deep.")
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        name = f"{prefix}{storable(entry.name)}"
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(entry.path, f"{name}/", limits, depth + 1)
        else:
            yield name, entry


def pack_folder(folder: Path, limits: Limits = _LIMITS) -> BinaryIO:
    """The folder as a stream of a ZIP without compression, made while it is read.

    The same names and bytes give the same stream, whatever their times, owners and order on disk; so a folder can be
    sealed as one original, and handing it in twice is recognised.
    """
    try:
        members, _ = members_of_folder(folder, limits)
    except OSError as error:
        raise Unreadable("unreachable", f"The folder cannot be read ({error.strerror or type(error).__name__}).") from error
    if not members:
        raise Unreadable("empty", "The folder holds no files.")
    return pack_members(members)


def pack_members(members: Mapping[str, Member]) -> BinaryIO:
    """Members as a stream of a ZIP without compression, in the order of their names, made while it is read."""
    return stream_of(_packed(members))


def stream_of(chunks: Iterator[bytes]) -> BinaryIO:
    """Chunks that are made on demand as a stream to read from."""
    return io.BufferedReader(_Chunks(chunks), _CHUNK)


class _Sink(io.RawIOBase):
    """Takes what the archive writes and hands it on at once; it cannot seek, so neither can the archive."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        chunk = bytes(data)
        self._chunks.append(chunk)
        return len(chunk)

    def taken(self) -> list[bytes]:
        """What was written since the last call."""
        chunks, self._chunks = self._chunks, []
        return chunks


def _packed(members: Mapping[str, Member]) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(cast("BinaryIO", sink), "w", zipfile.ZIP_STORED) as archive:
        for name, member in sorted(members.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = 0o600 << 16
            info.create_system = 3
            info.file_size = member.size
            with archive.open(info, "w") as target, member.open() as source:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)
                    yield from sink.taken()
            yield from sink.taken()
    yield from sink.taken()


class _Chunks(io.RawIOBase):
    """A stream over chunks that are made on demand."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
