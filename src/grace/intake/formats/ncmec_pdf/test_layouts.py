"""Pages laid out by another program's own ways: tables, columns, wraps, several pages, odd fonts."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen import canvas
from reportlab.platypus import Flowable, Image, PageBreak, Paragraph, SimpleDocTemplate, Table

from grace.evidence.decoding import here
from grace.evidence.decoding.port import Limits, NotDecoded, Pages, Reason
from grace.intake.formats.ncmec_pdf import FORMAT, LOOKED_AT
from grace.intake.formats.ncmec_pdf.examples import LINES, pdf
from grace.intake.normalise import facts
from grace.sdk.intake import Report, Unreadable
from grace.sdk.testing import package

STYLES = getSampleStyleSheet()
LONG = "4700002_" + "a_very_long_" * 12 + "name.jpg"


def text(words: str, style: str = "Normal") -> Paragraph:
    return Paragraph(words, STYLES[style])


def footer(page: canvas.Canvas, document: SimpleDocTemplate) -> None:
    page.setFont("Helvetica", 8)
    page.drawString(60, 20, "CyberTipline Report 4700002")
    page.drawString(500, 20, f"Page {document.page}")


def laid_out(*flow: Flowable, size: tuple[float, float] = letter) -> bytes:
    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=size, invariant=True).build(list(flow), onFirstPage=footer, onLaterPages=footer)
    return stream.getvalue()


def read(content: bytes) -> Report:
    opened = package({"report.pdf": content})
    assert FORMAT.recognises(opened) > 0.5
    (reading,) = FORMAT.read(opened)
    return reading.report


HEAD: tuple[Flowable, ...] = (
    text("CyberTipline Report 4700002", "Title"),
    text("<b>Priority Level:</b> E"),
    text("Received by NCMEC on 02-12-2026 01:02:03 UTC"),
    text("Section A: Reported Information", "Heading1"),
)
COLUMNS = [
    [text("<b>Submitter:</b>"), text("<b>Point of Contact for Law Enforcement:</b>")],
    [
        text("Example Provider BV<br/>Harbour Street 1<br/>1000 Exampletown"),
        text("Email: lawful-requests@chat.example.com<br/>Phone: +31 20 555 0100"),
    ],
]
PERSON = [
    [text("<b>Name:</b>"), text("Joris Voorbeeld")],
    [text("<b>Email Address:</b>"), text("blue.kite@mail.example.org (Verified)")],
    [text("<b>IP Address:</b>"), text("2001:0db8:0040:0001:0000:0000:0000:001f (Login)<br/>Port: 443<br/>02-11-2026 20:12:41 UTC")],
]


@pytest.mark.parametrize("ways", [[("VALIGN", (0, 0), (-1, -1), "TOP")], [("VALIGN", (0, 0), (-1, -1), "MIDDLE")], []])
@pytest.mark.parametrize("widths", [(250, 250), (180, 320)])
def test_two_columns_and_tables(ways: list[tuple[object, ...]], widths: tuple[int, int]) -> None:
    made = laid_out(
        *HEAD,
        Table(COLUMNS, colWidths=widths, style=ways),
        text("Incident Information", "Heading2"),
        text("<b>Incident Type:</b> Misleading Domain Name"),
        text("Suspect 1", "Heading2"),
        Table(PERSON, colWidths=(120, 300), style=ways),
        text(f"<b>Filename:</b> {LONG}"),
        text("<b>MD5:</b> 66faaeb63341e45073d396e468bc4ce2"),
        text("<b>Did Reporting ESP view entire contents of uploaded file?</b> Yes"),
        text("This concludes Section A"),
    )
    report = read(made)
    assert (report.number, report.sender, report.incident_type) == ("4700002", "Example Provider BV", "Misleading Domain Name")
    assert report.facts["submitter_contact"] == "Email: lawful-requests@chat.example.com; Phone: +31 20 555 0100"
    (person,) = report.persons
    assert person.fields["last_name"] == "Voorbeeld"
    sightings = {each.kind.value: each for each in facts(report).sightings}
    assert sightings["email"].value == "blue.kite@mail.example.org"
    address = sightings["ip"]
    assert (address.value, address.event, address.port, address.weak) == ("2001:db8:40:1::1f", "Login", 443, False)
    (file,) = report.attachments
    assert (file.name, file.viewed) == (LONG, True)
    assert [leaf.value for leaf in report.leaves if not leaf.known] == []


def test_a_person_that_goes_on_over_pages() -> None:
    flow = (*HEAD, text("Submitter: Example Provider"), text("Suspect 1"), text("IP Address: 192.0.2.44 (Login)"), PageBreak())
    report = read(laid_out(*flow, text("Port: 51322"), text("02-11-2026 19:58:00 UTC"), PageBreak(), text("ESP User ID: u-1")))
    (person,) = report.persons
    assert [(claim.value, claim.port) for claim in person.claims] == [("192.0.2.44", "51322"), ("u-1", None)]
    assert {leaf.path.split(".")[0] for leaf in report.leaves} == {"page[1]", "page[2]", "page[3]"}


def test_a_cover_may_lie_before_the_report() -> None:
    assert read(laid_out(text("Dear colleague"), PageBreak(), *HEAD, text("Submitter: Example Provider"))).number == "4700002"


def drawn(*marks: Callable[[canvas.Canvas], object]) -> bytes:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=letter, invariant=True)
    for place, line in enumerate(LINES):
        page.drawString(50, 760 - 12 * place, line)
    for mark in marks:
        mark(page)
    page.save()
    return stream.getvalue()


def test_text_across_the_page_is_not_lost() -> None:
    def watermark(page: canvas.Canvas) -> None:
        page.rotate(90)
        page.drawString(300, -580, "CONFIDENTIAL lighthouse")

    report = read(drawn(watermark))
    assert "CONFIDENTIAL lighthouse" in {leaf.value for leaf in report.leaves}
    assert report.sender == "Example Provider"


def test_letters_set_one_by_one_are_words() -> None:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=letter)
    for place, line in enumerate(LINES):
        across = 50.0
        for character in line:
            page.drawString(across, 760 - 12 * place, character)
            across += page.stringWidth(character)
    page.save()
    report = read(stream.getvalue())
    assert (report.number, report.sender) == ("210000961", "Example Provider")
    assert facts(report).sightings == facts(read(pdf(LINES))).sightings


@pytest.mark.parametrize("made", [drawn(), pdf(LINES)])
def test_two_programs_say_the_same(made: bytes) -> None:
    report = read(made)
    assert [leaf.value for leaf in report.leaves] == list(LINES)


def test_a_picture_of_a_page_has_no_text() -> None:
    from PIL import Image as Picture

    scan = io.BytesIO()
    Picture.linear_gradient("L").save(scan, "PNG")
    scan.seek(0)
    stream = io.BytesIO()
    SimpleDocTemplate(stream).build([Image(scan, 300, 300)])
    with pytest.raises(Unreadable) as refused:
        FORMAT.recognises(package({"scan.pdf": stream.getvalue()}))
    assert refused.value.code == "no-text"


def test_an_ordinary_pdf_is_no_report() -> None:
    letter_of_ours = laid_out(text("Dear colleague,"), text("we speak of CyberTipline Report 4700002 here."))
    assert FORMAT.recognises(package({"letter.pdf": letter_of_ours})) == 0
    assert FORMAT.recognises(package({"letter.pdf": letter_of_ours, "card.txt": b"Hello world"})) == 0
    late = laid_out(*(each for _ in range(LOOKED_AT) for each in (text("Dear colleague"), PageBreak())), *HEAD)
    assert FORMAT.recognises(package({"late.pdf": late})) == 0


def locked(content: bytes, method: str, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(password, owner_password="other", algorithm=method)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def asked(content: bytes, limits: Limits = Limits(), *, first: int | None = None, passwords: Sequence[str] = ()) -> Pages | NotDecoded:  # noqa: B008 - frozen
    return here.decoder().pages(io.BytesIO(content), limits, first=first, passwords=passwords)


@pytest.mark.parametrize("method", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
def test_every_lock_opens_with_its_password(method: str) -> None:
    content = locked(pdf(LINES), method, "bench")
    assert asked(content) == NotDecoded(Reason.LOCKED)
    assert asked(content, passwords=["wrong", "BENCH"]) == NotDecoded(Reason.LOCKED)
    found = asked(content, passwords=["wrong", "bench"])
    assert isinstance(found, Pages)
    assert LINES[0] in found.texts[0]
    assert asked(locked(pdf(LINES), method, "")) == found


def test_limits_are_kept() -> None:
    three = laid_out(text("One"), PageBreak(), text("Two"), PageBreak(), text("Three"))
    first = asked(three, first=1)
    assert isinstance(first, Pages)
    assert (len(first.texts), first.total) == (1, 3)
    for content, limits, reason in (
        (three, Limits(most_pages=2), Reason.PAGES),
        (three, Limits(most_characters=10), Reason.CHARACTERS),
        (three, Limits(most_bytes=100), Reason.BYTES),
        (three, Limits(seconds=0.0001), Reason.TIME),
        (b"", Limits(), Reason.EMPTY),
        (b"no PDF", Limits(), Reason.FORMAT),
        (b"%PDF-1.4 and no more", Limits(), Reason.DAMAGED),
    ):
        assert asked(content, limits) == NotDecoded(reason), reason
    assert isinstance(asked(three), Pages)


def test_a_page_that_unpacks_to_far_more_is_ended() -> None:
    drawing = b"BT /F1 9 Tf " + b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj " * 400_000 + b" ET"
    import zlib

    packed = zlib.compress(drawing, 9)
    whole = pdf(LINES)
    start, end = whole.index(b"5 0 obj"), whole.index(b"xref")
    bomb = (
        whole[:start]
        + b"5 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n"
        + whole[end:]
    )
    assert len(bomb) < 100_000
    found = asked(bomb, Limits(seconds=20, cpu_seconds=3, most_characters=100_000))
    assert isinstance(found, NotDecoded)
    assert isinstance(asked(whole), Pages)


@given(hits=st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=8)), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_any_damage_is_read_or_refused(hits: list[tuple[int, bytes]]) -> None:
    content = pdf(LINES)
    for place, piece in hits:
        at = place % len(content)
        content = content[:at] + piece + content[at + len(piece) // 2 :]
    codes = []
    for verb in (FORMAT.recognises, FORMAT.read):
        try:
            verb(package({"report.pdf": content}))
        except Unreadable as refused:
            codes.append(refused.code)
    assert set(codes) <= {"no-report", "malformed", "no-text", "too-large", "not-decoded", "encrypted"}
