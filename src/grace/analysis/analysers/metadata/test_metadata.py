from __future__ import annotations

import io
import struct
import time
import zlib
from importlib.metadata import entry_points

import pytest

from grace.analysis.analysers.metadata.analyser import ANALYSER, MOST_OF_A_KIND, MOST_OF_ALL, said
from grace.analysis.analysers.metadata.said import MOST_TEXT, Said, beginning, time_said
from grace.analysis.analysers.walks.reading import Steps
from grace.sdk.analysis import Content, Finding
from grace.sdk.testing import AnalyserContract
from tests.support.file_kinds.pictures import gradient, written
from tests.support.file_kinds.planted import exif_of, iptc_of, manifest, segment, with_segments, xmp_of
from tests.support.file_kinds.texts import pdf

JPEG = written(gradient(), "JPEG")
XMP = b"http://ns.adobe.com/xap/1.0/\0"


def seen(content: bytes) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in ANALYSER.examine(Content("", content)):
        assert isinstance(finding, Finding)
        found.setdefault(finding.kind, []).append(finding)
    return found


class TestMetadata(AnalyserContract):
    analyser = ANALYSER
    subjects = tuple(
        Content("", content)
        for content in (
            written(gradient(), "JPEG", exif=exif_of(1, 52.5, 13.4), comment=b"a\0note\x07"),
            with_segments(JPEG, iptc_of(1), segment(0xE1, XMP + xmp_of(1))),
            written(gradient(), "TIFF"),
            written(gradient(), "AVIF", exif=exif_of(1, 52.5, 13.4)),
            pdf(),
        )
    )


def test_it_is_found_by_its_entry_point() -> None:
    (found,) = entry_points(group="grace.analysers", name="metadata")
    assert found.load() is ANALYSER


def test_nothing_is_said_of_a_file_that_says_nothing() -> None:
    assert seen(JPEG) == {}


def test_a_value_says_where_it_was_read() -> None:
    content = written(gradient(), "JPEG", exif=exif_of(1, 52.5, -13.4))
    (place,) = seen(content)["gps"]
    start, end = map(int, place.where.removeprefix("bytes:").split(","))
    assert content[start : start + 4] in {b"II*\0", b"MM\0*"}
    assert content[start - 6 : start] == b"Exif\0\0"
    assert end <= len(content)
    facts = {"altitude": "123.4 m", "time": "2031-02-03 03:05:06 UTC"}
    assert {key: place.facts[key].replace("2031:02:03", "2031-02-03") for key in facts} == facts


def test_what_several_parts_say_alike_is_told_once_with_all_sources() -> None:
    content = with_segments(written(gradient(), "JPEG", comment=b"x"), segment(0xFE, b"a note"), segment(0xFE, b"a note"), iptc_of(1))
    assert [finding.value for finding in seen(content)["comment"]] == ["a note", "x"]


def test_an_unknown_zone_is_told_as_such_and_never_guessed() -> None:
    (without,) = seen(written(gradient(), "JPEG", exif=exif_of(1, 0.5, 0.5)))["taken_at"]
    (with_zone,) = seen(written(gradient(), "JPEG", exif=exif_of(1, 0.5, 0.5, zone="+05:45")))["taken_at"]
    assert (without.value, without.facts["zone"]) == ("2031-02-03T04:05:06.25", "not stated")
    assert (with_zone.value, with_zone.facts["zone"]) == ("2031-02-03T04:05:06.25+05:45", "+05:45")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2031:02:03 04:05:06", "2031-02-03T04:05:06"),
        ("2031-02-03T04:05Z", "2031-02-03T04:05:00+00:00"),
        ("2031-02-03T04:05:06.5+0200", "2031-02-03T04:05:06.5+02:00"),
        ("2031-02-03", "2031-02-03"),
        ("2031:13:03 04:05:06", None),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("yesterday", None),
    ],
)
def test_times_are_read_as_they_are_stated(text: str, expected: str | None) -> None:
    assert [each.value for each in time_said("taken_at", text, "")] == ([expected] if expected else [])


@pytest.mark.parametrize(("latitude", "longitude"), [(91.0, 0.0), (0.0, 181.0)])
def test_places_that_are_none_are_not_told(latitude: float, longitude: float) -> None:
    assert "gps" not in seen(written(gradient(), "JPEG", exif=exif_of(1, latitude, longitude)))


def test_a_thumbnail_is_told_with_its_place() -> None:
    small = written(gradient(side=(16, 12)), "JPEG")
    head = b"MM\0*\0\0\0\x08" + struct.pack(">HI", 0, 14)
    entries = struct.pack(">HHHIIHHIII", 2, 0x201, 4, 1, 44, 0x202, 4, 1, len(small), 0)
    content = with_segments(JPEG, segment(0xE1, b"Exif\0\0" + head + entries + small))
    (found,) = seen(content)["thumbnail"]
    start, end = map(int, found.where.removeprefix("bytes:").split(","))
    assert content[start:end] == small
    assert found.value == "image/jpeg"


