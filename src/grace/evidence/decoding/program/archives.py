"""The members of an archive, unpacked some at a time: ZIP, tar (plain or packed by gzip, bzip2, xz) and a single packed file.

Names are only told, never used: no member is written anywhere, no link is followed. What is claimed of sizes is never believed; bytes
are counted as they come, and reading stops at the limit.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import IO, cast

from grace.evidence.decoding.port import MOST_NAME, Reason, Unpacked, Unpacking
from grace.evidence.decoding.program import zips
from grace.evidence.decoding.program.metered import DAMAGE, Member, Meter
from grace.evidence.decoding.program.pictures import Unfit
from grace.sdk.text import storable

_PIECE = 1 << 20
_HAS_NAME, _HAS_EXTRA = 8, 4


def _of_gzip(stream: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", gzip.GzipFile(fileobj=stream))


_PACKED: Mapping[bytes, Callable[[IO[bytes]], IO[bytes]]] = {
    b"\x1f\x8b": _of_gzip,
    b"BZh": cast("Callable[[IO[bytes]], IO[bytes]]", bz2.BZ2File),
    b"\xfd7zXZ\x00": cast("Callable[[IO[bytes]], IO[bytes]]", lzma.LZMAFile),
}


def warm_up() -> None:
    """Load what is loaded at the first use: later the process can open no file."""
    zips.warm_up()
    for pack in (gzip.compress, bz2.compress, lzma.compress):
        list(portions(pack(b"words"), 0, (), Unpacking(), 0))


def portions(content: bytes, first: int, passwords: Sequence[str], limits: Unpacking, spent: int) -> Iterator[list[Unpacked]]:
    """The members from place ``first`` on, a few or much at a time. ``spent`` bytes came of those before.

    Raises :class:`Unfit` where it is no archive, or is damaged so that nothing can be listed.
    """
    if not content:
        raise Unfit(Reason.EMPTY)
    meter, found = Meter(limits, spent), list[Unpacked]()
    for member in _members(content, passwords, meter):
        if member.place < first:
            continue
        if member.place >= limits.most_members:
            found.append(Unpacked(member.place, "", b"", Reason.MEMBERS))
            break
        found.append(_one(member, meter))
        if len(found) == limits.portion_members or meter.portion >= limits.portion_bytes:
            yield found
            meter.portion, found = 0, []
    if found:
        yield found


def _one(member: Member, meter: Meter) -> Unpacked:
    name = storable(member.name)[:MOST_NAME]
    try:
        return Unpacked(member.place, name, member.read())
    except Unfit as unfit:
        return Unpacked(member.place, name, b"", unfit.reason)
    except MemoryError:
        return Unpacked(member.place, name, b"", Reason.MEMORY)
    except DAMAGE:
        return Unpacked(member.place, name, b"", Reason.DAMAGED)
    finally:
        meter.end_member()


def _members(content: bytes, passwords: Sequence[str], meter: Meter) -> Iterator[Member]:
    if content.startswith(zips.MAGIC):
        return zips.members(content, passwords, meter)
    packed = next((opener for magic, opener in _PACKED.items() if content.startswith(magic)), None)
    stream = _Counted(packed(io.BytesIO(content)) if packed else io.BytesIO(content), len(content), meter.limits)
    if _is_tar(stream.head):
        return _of_tar(stream, meter)
    if packed is None:
        raise Unfit(Reason.FORMAT)
    return iter([Member(0, _name_in(content), lambda: meter.read(cast("IO[bytes]", stream), len(content)))])


class _Counted(io.RawIOBase):
    """An unpacked stream that stops where too much comes of too little; ``head`` are its first bytes."""

    def __init__(self, stream: IO[bytes], packed: int, limits: Unpacking) -> None:
        self._stream, self._came = stream, 0
        self._most = max(limits.free_bytes, packed * limits.most_ratio)
        self._most_total = limits.most_total_bytes
        try:
            self.head = self._rest = self._next(tarfile.BLOCKSIZE)
        except DAMAGE as error:
            raise Unfit(Reason.DAMAGED) from error

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        if self._rest:
            piece = self._rest[:size] if size >= 0 else self._rest
            self._rest = self._rest[len(piece) :]
            return piece
        return self._next(size if size >= 0 else _PIECE)

    def _next(self, size: int) -> bytes:
        piece = self._stream.read(min(size, _PIECE))
        self._came += len(piece)
        if self._came > self._most:
            raise Unfit(Reason.BOMB)
        if self._came > self._most_total:
            raise Unfit(Reason.BYTES)
        return piece


def _is_tar(head: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _of_tar(stream: _Counted, meter: Meter) -> Iterator[Member]:
    """The files and links of a tar; folders and devices are passed over."""
    place = 0
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|") as archive:
            while member := archive.next():
                if member.isreg():
                    yield Member(place, member.name, partial(_of_stream, archive, member, meter))
                    place += 1
                elif member.issym() or member.islnk():
                    yield Member(place, member.name, partial(_failing, Reason.LINK))
                    place += 1
                vars(archive)["members"] = []  # it keeps all that it has seen
    except (Unfit, *DAMAGE) as error:
        reason = error.reason if isinstance(error, Unfit) else Reason.DAMAGED
        if not place:
            raise Unfit(reason) from error
        yield Member(place, "", partial(_failing, reason))  # the rest cannot be listed


def _of_stream(archive: tarfile.TarFile, member: tarfile.TarInfo, meter: Meter) -> bytes:
    stream = archive.extractfile(member)
    return b"" if stream is None else meter.read(stream)


def _failing(reason: Reason) -> bytes:
    raise Unfit(reason)


def _name_in(content: bytes) -> str:
    """The name that the head of a gzip tells of its one file, if it does."""
    if not content.startswith(b"\x1f\x8b") or not content[3] & _HAS_NAME or content[3] & _HAS_EXTRA:
        return ""
    return content[10 : content.find(b"\0", 10)].decode("latin-1")[:MOST_NAME]
