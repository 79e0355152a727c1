"""Archives that were crafted to hurt whoever unpacks them: bombs, nests, lies about sizes and names, and what was cut short."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from tests.support.hostile.made import Hostile, cut

_END = struct.Struct("<4s4H2LH")


def zipped(contents: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A sound ZIP."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return stream.getvalue()


def tarred(*members: tuple[tarfile.TarInfo, bytes], form: Literal[0, 1, 2] = tarfile.PAX_FORMAT) -> bytes:
    """A tar of these heads, each with its bytes, whatever the heads say."""
    blocks = b"".join(info.tobuf(form) + content + bytes(-len(content) % 512) for info, content in members)
    return blocks + bytes(1024)


def info(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    """The head of a member."""
    made = tarfile.TarInfo(name)
    made.size, made.type = size, kind
    return made


@cache
def files() -> tuple[Hostile, ...]:
    """All of them, made once: it takes a second to pack zeros by the hundred megabytes."""
    return tuple(_files())


def _files() -> Iterator[Hostile]:
    yield from _bombs()
    yield from _nests()
    yield from _lies()
    yield from _names()
    sound = zipped({"a.txt": b"invented words" * 90, "b.txt": b"more of them" * 90})
    for name, content in {
        "zip": sound,
        "tar": tarred((info("a", 3), b"one")),
        "gz": gzip.compress(sound),
        "xz": lzma.compress(sound),
    }.items():
        yield from cut(name, content, 12, "unpack")


def _bombs() -> Iterator[Hostile]:
    zeros = bytes(64 << 20)
    yield Hostile("zip of zeros", zipped({f"{place}": zeros for place in range(4)}), "unpack")
    yield Hostile("gzip of zeros", gzip.compress(zeros * 2), "unpack")
    yield Hostile("bzip2 of zeros", bz2.compress(zeros), "unpack")
    yield Hostile("xz of zeros", lzma.compress(zeros, preset=0), "unpack")
    yield Hostile("tar.gz of zeros", gzip.compress(tarred((info("zeros", len(zeros)), zeros))), "unpack")
    yield Hostile("members that share their bytes", _quilt(2_000), "unpack")
    yield Hostile("ten thousand members", zipped({f"{place}": b"" for place in range(10_000)}), "unpack")
    yield Hostile("a tar of ten thousand", tarred(*((info(str(place), 0), b"") for place in range(10_000))), "unpack")
    yield Hostile("ten thousand empty gzips", gzip.compress(b"") * 10_000, "unpack")


def _quilt(members: int) -> bytes:
    """Many entries of the directory that point at one body."""
    body = zipped({"a": bytes(1 << 20)})
    begin = body.rfind(b"PK\x01\x02")
    entry = body[begin : body.rfind(b"PK\x05\x06")]
    directory = entry * members
    return body[:begin] + directory + _END.pack(b"PK\x05\x06", 0, 0, members, members, len(directory), begin, 0)


def _nests() -> Iterator[Hostile]:
    content = b"the end"
    for level in range(40):
        content = zipped({f"level {level}": content})
    yield Hostile("forty archives in each other", content, "unpack")
    yield Hostile("a gzip in a gzip, twenty times", _again(b"the end", 20), "unpack")
    yield Hostile("sixteen that are the same", zipped({f"{place}.zip": zipped({"zeros": bytes(8 << 20)}) for place in range(16)}), "unpack")


def _again(content: bytes, times: int) -> bytes:
    for _ in range(times):
        content = gzip.compress(content)
    return content


def _lies() -> Iterator[Hostile]:
    sound = zipped({"a.txt": b"invented words" * 90})
    entry = sound.rfind(b"PK\x01\x02")
    for name, place, value in (
        ("a size that is too small", entry + 24, 5),
        ("a size of four gigabytes", entry + 24, 0xFFFFFFF0),
        ("a packed size of four gigabytes", entry + 20, 0xFFFFFFF0),
        ("a packed size of nothing", entry + 20, 0),
        ("a wrong checksum", entry + 16, 7),
        ("a head behind the end", entry + 42, 0xFFFF0000),
        ("a head in the directory", entry + 42, entry),
        ("a directory behind the end", len(sound) - 6, 0xFFFF0000),
        ("a directory of four gigabytes", len(sound) - 10, 0xFFFFFFF0),
        ("more members than there are", len(sound) - 14, 0xFFFFFFFF),
    ):
        yield Hostile(f"zip: {name}", sound[:place] + struct.pack("<L", value) + sound[place + 4 :], "unpack")
    for method in (1, 6, 12, 14, 93, 97, 99):
        changed = bytearray(sound)
        for place in (8, entry + 10):
            changed[place : place + 2] = struct.pack("<H", method)
        yield Hostile(f"zip: packed in the way {method}", bytes(changed), "unpack")
    locked = bytearray(sound)
    locked[6] |= 1
    locked[entry + 8] |= 1
    yield Hostile("zip: locked, it says", bytes(locked), "unpack")
    for size in (1 << 20, 1 << 33, -1):
        yield Hostile(f"tar: a size of {size}", tarred((info("a", size), b"words"), form=tarfile.GNU_FORMAT), "unpack")
    yield Hostile(
        "tar: a name without end",
        tarred(*((info("././@LongLink", 600, tarfile.GNUTYPE_LONGNAME), b"n" * 600) for _ in range(900))),
        "unpack",
    )
    yield Hostile(
        "tar: a head that speaks of itself", tarred((info("a", 40, tarfile.XHDTYPE), b"40 size=99999999999999999999999999999\n")), "unpack"
    )
    yield Hostile("gzip: a name without end", b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * (1 << 20), "unpack")
    stream = bytearray(lzma.compress(b"words" * 90))
    stream[16] = 40  # a dictionary of four gigabytes
    yield Hostile("xz: a dictionary of four gigabytes", bytes(stream), "unpack")


def _names() -> Iterator[Hostile]:
    names = (
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\boot.ini",
        "..\\up",
        "a" * 60_000,
        "\u202egpj.exe",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        ".",
        "..",
        "a\nb",
    )
    yield Hostile("zip: names that lead elsewhere", zipped(dict.fromkeys(names, b"words")), "unpack")
    links = [
        info(f"link {place}", 0, kind) for place, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE))
    ]
    for each in links:
        each.linkname = "../../etc/passwd"
    yield Hostile("tar: links and devices", tarred(*((each, b"") for each in links), (info("/etc/passwd", 5), b"words")), "unpack")
