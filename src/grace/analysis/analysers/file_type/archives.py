"""How archives and compressed streams end: RAR, 7z, gzip, bzip2, xz, tar, and the compound files of older offices."""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import Protocol

from grace.analysis.analysers.file_type.shape import Form, Shape, WrongForm
from grace.analysis.analysers.walks.reading import Short, Steps, big, little, part

_MOST_UNPACKED = 32 << 20
"""More is not unpacked just to see where a stream ends; its end is then not told."""
_MOST_SLOWLY = 8 << 20
_PIECE = 1 << 20
_MEMORY = 96 << 20
_BZIP2_BLOCKS = frozenset({b"1AY&SY", b"\x17rE8P\x90"})
_AES = b"\x06\xf1\x07\x01"
_MOST_HEADER = 1 << 20


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...

    @property
    def unused_data(self) -> bytes: ...


def _unpacked_to(data: bytes, unpacker: _Unpacker, at: int, most: int, steps: Steps) -> int | None:
    """Where one compressed stream ends, in pieces of bounded size; None where that is too far. Raises :class:`Short`."""
    made, rest = 0, b""
    while made < most:
        steps.take()
        if not rest and getattr(unpacker, "needs_input", True):
            rest, at = data[at : at + _PIECE], at + len(data[at : at + _PIECE])
            if not rest:
                raise Short("the compressed stream is cut")
        try:
            made += len(unpacker.decompress(rest, _PIECE))
        except (OSError, lzma.LZMAError, zlib.error, EOFError):
            raise Short("the compressed stream is damaged") from None
        rest = getattr(unpacker, "unconsumed_tail", b"")
        if unpacker.eof:
            return at - len(unpacker.unused_data)
    return None


def _gzip(data: bytes, shape: Shape, steps: Steps) -> None:
    """Members that follow each other are one file."""
    at: int | None = 0
    while at is not None and data[at : at + 3] == b"\x1f\x8b\x08":
        at = _unpacked_to(data, zlib.decompressobj(31), at, _MOST_UNPACKED, steps)
        shape.end = at


def _bzip2(data: bytes, shape: Shape, steps: Steps) -> None:
    if data[4:10] not in _BZIP2_BLOCKS:
        raise WrongForm("BZh and no block")
    at: int | None = 0
    while at is not None and data[at : at + 3] == b"BZh" and data[at + 4 : at + 10] in _BZIP2_BLOCKS:
        at = _unpacked_to(data, bz2.BZ2Decompressor(), at, _MOST_SLOWLY, steps)
        shape.end = at


def _xz(data: bytes, shape: Shape, steps: Steps) -> None:
    shape.end = _unpacked_to(data, lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY), 0, _MOST_UNPACKED, steps)


def _seven_zip(data: bytes, shape: Shape, steps: Steps) -> None:
    steps.take()
    offset, size = little(data, 12, 8), little(data, 20, 8)
    shape.end = 32 + offset + size
    head = part(data, 32 + offset, size)[:_MOST_HEADER]
    if _AES in head:
        shape.encrypted = "content and names" if head[:1] == b"\x17" else "content"


