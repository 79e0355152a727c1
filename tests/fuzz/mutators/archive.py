"""ZIP: members are changed inside and packed again with right sums; names, locks and claims are changed outside."""

from __future__ import annotations

import bz2
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pyzipper

from tests.fuzz.ground import KNOWN, UNKNOWN
from tests.fuzz.mutators.hand import Hand
from tests.support.locked import aes, zip_crypto

NAMES = (
    *(
        "report.json",
        "report.xml",
        "sub/report.xml",
        "fileDetails_1.xml",
        "1/files/a/b.png",
        "a.pdf",
        "mail.eml",
        "referral.json",
        "notice.json",
    ),
    *(
        "../a.json",
        "/a.json",
        "C:\\a.json",
        "a\\b\\c.json",
        "",
        "/",
        ".",
        "a//b.xml",
        "a\x00.json",
        "\u00e4\u0308.json",
        "x" * 1100,
        "d/" * 40 + "a",
    ),
    *("manifest.json", "manifest.sig", "originals/1", "inner.zip", "report.json (2)", "REPORT.JSON", "\u202egnp.json", "\udcff.json"),
)
EXTRAS = (
    struct.pack("<HHQQ", 1, 16, 5, 5),
    struct.pack("<HHQ", 1, 8, 1 << 60),
    struct.pack("<HHBI", 0x7075, 5 + 6, 1, 0) + b"a.json",
    struct.pack("<HHHHBH", 0x9901, 7, 2, 0x4541, 3, 8),
    struct.pack("<HH", 0x9901, 900),
    b"\x01",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A member as it stands in the file: name, how and what is packed, and what is claimed of it."""

    name: bytes
    packed: bytes
    method: int = 0
    flags: int = 0
    crc: int = 0
    size: int = 0
    extra: bytes = b""
    attributes: int = 0
    local: dict[str, int] = field(default_factory=dict)
    """Claims of the head before the bytes that differ from those of the directory."""


def packed(name: bytes, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> Entry:
    """A member with right claims."""
    raw = content
    if method == zipfile.ZIP_DEFLATED:
        squeezing = zlib.compressobj(6, zlib.DEFLATED, -15)
        raw = squeezing.compress(content) + squeezing.flush()
    elif method == zipfile.ZIP_BZIP2:
        raw = bz2.compress(content)
    return Entry(name, raw, method, 0, zlib.crc32(content), len(content))


def content_of(entry: Entry) -> bytes | None:
    """What is packed; None where it is locked, damaged or too much."""
    try:
        if entry.flags & 1:
            return None
        if entry.method == zipfile.ZIP_DEFLATED:
            return zlib.decompressobj(-15).decompress(entry.packed, 1 << 20)
        if entry.method == zipfile.ZIP_BZIP2:
            return bz2.BZ2Decompressor().decompress(entry.packed, 1 << 20)
    except (zlib.error, OSError, ValueError):
        return None
    return entry.packed if entry.method == zipfile.ZIP_STORED else None


def read(content: bytes) -> list[Entry]:
    """The members as they stand. Raises one of the errors of ``zipfile``."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
    return [_entry(content, info) for info in infos[:60]]


def _entry(content: bytes, info: zipfile.ZipInfo) -> Entry:
    head = content[info.header_offset : info.header_offset + 30]
    if len(head) < 30:
        raise zipfile.BadZipFile
    start = info.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    name = info.orig_filename.encode("utf-8", "surrogateescape")
    raw = content[start : start + info.compress_size]
    return Entry(name, raw, info.compress_type, info.flag_bits & ~8, info.CRC, info.file_size, info.extra, info.external_attr)


def written(entries: list[Entry], comment: bytes = b"") -> bytes:
    """The file."""
    out, directory = b"", b""
    for each in entries:
        place = len(out)
        claims = {"flags": each.flags, "method": each.method, "crc": each.crc, "packed": len(each.packed), "size": each.size}
        out += (
            b"PK\x03\x04"
            + _head(claims | each.local)
            + struct.pack("<HH", len(each.name), len(each.extra))
            + each.name
            + each.extra
            + each.packed
        )
        directory += (
            b"PK\x01\x02\x14\x00"
            + _head(claims)
            + struct.pack("<HHHHHII", len(each.name), len(each.extra), 0, 0, 0, each.attributes, place)
        )
        directory += each.name + each.extra
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(out), len(comment))
    return out + directory + b"PK\x05\x06" + end + comment


def _head(claims: dict[str, int]) -> bytes:
    return struct.pack(
        "<HHHHHIII", 20, claims["flags"] & 0xFFFF, claims["method"], 0, 33, claims["crc"], claims["packed"], claims["size"] & 0xFFFFFFFF
    )


Inside = Callable[[bytes, Hand], bytes]