def test_a_manifest_is_present_and_nothing_more() -> None:
    boxed = manifest("Example Maker")
    content = with_segments(JPEG, segment(0xEB, b"JP\0\1\0\0\0\1" + boxed))
    (found,) = seen(content)["c2pa"]
    assert (found.value, found.facts["verified"], found.facts["claim_generator"]) == ("present", "no", "Example Maker")


def test_a_source_that_is_no_generator_is_no_mark() -> None:
    assert "generator" not in seen(with_segments(JPEG, segment(0xE1, XMP + xmp_of(1, "digitalCapture"))))
    assert "generator" not in seen(with_segments(JPEG, segment(0xFE, b"Sora and Midjourney are words in a comment")))


def test_a_program_that_names_itself_is_a_mark() -> None:
    exif = exif_of(1, 0.5, 0.5)
    exif[0x131] = "Example wrapper of Stable Diffusion 9"
    (mark,) = seen(written(gradient(), "JPEG", exif=exif))["generator"]
    assert mark.value == "Stable Diffusion"


def test_apples_identifiers_are_read_from_its_note() -> None:
    text = b"01234567-89AB-CDEF-0123-456789ABCDEF\0"
    note = b"Apple iOS\0\0\1MM" + struct.pack(">HHHIII", 1, 0x11, 2, len(text), 32, 0) + text
    exif = exif_of(1, 0.5, 0.5)
    exif.get_ifd(0x8769)[0x927C] = note
    assert "01234567-89AB-CDEF-0123-456789ABCDEF" in [each.value for each in seen(written(gradient(), "JPEG", exif=exif))["image.id"]]


def test_what_a_camera_left_behind_a_text_or_instead_of_it() -> None:
    exif = exif_of(1, 0.5, 0.5)
    exif[0x8298], exif[0x10F] = "(c) one\0(c) two", "Example\0left from before"
    exif.get_ifd(0x8769)[0xA431] = "\x10\x15\x60\x12"
    found = seen(written(gradient(), "JPEG", exif=exif))
    assert [each.value for each in found["copyright"]] == ["(c) one; (c) two"]
    assert [each.value for each in found["device.make"]] == ["Example"]
    assert "10 15 60 12" in [each.value for each in found["device.serial"]]


def test_xmp_with_entities_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + xmp_of(1)
    outside = b'<!DOCTYPE x SYSTEM "file:///etc/hostname">' + xmp_of(1).replace(b"<x:xmpmeta", b"<y:xmpmeta").replace(b"</x:", b"</y:")
    assert seen(with_segments(JPEG, segment(0xE1, XMP + bomb)))["software"]  # only what stands between its own marks is read
    assert seen(with_segments(JPEG, segment(0xE1, XMP + outside))) == {}
    inside = xmp_of(1).replace(b"<rdf:RDF", b"&lol;<rdf:RDF", 1)
    assert "software" not in seen(with_segments(JPEG, segment(0xE1, XMP + inside)))


def test_xmp_that_is_nested_too_deeply_is_refused() -> None:
    deep = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + b"<x:a>" * 9_000
    assert seen(with_segments(JPEG, segment(0xE1, XMP + deep))) == {}


def test_long_and_many_texts_are_cut_and_counted() -> None:
    comments = [segment(0xFE, f"{number} {'word ' * 1_000}".encode()) for number in range(60)]
    found = seen(with_segments(JPEG, *comments))["comment"]
    assert len(found) == MOST_OF_A_KIND
    assert all(len(each.value) <= MOST_TEXT and each.facts["length"].startswith("500") for each in found)


def _png(*chunks: tuple[bytes, bytes]) -> bytes:
    png = written(gradient(), "PNG")
    return png[:33] + b"".join(struct.pack(">I", len(content)) + name + content + bytes(4) for name, content in chunks) + png[33:]


def _tiff(*entries: tuple[int, int, int, int]) -> bytes:
    return b"MM\0*\0\0\0\x08" + struct.pack(">H", len(entries)) + b"".join(struct.pack(">HHII", *each) for each in entries) + bytes(4)


