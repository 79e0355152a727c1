from __future__ import annotations

import io

import pytest

from grace.kernel.errors import Invalid
from grace.matching.formats.grace_csv import read_lines, write_lines
from grace.matching.formats.item import Fault, Item
from grace.matching.formats.lines import MOST_LINE_BYTES

HEADER = b"algorithm,value,category,source,note\n"
MD5 = b"d41d8cd98f00b204e9800998ecf8427e"


def _read(*lines: bytes) -> list[Item | Fault]:
    return list(read_lines(io.BytesIO(HEADER + b"\n".join(lines))))


def test_reads_each_kind_of_hash() -> None:
    lines = _read(
        b"md5," + MD5 + b",A,,",
        b"SHA1," + b"AB" * 20 + b",A,hotline,seen",
        b"sha256," + b"cd" * 32 + b",A,,",
        b"pdq," + b"ef" * 32 + b",A,,",
    )
    assert lines == [
        Item(2, (("md5", bytes.fromhex(MD5.decode())),), "A", "", ""),
        Item(3, (("sha1", b"\xab" * 20),), "A", "hotline", "seen"),
        Item(4, (("sha256", b"\xcd" * 32),), "A", "", ""),
        Item(5, (("pdq", b"\xef" * 32),), "A", "", ""),
    ]


def test_takes_what_spreadsheets_write() -> None:
    content = b"\xef\xbb\xbf" + HEADER.replace(b"\n", b"\r\n") + b'"md5","' + MD5.upper() + b'","A, first","","say ""hello"""\r\n\r\n'
    assert list(read_lines(io.BytesIO(content))) == [Item(2, (("md5", bytes.fromhex(MD5.decode())),), "A, first", "", 'say "hello"')]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"photodna,00,A,,", "the algorithm is none of md5, sha1, sha256, pdq"),
        (b"md5,d41d,A,,", "the value is not 32 hexadecimal digits"),
        (b"md5," + MD5[:-1] + b"g,A,,", "the value is not 32 hexadecimal digits"),
        (b"md5," + b" ".join([MD5[:15], MD5[:16]]) + b",A,,", "the value is not 32 hexadecimal digits"),
        (b"md5," + "٣".encode() * 32 + b",A,,", "the value is not 32 hexadecimal digits"),
        (b"md5," + MD5, "2 columns instead of 5"),
        (b"pdq," + b"ef" * 32 + b",A,,,clip", "6 columns instead of 5"),
        (b"md5," + MD5 + b",A,,,", "6 columns instead of 5"),
        (b"md5," + MD5 + b",\xff,,", "not UTF-8"),
        (b"md5," + MD5 + b",A,,\x00", "the note holds a character that cannot be shown"),
        (b"md5," + MD5 + b",A,," + b"n" * 2001, "the note is longer than 2000 characters"),
        (b"md5," + MD5 + b",A,," + b"n" * MOST_LINE_BYTES, f"longer than {MOST_LINE_BYTES} bytes"),
        (b'md5,"' + MD5 + b",A,,", "quotes do not pair up"),
    ],
)
def test_a_faulty_line_is_told_by_number_and_spoils_no_other(line: bytes, why: str) -> None:
    good = b"md5," + MD5 + b",A,,"
    before, fault, after = _read(good, line, good)
    assert fault == Fault(3, why)
    assert isinstance(before, Item)
    assert isinstance(after, Item)
    assert after.number == 4


@pytest.mark.parametrize("content", [b"", b"md5;sha1\n", b"value,algorithm,category,source,note\n", b"\x00" * 100])
def test_a_wrong_header_says_the_right_one(content: bytes) -> None:
    with pytest.raises(Invalid, match="algorithm,value,category,source,note"):
        list(read_lines(io.BytesIO(content)))


def test_what_is_written_is_read_again() -> None:
    written = [("md5", bytes.fromhex(MD5.decode()), 'A, "first"', "hotline", "seen;twice"), ("pdq", b"\x01" * 32, "B", "", "")]
    found = list(read_lines(io.BytesIO(b"".join(write_lines((*each, "") for each in written)))))
    assert found == [Item(number, ((each[0], each[1]),), *each[2:]) for number, each in enumerate(written, start=2)]


WIDE = HEADER.replace(b"note", b"note,video")


def test_a_pdq_may_be_a_picture_of_a_video() -> None:
    lines = b"pdq," + b"ef" * 32 + b',A,,,"Holiday, part 1"\npdq,' + b"ab" * 32 + b",A,,,\n"
    assert list(read_lines(io.BytesIO(WIDE + lines))) == [
        Item(2, (("pdq", b"\xef" * 32),), "A", key="video:Holiday, part 1", video="Holiday, part 1"),
        Item(3, (("pdq", b"\xab" * 32),), "A"),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"md5," + MD5 + b",A,,,clip", "only a PDQ is a picture of a video"),
        (b"pdq," + b"ef" * 32 + b",A,,", "5 columns instead of 6"),
        (b"pdq," + b"ef" * 32 + b",A,,," + b"v" * 195, "the video is longer than 194 characters"),
        (b"pdq," + b"ef" * 32 + b",A,,,a\x00b", "the video holds a character that cannot be shown"),
    ],
)
def test_a_video_that_cannot_be_is_told_with_its_line(line: bytes, why: str) -> None:
    (fault,) = read_lines(io.BytesIO(WIDE + line))
    assert isinstance(fault, Fault)
    assert (fault.number, fault.why) == (2, why)


def test_the_column_of_videos_is_written_only_where_there_are_any() -> None:
    entries = [("pdq", b"\xef" * 32, "A", "", "", "clip"), ("md5", bytes(16), "A", "", "", "")]
    written = b"".join(write_lines(entries, videos=True))
    assert [each.video for each in read_lines(io.BytesIO(written)) if isinstance(each, Item)] == ["clip", ""]
    assert all(line.count(b",") == 4 for line in b"".join(write_lines(entries[1:])).splitlines())