def change(content: bytes, hand: Hand, inside: Inside) -> bytes:
    """The package with a few changes; ``inside`` changes a member's content by its own kind."""
    try:
        entries = read(content)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeError, struct.error):
        return hand.twist(content)
    for _ in range(hand.dice.choice((1, 1, 1, 2, 3))):
        if hand.happens(0.45) and entries:
            _content(entries, hand, inside)
        else:
            hand.dice.choice(CHANGES)(entries, hand)
    try:
        changed = written(entries, hand.text().encode("utf-8", "replace")[:9000] if hand.happens(0.03) else b"")
    except struct.error:
        return hand.twist(content)
    return hand.twist(changed) if hand.happens(0.08) else changed


def _content(entries: list[Entry], hand: Hand, inside: Inside) -> None:
    place = hand.dice.randrange(len(entries))
    plain = content_of(entries[place])
    if plain is not None:
        entries[place] = packed(entries[place].name, inside(plain, hand), hand.dice.choice((0, 8, 8, 12)))


def _name(hand: Hand) -> bytes:
    return hand.dice.choice(NAMES).encode("utf-8", "surrogateescape")


def _add(entries: list[Entry], hand: Hand) -> None:
    entries.insert(hand.dice.randrange(len(entries) + 1), packed(_name(hand), hand.other(), hand.dice.choice((0, 8, 12))))


def _drop(entries: list[Entry], hand: Hand) -> None:
    if entries:
        del entries[hand.dice.randrange(len(entries))]


def _double(entries: list[Entry], hand: Hand) -> None:
    if entries:
        entries += [hand.dice.choice(entries)] * hand.dice.choice((1, 2, 12))


def _rename(entries: list[Entry], hand: Hand) -> None:
    if entries:
        place = hand.dice.randrange(len(entries))
        name = hand.twist(entries[place].name) if hand.happens(0.3) else _name(hand)
        entries[place] = replace(entries[place], name=name[:2000], flags=entries[place].flags ^ (0x800 if hand.happens(0.5) else 0))


def _lock(entries: list[Entry], hand: Hand) -> None:
    """A member is locked, with a password that is listed or with another."""
    if not entries:
        return
    place = hand.dice.randrange(len(entries))
    plain = content_of(entries[place])
    if plain is None:
        return
    password = KNOWN if hand.happens(0.75) else UNKNOWN
    name = "member"
    packing = hand.dice.choice((pyzipper.ZIP_STORED, pyzipper.ZIP_DEFLATED, pyzipper.ZIP_BZIP2))
    locked = (
        aes({name: plain}, password, packing, hand.dice.choice((128, 256))) if hand.happens(0.7) else zip_crypto({name: plain}, password)
    )
    entries[place] = replace(read(locked)[0], name=entries[place].name)


def _claim(entries: list[Entry], hand: Hand) -> None:
    """The directory, the head or both claim something else than what stands there."""
    if not entries:
        return
    place = hand.dice.randrange(len(entries))
    each = entries[place]
    key = hand.dice.choice(("size", "crc", "method", "flags", "attributes", "extra", "local"))
    if key == "extra":
        entries[place] = replace(each, extra=hand.dice.choice(EXTRAS))
    elif key == "attributes":
        entries[place] = replace(each, attributes=hand.dice.choice((0o120777 << 16, 0o040755 << 16, 0x10, 0xFFFFFFFF)))
    elif key == "local":
        entries[place] = replace(each, local={hand.dice.choice(("size", "crc", "method", "flags", "packed")): hand.dice.randrange(1 << 16)})
    else:
        values = {"size": (0, 1, each.size + 1, 1 << 20, 0xFFFFFFFF), "crc": (0, each.crc ^ 1), "method": (0, 8, 9, 12, 14, 93, 99)}
        wanted = hand.dice.choice(values.get(key, (0, 1, 8, 0x41, 0x800, 0x2000, 0xFFFF)))
        entries[place] = replace(each, **{key: wanted})  # type: ignore[arg-type] # a number for a number


def _bomb(entries: list[Entry], hand: Hand) -> None:
    """Much from little, claimed or not."""
    size = hand.dice.choice((1 << 16, 1 << 21))
    bomb = packed(_name(hand), bytes(size), hand.dice.choice((8, 12)))
    entries.append(replace(bomb, size=hand.dice.choice((bomb.size, 10, 0xFFFFFFFF))))


def _nest(entries: list[Entry], hand: Hand) -> None:
    entries[:] = [*(entries if hand.happens(0.5) else []), packed(b"inner.zip", written(entries[:5]))]


CHANGES: tuple[Callable[[list[Entry], Hand], None], ...] = (
    _add,
    _add,
    _drop,
    _double,
    _rename,
    _rename,
    _lock,
    _lock,
    _claim,
    _claim,
    _bomb,
    _nest,
)
