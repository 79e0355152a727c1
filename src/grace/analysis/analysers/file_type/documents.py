"""How documents and programs end: PDF, SQLite, ELF, PE, Mach-O."""

from __future__ import annotations

import re
from typing import Literal

from grace.analysis.analysers.file_type.shape import Form, Shape, WrongForm
from grace.analysis.analysers.walks.reading import Short, Steps, big, little, part

_MOST_ENDS = 64
_START = re.compile(rb"startxref\s+(\d{1,12})\s*\Z")
_TABLE = re.compile(rb"\s{0,8}(?:xref|\d{1,10}\s+\d{1,5}\s+obj)\b")
_OBJECT = re.compile(rb"\s{0,8}\d{1,10}\s+\d{1,5}\s+obj\b")
_LOCKED = re.compile(rb"/Encrypt\s{0,8}(?:\d+\s+\d+\s+R|<<)")
_NEAR = 4_096


def _line_after(data: bytes, at: int) -> int:
    """Behind the end of a line, where one stands there."""
    return at + 2 if data[at : at + 2] == b"\r\n" else at + 1 if data[at : at + 1] in {b"\r", b"\n"} else at


def _ends_of_pdf(data: bytes, begin: int, steps: Steps) -> list[tuple[int, int]]:
    """Each end whose number leads to a table of this file, with the place of that table; the last of too many."""
    found, at = list[tuple[int, int]](), len(data)
    for _ in range(_MOST_ENDS):
        steps.take()
        at = data.rfind(b"%%EOF", begin, at)
        if at < 0:
            break
        start = _START.search(data, max(at - 64, begin), at)
        table = begin + int(start[1]) if start else 0
        if start and _TABLE.match(data, table):
            found.append((_line_after(data, at + 5), table))
    return found[::-1]


def pdf(data: bytes, shape: Shape, steps: Steps, begin: int = 0) -> None:
    """Up to the last end that leads to its table; a second beginning right behind one is another file."""
    shape.name = f"PDF {part(data, begin + 5, 3).decode('latin-1')}" if data[begin + 5 : begin + 6].isdigit() else "PDF"
    ends = _ends_of_pdf(data, begin, steps)
    if not ends:
        raise Short("no end leads to the table of its objects")
    end, table = next((each for each in ends if data.startswith(b"%PDF-", each[0])), ends[-1])
    if _LOCKED.search(data, table, table + _NEAR) or _LOCKED.search(data, max(end - _NEAR, begin), end):
        shape.encrypted = "content"
    if _OBJECT.match(data, end):
        raise Short("a later version of it has no end")
    shape.end = end


def _sqlite(data: bytes, shape: Shape, steps: Steps) -> None:
    steps.take()
    size = big(data, 16, 2)
    if big(data, 24, 4) == big(data, 92, 4):  # only then the number of pages is current
        shape.end = (65_536 if size == 1 else size) * big(data, 28, 4)


_ELF_TYPES = {1: "object", 2: "program", 3: "program or library", 4: "core dump"}
_NO_BITS = 8
_MOST_PARTS = 65_535


def _elf(data: bytes, shape: Shape, steps: Steps) -> None:
    wide = big(data, 4, 1) == 2
    order: Literal["big", "little"] = "big" if big(data, 5, 1) == 2 else "little"

    def number(at: int, size: int) -> int:
        return int.from_bytes(part(data, at, size), order)

    shape.name = f"ELF {_ELF_TYPES.get(number(16, 2), 'file')}"
    word = 8 if wide else 4
    sections, entry, count = number(40 if wide else 32, word), number(58 if wide else 46, 2), number(60 if wide else 48, 2)
    programs, head, heads = number(32 if wide else 28, word), number(54 if wide else 42, 2), number(56 if wide else 44, 2)
    end = max(sections + entry * count, programs + head * heads)
    shape.end = end
    for at in range(programs, programs + head * heads, head or 1):
        steps.take()
        end = max(end, number(at + (8 if wide else 4), word) + number(at + (32 if wide else 16), word))
    for at in range(sections, sections + entry * count, entry or 1):
        steps.take()
        if number(at + 4, 4) != _NO_BITS:
            end = max(end, number(at + (24 if wide else 16), word) + number(at + (32 if wide else 20), word))
    shape.end = end


