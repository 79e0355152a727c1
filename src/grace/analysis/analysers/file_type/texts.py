"""Texts: in what encoding, and whether as JSON, XML, SVG, HTML, mail, CSV, RTF or a script."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from grace.analysis.analysers.file_type.shape import Shape
from grace.analysis.analysers.walks.reading import Steps

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
HEAD = 512
_LOOK = 64 << 10
_CELL = 16
_TAIL = 200
_PIECE = 1 << 20
_MOST_SKIPPED = 64
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8 with mark"),
    (b"\xff\xfe\0\0", "utf-32", "UTF-32"),
    (b"\0\0\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_UNUSED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_HIGH = bytes(range(128, 256))


@dataclass(frozen=True, slots=True)
class Words:
    """The beginning of a text, its encoding, and where it stops being one (None: nowhere)."""

    start: str
    last: str
    encoding: str
    end: int | None = None


def is_text(head: bytes) -> bool:
    """Whether the first bytes are a text in UTF-8; a character that the limit cut is no fault."""
    head = head[:HEAD]
    if not head or _CONTROL.search(head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as cut:
        return cut.start >= len(head) - 3
    return True


def _decoded(data: bytes, codec: str) -> tuple[str, str] | None:
    """The first and the last of its characters, where all of it can be read; in pieces, so that a large text takes little memory."""
    decoder = codecs.getincrementaldecoder(codec)()
    start = last = ""
    try:
        for at in range(0, max(len(data), 1), _PIECE):
            piece = decoder.decode(data[at : at + _PIECE], at + _PIECE >= len(data))
            start = start or piece[:_LOOK]
            last = (last + piece[-_TAIL:])[-_TAIL:]
    except UnicodeDecodeError:
        return None
    return start, last


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark, by zeros in every second place."""
    piece = data[:4_096]
    if len(piece) < 8 or len(data) % 2:
        return None
    upper, lower = piece[::2].count(0), piece[1::2].count(0)
    half = len(piece) // 2
    return "utf-16-le" if lower > half * 0.4 > upper * 8 else "utf-16-be" if upper > half * 0.4 > lower * 8 else None


def words(data: bytes) -> Words | None:
    """The text that the bytes are, as a whole or at their beginning; None where they are none."""
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            decoded = _decoded(data, codec)
            return Words(*decoded, name) if decoded and "\0" not in decoded[0] else None
    bad = _CONTROL.search(data)
    if bad is None:
        return _narrow(data)
    codec16 = _wide(data)
    decoded = _decoded(data, codec16) if codec16 else None
    if decoded and "\0" not in decoded[0]:
        return Words(*decoded, "UTF-16 without mark")
    if is_text(data) or data.startswith(b"#!"):
        end = bad.start()
        narrow = _narrow(data[:end])
        return Words(narrow.start, narrow.last, narrow.encoding, end) if narrow else None
    return None


def _narrow(data: bytes) -> Words | None:
    decoded = _decoded(data, "utf-8")
    if decoded:
        return Words(*decoded, "ASCII" if data.isascii() else "UTF-8")
    high = len(data) - len(data.translate(None, _HIGH))
    if high > len(data) * 0.9 or (len(data) < 16 and high > len(data) / 2):
        return None
    is_western = high < len(data) * 0.35 and not _UNUSED_1252.search(data)
    start, last = data[:_LOOK].decode("latin-1"), data[-_TAIL:].decode("latin-1")
    return Words(start, last, "Windows-1252 or the like" if is_western else "eight bits, not told which")


_JSON = re.compile(r'\{\s*(?:"(?:[^"\\]|\\.){0,2000}"\s*:|\})|\[\s*(?:[\[{"\]]|-?\d[\d.eE+-]{0,40}\s*[,\]]|(?:true|false|null)\s*[,\]])')
_XML_KINDS = {
    "svg": ("image/svg+xml", "SVG"),
    "html": ("application/xhtml+xml", "XHTML"),
    "rss": ("application/rss+xml", "RSS"),
    "feed": ("application/atom+xml", "Atom"),
    "kml": ("application/vnd.google-earth.kml+xml", "KML"),
    "gpx": ("application/gpx+xml", "GPX"),
}
_ROOT = re.compile(r"<(?:[\w.-]{1,60}:)?([\w.-]{1,60})[\s/>]")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|script|iframe|h1|div|font|table|a|style|title|b|br|p|meta)[\s>/]", re.IGNORECASE)
_MAIL = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60}):[ \t\r\n]")
_OF_MAIL = frozenset(
    [
        "from",
        "to",
        "subject",
        "date",
        "received",
        "message-id",
        "mime-version",
        "return-path",
        "delivered-to",
        "reply-to",
        "cc",
        "content-type",
        "sender",
    ]
)
_SURE_MAIL = frozenset(["from", "received", "message-id", "mime-version", "return-path", "delivered-to"])
_BEGINNINGS = (
    ("{\\rtf", "application/rtf", "RTF"),
    ("<?php", "application/x-httpd-php", "PHP"),
    ("%!PS", "application/postscript", "PostScript"),
    ("BEGIN:VCARD", "text/vcard", "vCard"),
    ("BEGIN:VCALENDAR", "text/calendar", "iCalendar"),
    ("-----BEGIN ", "application/x-pem-file", "PEM"),
    ("WEBVTT", "text/vtt", "WebVTT"),
    ("#EXTM3U", "application/vnd.apple.mpegurl", "playlist"),
    ("@echo off", "application/x-bat", "batch file"),
    ("\\documentclass", "application/x-tex", "LaTeX"),
)
_INTERPRETERS = (
    ("python", "text/x-python", "Python script"),
    ("perl", "text/x-perl", "Perl script"),
    ("ruby", "text/x-ruby", "Ruby script"),
    ("node", "text/javascript", "JavaScript"),
    ("php", "application/x-httpd-php", "PHP"),
    ("sh", "application/x-sh", "shell script"),
)
_BEGINS_PYTHON = re.compile(r"\s*(?:# -\*-|\"{3}|import \w|from [\w.]+ import |def \w|class \w)")
_PYTHON = re.compile(r"^(?:from [\w.]+ import |import \w|def \w+\(|class \w+[(:])", re.MULTILINE)


