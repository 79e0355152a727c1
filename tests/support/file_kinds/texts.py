"""Documents and texts: PDF, HTML, XML, SVG, JSON, mail, RTF, CSV, scripts, plain text in many encodings."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from email.message import EmailMessage

from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from tests.support.file_kinds.sample import Sample, sample

PROSE = (
    "The train to the coast left at nine, a little late, as it often does.\n"
    "Rain fell in the morning; by noon, the sky was clear again.\n\n"
    "Nobody could say, in the end, which of the two clocks was right.\n"
)
_LANGUAGES = {
    "German": "Der Zug fuhr um neun Uhr ab, etwas später als üblich. Schöne Grüße aus Köln!\n",
    "French": "Le train est parti à neuf heures, un peu en retard, comme c'est l'été.\n",
    "Polish": "Pociąg odjechał o dziewiątej, trochę później niż zwykle, jak to często bywa.\n",
    "Danish": "Toget kørte klokken ni, lidt for sent, som det ofte gør på øen.\n",
    "Bulgarian": "Влакът тръгна в девет часа, малко по-късно от обикновено.\n",
}


def pdf(pages: int = 1, *, compressed: bool = False) -> bytes:
    """A PDF of a few lines."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pageCompression=int(compressed), invariant=True)
    for page in range(pages):
        canvas.drawString(72, 720, f"Page {page}: nothing to report.")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def rewritten(content: bytes, *, password: str = "", incremental: bool = False) -> bytes:
    """A PDF written again by pypdf, locked or with a later version behind it."""
    writer = PdfWriter(io.BytesIO(content), incremental=True) if incremental else PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    if incremental:
        writer.add_metadata({"/Title": "a later version"})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def mail(*, html: bool = False) -> bytes:
    """A mail from nobody to nobody."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "anna@example.org", "ben@example.net", "The weather"
    message["Date"], message["Message-ID"] = "Thu, 26 Nov 2026 09:00:00 +0100", "<1@example.org>"
    message.set_content(PROSE)
    if html:
        message.add_alternative("<p>Hello</p>", subtype="html")
    return bytes(message)


def table(mark: str, columns: int, rows: int) -> bytes:
    """Cells in rows."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=mark)
    writer.writerow([f"column {number}" for number in range(columns)])
    writer.writerows([[f"{row}.{column}" for column in range(columns)] for row in range(rows)])
    return stream.getvalue().encode()


def _marked_up() -> Iterator[Sample]:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    declared = '<?xml version="1.0" encoding="UTF-8"?>\n'
    for name, text in {
        "with doctype": f"<!DOCTYPE html>\n<html><head><title>Weather</title></head><body><p>{PROSE}</p></body></html>",
        "in capitals": f"<HTML><BODY><P>{PROSE}</P></BODY></HTML>",
        "after a comment": f"<!-- a note -->\n<!doctype html><html><p>{PROSE}</p></html>",
        "without a head": f"<html lang='de'><body>{PROSE}</body></html>",
        "after blank lines": f"\n\n  <!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'><html><p>{PROSE}</p></html>",
    }.items():
        yield sample(f"HTML {name}", text.encode(), "text/html")
    yield sample("SVG", svg.encode(), "image/svg+xml", "image/svg")
    yield sample("SVG with declaration", (declared + svg).encode(), "image/svg+xml", "image/svg")
    yield sample("SVG after a comment", f"{declared}<!-- drawn by hand -->\n{svg}".encode(), "image/svg+xml", "image/svg")
    yield sample("XML", f"{declared}<weather><day degrees='9'/></weather>".encode(), "application/xml", "text/xml")
    yield sample("XML with a type", f"{declared}<!DOCTYPE w [<!ENTITY a 'b'>]>\n<w>&a;</w>".encode(), "application/xml", "text/xml")
    yield sample("XML of UTF-16", "<?xml version='1.0' encoding='UTF-16'?><w/>".encode("utf-16"), "application/xml", "text/xml")
    yield sample(
        "GPX", f"{declared}<gpx version='1.1'><wpt lat='0' lon='0'/></gpx>".encode(), "application/gpx+xml", "application/xml", "text/xml"
    )
    yield sample("RSS", f"{declared}<rss version='2.0'><channel/></rss>".encode(), "application/rss+xml", "text/xml", "application/xml")


