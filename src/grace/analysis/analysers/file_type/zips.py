"""ZIP, told finer by what lives in it, and ended by its directory (APPNOTE 6.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from grace.analysis.analysers.file_type.shape import Form, Shape
from grace.analysis.analysers.walks.reading import Short, Steps, little, part

_END = b"PK\5\6"
_ENTRY = b"PK\1\2"
_LOCAL = b"PK\3\4"
_MOST_ENDS = 64
_COMMENT = 65_557
_MOST_ENTRIES = 20_000
_LARGE = 0xFFFFFFFF
_ENCRYPTED = 1
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_BY_MEMBER: tuple[tuple[bytes, bytes, str, str], ...] = (
    (b"[Content_Types].xml", b"word/", f"{_OFFICE}wordprocessingml.document", "DOCX"),
    (b"[Content_Types].xml", b"xl/", f"{_OFFICE}spreadsheetml.sheet", "XLSX"),
    (b"[Content_Types].xml", b"ppt/", f"{_OFFICE}presentationml.presentation", "PPTX"),
    (b"[Content_Types].xml", b"Documents/1/FixedDocument", "application/vnd.ms-xpsdocument", "XPS"),
    (b"AndroidManifest.xml", b"", "application/vnd.android.package-archive", "APK"),
    (b"META-INF/MANIFEST.MF", b"", "application/java-archive", "JAR"),
    (b"Index/Document.iwa", b"", "application/vnd.apple.iwork", "iWork"),
    (b"doc.kml", b"", "application/vnd.google-earth.kmz", "KMZ"),
)
"""A member that must be there, the beginning of another one, and what that makes it."""
_BY_STATEMENT = {
    b"application/epub+zip": "EPUB",
    **{
        f"{_OPEN}{kind}".encode(): f"OpenDocument {kind}"
        for kind in ("text", "spreadsheet", "presentation", "graphics", "text-template", "formula", "chart")
    },
}


@dataclass(slots=True)
class Directory:
    """What the end of a ZIP says: where the archive begins and ends, the names of its members, and how many are encrypted."""

    begin: int
    end: int
    names: list[bytes] = field(default_factory=list)
    encrypted: int = 0


def _ends(data: bytes, steps: Steps) -> Iterator[int]:
    at = len(data)
    for _ in range(_MOST_ENDS):
        steps.take()
        at = data.rfind(_END, 0, at)
        if at < 0:
            return
        yield at


def _directory(data: bytes, end: int, steps: Steps) -> Directory:
    """Reads the directory that an end leads to. Raises ``ValueError`` where it does not stand where it should."""
    count, size, offset = little(data, end + 10, 2), little(data, end + 12, 4), little(data, end + 16, 4)
    at = end
    if _LARGE in {size, offset} and data[end - 20 : end - 16] == b"PK\6\7":
        large = data.rfind(b"PK\6\6", max(end - _COMMENT, 0), end - 20)
        count, size, offset = little(data, large + 32, 8), little(data, large + 40, 8), little(data, large + 48, 8)
        at = large
    first = at - size
    if first < 0 or (count and data[first : first + 4] != _ENTRY) or offset > first:
        raise Short("the directory is not where the end says")
    found = Directory(first - offset, end + 22 + little(data, end + 20, 2))
    for _ in range(min(count, _MOST_ENTRIES)):
        steps.take()
        if part(data, first, 4) != _ENTRY:
            raise Short("the directory is damaged")
        length = little(data, first + 28, 2)
        found.encrypted += little(data, first + 8, 2) & _ENCRYPTED
        found.names.append(part(data, first + 46, length))
        first += 46 + length + little(data, first + 30, 2) + little(data, first + 32, 2)
    return found


def directory(data: bytes, steps: Steps, *, begins: int | None = None) -> Directory | None:
    """The directory of the archive that begins at a place, or of the last archive wherever it begins; None where there is none."""
    for end in _ends(data, steps):
        try:
            found = _directory(data, end, steps)
        except Short:
            continue
        if begins is None or found.begin == begins:
            return found
    return None


def _locals(data: bytes, steps: Steps) -> Directory:
    """The names as far as the members tell them, of an archive whose end is missing."""
    found, at = Directory(0, 0), 0
    while data[at : at + 4] == _LOCAL and len(found.names) < _MOST_ENTRIES:
        steps.take()
        try:
            length, flags = little(data, at + 26, 2), little(data, at + 6, 2)
            found.names.append(part(data, at + 30, length))
            found.encrypted += flags & _ENCRYPTED
            at += 30 + length + little(data, at + 28, 2) + little(data, at + 18, 4)
        except Short:
            break
        if flags & 8:  # its length stands behind it only
            at = data.find(_LOCAL, at)
            if at < 0:
                break
    return found


def _stated(data: bytes) -> bytes:
    """What the first member says where it is called ``mimetype``, as OpenDocument and EPUB have it."""
    if data[30:38] != b"mimetype" or data[26:28] != b"\x08\0" or data[8:10] != b"\0\0":
        return b""
    start = 38 + little(data, 28, 2)
    return data[start : start + min(little(data, 18, 4), 100)].strip()


def _what_lives_in_it(data: bytes, names: list[bytes]) -> tuple[str, str] | None:
    stated = _stated(data)
    if stated in _BY_STATEMENT:
        return stated.decode("ascii"), _BY_STATEMENT[stated]
    present = set(names)
    for needed, beginning, media_type, name in _BY_MEMBER:
        if needed in present and any(member.startswith(beginning) for member in names):
            return media_type, name
    return None


def _zip(data: bytes, shape: Shape, steps: Steps) -> None:
    found = directory(data, steps, begins=0)
    seen = found or _locals(data, steps)
    inner = _what_lives_in_it(data, seen.names) if data.startswith(_LOCAL) else None
    if inner:
        shape.media_type, shape.name = inner
        shape.why += f", holds what a {shape.name} holds"
    if seen.encrypted:
        shape.encrypted = f"{seen.encrypted} of {len(seen.names)} members"
    if found is None:
        raise Short("the directory at the end is missing")
    shape.end = found.end


FORMS = (
    Form("application/zip", "ZIP", _LOCAL, walk=_zip),
    Form("application/zip", "ZIP, empty", _END, walk=_zip),
    Form("application/zip", "ZIP, in parts", b"PK\7\x08PK\3\4"),
)
