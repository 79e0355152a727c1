"""Archives and what lives in them, compressed streams, programs, databases."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress

import pyzipper

from tests.support.file_kinds.sample import Sample, sample

TEXT = b"The weather was fair, the train was late, nothing else happened. " * 20
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_ZIPS: tuple[tuple[str, Mapping[str, bytes], tuple[str, ...]], ...] = (
    (
        "DOCX",
        {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<R/>", "word/document.xml": TEXT},
        (f"{_OFFICE}wordprocessingml.document",),
    ),
    ("XLSX", {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<R/>", "xl/workbook.xml": TEXT}, (f"{_OFFICE}spreadsheetml.sheet",)),
    (
        "PPTX",
        {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<R/>", "ppt/presentation.xml": TEXT},
        (f"{_OFFICE}presentationml.presentation",),
    ),
    ("ODT", {"mimetype": f"{_OPEN}text".encode(), "content.xml": TEXT}, (f"{_OPEN}text",)),
    ("ODS", {"mimetype": f"{_OPEN}spreadsheet".encode(), "content.xml": TEXT}, (f"{_OPEN}spreadsheet",)),
    ("ODP", {"mimetype": f"{_OPEN}presentation".encode(), "content.xml": TEXT}, (f"{_OPEN}presentation",)),
    ("EPUB", {"mimetype": b"application/epub+zip", "META-INF/container.xml": TEXT}, ("application/epub+zip",)),
    ("JAR", {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n", "A.class": TEXT}, ("application/java-archive", "application/jar")),
    ("APK", {"AndroidManifest.xml": b"\3\0\x08\0", "classes.dex": TEXT}, ("application/vnd.android.package-archive",)),
    ("ZIP of one", {"a.txt": TEXT}, ("application/zip",)),
    ("ZIP of many", {f"folder/{number}.txt": TEXT for number in range(40)}, ("application/zip",)),
)


def zipped(members: Mapping[str, bytes], *, stored: bool = False, comment: bytes = b"") -> bytes:
    """A ZIP; ``mimetype`` is stored, as its readers ask."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.comment = comment
        for name, content in members.items():
            way = zipfile.ZIP_STORED if stored or name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, way)
    return stream.getvalue()


def locked_zip() -> bytes:
    """A ZIP with a password."""
    stream = io.BytesIO()
    with pyzipper.AESZipFile(stream, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"an invented word")
        archive.writestr("a.txt", TEXT)
    return stream.getvalue()


def tarred(form: int, members: Mapping[str, bytes]) -> bytes:
    """A tar of one of its forms."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def rar_4(*, locked: bool = False) -> bytes:
    """One stored member, as RAR up to version 4 writes it."""

    def block(kind: int, flags: int, fields: bytes, content: bytes = b"") -> bytes:
        body = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
        return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body + content

    fields = struct.pack("<IIBIIBBHI", len(TEXT), len(TEXT), 3, zlib.crc32(TEXT), 0, 20, 0x30, 5, 0x20) + b"a.txt"
    return b"Rar!\x1a\7\0" + block(0x73, 0, bytes(6)) + block(0x74, 0x8000 | (4 if locked else 0), fields, TEXT) + block(0x7B, 0x4000, b"")


def rar_5() -> bytes:
    """One stored member, as RAR since version 5 writes it."""

    def number(value: int) -> bytes:
        return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + number(value >> 7)

    def block(fields: bytes, content: bytes = b"") -> bytes:
        sized = number(len(fields)) + fields
        return struct.pack("<I", zlib.crc32(sized)) + sized + content

    member = b"".join(map(number, (2, 2, len(TEXT), 0, len(TEXT), 0, 0, 1, 5))) + b"a.txt"
    return b"Rar!\x1a\7\1\0" + block(number(1) + number(0) + number(0)) + block(member, TEXT) + block(number(5) + number(0) + number(0))


def database(rows: int) -> bytes:
    """A database of SQLite."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE weather (day TEXT, degrees REAL)")
    connection.executemany("INSERT INTO weather VALUES (?, ?)", [(f"day {row}", row / 2) for row in range(rows)])
    connection.commit()
    return bytes(connection.serialize())


def elf() -> bytes:
    """A program of one instruction that is never run."""
    head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400078, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    return head + struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 121, 121, 4_096) + b"\xc3"


def windows() -> bytes:
    """A program of Windows with one section, never run."""
    dos = b"MZ" + bytes(58) + struct.pack("<I", 64)
    head = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 2) + struct.pack("<H", 0x20B) + bytes(238)
    section = b".text\0\0\0" + struct.pack("<IIIIIIHHI", 512, 4_096, 512, 512, 0, 0, 0, 0, 0x60000020)
    return (dos + head + section).ljust(512, b"\0") + b"\xc3" * 512


def mach() -> bytes:
    """A program of macOS with one segment, never run."""
    segment = struct.pack("<II16sQQQQIIII", 0x19, 72, b"__TEXT", 0, 256, 0, 256, 7, 5, 0, 0)
    return (struct.pack("<IIIIIIII", 0xFEEDFACF, 0x100000C, 0, 2, 1, len(segment), 0, 0) + segment).ljust(256, b"\0")


def _seven_zips() -> Iterator[Sample]:
    with suppress(ImportError):
        import py7zr

        for password in (None, "an invented word"):
            stream = io.BytesIO()
            with py7zr.SevenZipFile(stream, "w", password=password) as archive:
                archive.writestr(TEXT, "a.txt")
            yield sample(f"7z{', locked' if password else ''}", stream.getvalue(), "application/x-7z-compressed")


def archives() -> Iterator[Sample]:
    """Whole ones."""
    for name, members, types in _ZIPS:
        yield sample(name, zipped(members), *types)
        yield sample(f"{name}, stored, with a comment", zipped(members, stored=True, comment=b"a note"), *types)
    yield sample("ZIP, empty", zipped({}), "application/zip")
    yield sample("ZIP, locked", locked_zip(), "application/zip")
    for form, name in ((tarfile.USTAR_FORMAT, "ustar"), (tarfile.GNU_FORMAT, "gnu"), (tarfile.PAX_FORMAT, "pax")):
        for count in (1, 30):
            content = tarred(form, {f"wetter-ü-{number}.txt": TEXT for number in range(count)})
            yield sample(f"tar {name} of {count}", content, "application/x-tar")
    for times in (1, 500):
        yield sample(f"gzip {times}", gzip.compress(TEXT * times), "application/gzip", "application/x-gzip")
        yield sample(f"bzip2 {times}", bz2.compress(TEXT * times), "application/x-bzip2", "application/bzip2")
        yield sample(f"xz {times}", lzma.compress(TEXT * times), "application/x-xz")
        yield sample(f"SQLite {times}", database(times * 10), "application/vnd.sqlite3", "application/x-sqlite3")
    yield sample("RAR 4", rar_4(), "application/vnd.rar", "application/x-rar", "application/x-rar-compressed")
    yield sample("RAR 4, locked", rar_4(locked=True), "application/vnd.rar", "application/x-rar", "application/x-rar-compressed")
    yield sample("RAR 5", rar_5(), "application/vnd.rar", "application/x-rar", "application/x-rar-compressed")
    yield from _seven_zips()
    yield sample("ELF", elf(), "application/x-executable", "application/x-elf")
    windows_types = (
        "application/vnd.microsoft.portable-executable",
        "application/x-dosexec",
        "application/x-msdownload",
        "application/x-ms-dos-executable",
    )
    yield sample("Windows program", windows(), *windows_types)
    yield sample("Mach-O", mach(), "application/x-mach-binary")
