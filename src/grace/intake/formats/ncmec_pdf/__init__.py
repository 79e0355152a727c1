"""The PDF of a CyberTip as NCMEC lays it out for agencies, read by its labels.

No layout is published: what is read is what independent readers agree on. Where the JSON of the same report lies beside
it, the JSON is the report and the PDF its own copy (``docs/adr/0021``): a format that is certain is asked alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grace.evidence.decoding.port import Pages
from grace.intake.formats.ncmec_pdf.examples import EXAMPLES
from grace.intake.formats.ncmec_pdf.text import LIMITS, pages_of
from grace.intake.formats.room import Room
from grace.intake.formats.tip_lines.items import Line
from grace.intake.formats.tip_lines.reading import is_report, read_lines
from grace.intake.formats.tip_lines.vocabulary import CARRIES
from grace.sdk.intake import Member, Package, Reading, Unreadable

FORMAT_NAME = "ncmec-pdf"
SURENESS = 0.55
"""Less than a JSON that names a report: where both are there, the JSON is the report."""
LOOKED_AT = 3
"""Pages of a PDF in which a report must begin; covers may lie before it."""
MOST_TRIED = 20
"""PDFs of one package that are looked into."""
_HEAD = 1024
_LOCKED = frozenset({"encrypted", "unknown-compression"})


class NcmecPdf:
    """The format plug-in."""

    name = FORMAT_NAME
    version = "1"
    carries = CARRIES

    def recognises(self, package: Package) -> float:
        """Rather sure of a PDF that begins as a report does. Raises :class:`Unreadable` for one that is locked, or a lone one without text."""
        return SURENESS if any(True for _ in _reports(package)) else 0.0

    def read(self, package: Package) -> tuple[Reading, ...]:
        """One reading for each PDF that is a report, in the order of their names."""
        if readings := tuple(_readings(package)):
            return readings
        raise Unreadable("no-report", "The package holds no report in PDF.")

    def examples(self) -> tuple[Mapping[str, bytes], ...]:
        """Small invented reports."""
        return EXAMPLES


def _readings(package: Package) -> Iterator[Reading]:
    """The reports; together they may hold as much text as one."""
    room, characters = Room(), LIMITS.most_characters
    for name, member, first in _reports(package):
        pages = first if len(first.texts) < LOOKED_AT else pages_of(member)
        characters -= sum(map(len, pages.texts))
        if characters < 0:
            raise Unreadable("too-large", f"The reports of the package hold more than {LIMITS.most_characters} characters together.")
        reading = Reading(read_lines(FORMAT_NAME, _lines(pages)), (name,))
        room.take("", len(reading.report.leaves))
        yield reading


def _reports(package: Package) -> Iterator[tuple[str, Member, Pages]]:
    """The PDFs that begin as a report does, with their first pages. One that cannot be decoded is passed over where something else may be the report."""
    locked: Unreadable | None = None
    found = False
    for name, member in list(_pdfs(package))[:MOST_TRIED]:
        try:
            pages = pages_of(member, LOOKED_AT)
        except Unreadable as refused:
            if len(package) == 1:
                raise
            locked = locked or (refused if refused.code == "encrypted" else None)
            continue
        if len(package) == 1 and not any(text.strip() for text in pages.texts):
            raise Unreadable("no-text", "The PDF holds pictures of pages and no text.")
        if is_report(_lines(pages)):
            found = True
            yield name, member, pages
    if locked is not None and not found:
        raise locked


def _pdfs(package: Package) -> Iterator[tuple[str, Member]]:
    for name, member in sorted(package.items()):
        if (len(package) == 1 or name.lower().endswith(".pdf")) and b"%PDF-" in _head(member):
            yield name, member


def _head(member: Member) -> bytes:
    try:
        with member.open() as stream:
            return stream.read(_HEAD)
    except Unreadable as refused:
        if refused.code in _LOCKED:
            return b""
        raise


def _lines(pages: Pages) -> list[Line]:
    """Every line of every page with its place; the edges are the first and the last that are not blank, but for the document's own title."""
    found: list[Line] = []
    titled = False
    for number, text in enumerate(pages.texts, 1):
        written = [(place, line) for place, line in enumerate(text.split("\n"), 1) if line.strip()]
        edges = {place for place, _ in (*written[:1], *written[-1:])}
        for place, line in written:
            is_title = not titled and line.strip().casefold().startswith("cybertip")
            titled = titled or is_title
            found.append(Line(f"page[{number}].line[{place}]", line, place in edges and not is_title))
    return found


FORMAT = NcmecPdf()
