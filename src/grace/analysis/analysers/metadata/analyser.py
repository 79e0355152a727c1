"""The analyser: finds the parts that say something, reads each, and tells once what several say."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from grace.analysis.analysers.metadata import base_media, carriers, documents, exif, iptc, marks, streams, xmp
from grace.analysis.analysers.metadata.said import MOST_TEXT, Piece, Said, beginning, clean, decoded, time_said
from grace.analysis.analysers.walks.reading import Steps
from grace.sdk.analysis import AnalyserInfo, Content, Cost, Finding, Seen, Subject, Takes
from grace.sdk.signals import Basis

_T = TypeVar("_T")
MOST_OF_A_KIND = 24
MOST_OF_ALL = 400
GIVES = {
    "gps": "a place in decimal degrees, with height, time and direction where they are stated",
    "taken_at": "when it was taken, with the zone only where one is stated",
    "created_at": "when the file or its digital form was made",
    "modified_at": "when it was last changed",
    "device.make": "who made the device",
    "device.model": "the model of the device",
    "device.serial": "the serial number of a body or a lens",
    "device.lens": "maker or model of a lens",
    "device.owner": "the owner that is entered in the camera",
    "software": "a program that wrote, changed or encoded it",
    "image.id": "an identifier that camera or phone gave it",
    "document.id": "an identifier of the document, of this version, or of one that it was made from",
    "history": "how many steps of editing it lists",
    "source_type": "what kind of source it says to come from",
    "generator": "a mark that a program generated it, or a part of it; anybody can put it on or take it off",
    "generation": "what a program that generates noted of how it was made",
    "c2pa": "a manifest of its provenance is there; it is not verified here",
    "thumbnail": "a small picture is embedded",
    "orientation": "how it was held, as a number of EXIF",
    "dimensions": "width and height in pixels as the container states them",
    "duration": "its length in milliseconds as the container states it",
    "color.profile": "the name of its colour profile",
    "title": "a title or headline",
    "description": "a description or caption",
    "comment": "a comment",
    "keyword": "keywords",
    "author": "who is named as author",
    "copyright": "a note of rights",
    "credit": "who is to be credited",
    "place": "the name of a place",
}
_PIECES: tuple[tuple[bytes, int, Callable[[bytes, Steps], Iterator[Piece]]], ...] = (
    (b"\xff\xd8\xff", 0, carriers.of_jpeg),
    (b"\x89PNG\r\n\x1a\n", 0, carriers.of_png),
    (b"WEBP", 8, carriers.of_webp),
    (b"GIF8", 0, carriers.of_gif),
    (b"II*\0", 0, carriers.of_tiff),
    (b"MM\0*", 0, carriers.of_tiff),
    (b"8BPS", 0, carriers.of_photoshop),
    (b"ftyp", 4, base_media.pieces),
    (b"moov", 4, base_media.pieces),
    (b"mdat", 4, base_media.pieces),
)
_SAYINGS: tuple[tuple[bytes, int, Callable[[bytes, Steps], Iterator[Said]]], ...] = (
    (b"ftyp", 4, base_media.said),
    (b"moov", 4, base_media.said),
    (b"mdat", 4, base_media.said),
    (b"\x1aE\xdf\xa3", 0, streams.of_matroska),
    (b"ID3", 0, streams.of_mp3),
    (b"fLaC", 0, streams.of_flac),
    (b"OggS", 0, streams.of_ogg),
    (b"RIFF", 0, streams.of_riff),
    (b"%PDF-", 0, documents.of_pdf),
)
_READERS: dict[str, Callable[[bytes, Steps], Iterator[Said]]] = {
    "exif": exif.said,
    "xmp": xmp.said,
    "iptc": iptc.said,
    "icc": marks.profile,
    "c2pa": marks.manifest,
}
_OF_TEXTS = {
    "comment": "comment",
    "description": "description",
    "title": "title",
    "author": "author",
    "copyright": "copyright",
    "software": "software",
    "source": "device.model",
    **dict.fromkeys(("parameters", "prompt", "workflow", "dream", "sd-metadata", "invokeai_metadata", "generation_data"), "generation"),
}
_MOST_XMP = 4 << 20
_MOST_TIME = 100
_PRICE = 32 << 10
"""What reading an EXIF costs, as so many bytes copied; a value costs an eighth of it and eight times its length."""


def _of_text(piece: Piece) -> Iterator[Said]:
    source = f"text {piece.key[:60]!r}"
    if piece.key.lower() == "creation time":
        yield from time_said("created_at", decoded(piece.data[:_MOST_TIME]), source)
        return
    kind = _OF_TEXTS.get(piece.key.lower(), "comment")
    text = decoded(beginning(piece.data))
    if text:
        yield Said(kind, text, source)


def _of_piece(piece: Piece, steps: Steps) -> Iterator[Said]:
    where = (piece.at, piece.end) if piece.end > piece.at else None
    steps.take(_PRICE if piece.form == "exif" else _PRICE // 8 + len(piece.data))  # an EXIF is read by its directories, all others through
    if piece.form == "text":
        yield from (replace(each, where=where) for each in _of_text(piece))
    elif piece.form == "resources":
        for inner in _borne(carriers.of_resources(piece, steps)):
            yield from _of_piece(inner, steps)
    else:
        for each in _borne(_READERS[piece.form](piece.data, steps)):
            start = (piece.at + each.where[0], piece.at + each.where[1]) if each.where and where else where
            yield replace(each, where=start)


def _borne(found: Iterator[_T]) -> Iterator[_T]:
    """As much as can be read: what is damaged, refused or endless ends its part, and says nothing of the others."""
    try:
        yield from found
    except ValueError:
        return


def _loose(data: bytes) -> Iterator[Piece]:
    """XMP that stands in the bytes as it is, as it does in PDF, SVG and where a form has no place for it."""
    start = data.find(b"<x:xmpmeta")
    end = data.find(b"</x:xmpmeta>", start, start + _MOST_XMP) if start >= 0 else -1
    if end >= 0:
        yield Piece("xmp", data[start : end + 12], start, end + 12)


def _everything(data: bytes, steps: Steps) -> Iterator[Said]:
    has_xmp = False
    for magic, at, carried in _PIECES:
        if data.startswith(magic, at):
            for piece in _borne(carried(data, steps)):
                has_xmp = has_xmp or piece.form == "xmp"
                yield from _of_piece(piece, steps)
    for magic, at, says in _SAYINGS:
        if data.startswith(magic, at):
            yield from _borne(says(data, steps))
    for piece in () if has_xmp else _loose(data):
        yield from _of_piece(piece, steps)


def _with_marks(data: bytes, steps: Steps) -> Iterator[Said]:
    for each in _borne(_everything(data, steps)):
        steps.take(_PRICE // 8 + 8 * len(each.value))
        yield each
        yield from marks.generators((each,))


def said(data: bytes, steps: Steps) -> tuple[Said, ...]:
    """Everything once: what several parts say alike names all of them as its source."""
    found: dict[tuple[str, str, str], Said] = {}
    counts = Counter[str]()
    for each in _borne(_with_marks(data, steps)):
        key = (each.kind, each.value[:MOST_TEXT], each.facts.get("of", ""))
        if key in found:
            if each.source not in found[key].source.split(", "):
                found[key] = replace(found[key], source=f"{found[key].source}, {each.source}"[:MOST_TEXT])
        elif counts[each.kind] < MOST_OF_A_KIND and len(found) < MOST_OF_ALL:
            counts[each.kind] += 1
            found[key] = _shortened(each)
    return tuple(found.values())


def _shortened(each: Said) -> Said:
    if len(each.value) <= MOST_TEXT:
        return each
    told = {"length": f"{len(each.value)} characters, of which the first {MOST_TEXT} are here"}
    return replace(each, value=each.value[:MOST_TEXT], facts={**each.facts, **told})


def _finding(each: Said) -> Finding:
    where = f"bytes:{each.where[0]},{each.where[1]}" if each.where else ""
    facts = {key: clean(text)[:MOST_TEXT] for key, text in {**each.facts, "source": each.source}.items()}
    return Finding(each.kind, clean(each.value), Basis.OBSERVED, where, facts=facts)


class Metadata:
    """Tells what a file says of itself. All of it can be forged; what is not said proves nothing."""

    info = AnalyserInfo(
        name="metadata",
        version="1",
        cost=Cost.CHEAP,
        licence="Apache-2.0",
        takes=Takes.CONTENT,
        gives=GIVES,
    )

    def warm_up(self) -> None:
        """Encodings are looked for on the disk when they are first used."""
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "latin-1", "ascii", "iso2022_jp"):
            codecs.lookup(encoding)

    def examine(self, subject: Subject) -> Seen:
        """What the file says of itself."""
        if not isinstance(subject, Content):
            raise TypeError("metadata takes content")
        return tuple(_finding(each) for each in said(subject.content, Steps()) if each.value)


ANALYSER = Metadata()
