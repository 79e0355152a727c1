"""The members of a ZIP, read with limits; hostile names and bombs are refused, odd members are noted."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO

from grace.intake import passwords
from grace.intake.limits import Limits
from grace.intake.locks import FAULTS, READABLE, Locks, is_locked
from grace.sdk.intake import Member, Note, Unreadable
from grace.sdk.text import storable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_DRIVE = re.compile(r"[A-Za-z]:")
_LOCAL_HEADER = 30
NOTED_WHEN_OPENED = frozenset({"encrypted", "unknown-compression"})
"""Why a member cannot be read that its head tells already."""
_FARTHEST_END = 0xFFFF + 22 + 20 + 56
"""Bytes before the end of a ZIP in which its end records stand: the longest comment and the records themselves."""
_LONGEST_ENTRY = 4096
"""Bytes of an entry in the directory, far above what honest ones take."""


class ZipMember:
    """One file in a ZIP; the size is counted by unpacking once, when first asked for."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, locks: Locks) -> None:
        self._archive = archive
        self._info = info
        self._locks = locks
        self._size: int | None = None
        self.name = name

    @property
    def size(self) -> int:
        """Bytes when unpacked, counted. Raises :class:`Unreadable` where the member cannot be unpacked."""
        if self._size is None:
            with self.open() as stream:
                self._size = sum(len(chunk) for chunk in iter(lambda: stream.read(1 << 20), b""))
        return self._size

    def open(self) -> BinaryIO:
        """The bytes, unpacked as they are read; what is wrong with them is :class:`Unreadable` while reading."""
        if is_locked(self._info) and not self._locks.opens(self._info):
            raise Unreadable("encrypted", "A member of the ZIP is encrypted; ask the sender for the password or an open copy.")
        if _method(self._info, self._locks) not in READABLE:
            raise Unreadable("unknown-compression", "A member of the ZIP is packed in a way that is not read.")
        return io.BufferedReader(_Unpacking(self._archive, self._info, self._locks))


class _Unpacking(io.RawIOBase):
    """Bytes of a member, with the errors of unpacking told as :class:`Unreadable`."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, locks: Locks) -> None:
        with _Telling():
            self._stream = locks.open(info) if is_locked(info) else archive.open(info)

    def readable(self) -> bool:
        return True

    def readall(self) -> bytes:
        with _Telling():  # at once: the usual way to read all is a hundred small pieces for a picture
            return self._stream.read()

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        with _Telling():
            chunk = self._stream.read(len(view))
        view[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


class _Telling:
    """Turns what the readers raise on damaged bytes into :class:`Unreadable`."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, FAULTS):
            raise Unreadable("damaged-zip", f"The ZIP is damaged ({type(error).__name__}).") from error


def members_of_zip(stream: BinaryIO, limits: Limits, resources: ExitStack) -> tuple[Mapping[str, Member], tuple[Note, ...]]:
    """The members by name, and notes on what is odd. Nothing is unpacked yet but to prove a password of the operator's list.

    The sizes that the archive claims are checked here; unpacking never gives more than is claimed, so a lie about a
    size ends as ``damaged-zip``, not in memory.
    """
    if _directory_bytes(stream) > limits.members * _LONGEST_ENTRY:
        raise Unreadable("too-many-members", f"The package has more than {limits.members} members.")
    try:
        archive = resources.enter_context(zipfile.ZipFile(stream))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise Unreadable("not-a-zip", f"The ZIP cannot be opened ({type(error).__name__}): it is damaged or cut off.") from error
    infos = archive.infolist()
    _check_sizes(infos, limits)
    locks = Locks(archive, stream, passwords.listed, resources)
    locks.find(infos)
    return _named(archive, (info for info in infos if not info.filename.endswith("/")), limits, locks)


def _directory_bytes(stream: BinaryIO) -> int:
    """The size of the directory as its end record claims: zipfile takes all of it into memory before it counts."""
    start = stream.tell()
    length = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, length - _FARTHEST_END))
    tail = stream.read(_FARTHEST_END)
    stream.seek(start)
    end = tail.rfind(b"PK\x05\x06")
    size = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    wide = tail.rfind(b"PK\x06\x06")
    return max(size if size != 0xFFFFFFFF else 0, int.from_bytes(tail[wide + 40 : wide + 48], "little") if wide >= 0 else 0)


def _check_sizes(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(infos) > limits.members:
        raise Unreadable("too-many-members", f"The package has more than {limits.members} members.")
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if total > limits.total_bytes or any(info.file_size > limits.member_bytes for info in infos):
        raise Unreadable("too-large", "The package unpacks to more than is allowed.")
    if total > limits.ratio_from and total > packed * limits.ratio:
        raise Unreadable("zip-bomb", f"The package unpacks to more than {limits.ratio} times its size.")
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Unreadable("zip-bomb", "Members of the ZIP share the same bytes.")
        end = info.header_offset + _LOCAL_HEADER + info.compress_size


def _method(info: zipfile.ZipInfo, locks: Locks) -> int:
    """How a member is packed, below its lock where that was opened."""
    return locks.method(info) if is_locked(info) and locks.opens(info) else info.compress_type


def _named(
    archive: zipfile.ZipFile, infos: Iterable[zipfile.ZipInfo], limits: Limits, locks: Locks
) -> tuple[Mapping[str, Member], tuple[Note, ...]]:
    members: dict[str, Member] = {}
    notes: list[Note] = []
    for info in infos:
        name = _safe(info.orig_filename, limits)
        if "\\" in info.orig_filename:
            notes.append(Note("backslash-name", name, "The member's name has backslashes; they are read as folders."))
        if stat.S_ISLNK(info.external_attr >> 16):
            notes.append(Note("link-skipped", name, "The member is a link; it is not followed."))
            continue
        if name in members:
            name = free(name, members)
            notes.append(Note("duplicate-member", name, "Several members have this name; all are kept, with numbers."))
        if is_locked(info) and not locks.opens(info):
            notes.append(Note("encrypted-member", name, "The member is encrypted and cannot be read."))
        elif _method(info, locks) not in READABLE:
            notes.append(Note("unreadable-member", name, "The member is packed in a way that is not read."))
        members[name] = ZipMember(archive, info, name, locks)
    return members, tuple(notes)


def _safe(raw: str, limits: Limits) -> str:
    name = raw.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if "\x00" in name or name.startswith("/") or _DRIVE.match(name) or ".." in parts or not parts:
        raise Unreadable("unsafe-name", "A member's name leads out of the package.")
    if len(name) > limits.name_characters or len(parts) > limits.depth:
        raise Unreadable("unsafe-name", "A member's name is too long or too deep.")
    return storable("/".join(parts))


def free(name: str, taken: Mapping[str, Member]) -> str:
    """The name with the first free number behind it."""
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
