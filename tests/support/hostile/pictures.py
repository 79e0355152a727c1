"""PNG, GIF, WebP, BMP and TIFF that claim too much, never end, or contradict themselves."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from tests.support.hostile.made import Hostile, bomb, chunk, cut, picture, plain, png, tiff, tiff_directory

END = chunk(b"IEND")
PIXELS = chunk(b"IDAT", zlib.compress(bytes(16 * 49)))


def files() -> Iterator[Hostile]:
    """All of this family."""
    yield from _png()
    yield from _gif()
    yield from _webp()
    yield from _bmp()
    yield from _tiff()


def _png() -> Iterator[Hostile]:
    for width, height in ((60_000, 60_000), (2**31 - 1, 2**31 - 1), (0, 10), (10, 0), (1, 2**31 - 1), (10_900, 10_900)):
        yield Hostile(f"png of {width} x {height}", png(PIXELS, END, width=width, height=height))
    large, small = bomb(100), bomb(40)
    yield Hostile("png with pixels that never end", png(chunk(b"IDAT", large), END))
    yield Hostile("png with a profile that never ends", png(chunk(b"iCCP", b"p\0\0" + small), PIXELS, END))
    yield Hostile("png with a text that never ends", png(chunk(b"zTXt", b"Comment\0\0" + small), PIXELS, END))
    yield Hostile("png with a text of the world that never ends", png(chunk(b"iTXt", b"Comment\0\1\0\0\0" + small), PIXELS, END))
    yield Hostile("png with many texts", png(chunk(b"tEXt", b"a\0b") * 100_000, PIXELS, END))
    yield Hostile("png with wrong checksums", png(PIXELS, END).replace(PIXELS[-4:], b"\0\0\0\0"))
    yield Hostile("png without an end", png(PIXELS))
    yield Hostile("png without pixels", png(END))
    yield Hostile("png with two heads", png(chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)), PIXELS, END))
    yield Hostile("png with endless pictures", png(chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)), PIXELS, END))
    yield Hostile("png with a chunk of 4 GiB", png(chunk(b"IDAT", zlib.compress(b"a"), 2**32 - 1)))
    yield Hostile("png with a chunk of 2 GiB", png(chunk(b"tEXt", b"a\0b", 2**31 - 1), PIXELS, END))
    yield Hostile(
        "png with colours beyond its palette", png(chunk(b"PLTE", b"abc"), chunk(b"IDAT", zlib.compress(b"\xff" * 17 * 16)), END, colour=3)
    )
    yield Hostile("png without its palette", png(chunk(b"IDAT", zlib.compress(b"\xff" * 17 * 16)), END, colour=3))
    yield Hostile("png of a depth that is none", png(PIXELS, END, depth=7, colour=6, interlace=1))
    yield Hostile("png of a colour that is none", png(PIXELS, END, colour=5))
    yield Hostile("png of 40 million pixels", png(chunk(b"IDAT", bomb(40)), END, width=8_000, height=5_000, depth=8, colour=0))
    yield from cut("png", picture("PNG"), 6)


def _gif() -> Iterator[Hostile]:
    def gif(body: bytes, width: int = 16, height: int = 16, flags: int = 0x80) -> bytes:
        return b"GIF89a" + struct.pack("<HHBBB", width, height, flags, 0, 0) + b"\0\0\0\xff\xff\xff" + body

    def frame(left: int = 0, width: int = 16, height: int = 16, pixels: bytes = b"\2\x02\x4c\x01\0") -> bytes:
        return b"," + struct.pack("<HHHHB", left, 0, width, height, 0) + pixels

    yield Hostile("gif of 65,535 x 65,535", gif(frame(), 65_535, 65_535))
    yield Hostile("gif with a frame of 65,535 x 65,535", gif(frame(0, 65_535, 65_535)))
    yield Hostile("gif of 60,000 pictures", gif(frame(pixels=b"\2\2\x4c\1\0") * 60_000 + b";"))
    yield Hostile("gif with a picture beyond its canvas", gif(frame(60_000) + b";"))
    yield Hostile("gif of nothing", gif(frame(0, 0, 0) + b";", 0, 0))
    yield Hostile("gif without colours", gif(frame() + b";", flags=0))
    yield Hostile("gif with a million remarks", gif((b"!\xfe\1a\0") * 1_000_000 + frame() + b";"))
    yield Hostile("gif with a remark that never ends", gif(b"!\xfe" + (b"\xff" + b"a" * 255) * 20_000))
    yield Hostile("gif with codes of 255 bits", gif(frame(pixels=b"\xff\2\x4c\1\0") + b";"))
    yield Hostile("gif with nonsense for pixels", gif(frame(pixels=b"\2" + (b"\xff" + b"\xff" * 255) * 64 + b"\0") + b";", 2000, 2000))
    yield Hostile("gif that repeats itself for ever", gif(b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0" * 50_000 + frame() + b";"))
    yield from cut("gif", picture("GIF"), 4)


def _webp() -> Iterator[Hostile]:
    def riff(body: bytes, size: int | None = None) -> bytes:
        return b"RIFF" + struct.pack("<I", len(body) + 4 if size is None else size) + b"WEBP" + body

    extended = b"VP8X" + struct.pack("<II", 10, 0x02) + b"\xff\xff\xff\xff\xff\xff"
    yield Hostile("webp of 16 million x 16 million", riff(extended))
    yield Hostile("webp with endless pictures", riff(extended + b"ANIM\6\0\0\0\0\0\0\0\0\0" + (b"ANMF\x10\0\0\0" + bytes(16)) * 5_000))
    yield Hostile("webp without loss of 16,384 x 16,384", riff(b"VP8L\x0a\0\0\0\x2f\xff\xff\xff\x0f" + b"\xff" * 5))
    yield Hostile("webp of a wrong length", riff(picture("WEBP")[12:], 2**32 - 1))
    yield Hostile("webp of no length", riff(picture("WEBP")[12:], 0))
    yield Hostile("webp with a chunk of 4 GiB", riff(b"VP8 \xff\xff\xff\xff" + bytes(64)))
    yield Hostile("webp with nonsense for codes", riff(b"VP8L\x00\x10\0\0\x2f\x3f\xc0\x0f\x10" + b"\xa5" * 4091))
    yield from cut("webp", picture("WEBP"), 3)


def _bmp() -> Iterator[Hostile]:
    def bmp(width: int, height: int, bits: int = 24, packing: int = 0, body: bytes = b"", head: int = 40) -> bytes:
        info = struct.pack("<IiiHHIIiiII", head, width, height, 1, bits, packing, len(body), 0, 0, 0, 0)
        return b"BM" + struct.pack("<IHHI", 54 + len(body), 0, 0, 54) + info + body

    yield Hostile("bmp of 2 thousand million a side", bmp(2**31 - 1, 2**31 - 1))
    yield Hostile("bmp of less than nothing", bmp(-5, -(2**31)))
    yield Hostile("bmp of one line of 100 million", bmp(100_000_000, 1))
    yield Hostile("bmp of no bits", bmp(16, 16, 0, body=bytes(99)))
    yield Hostile("bmp with a head of 4 GiB", bmp(16, 16, head=2**32 - 1))
    yield Hostile("bmp that steps aside for ever", bmp(5_000, 5_000, 8, 1, (b"\0\2\0\0") * 200_000))
    yield Hostile("bmp that repeats a colour for ever", bmp(9_000, 9_000, 8, 1, (b"\xff\1") * 400_000))
    yield Hostile("bmp of an unknown packing", bmp(16, 16, 24, 77, bytes(999)))
    yield from cut("bmp", picture("BMP"), 2)


def _tiff() -> Iterator[Hostile]:
    short, long = 3, 4

    def sized(width: int, height: int, packing: int = 1, samples: int = 1, bits: int = 8) -> list[tuple[int, int, int, int]]:
        return [
            *((256, long, 1, width), (257, long, 1, height), (258, short, 1, bits), (259, short, 1, packing), (262, short, 1, 1)),
            *((273, long, 1, 200), (277, short, 1, samples), (278, long, 1, height), (279, long, 1, 2**32 - 1)),
        ]

    packed = bomb(100)
    yield Hostile("tiff whose directory is followed by itself", tiff(sized(16, 16), 8, bytes(999)))
    yield Hostile("tiff of 4 thousand million a side", tiff(sized(2**32 - 1, 2**32 - 1)))
    yield Hostile("tiff of zlib that never ends", tiff(sized(30_000, 3_500, 8), 0, bytes(80) + packed))
    yield Hostile("tiff of LZW that is nonsense", tiff(sized(3_000, 3_000, 5), 0, b"\xff" * 90_000))
    yield Hostile("tiff of an unknown packing", tiff(sized(16, 16, 9_999), 0, bytes(999)))
    yield Hostile("tiff of old JPEG", tiff(sized(16, 16, 6), 0, bytes(999)))
    yield Hostile("tiff of new JPEG that is none", tiff(sized(1_000, 1_000, 7), 0, bytes(9_999)))
    yield Hostile("tiff of fax that is nonsense", tiff(sized(10_000, 10_000, 4, bits=1), 0, b"\xaa" * 90_000))
    yield Hostile("tiff of 65,535 colours a pixel", tiff(sized(16, 16, 1, 65_535), 0, bytes(999)))
    yield Hostile("tiff of 255 bits a colour", tiff(sized(16, 16, 1, 1, 255), 0, bytes(999)))
    yield Hostile("tiff with an entry of 4 thousand million values", tiff([*sized(16, 16), (270, 2, 2**32 - 1, 8)], 0, bytes(999)))
    yield Hostile("tiff with a directory inside of itself", tiff([*sized(16, 16), (330, long, 1, 8), (34665, long, 1, 8)], 0, bytes(999)))
    tiles = [(322, long, 1, 2**31), (323, long, 1, 2**31), (324, long, 1, 8), (325, long, 1, 2**31)]
    yield Hostile("tiff of tiles of 2 thousand million", tiff([*sized(16, 16), *tiles], 0, bytes(999)))
    chain = b"".join(tiff_directory([(256, long, 1, 9)], 8 + 18 * (number + 1)) for number in range(60_000))
    yield Hostile("tiff of 60,000 directories", b"II*\0\x08\0\0\0" + chain)
    yield Hostile("tiff of the large kind, broken", b"II+\0\x08\0\0\0" + struct.pack("<QQ", 2**63, 2**63) + bytes(99))
    yield Hostile("tiff that is a remark only", b"MM\0*" + b"\xff" * 500)
    yield Hostile("tiff in 64-bit floats of nothing", tiff([*sized(64, 64, 1, 1, 64), (339, short, 1, 3)], 0, b"\xff" * 40_000))
    yield from cut("tiff", picture("TIFF", compression="tiff_lzw"), 4)
    yield from cut("avif", plain("AVIF"), 2)
