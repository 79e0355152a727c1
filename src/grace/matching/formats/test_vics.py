"""VICS in the shapes that the field writes, and in those that an attacker would."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from grace.kernel.errors import Invalid
from grace.matching.formats import json_stream
from grace.matching.formats.item import Fault, Item, Passed, Told
from grace.matching.formats.vics import Reading, knows, read
from grace.matching.formats.vics_categories import scales
from grace.matching.formats.vics_write import Writing, write
from grace.matching.meaning import Meaning

MD5, SHA1, SHA256 = "CE041CF5564CEF42E51677209440C7E5", "66248B2F52DAB61CAF06DCB1E3E7670750B6C427", "ab" * 32
PHOTODNA = base64.b64encode(bytes(range(144))).decode()
V20 = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/{scale}/$metadata#{kind}"
V13 = "http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media"


def file_of(records: list[Any], scale: str = "US", *, start: bytes = b"", **more: Any) -> bytes:
    return start + json.dumps({"@odata.context": V20.format(scale=scale, kind="Media"), "value": records, **more}).encode()


def told(content: bytes, scale: str = "", zero: str = "", meaning: Meaning = Meaning.ALERT) -> list[Told]:
    return list(read(io.BytesIO(content), Reading(scales(), scale, zero, meaning)))


def one(record: dict[str, Any]) -> Told:
    (found,) = told(file_of([record]))
    return found


def item(record: dict[str, Any]) -> Item:
    found = one(record)
    assert isinstance(found, Item), found
    return found


def test_a_record_says_what_it_is() -> None:
    found = item(
        {
            "MediaID": 7,
            "Category": "2",
            "MD5": MD5,
            "SHA1": SHA1.lower(),
            "PhotoDNA": bytes(range(144)).hex(),
            "MediaSize": 20481,
            "VictimIdentified": "true",
            "OffenderIdentified": "false",
            "IsDistributed": True,
            "Series": {"Name": "Synthetic\nSeries"},
            "Tags": ["one", {"Name": "two"}],
            "Comments": "invented",
            "AlternativeHashes": [{"HashName": "SHA-256", "HashValue": SHA256}, {"HashName": "Other", "HashValue": "?"}],
            "MediaFiles": [{"MD5": MD5, "FileName": "IMG.JPG", "FilePath": "/somewhere"}],
            "Exifs": [{"PropertyName": "Make", "PropertyValue": "ExampleCam"}],
        }
    )
    assert found.digests == (("md5", bytes.fromhex(MD5)), ("sha1", bytes.fromhex(SHA1)), ("sha256", bytes.fromhex(SHA256)))
    assert (found.category, found.note, found.key) == ("US 2", "invented", f"md5:{MD5.lower()}")
    assert found.facts == {
        "photodna": PHOTODNA,
        "size": 20481,
        "victim_identified": True,
        "offender_identified": False,
        "distributed": True,
        "series": "Synthetic Series",
        "tags": "one, two",
        "number": 2,
        "scale": "US",
    }


def test_the_names_of_files_and_what_was_found_in_them_are_not_kept() -> None:
    found = item({"MD5": MD5, "Category": 1, "MediaFiles": [{"FileName": "private.jpg"}], "RelativeFilePath": "a\\b.jpg"})
    assert "private" not in repr(found)
    assert "b.jpg" not in repr(found)


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf \r\n"])
def test_a_byte_order_mark_is_read_past(start: bytes) -> None:
    content = file_of([{"MD5": MD5, "Category": 1}], start=start)
    assert knows(content)
    assert [type(each) for each in told(content)] == [Item]


def test_version_1_3_has_no_scale_of_its_own() -> None:
    content = json.dumps({"odata.metadata": V13, "value": [{"MD5": MD5, "Category": 1}]}).encode()
    assert knows(content)
    (found,) = told(content)
    assert isinstance(found, Item)
    assert found.category == "Default 1"
    (found,) = told(content, scale="UK")
    assert isinstance(found, Item)
    assert found.category == "UK 1"


def test_a_case_holds_its_records_below_media() -> None:
    case = {"CaseID": "1", "Media": [{"MD5": MD5, "Category": 1}, {"SHA1": SHA1, "Category": 2}], "ContactName": "Ines Fictive"}
    content = json.dumps({"@odata.context": V20.format(scale="Default", kind="Cases"), "value": [case, {"Media": [{"MD5": "00" * 16}]}]})
    found = told(content.encode())
    assert [(each.number, isinstance(each, Item)) for each in found] == [(1, True), (2, True), (3, True)]


def test_what_zero_means_is_asked_and_not_guessed() -> None:
    content = file_of([{"MD5": MD5, "Category": 0}, {"SHA1": SHA1, "Category": None}])
    undecided, uncategorised = told(content)
    assert undecided == Passed(1, "category 0, whose meaning was not said")
    assert isinstance(uncategorised, Item)
    assert uncategorised.category == "uncategorised"
    as_uncategorised, _ = told(content, zero="uncategorised")
    assert isinstance(as_uncategorised, Item)
    assert as_uncategorised.category == "uncategorised"
    not_pertinent, _ = told(content, zero="not-pertinent")
    assert not_pertinent == Passed(1, "category 0, which is not pertinent")


def test_only_what_is_not_pertinent_gets_onto_a_negative_list() -> None:
    content = file_of([{"MD5": MD5, "Category": 0}, {"SHA1": SHA1, "Category": 1}])
    first, second = told(content, zero="not-pertinent", meaning=Meaning.NEGATIVE)
    assert isinstance(first, Item)
    assert first.category == "not pertinent"
    assert isinstance(second, Passed)


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"MD5": "zz" * 16}, "the md5 is not a hash of its kind"),
        ({"MD5": MD5[:-1]}, "the md5 is not a hash of its kind"),
        ({"MD5": 5}, "the md5 is not a text"),
        ({"MD5": MD5, "PhotoDNA": "AAAA"}, "the PhotoDNA is not a hash of its kind"),
        ({"MD5": MD5, "MediaSize": -1}, "the MediaSize is not a whole number that it could be"),
        ({"MD5": MD5, "MediaSize": 1e300}, "the MediaSize is not a whole number that it could be"),
        ({"MD5": MD5, "Category": 1.5}, "the Category is not a whole number that it could be"),
        ({"MD5": MD5, "Category": True}, "the Category is not a whole number that it could be"),
        ({"MD5": MD5, "VictimIdentified": "perhaps"}, "victim_identified is neither true nor false"),
        ({"MD5": MD5, "VictimIdentified": [1]}, "victim_identified is neither true nor false"),
    ],
)
def test_a_faulty_record_is_told_and_spoils_no_other(record: dict[str, Any], why: str) -> None:
    good = {"MD5": MD5, "Category": 1}
    found = told(file_of([good, record, 7, good]))
    assert [type(each) for each in found] == [Item, Fault, Fault, Item]
    assert found[1:3] == [Fault(2, why), Fault(3, "not an object")]


def test_a_key_that_stands_twice_is_a_fault() -> None:
    content = f'{{"value": [{{"MD5": "{MD5}", "md5": "{"00" * 16}"}}]}}'.encode()
    assert told(content) == [Fault(1, "the key md5 stands twice")]


def test_a_record_without_a_hash_that_can_be_looked_up_is_left_out() -> None:
    assert one({"PhotoDNA": PHOTODNA, "Category": 1}) == Passed(1, "it names nothing that can be looked up")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"value": 7}',
        b'{"@odata.context": "x"}',
        b'{"value": [{"MD5": "',
        b'{"value": []} more',
        b'{"value": [NaN]}',
        b'{"value": [{"MD5": "\xff\xff"}]}',
        b'{"value": [{"MediaID": ' + b"9" * 100_000 + b"}]}",
        b'{"value": [{"Category": 1e99999999999999999999}]}',
        b'{"value": ' + b"[" * 1000 + b"]" * 1000 + b"}",
        b'{"value": [{"Tags": ' + b"[" * 60 + b"]" * 60 + b"}]}",
        b'{"value": [{"Tags": [' + b"1," * 2000 + b"1]}]}",
    ],
    ids=range(14),
)
def test_what_is_no_vics_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(Invalid):
        told(content)


class _Endless(io.RawIOBase):
    """A text that never ends, made as it is read; it fails the test where too much of it is asked for."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        head = b'{"value": [{"Comments": "' if not self.given else b""
        self.given += size
        assert self.given < 4 * json_stream.MOST_TOKEN_BYTES
        return head + b"x" * (size - len(head))