def _rar_4(data: bytes, shape: Shape, steps: Steps) -> None:
    at = 7
    while True:
        steps.take()
        kind, flags, size = big(data, at + 2, 1), little(data, at + 3, 2), little(data, at + 5, 2)
        if not 0x72 <= kind <= 0x7B or size < 7:
            raise Short(f"no block of a RAR at {at}")
        if kind == 0x73 and flags & 0x80:
            shape.encrypted = "content and names"
            return
        if kind == 0x74 and flags & 4:
            shape.encrypted = "content"
        more = little(data, at + 7, 4) if kind == 0x74 or flags & 0x8000 else 0
        if kind == 0x74 and flags & 0x100:
            more += little(data, at + 32, 4) << 32
        at += size + more
        if kind == 0x7B:
            shape.end = at
            return


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of RAR 5, seven bits a byte, and where it ends."""
    value = 0
    for place in range(10):
        byte = big(data, at + place, 1)
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    raise Short("no number")


def _rar_5(data: bytes, shape: Shape, steps: Steps) -> None:
    at = 8
    while True:
        steps.take()
        size, body = _number(data, at + 4)
        kind, inner = _number(data, body)
        flags, inner = _number(data, inner)
        extra, inner = _number(data, inner) if flags & 1 else (0, inner)
        more = _number(data, inner)[0] if flags & 2 else 0
        if kind == 4:
            shape.encrypted = "content and names"
            return
        if not 1 <= kind <= 5 or not size:
            raise Short(f"no block of a RAR at {at}")
        if kind == 2 and extra and _holds_encryption(part(data, body, size)[-extra:]):
            shape.encrypted = "content"
        at = body + size + more
        if kind == 5:
            shape.end = at
            return


def _holds_encryption(records: bytes) -> bool:
    at = 0
    for _ in range(32):
        if at >= len(records):
            return False
        size, body = _number(records, at)
        if _number(records, body)[0] == 1:
            return True
        at = body + size
    return False


_BLOCK = 512


def _octal(field: bytes) -> int:
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    if digits and not digits.isdigit():
        raise WrongForm("no number of a tar")
    return int(digits or b"0", 8)


def _is_tar_header(header: bytes) -> bool:
    total = sum(header[:148]) + 256 + sum(header[156:])
    return len(header) == _BLOCK and header[0] != 0 and total == _octal(header[148:156])


def tar(data: bytes, shape: Shape, steps: Steps) -> None:
    """Headers with a sum that fits, then empty blocks, as many as the writer liked."""
    at = 0
    while True:
        steps.take()
        header = data[at : at + _BLOCK]
        if header and not header.strip(b"\0") and at:
            break
        if not at and not _is_tar_header(header):
            raise WrongForm("no header of a tar")
        if not _is_tar_header(header):
            raise Short("a member of the tar is cut")
        at += _BLOCK + (_octal(header[124:136]) + _BLOCK - 1) // _BLOCK * _BLOCK
    shape.end = len(data) if not data[at:].strip(b"\0") else at + 2 * _BLOCK


_COMPOUND = (
    ("WordDocument", "application/msword", "DOC"),
    ("Workbook", "application/vnd.ms-excel", "XLS"),
    ("Book", "application/vnd.ms-excel", "XLS"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint", "PPT"),
    ("__nameid_version1.0", "application/vnd.ms-outlook", "Outlook message"),
    ("EncryptedPackage", "application/x-ole-storage", "encrypted Office document"),
)


def _compound(data: bytes, shape: Shape, steps: Steps) -> None:
    """By the names of its streams, which stand in its directory in UTF-16."""
    steps.take()
    shift = little(data, 30, 2)
    if shift not in {9, 12}:
        raise WrongForm("no compound file")
    for stream, media_type, name in _COMPOUND:
        if f"{stream}\0".encode("utf-16-le") in data:
            shape.media_type, shape.name = media_type, name
            shape.encrypted = "content" if stream == "EncryptedPackage" else ""
            return


FORMS = (
    Form("application/gzip", "gzip", b"\x1f\x8b\x08", walk=_gzip),
    Form("application/x-bzip2", "bzip2", b"BZh", walk=_bzip2),
    Form("application/x-xz", "xz", b"\xfd7zXZ\0", walk=_xz),
    Form("application/x-7z-compressed", "7z", b"7z\xbc\xaf\x27\x1c", walk=_seven_zip),
    Form("application/vnd.rar", "RAR 5", b"Rar!\x1a\7\1\0", walk=_rar_5),
    Form("application/vnd.rar", "RAR 4", b"Rar!\x1a\7\0", walk=_rar_4),
    Form("application/x-tar", "tar", b"ustar", 257, walk=tar),
    Form("application/x-ole-storage", "compound file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", walk=_compound),
    Form("application/vnd.ms-cab-compressed", "cabinet", b"MSCF\0\0\0\0"),
    Form("application/zstd", "zstd", b"\x28\xb5\x2f\xfd"),
    Form("application/x-lz4", "lz4", b"\x04\x22\x4d\x18"),
    Form("application/x-iso9660-image", "ISO 9660", b"CD001", 32_769),
)