def _behind_head(start: str, steps: Steps) -> str:
    """What comes behind the declaration, comments and the document type of XML."""
    for _ in range(_MOST_SKIPPED):
        steps.take()
        start = start.lstrip()
        for opening, closing in (("<?", "?>"), ("<!--", "-->"), ("<!DOCTYPE", ">"), ("<!doctype", ">")):
            if start.startswith(opening):
                end = start.find(closing)
                if opening.startswith("<!D") and "[" in start[: max(end, 0)]:
                    end = start.find("]>") + 1
                if end <= 0:
                    return ""
                start = start[end + len(closing) :]
                break
        else:
            return start
    return start


_PAGE = re.compile(r"<!doctype html|<html", re.IGNORECASE)


def _markup(text: Words, steps: Steps) -> tuple[str, str] | None:
    start = text.start.lstrip("\ufeff \t\r\n")
    if not start.startswith("<"):
        return None
    rest = _behind_head(start, steps)
    root = _ROOT.match(rest)
    is_declared = start[:5].lower() == "<?xml"
    if _PAGE.match(start) or (root and root[1] == "html" and not is_declared):
        return "text/html", "HTML"
    if root and root[1] in _XML_KINDS:
        return _XML_KINDS[root[1]]
    if not is_declared and (_HTML.match(rest) or _HTML.match(start)):
        return "text/html", "HTML"
    if is_declared or (root and f"{root[1]}>" in text.last):
        return "application/xml", "XML" if is_declared else "XML without declaration"
    return None


def _is_mail(start: str) -> bool:
    """Lines of names and values up to an empty one, two of them such as mails have, one such as only mails have."""
    names = set[str]()
    for line in start.splitlines()[:200]:
        if not line:
            break
        if line[0] in " \t" or (not names and line.startswith("From ")):
            continue
        field = _MAIL.match(f"{line} ")
        if not field:
            return False
        names.add(field[1].lower())
    return len(names & _OF_MAIL) >= 2 and bool(names & _SURE_MAIL)


def _is_table(text: Words) -> bool:
    """The same number of cells in nearly every line; in prose a blank follows each comma."""
    start = text.start
    if len(start) == _LOOK:
        start = start[: start.rfind("\n") + 1]
    for mark in ",;\t|":
        count = start.count(mark)
        if not count or (mark in ",;" and start.count(f"{mark} ") > count / 2):
            continue
        try:
            rows = [row for row in csv.reader(io.StringIO(start), delimiter=mark) if row][:50]
        except csv.Error:
            continue
        widths = Counter(map(len, rows))
        width = max(widths, key=lambda each: widths[each], default=0)
        often = widths[width]
        is_even = width > 1 and often >= max(2, 0.9 * len(rows)) and (width > 2 or len(rows) > 2)
        is_dense = len(rows) > 1 and min(map(len, rows)) > 2 and count > len(start) / _CELL  # rows may be of unlike length
        if is_even or is_dense:
            return True
    return False


def kind_of(text: Words, steps: Steps) -> tuple[str, str]:
    """Media type and name of a text."""
    start = text.start.lstrip("\ufeff")
    known = next(((media_type, name) for beginning, media_type, name in _BEGINNINGS if start.startswith(beginning)), None)
    if known:
        return known
    if start.startswith("#!"):
        line = start.partition("\n")[0]
        return next(((kind, name) for word, kind, name in _INTERPRETERS if word in line), ("text/plain", "script"))
    return _markup(text, steps) or _structured(text, start) or ("text/plain", "text")


def _structured(text: Words, start: str) -> tuple[str, str] | None:
    if _JSON.match(start.lstrip()):
        return "application/json", "JSON"
    if _is_mail(start):
        return "message/rfc822", "mail"
    if _is_table(text):
        return "text/csv", "CSV"
    return ("text/x-python", "Python") if _BEGINS_PYTHON.match(start) and len(_PYTHON.findall(start)) >= 3 else None


def shape_of(data: bytes, steps: Steps) -> Shape | None:
    """The shape of a text; None where the bytes are none."""
    steps.take()
    text = words(data)
    if text is None:
        return None
    media_type, name = kind_of(text, steps)
    shape = Shape(media_type, name, f"is text in {text.encoding}", text.end)
    if media_type == "application/json" and text.end is None and text.last.rstrip()[-1:] not in {"}", "]"}:
        shape.cut = "its last bracket is open"
    return shape
