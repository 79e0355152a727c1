from __future__ import annotations

import base64
import io

import pytest

from grace.kernel.errors import Invalid
from grace.matching.formats.icse import HEADER, knows, read, write
from grace.matching.formats.item import Fault, Item, Passed, Told

MD5, SHA1 = "CE041CF5564CEF42E51677209440C7E5", "66248B2F52DAB61CAF06DCB1E3E7670750B6C427"
PHOTODNA = base64.b64encode(bytes(range(144))).decode()
FULL = f"{MD5};{SHA1};{PHOTODNA};4711;true;false;;Synthetic Series;12;TRUE;image;Yes"


def table(*lines: str, start: bytes = b"") -> bytes:
    return start + "\r\n".join([";".join(HEADER), *lines]).encode()


def told(content: bytes) -> list[Told]:
    return list(read(io.BytesIO(content)))


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_a_line_says_what_it_is(start: bytes) -> None:
    content = table(FULL, start=start)
    assert knows(content)
    assert told(content) == [
        Item(
            2,
            (("md5", bytes.fromhex(MD5)), ("sha1", bytes.fromhex(SHA1))),
            "baseline",
            key="4711",
            facts={
                "photodna": PHOTODNA,
                "distributed": True,
                "victim_identified": False,
                "file_available": True,
                "series": "Synthetic Series",
                "media_type": "image",
                "baseline": "Yes",
                "submissions": 12,
            },
        )
    ]


def test_columns_may_stand_in_another_order_and_be_fewer() -> None:
    assert told(f"Image ID;SHA1;MD5\n9;{SHA1};{MD5}\n".encode()) == [
        Item(2, (("md5", bytes.fromhex(MD5)), ("sha1", bytes.fromhex(SHA1))), key="9"),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("x;;;;;;;;;;;", "the md5 is not a hash of its kind"),
        (f"{MD5};;AAAA;;;;;;;;;", "the PhotoDNA is not a hash of its kind"),
        (f"{MD5};;;;maybe;;;;;;;", "is distributed is neither true nor false"),
        (f"{MD5};;;;;;;;-3;;;", "the number of submissions is not a whole number that it could be"),
        (f"{MD5};;;;;;;;99999999999999999999;;;", "the number of submissions is not a whole number that it could be"),
        (f"{MD5};", "2 columns instead of 12"),
        (f'"{MD5};;;;;;;;;;;', "quotes do not pair up"),
    ],
)
def test_a_faulty_line_is_told_and_spoils_no_other(line: str, why: str) -> None:
    found = told(table(FULL, line, FULL))
    assert [type(each) for each in found] == [Item, Fault, Item]
    assert found[1] == Fault(3, why)


def test_a_line_that_names_nothing_is_left_out() -> None:
    assert told(table(";;;;;;;;;;;")) == [Passed(2, "it names nothing that can be looked up")]


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2", b"MD5;MD5\n", b"\x00" * 100])
def test_a_wrong_header_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="not the header"):
        told(content)


def test_what_is_written_is_read_again() -> None:
    items = [
        each for each in told(table(FULL, f";{SHA1};;;;;;;;;video;No", f'{MD5[::-1]};;;"a ""b"", c; d";;;;;;;;')) if isinstance(each, Item)
    ]
    assert len(items) == 3
    assert told(b"".join(write(items))) == items
