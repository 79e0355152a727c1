"""What a file is, by its first bytes. A sender's name or claim never decides it."""

from __future__ import annotations

import re

HEAD_BYTES = 512
UNKNOWN = "application/octet-stream"

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\3\4", "application/zip"),
    (0, b"PK\5\6", "application/zip"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (4, b"1AY&SY", "application/x-bzip2"),
    (257, b"ustar", "application/x-tar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\7", "application/vnd.rar"),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska"),
    (0, b"FLV\1", "video/x-flv"),
    (0, b"\0\0\1\xba", "video/mpeg"),
    (0, b"\0\0\1\xb3", "video/mpeg"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
)
ARCHIVES = frozenset(
    {
        "application/zip",
        "application/gzip",
        "application/x-tar",
        "application/x-bzip2",
        "application/x-xz",
        "application/x-7z-compressed",
        "application/vnd.rar",
    }
)
"""What holds other files. Two of them (7z, RAR) are told and not unpacked."""
_RIFF = {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
}
_PACKET = 188
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_TEXT_ENDINGS = {"csv": "text/csv", "eml": "message/rfc822", "md": "text/markdown"}
_TEXT = re.compile(rb"[^\x00-\x08\x0e-\x1a\x1c-\x1f]*")


def media_type_of(head: bytes) -> str:
    """The media type by the first :data:`HEAD_BYTES` bytes (more do no harm); ``application/octet-stream`` where they do not tell."""
    head = head[:HEAD_BYTES]
    for offset, magic, media_type in _MAGIC:
        if head.startswith(magic, offset):
            return media_type
    return _container(head) or _bitmap(head) or _text(head) or _transport_stream(head) or UNKNOWN


def _container(head: bytes) -> str | None:
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"OggS":
        return "video/ogg" if b"\x80theora" in head else "application/ogg"
    return None


def _transport_stream(head: bytes) -> str | None:
    """MPEG's form for broadcasting has no magic number, but a mark before each packet."""
    return "video/mp2t" if len(head) > 2 * _PACKET and set(head[::_PACKET]) == {ord("G")} else None


def _bitmap(head: bytes) -> str | None:
    """A BMP starts with two letters only, so its header's length must fit too."""
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "image/bmp"
    return None


def _text(head: bytes) -> str | None:
    if not head or not _TEXT.fullmatch(head):
        return None
    try:
        words = head.decode("utf-8-sig")
    except UnicodeDecodeError as cut:
        if cut.start < len(head) - 3:  # a character cut off at the end is no fault
            return None
        words = head[: cut.start].decode("utf-8-sig")
    start = words.lstrip()[:64].lower()
    if start.startswith("<?xml"):
        return "application/xml"
    if start.startswith(("<!doctype html", "<html")):
        return "text/html"
    return "application/json" if start[:1] in {"{", "["} else "text/plain"


def with_name(media_type: str, name: str) -> str:
    """The media type, told finer by the name's ending where the bytes are plain text; a name never turns bytes into anything else."""
    if media_type != "text/plain":
        return media_type
    return _TEXT_ENDINGS.get(name.rpartition(".")[2].lower(), media_type)