def _boxed(kind: bytes, content: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I", len(content) + 8 if size is None else size) + kind + content


FTYP = _boxed(b"ftyp", b"isom\0\0\0\0")
FAR = 0x7FFFFFF0
MOST_SECONDS = 3


@pytest.mark.parametrize(
    "content",
    [
        _png(*[(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1 << 20)))] * 2_000),
        _png(*[(b"iCCP", b"x\0\0" + zlib.compress(bytes(1 << 20)))] * 2_000),
        _tiff(*[(0x9286, 7, FAR, 8)] * 4_000),
        _tiff(*[(0x8769, 4, 1, 8), (0x8825, 4, 1, 8)]),
        _tiff(*[(0x10E, 2, 60_000, 0)] * 4_000) + bytes(60_000),
        FTYP + _boxed(b"moov", _boxed(b"udta", _boxed(b"\xa9nam", b"\0\0\0\0", FAR), FAR), 32) * 60_000 + bytes(1 << 20),
        FTYP + _boxed(b"moov", _boxed(b"udta", _boxed(b"XMP_", b"", FAR), FAR), 24) * 60_000 + bytes(1 << 20),
        FTYP + _boxed(b"moov", _boxed(b"meta", b"\0\0\0\0" + _boxed(b"keys", b"\0\0\0\0\xff\xff\xff\xff" + bytes(64)))) * 9_000,
        FTYP + _boxed(b"meta", bytes(4) + _boxed(b"iloc", b"\1\0\0\0\x44\0\xff\xff" + bytes(1 << 20))) * 3,
        b"\x1aE\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"
        + (b"\x12\x54\xc3\x67\x8d\x73\x73\x8a\x67\xc8\x87\x44\x87\x08" + b"\x7f" * 4) * 90_000,
        b"%PDF-1.4\n/Info 1 0 R\n" + (b"1 0 obj" + b"/Title(((((((" * 40) * 9_000,
        b"%PDF-1.4\n" + b"/ObjStm>>stream\n" * 200_000,
        b"fLaC" + b"\4\0\0\0" * 700_000,
        b"OggS" + bytes(22) + b"\xff" + b"\xff" * 255 + b"OpusTags" + b"\xff" * 3_000_000,
        b"ID3\3\0\0\x7f\x7f\x7f\x7f" + b"COMM\0\0\0\1\0\0a" * 300_000,
        b"RIFF\0\0\0\0WAVE" + (b"LIST\x10\0\0\0INFO" + b"ISFT\4\0\0\0abcd") * 100_000,
        b"GIF89a" + bytes(7) + b"\x21\xfe\1a\0" * 700_000,
        with_segments(JPEG, *[segment(0xE1, XMP + b"<a>" * 20_000)] * 60),
        with_segments(JPEG, *[segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\0" * 5_000)] * 60),
        with_segments(
            JPEG, *[segment(0xE1, b"Exif\0\0" + _tiff(*[(tag, 2, 60_000, 0) for tag in range(0x10E, 0x140)]) + bytes(60_000))] * 60
        ),
        b"8BPS\0\1" + bytes(20) + b"\0\0\0\0\xff\xff\xff\xff" + bytes(3_000_000),
        b"<x:xmpmeta>" * 300_000,
    ],
    ids=range(22),
)
def test_what_has_no_end_is_left_in_time(content: bytes) -> None:
    start = time.process_time()
    found = said(content, Steps())
    assert time.process_time() - start < MOST_SECONDS
    assert len(found) <= MOST_OF_ALL
    assert all(isinstance(each, Said) for each in found)


def test_a_long_text_is_not_cut_within_a_character() -> None:
    text = "a" + "ü" * (40 << 10)
    assert len(beginning(text.encode())) == (64 << 10) - 1
    assert seen(_png((b"tEXt", b"Comment\0" + text.encode())))["comment"][0].value == text[:MOST_TEXT]


def test_a_picture_that_is_cut_says_what_came_before() -> None:
    content = written(gradient(), "JPEG", exif=exif_of(1, 52.5, 13.4))
    assert seen(content[: len(content) // 2 + 300])["device.model"][0].value == "EO-1"


def test_bytes_of_any_kind_are_borne() -> None:
    for start in (
        b"II*\0",
        b"MM\0*",
        b"\xff\xd8\xff",
        b"OggS",
        b"fLaC",
        b"ID3",
        b"8BPS",
        b"\x1aE\xdf\xa3",
        b"\0\0\0\x08ftyp",
        b"%PDF-",
        b"RIFF",
        b"GIF8",
    ):
        for rest in (b"", b"\0", b"\xff" * 99, bytes(99), bytes(range(256))):
            assert isinstance(ANALYSER.examine(Content("", start + rest)), tuple)


def test_what_is_said_reads_the_same_from_memory_only() -> None:
    """A picture from a stream needs nothing but its bytes."""
    stream = io.BytesIO(written(gradient(), "JPEG", exif=exif_of(7, 1.5, 2.5)))
    assert seen(stream.getvalue())["device.model"][0].value == "EO-7"
