"""PDFs made by hand: text in Helvetica, line under line, as the prints of reports are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

_TOP, _LEFT, _RIGHT, _STEP = 790, 56, 330, 14
_ON_A_PAGE = 52

Row = str | tuple[str, str]
"""A line, or what stands in its two columns."""


def placeholder(*lines: str) -> bytes:
    """A PDF of one page: what comes beside the JSON of a report where nobody reads it."""
    return document(lines)


def document(rows: Iterable[Row]) -> bytes:
    """A PDF 1.4 with the rows, as many pages as they need; characters outside Windows-1252 become question marks."""
    lines = list(rows)
    sheets = [lines[start : start + _ON_A_PAGE] for start in range(0, max(1, len(lines)), _ON_A_PAGE)]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * place) for place in range(len(sheets)))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(sheets)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for place, sheet in enumerate(sheets):
        bodies += _page(sheet, 5 + 2 * place)
    return _file(bodies)


def _page(sheet: Sequence[Row], contents: int) -> Iterator[bytes]:
    """A page and its contents, which is object number ``contents``."""
    stream = b"BT /F1 10 Tf\n%s\nET" % b"\n".join(_shown(sheet))
    yield (b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>" % contents)
    yield b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)


def _shown(sheet: Sequence[Row]) -> Iterator[bytes]:
    for place, row in enumerate(sheet):
        height = _TOP - _STEP * place
        for left, text in zip((_LEFT, _RIGHT), (row,) if isinstance(row, str) else row, strict=False):
            if text:
                yield b"1 0 0 1 %d %d Tm (%s) Tj" % (left, height, _escaped(text))


def _escaped(text: str) -> bytes:
    plain = text.encode("cp1252", "replace")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(bodies: Sequence[bytes]) -> bytes:
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(bodies) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        count,
        table,
        count,
        len(out),
    )
