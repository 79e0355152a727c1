"""Open what was handed in as a package: a single document, a folder, a ZIP or a mail. Nothing is ever written to disk."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from grace.intake.archives import members_of_zip
from grace.intake.attachments import Envelope, members_of_mail
from grace.intake.folders import FileMember, members_of_folder, pack_folder, pack_members
from grace.intake.limits import Limits
from grace.intake.single import StreamMember
from grace.sdk.intake import Bytes, Member, Note, Unreadable
from grace.sdk.text import storable

__all__ = ["Limits", "Opened", "open_package", "original", "pack_folder", "pack_members"]

_ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06")
_LIMITS = Limits()
_SMALL = 1 << 20
"""Bytes of a single document that are simply taken into memory."""


class Opened(Mapping[str, Member]):
    """An opened package: the members by name, and what was noted while opening. Close it, or use it in ``with``.

    ``envelope`` is the mail that the other members were attached to, where the package is a mail.
    """

    def __init__(
        self, members: Mapping[str, Member], notes: tuple[Note, ...], resources: ExitStack, envelope: Envelope | None = None
    ) -> None:
        self._members = members
        self._resources = resources
        self.notes = notes
        self.envelope = envelope

    def __getitem__(self, name: str) -> Member:
        return self._members[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file behind the package, where one was opened."""
        self._resources.close()

    def with_members(self, members: Mapping[str, Member]) -> Opened:
        """The same package with other sources for some of its members; closing either closes the file behind both."""
        if not members:
            return self
        return Opened({name: members.get(name, member) for name, member in self._members.items()}, self.notes, self._resources)


def original(path: Path) -> BinaryIO:
    """The bytes to seal of a file, or of a folder as a ZIP made while it is read; a link is not followed.

    Raises :class:`Unreadable`, also while reading, where something of it cannot be read.
    """
    return pack_folder(path) if path.is_dir() and not path.is_symlink() else FileMember(path.name, path, 0).open()


def open_package(source: Path | BinaryIO, *, name: str = "document", limits: Limits = _LIMITS) -> Opened:
    """Open a path (file, ZIP, folder) or a stream (document, ZIP); ``name`` is the name of a stream's single document.

    A stream that cannot seek is held in memory up to ``limits.memory_bytes``. A stream given stays the caller's to
    close, after the package. Raises :class:`Unreadable` with a stable code: ``empty``, ``not-a-zip``, ``unsafe-name``,
    ``too-many-members``, ``too-large``, ``zip-bomb``, ``unreachable`` …
    """
    with ExitStack() as resources:
        if isinstance(source, Path):
            members, notes = _from_path(source, limits, resources)
        else:
            members, notes = _from_stream(source, storable(name), limits, resources)
        if not members:
            raise Unreadable("empty", "There is nothing in the package that can be read.")
        is_folder = isinstance(source, Path) and source.is_dir()
        found = members_of_mail(next(iter(members.values())), limits, resources) if len(members) == 1 and not is_folder else None
        if found is None:
            return Opened(members, notes, resources.pop_all())
        return Opened(found.members, (*notes, *found.notes), resources.pop_all(), found.envelope)
    raise AssertionError  # pragma: no cover - the block above returns or raises


def package_of(contents: Mapping[str, bytes]) -> Opened:
    """A package of bytes in memory: for examples, tests and documents that came through an interface."""
    return Opened({name: Bytes(name, content) for name, content in contents.items()}, (), ExitStack())


def _from_path(path: Path, limits: Limits, resources: ExitStack) -> tuple[Mapping[str, Member], tuple[Note, ...]]:
    try:
        if path.is_dir():
            return members_of_folder(path, limits)
        member = FileMember(storable(path.name), path.resolve(), path.stat().st_size)
        stream = resources.enter_context(member.open())
        return _from_stream(stream, member.name, limits, resources, member)
    except OSError as error:
        raise Unreadable("unreachable", f"The path cannot be read ({error.strerror or type(error).__name__}).") from error


def _from_stream(
    stream: BinaryIO, name: str, limits: Limits, resources: ExitStack, on_disk: Member | None = None
) -> tuple[Mapping[str, Member], tuple[Note, ...]]:
    if not stream.seekable():
        stream = io.BytesIO(_whole(stream, limits))
    start = stream.tell()
    head = stream.read(4)
    stream.seek(start)
    if not head:
        raise Unreadable("empty", "The document is empty.")
    if head in _ZIP_HEADS:
        return members_of_zip(stream, limits, resources)
    return {name: on_disk or _single(stream, name, limits)}, ()


def _single(stream: BinaryIO, name: str, limits: Limits) -> Member:
    start = stream.tell()
    size = stream.seek(0, io.SEEK_END) - start
    stream.seek(start)
    if size > limits.memory_bytes:
        raise _too_large(limits)
    return StreamMember(name, stream, start, size) if size > _SMALL else Bytes(name, stream.read())


def _whole(stream: BinaryIO, limits: Limits) -> bytes:
    content = stream.read(limits.memory_bytes + 1)
    if len(content) > limits.memory_bytes:
        raise _too_large(limits)
    return content


def _too_large(limits: Limits) -> Unreadable:
    return Unreadable("too-large", f"The document is larger than {limits.memory_bytes} bytes.")