def _windows(data: bytes, shape: Shape, steps: Steps) -> None:
    at = little(data, 60, 4) if len(data) >= 64 else len(data)
    if data[at : at + 4] != b"PE\0\0":
        if len(data) < 64 or little(data, 4, 2) == 0 or not 28 <= little(data, 24, 2) < 512:
            raise WrongForm("MZ and no program")
        shape.media_type, shape.name = "application/x-dosexec", "DOS program"
        return
    sections, optional, flags = little(data, at + 6, 2), little(data, at + 20, 2), little(data, at + 22, 2)
    shape.name = "Windows library" if flags & 0x2000 else "Windows program"
    table = at + 24 + optional
    end = table + 40 * sections
    for place in range(table, end, 40):
        steps.take()
        end = max(end, little(data, place + 16, 4) + little(data, place + 20, 4))
    symbols = little(data, at + 12, 4)
    if symbols:  # as compilers other than Microsoft's leave it; the texts behind it say their length first
        texts = symbols + 18 * little(data, at + 16, 4)
        end = max(end, texts + (little(data, texts, 4) if texts + 4 <= len(data) else 0))
    directories = at + 24 + (112 if little(data, at + 24, 2) == 0x20B else 96)
    if optional >= directories - at - 24 + 40:
        end = max(end, little(data, directories + 32, 4) + little(data, directories + 36, 4))
    shape.end = end


def _mach(data: bytes, shape: Shape, steps: Steps) -> None:
    order: Literal["big", "little"] = "big" if data[0] == 0xFE else "little"
    wide = (data[3] if order == "big" else data[0]) == 0xCF

    def number(at: int, size: int) -> int:
        return int.from_bytes(part(data, at, size), order)

    at = 32 if wide else 28
    for _ in range(min(number(16, 4), _MOST_PARTS)):
        steps.take()
        kind, size = number(at, 4), number(at + 4, 4)
        if size < 8:
            raise Short(f"no command at {at}")
        if kind in {1, 0x19}:
            word = 8 if kind == 0x19 else 4
            first = at + (40 if kind == 0x19 else 32)
            shape.end = max(shape.end or 0, number(first, word) + number(first + word, word))
        at += size


def _fat(data: bytes, shape: Shape, steps: Steps) -> None:
    """The same first bytes begin a class of Java, whose version is larger than any number of architectures."""
    count = big(data, 4, 4)
    if big(data, 6, 2) >= 43:
        shape.media_type, shape.name = "application/java-vm", "Java class"
        return
    for at in range(8, 8 + 20 * count, 20):
        steps.take()
        shape.end = max(shape.end or 0, big(data, at + 8, 4) + big(data, at + 12, 4))


FORMS = (
    Form("application/pdf", "PDF", b"%PDF-", walk=pdf),
    Form("application/vnd.sqlite3", "SQLite", b"SQLite format 3\0", walk=_sqlite),
    Form("application/x-executable", "ELF", b"\x7fELF", walk=_elf),
    Form("application/vnd.microsoft.portable-executable", "Windows program", b"MZ", walk=_windows),
    *(
        Form("application/x-mach-binary", "Mach-O", magic, walk=_mach)
        for magic in (b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
    ),
    Form("application/x-mach-binary", "Mach-O, several", b"\xca\xfe\xba\xbe", walk=_fat),
    Form("application/vnd.android.dex", "DEX", b"dex\n03"),
    Form("application/wasm", "WebAssembly", b"\0asm"),
    Form("application/x-ms-shortcut", "shortcut", b"L\0\0\0\x01\x14\x02\0"),
    Form("application/x-plist", "property list", b"bplist00"),
    Form("application/vnd.tcpdump.pcap", "pcap", b"\xd4\xc3\xb2\xa1"),
    Form("application/vnd.tcpdump.pcap", "pcapng", b"\x0a\x0d\x0d\x0a"),
    Form("application/x-bittorrent", "torrent", b"d8:announce"),
    Form("font/ttf", "TrueType", b"\0\1\0\0\0"),
    Form("font/otf", "OpenType", b"OTTO\0"),
    Form("font/woff", "WOFF", b"wOFF"),
    Form("font/woff2", "WOFF 2", b"wOF2"),
)
