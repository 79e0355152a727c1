"""XMP (ISO 16684-1), read without entities, document types or network, to a bounded depth."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from xml.parsers import expat

from grace.analysis.analysers.metadata.said import Said, clean, place_said, time_said
from grace.analysis.analysers.walks.reading import Steps

MOST = 2 << 20
_DEPTH = 64
_MOST_VALUES = 50
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ADOBE = "http://ns.adobe.com/"
_XMP, _MM, _DC = f"{_ADOBE}xap/1.0/", f"{_ADOBE}xap/1.0/mm/", "http://purl.org/dc/elements/1.1/"
_TIFF, _EXIF, _AUX, _EX = f"{_ADOBE}tiff/1.0/", f"{_ADOBE}exif/1.0/", f"{_ADOBE}exif/1.0/aux/", "http://cipa.jp/exif/1.0/"
_SHOP, _PDF, _IPTC = f"{_ADOBE}photoshop/1.0/", f"{_ADOBE}pdf/1.3/", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_REF, _EVENT = f"{_ADOBE}xap/1.0/sType/ResourceRef#", f"{_ADOBE}xap/1.0/sType/ResourceEvent#"
_TEXTS: tuple[tuple[str, str, str], ...] = (
    (_XMP, "CreatorTool", "software"),
    (_TIFF, "Software", "software"),
    (_EVENT, "softwareAgent", "software"),
    (_PDF, "Producer", "software"),
    (_TIFF, "Make", "device.make"),
    (_TIFF, "Model", "device.model"),
    (_AUX, "Lens", "device.lens"),
    (_EX, "LensModel", "device.lens"),
    (_AUX, "OwnerName", "device.owner"),
    (_EX, "CameraOwnerName", "device.owner"),
    (_EXIF, "ImageUniqueID", "image.id"),
    (_EXIF, "UserComment", "comment"),
    (_DC, "title", "title"),
    (_DC, "creator", "author"),
    (_DC, "description", "description"),
    (_DC, "subject", "keyword"),
    (_DC, "rights", "copyright"),
    (_SHOP, "Credit", "credit"),
    (_SHOP, "City", "place"),
    (_SHOP, "State", "place"),
    (_SHOP, "Country", "place"),
    (_IPTC, "DigitalSourceType", "source_type"),
    (_IPTC, "AISystemUsed", "software"),
)
_TOLD_APART = (
    (_AUX, "SerialNumber", "device.serial", "of", "body"),
    (_EX, "BodySerialNumber", "device.serial", "of", "body"),
    (_AUX, "LensSerialNumber", "device.serial", "of", "lens"),
    (_EX, "LensSerialNumber", "device.serial", "of", "lens"),
    (_MM, "DocumentID", "document.id", "which", "document"),
    (_MM, "InstanceID", "document.id", "which", "this version"),
    (_MM, "OriginalDocumentID", "document.id", "which", "first document"),
    (_REF, "documentID", "document.id", "which", "another document that it names"),
    (_REF, "originalDocumentID", "document.id", "which", "another document that it names"),
)
_TIMES = (
    (_EXIF, "DateTimeOriginal", "taken_at"),
    (_SHOP, "DateCreated", "taken_at"),
    (_XMP, "CreateDate", "created_at"),
    (_XMP, "ModifyDate", "modified_at"),
)
_COORDINATE = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])")
Properties = Mapping[tuple[str, str], list[str]]


class _Reader:
    """Gathers the values of each property, whether it stands as an attribute, as an element, or in a list."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.found: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.path: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.events = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.steps.take()
        if len(self.path) >= _DEPTH:
            raise ValueError("XMP is nested too deeply")
        space, _, local = name.rpartition(" ")
        self.events += local == "li" and space == _RDF and bool(self.path) and (_MM, "History") in self.path[-2:]
        self.path.append((space, local))
        self.text = []
        for attribute, value in attributes.items():
            self.steps.take()
            space, _, local = attribute.rpartition(" ")
            self._keep(self._property() if (space, local) == (_RDF, "resource") else (space, local), value)

    def words(self, text: str) -> None:
        self.text.append(text)

    def end(self, _name: str) -> None:
        self._keep(self._property(), "".join(self.text))
        self.text = []
        self.path.pop()

    def _property(self) -> tuple[str, str]:
        """The innermost name that is not of RDF's own."""
        return next((name for name in reversed(self.path) if name[0] != _RDF), ("", ""))

    def _keep(self, name: tuple[str, str], text: str) -> None:
        value = clean(text)
        if value and name[0] != _RDF and len(self.found[name]) < _MOST_VALUES:
            self.found[name].append(value)


def _refuse(*_: object) -> None:
    raise ValueError("XMP with a document type")


def _read(data: bytes, steps: Steps) -> _Reader:
    """All properties as far as it can be read. Raises ``ValueError`` where it has a document type, or is too large or too deep."""
    start, end = data.find(b"<x:xmpmeta"), data.rfind(b"</x:xmpmeta>")
    if 0 <= start < end:
        data = data[start : end + 12]
    if len(data) > MOST:
        raise ValueError("XMP is too large")
    reader = _Reader(steps)
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        data = data.decode("utf-16").encode()
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")  # what it declares would be looked for on the disk
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reader.begin, reader.end, reader.words
    parser.buffer_text = True
    with suppress(expat.ExpatError):
        parser.Parse(data.strip(b"\0 \t\r\n"), True)  # noqa: FBT003 - that it is the last piece; expat takes no name for it
    return reader


def _coordinate(text: str) -> float | None:
    found = _COORDINATE.fullmatch(text.strip())
    if not found:
        return None
    degrees = int(found[1]) + float(found[2]) / 60 + float(found[3] or 0) / 3_600
    return -degrees if found[4] in "SW" else degrees


def _place(found: Properties) -> Iterator[Said]:
    latitudes, longitudes = found.get((_EXIF, "GPSLatitude"), []), found.get((_EXIF, "GPSLongitude"), [])
    for latitude, longitude in zip(map(_coordinate, latitudes), map(_coordinate, longitudes), strict=False):
        if latitude is not None and longitude is not None:
            yield from place_said(latitude, longitude, "XMP GPS")


def _texts(found: Properties) -> Iterator[Said]:
    for space, name, kind in _TEXTS:
        for value in found.get((space, name), ()):
            yield Said(kind, value.rstrip("/").rpartition("/")[2] if kind == "source_type" else value, f"XMP {name}")


def _with_facts(found: Properties) -> Iterator[Said]:
    for space, name, kind, fact, words in _TOLD_APART:
        for value in found.get((space, name), ()):
            yield Said(kind, value, f"XMP {name}", {fact: words})


def said(data: bytes, steps: Steps) -> Iterator[Said]:
    """What an XMP says. Raises ``ValueError`` for what is refused."""
    reader = _read(data, steps)
    yield from _texts(reader.found)
    yield from _with_facts(reader.found)
    for space, name, kind in _TIMES:
        for value in reader.found.get((space, name), ()):
            yield from time_said(kind, value, f"XMP {name}")
    yield from _place(reader.found)
    if reader.events:
        yield Said("history", str(reader.events), "XMP History")