def test_a_text_without_end_is_given_up_early() -> None:
    with pytest.raises(Invalid, match="longer than 4 MB"):
        list(read(_Endless(), Reading(scales())))


class _Long(io.RawIOBase):
    """A hash set of many records, made as it is read."""

    def __init__(self, records: int) -> None:
        self._pieces = self._make(records)
        self._left = b""

    def _make(self, records: int) -> Iterator[bytes]:
        yield b'{"@odata.context": "x", "value": ['
        for number in range(records):
            yield (b"," if number else b"") + json.dumps(
                {"MD5": f"{number:032x}", "Category": 1, "MediaFiles": [{"FileName": "a" * 50}] * 3}
            ).encode()
        yield b"]}"

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and (piece := next(self._pieces, None)):
            self._left += piece
        found, self._left = self._left[:size], self._left[size:]
        return found


def test_memory_does_not_grow_with_the_file() -> None:
    import tracemalloc

    peaks = []
    for records in (2_000, 20_000):
        tracemalloc.start()
        assert sum(1 for _ in read(_Long(records), Reading(scales()))) == records
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0] + 1_000_000


@pytest.mark.parametrize("version", ["1.3", "2.0"])
@pytest.mark.parametrize("is_case", [False, True])
def test_what_is_written_is_read_again_and_begins_as_strict_readers_want(version: str, is_case: bool) -> None:
    records = [
        {"MD5": MD5, "SHA1": SHA1, "Category": 2, "VictimIdentified": "true", "Series": "Synthetic", "PhotoDNA": PHOTODNA, "MediaSize": 5},
        {"SHA1": SHA1[::-1], "Category": 1, "Comments": 'a "quoted" é', "AlternativeHashes": [{"HashName": "PDQ", "HashValue": "0f" * 32}]},
    ]
    items = [each for each in told(file_of(records)) if isinstance(each, Item)]
    scale = scales()["US"]
    content = b"".join(write(items, Writing(version, scale, is_case=is_case)))
    tree = json.loads(content)
    assert list(tree) == ["odata.metadata" if version == "1.3" else "@odata.context", "value"]
    kind = "Cases" if is_case else "Media"
    assert next(iter(tree.values())).endswith(f"1.3.xml#{kind}" if version == "1.3" else f"2.0.xml/US/$metadata#{kind}")
    first = (tree["value"][0]["Media"] if is_case else tree["value"])[0]
    assert (list(first)[:4], first["MD5"], first["VictimIdentified"]) == (["MediaID", "Category", "MD5", "SHA1"], MD5, "true")
    assert told(content, scale="US") == items
