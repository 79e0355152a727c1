from __future__ import annotations

import io

import pytest
from PIL import Image

from grace.evidence.media_types import UNKNOWN, media_type_of


@pytest.mark.parametrize(
    ("written_as", "expected"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("GIF", "image/gif"),
        ("WEBP", "image/webp"),
        ("BMP", "image/bmp"),
        ("TIFF", "image/tiff"),
        ("AVIF", "image/avif"),
        ("JPEG2000", "image/jp2"),
    ],
)
def test_knows_pictures(written_as: str, expected: str) -> None:
    written = io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(written, written_as)
    assert media_type_of(written.getvalue()) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", UNKNOWN),
        (b"\0\1\2\3", UNKNOWN),
        (b"BM is how this letter starts", "text/plain"),
        ("Grüße aus Köln, ".encode() * 40, "text/plain"),
        (b'\xef\xbb\xbf{"a": 1}', "application/json"),
        (b"  [1]", "application/json"),
        (b"<?xml version='1.0'?><report/>", "application/xml"),
        (b"<!DOCTYPE html><p>", "text/html"),
        (b"caf\xe9 in another encoding", UNKNOWN),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"RIFF\0\0\0\0AVI ", "video/x-msvideo"),
        (b"RIFF\0\0\0\0????", UNKNOWN),
        (b"GIF", "text/plain"),
        (b"%PDF-1.7", "application/pdf"),
        (b"OggS" + bytes(24) + b"\x80theora", "video/ogg"),
        (b"OggS" + bytes(24) + b"\x01vorbis", "application/ogg"),
        ((b"G\x40" + bytes(186)) * 3, "video/mp2t"),
        ((b"G\x40" + bytes(186)) * 2, UNKNOWN),
        (b"BZh91AY&SY" + bytes(20), "application/x-bzip2"),
        (b"\xfd7zXZ\0\0\4", "application/x-xz"),
        (b"one.txt" + bytes(250) + b"ustar\x0000" + bytes(200), "application/x-tar"),
        (b"Good evening from Cologne. " * 20, "text/plain"),
    ],
)
def test_believes_first_bytes_only(head: bytes, expected: str) -> None:
    assert media_type_of(head) == expected


def test_a_letter_cut_in_two_by_the_limit_is_still_text() -> None:
    assert media_type_of(b"x" * 511 + "ü".encode()) == "text/plain"
