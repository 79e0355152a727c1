from __future__ import annotations

import json
import random
from contextlib import suppress

import pytest

from grace.analysis.analysers.deep_metadata import ANALYSER, MOST_OF_ALL
from grace.sdk.analysis import Content, Finding
from grace.sdk.testing import AnalyserContract, mutate

SAID = {
    "SourceFile": "-",
    "File:FileType": "JPEG",
    "IFD0:Make": "Example Optics",
    "ExifIFD:SerialNumber": 4711,
    "ExifIFD:DateTimeOriginal": "2031:02:03 04:05:06",
    "Composite:SubSecDateTimeOriginal": "2031:02:03 04:05:06.25+02:00",
    "Composite:GPSLatitude": -33.865143,
    "Composite:GPSLongitude": "+151.20990000",
    "XMP-dc:Subject": ["weather", "clouds"],
    "XMP-iptcExt:DigitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    "ExampleMaker:Shutter\u0007Count": 12,
    "ICC_Profile:RedTRC": "(Binary data 32 bytes, use -b option to extract)",
    "IFD0:Software": "\u0000",
}


def findings(written: bytes) -> list[Finding]:
    told = ANALYSER.examine(Content("image/jpeg", b"some"), lambda _program, _task, _content: written)
    return [each for each in told if isinstance(each, Finding)]


class TestDeepMetadata(AnalyserContract):
    analyser = ANALYSER

    def ask(self, program: str, task: str, content: bytes, /) -> bytes:
        assert (program, task) == ("exiftool", "tags")
        return json.dumps([SAID]).encode()


def test_tags_come_back_under_the_kinds_of_metadata_and_all_others_as_tags() -> None:
    told = {(each.kind, each.value): dict(each.facts) for each in findings(json.dumps([SAID]).encode())}
    assert told.keys() == {
        ("gps", "-33.865143,151.209900"),
        ("device.make", "Example Optics"),
        ("device.serial", "4711"),
        ("taken_at", "2031-02-03T04:05:06.25+02:00"),
        ("keyword", "weather"),
        ("keyword", "clouds"),
        ("source_type", "trainedAlgorithmicMedia"),
        ("generator", "trainedAlgorithmicMedia"),
        ("tag", "12"),
        ("tag", "(Binary data 32 bytes, use -b option to extract)"),
    }
    assert told["device.serial", "4711"] == {"of": "body", "source": "exiftool ExifIFD:SerialNumber"}
    assert told["tag", "12"] == {"group": "ExampleMaker", "tag": "ShutterCount", "source": "exiftool ExampleMaker:ShutterCount"}


def test_there_is_a_bound_and_what_is_known_comes_first() -> None:
    many = {f"Maker:Tag{number}": "x" * 5000 for number in range(2000)} | {"IFD0:Make": "Example Optics"}
    told = findings(json.dumps([many]).encode())
    assert len(told) == MOST_OF_ALL
    assert told[0].kind == "device.make"
    assert max(len(each.value) for each in told) <= 1000


@pytest.mark.parametrize("written", [b"", b"no JSON", b"{}", b"[]", b"[1]", b"[{}, {}]", b"[" * 100_000, b"\xff"])
def test_what_is_not_its_form_cannot_be_read(written: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        findings(written)


def test_a_captured_exiftool_is_borne() -> None:
    chance = random.Random(5)
    for _ in range(500):
        with suppress(ValueError):
            findings(mutate(json.dumps([SAID]).encode(), chance))
