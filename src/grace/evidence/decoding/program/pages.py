"""The text of untrusted PDFs, by pypdf, as it is laid out: columns stay apart, and what lies across the page comes last."""

from __future__ import annotations

import codecs
import io
import logging
from collections.abc import Iterator, Sequence

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PdfReadError

from grace.evidence.decoding.port import Limits, Pages, Reason
from grace.evidence.decoding.program.pictures import Unfit

HEAD = 1024
"""Bytes within which a PDF must say that it is one, as viewers have it."""
_CODECS = ("cp1252", "gb18030", "big5", "big5hkscs", "shift_jis", "euc_jp", "euc_kr", "cp949", "utf_16_be", "utf_16_le", "mac_roman")
_SAMPLE = b"""%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >> endobj
4 0 obj << /Length 71 >> stream
BT /F1 9 Tf 12 TL 72 700 Td (One) Tj T* (Two) Tj 200 0 Td (Three) Tj ET
endstream endobj
5 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> endobj
trailer << /Size 6 /Root 1 0 R >>
startxref
0
%%EOF
"""
"""A page with a line or two and no table of its objects, so that mending one is loaded too."""


def warm_up() -> None:
    """Load all that reading, laying out and unlocking need: later the process can open no file."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    for name in _CODECS:
        codecs.lookup(name)
    for method in ("RC4-40", "RC4-128", "AES-128", "AES-256"):
        make_pages(_locked(method), None, ["open"], Limits())


def make_pages(content: bytes, first: int | None, passwords: Sequence[str], limits: Limits) -> Pages:
    """The texts of all pages, or of the first few. Raises :class:`Unfit`, and whatever pypdf raises for a damaged file."""
    if not content:
        raise Unfit(Reason.EMPTY)
    if b"%PDF-" not in content[:HEAD]:
        raise Unfit(Reason.FORMAT)
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not any(reader.decrypt(password) for password in ("", *passwords)):
        raise Unfit(Reason.LOCKED)
    total = len(reader.pages)
    if total > limits.most_pages:
        raise Unfit(Reason.PAGES)
    texts = []
    room = limits.most_characters
    for number in range(total if first is None else min(first, total)):
        texts.append(_text(reader.pages[number]))
        room -= len(texts[-1])
        if room <= 0:
            raise Unfit(Reason.CHARACTERS)
    return Pages(tuple(texts), total)


def _text(page: PageObject) -> str:
    """The page as laid out, and below it each line of the plain reading with a word that the layout left out (rotated text)."""
    try:
        laid = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False)
    except (PdfReadError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        laid = ""  # its layout cannot be followed: the plain reading below has it all
    words = set(laid.split())
    rest = [line for line in page.extract_text().split("\n") if not words.issuperset(line.split())]
    return "\n".join(_cleaned(laid, rest)).replace("\f", "\n").encode("utf-8", "replace").decode()


def _cleaned(laid: str, rest: Sequence[str]) -> Iterator[str]:
    yield from (line.rstrip() for line in laid.split("\n"))
    yield from (line.strip() for line in rest)


def _locked(method: str) -> bytes:
    """The sample, locked."""
    writer = PdfWriter(clone_from=io.BytesIO(_SAMPLE))
    writer.encrypt("open", algorithm=method)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
