"""What else the bytes are, for a program that reads from their end, or looks for a beginning further in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from grace.analysis.analysers.file_type import archives, documents, zips
from grace.analysis.analysers.file_type.identify import identify
from grace.analysis.analysers.file_type.shape import Form, Shape
from grace.analysis.analysers.walks.reading import Endless, Short, Steps


@dataclass(frozen=True, slots=True)
class Part:
    """A second file within the first: its type, how it was found, and from where to where."""

    media_type: str
    name: str
    how: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Appended:
    """Bytes behind the end of a structure, and what they look like; nothing where they are zeros and blanks."""

    begin: int
    end: int
    looks_like: str
    shape: Shape | None


_HOLDERS = frozenset({"application/x-tar", "application/x-iso9660-image", "application/vnd.ms-cab-compressed", "application/x-ole-storage"})
"""Types that hold other files as they are: what is read from their end is a member, not a second meaning."""
_ZIPPED = re.compile(
    r"application/(?:zip|java-archive|epub\+zip|vnd\.(?:openxml|oasis|android\.package|apple\.iwork|google-earth\.kmz|ms-xps).*)"
)
_COMMENT = 65_557
_PDF_HEAD = 1_024
_SCRIPT = re.compile(rb"<\?php\s|<script[\s>]")


def appended(data: bytes, shape: Shape, steps: Steps) -> Appended | None:
    """The bytes behind the end of the structure; None where there are none, or where the end is not known."""
    if shape.end is None or shape.end >= len(data):
        return None
    rest = data[shape.end :]
    if not rest.strip(b"\0 \t\r\n"):
        return Appended(shape.end, len(data), "", None)
    try:
        found = identify(rest, steps)
    except Endless:
        return Appended(shape.end, len(data), "too many parts to look at", None)
    return Appended(shape.end, len(data), found.media_type if found else "unknown bytes", found)


def _zip_at_the_end(data: bytes, shape: Shape, steps: Steps) -> Iterator[Part]:
    if _ZIPPED.fullmatch(shape.media_type) or shape.media_type in _HOLDERS or data.rfind(b"PK\5\6", max(len(data) - _COMMENT, 0)) < 0:
        return
    found = zips.directory(data, steps)
    if found and found.names:
        yield Part(
            "application/zip", "ZIP", "its directory stands where readers of ZIP look", max(found.begin, 0), min(found.end, len(data))
        )


def _pdf_further_in(data: bytes, shape: Shape, steps: Steps) -> Iterator[Part]:
    begin = data.find(b"%PDF-", 1, _PDF_HEAD + 5)
    if shape.media_type == "application/pdf" or shape.media_type in _HOLDERS or begin < 0 or b"startxref" not in data:
        return
    inner = Shape("application/pdf", "PDF", "")
    try:
        documents.pdf(data, inner, steps, begin)
    except Short:
        inner.end = len(data)
    yield Part("application/pdf", inner.name, "its head stands in the first 1024 bytes", begin, min(inner.end or len(data), len(data)))


def _tar_around(data: bytes, shape: Shape, steps: Steps) -> Iterator[Part]:
    if shape.media_type == "application/x-tar" or data[257:262] != b"ustar":
        return
    inner = Shape("application/x-tar", "tar", "")
    try:
        archives.tar(data, inner, steps)
    except ValueError:
        return
    yield Part("application/x-tar", "tar", "the whole reads as a tar too", 0, min(inner.end or len(data), len(data)))


def _disc_image(data: bytes, shape: Shape, steps: Steps) -> Iterator[Part]:
    steps.take()
    disc = Form("application/x-iso9660-image", "ISO 9660", b"CD001", 32_769)
    if shape.media_type not in {disc.media_type, "application/x-tar"} and disc.matches(data):
        yield Part(disc.media_type, disc.name, "a volume stands where discs have one", 0, len(data))


def _script_within(data: bytes, shape: Shape, steps: Steps) -> Iterator[Part]:
    steps.take()
    found = _SCRIPT.search(data) if shape.media_type.startswith("image/") and "xml" not in shape.media_type else None
    if found:
        kind, name = ("application/x-httpd-php", "PHP") if found[0].startswith(b"<?php") else ("text/html", "HTML with script")
        yield Part(kind, name, "a server or browser would run what stands there", found.start(), found.end())


def seconds(data: bytes, shape: Shape, behind: Appended | None, steps: Steps) -> tuple[Part, ...]:
    """Each second type, once; that of what is appended only where it is another one and more than text."""
    found: dict[str, Part] = {}
    inner = behind.shape if behind else None
    if behind and inner and inner.media_type != shape.media_type and not inner.why.startswith("is text"):
        found[inner.media_type] = Part(inner.media_type, inner.name, "it is appended", behind.begin, behind.end)
    try:
        for look in (_zip_at_the_end, _pdf_further_in, _tar_around, _disc_image, _script_within):
            for each in look(data, shape, steps):
                is_known = each.media_type in found or (each.media_type == "application/zip" and any(map(_ZIPPED.fullmatch, found)))
                if not is_known:
                    found[each.media_type] = each
    except Endless:
        pass
    return tuple(found.values())