def _structured() -> Iterator[Sample]:
    days = [{"day": number, "degrees": number / 2, "words": ["fair", None, True]} for number in range(30)]
    for name, text in {
        "object": json.dumps(days[0]),
        "list": json.dumps(days),
        "indented": json.dumps(days, indent=2),
        "of numbers": json.dumps(list(range(50))),
        "with umlauts": json.dumps({"wörter": ["schön", "grün"]}, ensure_ascii=False),
    }.items():
        yield sample(f"JSON {name}", text.encode(), "application/json")
    yield sample(
        "JSON lines", "\n".join(map(json.dumps, days)).encode(), "application/json", "application/x-ndjson", "application/jsonlines"
    )
    for mark in ",;\t":
        for columns, rows in ((3, 5), (8, 60), (2, 20)):
            types = ("text/csv", "text/tab-separated-values") if mark == "\t" else ("text/csv",)
            yield sample(f"CSV {mark!r} {columns}x{rows}", table(mark, columns, rows), *types)
    yield sample("mail", mail(), "message/rfc822")
    yield sample("mail of two parts", mail(html=True), "message/rfc822")
    yield sample(
        "mail as received", b"Received: from a.example.org by b.example.net\r\n\tfor <ben@example.net>\r\n" + mail(), "message/rfc822"
    )
    yield sample("RTF", rb"{\rtf1\ansi{\fonttbl\f0 Arial;}\f0 Nothing to report.\par}", "application/rtf", "text/rtf")
    yield sample("vCard", b"BEGIN:VCARD\nVERSION:3.0\nFN:Nobody\nEND:VCARD\n", "text/vcard")
    yield sample("calendar", b"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", "text/calendar")


def _plain() -> Iterator[Sample]:
    yield sample("text", PROSE.encode(), "text/plain")
    yield sample("text of one word", b"Hello", "text/plain")
    yield sample("text as Markdown", f"# Weather\n\n* one\n* two\n\n{PROSE}".encode(), "text/plain", "text/markdown")
    yield sample("text as a log", b"2026-11-26 09:00:00 INFO started\n2026-11-26 09:00:01 INFO stopped\n" * 9, "text/plain")
    for language, line in _LANGUAGES.items():
        for codec in ("utf-8", "utf-8-sig", "utf-16"):
            yield sample(f"text {language} {codec}", (line * 5).encode(codec), "text/plain")
    for language in ("German", "French"):
        yield sample(f"text {language} windows-1252", (_LANGUAGES[language] * 3).encode("cp1252"), "text/plain")
    yield sample("text Polish windows-1250", (_LANGUAGES["Polish"] * 3).encode("cp1250"), "text/plain")
    yield sample("text German utf-16 without mark", (_LANGUAGES["German"] * 3).encode("utf-16-le"), "text/plain")
    shells = ("application/x-sh", "text/x-shellscript", "application/x-shellscript")
    yield sample("shell script", b"#!/bin/sh\nset -e\necho hello\n", *shells)
    yield sample("bash script", b"#!/usr/bin/env bash\nfor day in 1 2; do echo $day; done\n", *shells)
    yield sample("Python script", b"#!/usr/bin/env python3\nimport sys\nprint(sys.argv)\n", "text/x-python", "text/x-script.python")
    yield sample("Python", b"import os\nimport sys\n\ndef main():\n    print(os.name, sys.argv)\n", "text/x-python", "text/x-script.python")
    yield sample("PHP", b"<?php\necho 'hello';\n", "application/x-httpd-php", "text/x-php")
    yield sample("PostScript", b"%!PS-Adobe-3.0\n72 720 moveto\nshowpage\n", "application/postscript")


def texts() -> Iterator[Sample]:
    """Whole documents and texts."""
    for pages in (1, 12):
        for compressed in (False, True):
            content = pdf(pages, compressed=compressed)
            yield sample(f"PDF {pages} {compressed}", content, "application/pdf")
            yield sample(f"PDF {pages} {compressed} rewritten", rewritten(content), "application/pdf")
            yield sample(f"PDF {pages} {compressed} with a later version", rewritten(content, incremental=True), "application/pdf")
    yield sample("PDF, locked", rewritten(pdf(), password="an invented word"), "application/pdf")
    yield from _marked_up()
    yield from _structured()
    yield from _plain()
