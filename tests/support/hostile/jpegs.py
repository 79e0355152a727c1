"""JPEGs, the commonest of all files."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tests.support.hostile.made import Hostile, cut, picture, plain, segment, tiff

START, END = b"\xff\xd8", b"\xff\xd9"


def files() -> Iterator[Hostile]:
    """All of this family."""
    whole, stepped = picture("JPEG"), picture("JPEG", progressive=True)
    yield from _shaped(whole, stepped)
    yield from _noted(whole)
    yield from cut("jpeg", whole, 8)
    yield from cut("jpeg in steps", stepped, 5)


def _shaped(whole: bytes, stepped: bytes) -> Iterator[Hostile]:
    head = whole.index(b"\xff\xc0")
    sizes = struct.unpack(">HH", whole[head + 5 : head + 9])

    def resized(height: int, width: int, of: bytes = whole) -> bytes:
        return of.replace(struct.pack(">HH", *sizes), struct.pack(">HH", height, width), 1)

    yield Hostile("jpeg of 65,535 x 65,535", resized(65_535, 65_535))
    yield Hostile("jpeg of 10,000 x 10,000 with the pixels of a few", resized(10_000, 10_000))
    yield Hostile("jpeg of no height", resized(0, sizes[1]))
    yield Hostile("jpeg of no width", resized(sizes[0], 0))
    yield Hostile("jpeg in steps, each step a thousand times", _stepping(resized(1_400, 1_400, stepped), 1_000))
    yield Hostile("jpeg in steps, each step three thousand times", _stepping(resized(2_500, 2_500, stepped), 3_000))
    frame = whole[head : head + 2 + int.from_bytes(whole[head + 2 : head + 4], "big")]
    yield Hostile("jpeg with two heads", whole[:head] + frame.replace(struct.pack(">HH", *sizes), b"\xff\xff\xff\xff") + whole[head:])
    yield Hostile("jpeg of no colours", whole[: head + 9] + b"\0" + whole[head + 10 :])
    yield Hostile("jpeg of 255 colours", whole[: head + 9] + b"\xff" + whole[head + 10 :])
    yield Hostile("jpeg of 12 bits", whole[: head + 4] + b"\x0c" + whole[head + 5 :])
    yield Hostile("jpeg by arithmetic", whole.replace(b"\xff\xc0", b"\xff\xc9", 1))
    yield Hostile("jpeg without loss", whole.replace(b"\xff\xc0", b"\xff\xc3", 1))
    yield Hostile("jpeg sampled sixteen ways", whole[: head + 11] + b"\xff" + whole[head + 12 :])
    yield Hostile("jpeg without tables", START + frame + whole[whole.index(b"\xff\xda") :])
    yield Hostile(
        "jpeg with codes that overlap", whole.replace(b"\xff\xc4", segment(0xC4, b"\0" + b"\xff" * 16 + bytes(240)) + b"\xff\xc4", 1)
    )
    yield Hostile("jpeg of restarts", whole[:-2] + b"\xff\xd0\xff\xd1" * 100_000 + END)
    yield Hostile("jpeg of zeros for pixels", whole[: whole.index(b"\xff\xda") + 14] + bytes(2_000_000) + END)


def _stepping(content: bytes, times: int) -> bytes:
    """The last step of a JPEG that comes in steps, again and again."""
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * times + END


def _noted(whole: bytes) -> Iterator[Hostile]:
    rest = whole[2:]
    long = 4
    loop = [(34665, long, 1, 8), (34853, long, 1, 8), (40965, long, 1, 8), (330, long, 1, 8)]
    for name, notes in {
        "whose notes point to themselves": tiff(loop, 8),
        "with a note of 4 thousand million values": tiff([(271, 2, 2**32 - 1, 8), (274, 3, 2**32 - 1, 8)]),
        "turned by a way that is none": tiff([(274, 3, 1, 4_000_000_000)]),
        "with notes that are nonsense": b"\xff" * 60_000,
        "with a small picture in it that is the next": tiff([(513, long, 1, 8), (514, long, 1, 2**32 - 1)], 8),
    }.items():
        yield Hostile(f"jpeg {name}", START + segment(0xE1, b"Exif\0\0" + notes) + rest)
    several = tiff([(0xB000, 7, 4, 0x30303130), (0xB001, long, 1, 2**31), (0xB002, 7, 2**31, 8)])
    yield Hostile("jpeg of 2 thousand million pictures", START + segment(0xE2, b"MPF\0" + several) + rest)
    yield Hostile("jpeg with pieces of a profile", START + segment(0xE2, b"ICC_PROFILE\0\xff\xff" + bytes(999)) * 500 + rest)
    yield Hostile("jpeg with ten thousand remarks", START + segment(0xFE, b"remark" * 99) * 10_000 + rest)
    yield Hostile(
        "jpeg with resources that never end", START + segment(0xED, b"Photoshop 3.0\0" + b"8BIM\4\4\0\0\xff\xff\xff\xff") * 99 + rest
    )
    yield Hostile("jpeg with XMP of entities", START + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _laughing()) + rest)
    yield Hostile("jpeg with a segment of no length", START + b"\xff\xe1\0\0" + rest)
    yield Hostile("jpeg that begins for ever", START * 500_000)
    yield Hostile("jpeg of markers only", START + b"\xff" * 1_000_000)
    yield Hostile("jpeg with ten megabytes behind it", whole + bytes(10_000_000))
    yield Hostile("jpeg with another behind it, of another size", whole + plain("JPEG"))


def _laughing() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{levels}]><x:xmpmeta xmlns:x="adobe:ns:meta/">&l9;</x:xmpmeta>'.encode()
