"""Films that claim too much, contain themselves, or are something else."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator

from tests.support.films import film, scenes
from tests.support.hostile.made import Hostile, atom, cut

VERB = "fingerprint_video"
KIND = atom(b"ftyp", b"isom\0\0\2\0isomiso2mp41")


def files() -> Iterator[Hostile]:
    """All of this family."""
    yield from _mp4()
    yield from _matroska()
    yield from _older()


def _mp4() -> Iterator[Hostile]:
    sound = film(scenes(3, 2))
    nested = b""
    for _ in range(5_000):
        nested = atom(b"moov", nested)
    yield Hostile("mp4 of boxes in boxes", KIND + nested, VERB)
    yield Hostile("mp4 with a box of no length", KIND + atom(b"moov", b"", 0), VERB)
    yield Hostile("mp4 with a box of length 1", KIND + atom(b"moov", b"\xff" * 64, 1), VERB)
    yield Hostile("mp4 of empty boxes", KIND + atom(b"free") * 500_000, VERB)
    yield Hostile("mp4 of pieces without a beginning", KIND + atom(b"moof", atom(b"traf", atom(b"trun", b"\xff" * 64))) * 5_000, VERB)
    for name, fields in {b"stsz": 2, b"stts": 1, b"stco": 1, b"stsc": 1, b"stsd": 1}.items():
        place = sound.index(name) + 4 + 4 * fields
        yield Hostile(f"mp4 of 4 thousand million in {name.decode()}", sound[:place] + b"\xff" * 4 + sound[place + 4 :], VERB)
    for table, place in {"tkhd": 80, "mdhd": 12, "mvhd": 12, "elst": 4}.items():
        at = sound.index(table.encode()) + 4 + place
        yield Hostile(f"mp4 with nonsense in {table}", sound[:at] + b"\xff" * 8 + sound[at + 8 :], VERB)
    size = sound.index(b"mp4v") + 28
    yield Hostile("mp4 of 65,535 x 65,535", sound[:size] + b"\xff" * 4 + sound[size + 4 :], VERB)
    yield Hostile("mp4 of another codec", sound.replace(b"mp4v", b"av01"), VERB)
    yield Hostile("mp4 of no codec", sound.replace(b"mp4v", b"\0\0\0\0"), VERB)
    linked = atom(b"dinf", atom(b"dref", bytes(7) + b"\1" + atom(b"url ", bytes(4) + b"file:///etc/passwd\0")))
    yield Hostile("mp4 whose pictures lie in another file", sound.replace(sound[sound.index(b"dinf") - 4 :][:36], linked[:36]), VERB)
    yield from cut("mp4", sound, 6, VERB)


def _matroska() -> Iterator[Hostile]:
    sound = film(scenes(4, 2), codec="libvpx", written_as="webm")
    head = b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x04\x42\x82\x81m"
    yield Hostile("matroska of elements in elements", head + b"\x18\x53\x80\x67\xff" * 50_000, VERB)
    yield Hostile("matroska with an element of all lengths", head + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + bytes(99), VERB)
    yield Hostile(
        "matroska of 8 EiB",
        head + b"\x18\x53\x80\x67\x01\x7f\xff\xff\xff\xff\xff\xff" + b"\x1f\x43\xb6\x75\x01" + b"\xff" * 6 + bytes(99),
        VERB,
    )
    yield Hostile("webm of nothing but voids", sound[:60] + b"\xec\x80" * 500_000, VERB)
    yield from cut("webm", sound, 5, VERB)


def _older() -> Iterator[Hostile]:
    dice = random.Random(11)
    avi = film(scenes(5, 2), codec="mjpeg", written_as="avi")
    nested = b""
    for _ in range(2_000):
        nested = b"LIST" + struct.pack("<I", len(nested) + 4) + b"movi" + nested
    yield Hostile("avi of lists in lists", b"RIFF" + struct.pack("<I", len(nested) + 4) + b"AVI " + nested, VERB)
    yield Hostile("avi with an index of 4 GiB", avi.replace(b"idx1", b"idx1\xff\xff\xff\xff"), VERB)
    yield Hostile("avi of no speed", avi.replace(b"avih", b"avih\x38\0\0\0" + b"\xff" * 8, 1), VERB)
    yield Hostile("flash of tags of no length", b"FLV\1\5\0\0\0\x09\0\0\0\0" + (b"\x09" + bytes(14)) * 60_000, VERB)
    yield Hostile("flash of a tag of 16 MiB", b"FLV\1\5\0\0\0\x09\0\0\0\0\x09\xff\xff\xff" + b"\xff" * 999, VERB)
    packets = [b"\x47" + struct.pack(">H", dice.randrange(0x2000)) + b"\x10" + dice.randbytes(184) for _ in range(3_000)]
    yield Hostile("transport stream of every number", b"".join(packets), VERB)
    yield Hostile("transport stream of nothing", (b"\x47\x1f\xff\x10" + b"\xff" * 184) * 9_000, VERB)
    yield Hostile("a megabyte of the letter G", b"G" * 1_000_000, VERB)
    yield Hostile("ogg of empty pages", (b"OggS\0\2" + bytes(20) + b"\0") * 60_000, VERB)
    yield Hostile("ogg of unfinished pages", b"OggS\0\2" + bytes(20) + b"\xff" * 60_000, VERB)
    yield Hostile("asf of nonsense", bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + b"\xff" * 9_999, VERB)
    mpeg = film(scenes(6, 2), rate=25, codec="mpeg2video", written_as="mpeg")
    yield Hostile("mpeg of packs only", b"\0\0\1\xba" * 200_000, VERB)
    yield from cut("avi", avi, 3, VERB)
    yield from cut("mpeg", mpeg, 3, VERB)
    yield from cut("flash", film(scenes(7, 2), codec="flv", written_as="flv"), 3, VERB)
