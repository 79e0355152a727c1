"""Newer picture formats, what is no picture at all, and what is two things at once."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
from collections.abc import Iterator

from tests.support.hostile.made import Hostile, atom, bomb, chunk, cut, picture, png


def files() -> Iterator[Hostile]:
    """All of this family."""
    yield from _boxed()
    yield from _jpeg2000()
    yield from _texts()
    yield from _archives()
    yield from _polyglots()
    yield from _plain()


def _boxed() -> Iterator[Hostile]:
    kind = atom(b"ftyp", b"avif\0\0\0\0avifmif1miaf")
    sound = picture("AVIF")
    extent = sound.index(b"ispe") + 8
    yield Hostile("avif of 4 thousand million a side", sound[:extent] + b"\xff" * 8 + sound[extent + 8 :])
    yield Hostile("avif of 16,000 x 16,000", sound[:extent] + struct.pack(">II", 16_000, 16_000) + sound[extent + 8 :])
    nested = b""
    for _ in range(2_000):
        nested = atom(b"meta", bytes(4) + nested)
    yield Hostile("avif of boxes in boxes", kind + nested)
    yield Hostile("avif with a box of no length", kind + atom(b"meta", bytes(99), 0))
    yield Hostile("avif with a box of length 1", kind + atom(b"meta", b"\xff" * 99, 1))
    yield Hostile("avif with a box of 4 GiB", kind + atom(b"meta", bytes(99), 2**32 - 1))
    places = b"\0\0\0\0\x44\x40\xff\xff" + b"\0\1\0\0\0\0\xff\xff" + b"\xff" * 400
    yield Hostile("avif that lies beyond its end", kind + atom(b"meta", bytes(4) + atom(b"iloc", places)))
    yield Hostile("heic, which is not decoded", atom(b"ftyp", b"heic\0\0\0\0mif1heic") + atom(b"meta", bytes(99)))


def _jpeg2000() -> Iterator[Hostile]:
    def stream(width: int, height: int, tile: int, colours: int) -> bytes:
        size = struct.pack(">HIIIIIIIIH", 0, width, height, 0, 0, tile, tile, 0, 0, colours) + b"\7\1\1" * min(colours, 16_384)
        return (
            b"\xff\x4f"
            + segment51(size)
            + b"\xff\x52\0\x0c\0\0\0\1\0\5\4\4\0\1"
            + b"\xff\x5c\0\x13@"
            + bytes(16)
            + b"\xff\x90\0\x0a\0\0\0\0\0\0\0\1\xff\x93"
            + bytes(99)
        )

    def segment51(body: bytes) -> bytes:
        return b"\xff\x51" + struct.pack(">H", min(65_535, len(body) + 2)) + body

    yield Hostile("jpeg2000 of 4 thousand million a side", stream(2**32 - 1, 2**32 - 1, 2**32 - 1, 1))
    yield Hostile("jpeg2000 of tiles of one pixel", stream(10_000, 10_000, 1, 3))
    yield Hostile("jpeg2000 of 16,384 colours", stream(64, 64, 64, 16_384))
    yield Hostile("jpeg2000 of no tile", stream(64, 64, 0, 1))
    yield Hostile("jpeg2000 of 10,000 x 10,000 without pixels", stream(10_000, 10_000, 10_000, 3))
    yield from cut("jpeg2000", picture("JPEG2000"), 3)


def _texts() -> Iterator[Hostile]:
    address = "http://192.0.2.7/a"
    texts = {
        "playlist of a file": "#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n",
        "playlist of an address": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}.ts\n#EXT-X-ENDLIST\n",
        "playlist of itself": "#EXTM3U\n" + "#EXT-X-STREAM-INF:BANDWIDTH=1\nplaylist.m3u8\n" * 9_999,
        "playlist that joins": "#EXTM3U\n#EXTINF:9,\nconcat:http://192.0.2.7/a|file:///etc/passwd\n",
        "list of films to join": "ffconcat version 1.0\nfile /etc/passwd\nfile 'http://192.0.2.7/a.mp4'\n" * 99,
        "list of films that joins itself": "ffconcat version 1.0\nfile list.ffconcat\n" * 9_999,
        "session description": "v=0\no=- 0 0 IN IP4 192.0.2.7\ns=-\nc=IN IP4 192.0.2.7\nt=0 0\nm=video 9999 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        "dash manifest": f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{address}</BaseURL></MPD>',
        "svg of a file": '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>',
        "svg that laughs": '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><svg><text>&b;</text></svg>' * 999,
        "picture script": f"push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 '{address}'\npop graphic-context\n",
        "postscript": "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 999999 999999\n(/etc/passwd) (r) file\n{} loop\n",
        "postscript with a preview": "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%BeginBinary: 99999999999\n",
        "x bitmap": "#define a_width 99999999\n#define a_height 99999999\nstatic char a_bits[] = {0x00};\n",
        "portable map": "P6\n99999999 99999999\n255\n",
        "dds": "DDS |\0\0\0" + "\x7f" * 120,
    }
    yield from (Hostile(name, text.encode(), "fingerprint_video") for name, text in texts.items())


def _archives() -> Iterator[Hostile]:
    inner = b"".join(bytes(1 << 20) for _ in range(8))
    for depth in range(1, 5):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(4):
                archive.writestr(f"{number}.zip", inner)
        inner = packed.getvalue()
        yield Hostile(f"archive of archives, {depth} deep", inner)
    yield Hostile("gzip that never ends", gzip.compress(bytes(20 << 20)))


def _polyglots() -> Iterator[Hostile]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "hello")
    document = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    page = b"<html><script>alert(1)</script>"
    for kind in ("JPEG", "PNG", "GIF", "BMP", "WEBP"):
        yield Hostile(f"{kind.lower()} and archive", picture(kind) + packed.getvalue())
        yield Hostile(f"{kind.lower()} and document", picture(kind) + document, "pages")
        yield Hostile(f"{kind.lower()} and web page", picture(kind) + page)
    yield Hostile("document and jpeg", document + picture("JPEG"), "pages")
    yield Hostile("gif that is a script", b"GIF89a/*" + bytes(99) + b"*/=1;" + page)
    yield Hostile("gif that is a transport stream", b"GIF89a" + (b"\x47" + b"\xff" * 187) * 500, "fingerprint_video")
    yield Hostile("png in a text of a png", png(chunk(b"tEXt", b"Comment\0" + picture("PNG"))))
    yield Hostile("icon of 65,535 pictures", b"\0\0\1\0\xff\xff" + bytes(16) * 5_000)
    yield Hostile(
        "icon of a png that never ends",
        b"\0\0\1\0\1\0" + struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, 999, 22) + png(chunk(b"IDAT", bomb(20))),
    )


def _plain() -> Iterator[Hostile]:
    dice = random.Random(7)
    yield Hostile("nothing", b"")
    yield Hostile("one byte", b"\xff", "pages")
    yield Hostile("ten megabytes of zeros", bytes(10_000_000), "fingerprint_video")
    yield Hostile("a megabyte of chance", dice.randbytes(1_000_000), "fingerprint_video")
    for head in (
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\xff\xff\xff\xffWEBPVP8 ",
        b"II*\0",
        b"BM",
        b"\0\0\0\x0cjP  \r\n\x87\n",
    ):
        yield Hostile(f"{head[:4]!r} and chance", head + dice.randbytes(50_000))
