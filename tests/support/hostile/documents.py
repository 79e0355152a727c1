"""PDFs whose objects contain themselves, unfold without end, or lie about their lengths."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

from tests.support.hostile.made import Hostile, bomb, cut

VERB = "pages"
TREE = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>"}
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"
END = b"trailer<</Size 9/Root 1 0 R>>\nstartxref\n0\n%%EOF"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def files() -> Iterator[Hostile]:
    """All of this family."""
    for made in (_trees(), _streams(), _tables()):
        yield from (Hostile(f"document {name}", content, VERB) for name, content in made.items())
    yield from cut("document", document(stream(b"BT /F 9 Tf 72 700 Td (One) Tj ET")), 6, VERB)


def document(contents: bytes, more: Mapping[int, bytes] | None = None) -> bytes:
    """A document without a table of its objects: readers look for them."""
    objects = TREE | {3: PAGE, 4: contents, 5: FONT} | dict(more or {})
    return b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%b\nendobj\n" % each for each in objects.items()) + END


def stream(content: bytes, entries: bytes = b"", length: int | None = None) -> bytes:
    """A stream object."""
    return b"<</Length %d%b>>stream\n%b\nendstream" % (len(content) if length is None else length, entries, content)


def _trees() -> dict[str, bytes]:
    text = stream(b"BT (One) Tj ET")
    deep = {number: b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 1) for number in range(10, 3_000)}
    return {
        "whose pages hold themselves": document(text, {2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"}),
        "whose page is its own parent": document(text, {3: b"<</Type/Page/Parent 3 0 R/Contents 4 0 R>>"}),
        "of two pages that hold each other": document(text, {3: b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>"}),
        "of 4 thousand million pages": document(text, {2: b"<</Type/Pages/Kids[3 0 R]/Count 4294967295>>"}),
        "of less than no pages": document(text, {2: b"<</Type/Pages/Kids[3 0 R]/Count -9>>"}),
        "of the same page 100,000 times": document(text, {2: b"<</Type/Pages/Kids[" + b"3 0 R " * 100_000 + b"]/Count 100000>>"}),
        "of pages three thousand deep": document(text, {2: b"<</Type/Pages/Kids[10 0 R]/Count 1>>"} | deep),
        "of lists in lists": document(text, {7: b"[" * 50_000 + b"]" * 50_000, 3: PAGE[:-2] + b"/A 7 0 R>>"}),
        "of names in names": document(text, {3: b"<</A" * 20_000 + b" 1" + b">>" * 20_000}),
        "that refers to itself": document(b"4 0 R"),
        "that is its own catalogue": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
        "without a catalogue": b"%PDF-1.4\ntrailer<</Root 9 0 R>>\nstartxref\n0\n%%EOF",
    }


def _streams() -> dict[str, bytes]:
    cascade = bomb(40)
    for _ in range(3):
        cascade = zlib.compress(cascade, 9)
    flate = b"/Filter/FlateDecode"
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"
    codes = b"begincmap 1 begincodespacerange <00000000> <ffffffff> endcodespacerange 1 beginbfrange <00000000> <00ffffff> <0041> endbfrange endcmap"
    return {
        "that unfolds without end": document(stream(bomb(100), flate)),
        "that unfolds four times": document(stream(cascade, b"/Filter[" + b"/FlateDecode" * 4 + b"]")),
        "of fifty filters": document(stream(b"00>" * 9, b"/Filter[" + b"/ASCIIHexDecode" * 50 + b"]")),
        "of LZW that is nonsense": document(stream(b"\x80\x0b\x60\x50" * 99_999, b"/Filter/LZWDecode")),
        "of run lengths without end": document(stream(b"\x81a" * 500_000, b"/Filter/RunLengthDecode")),
        "with a predictor of all columns": document(stream(bomb(1), flate + b"/DecodeParms<</Predictor 15/Columns 2147483647>>")),
        "that draws itself": document(stream(b"/X Do"), {6: stream(b"/X Do", form)}),
        "of states in states": document(stream(b"q " * 200_000 + b"BT (a) Tj ET")),
        "of a picture in a line without end": document(stream(b"BI /W 9 /H 9 ID " + b"\xff" * 500_000)),
        "of a million letters": document(stream(b"BT /F 9 Tf " + b"(aaaaaaaaaa) Tj " * 60_000 + b"ET")),
        "of letters far away": document(stream(b"BT /F 9 Tf 1 0 0 1 99999999999 99999999999 Tm (a) Tj 1e308 0 Td (b) Tj ET")),
        "of letters without size": document(stream(b"BT /F 0 Tf 0 0 0 0 0 0 Tm (a) Tj (b) Tj ET")),
        "of too many letters to tell": document(stream(b"BT /F 9 Tf (ab) Tj ET"), {5: FONT[:-2] + b"/ToUnicode 7 0 R>>", 7: stream(codes)}),
        "of a length that is a lie": document(stream(b"BT (a) Tj ET", length=2**40)),
        "of a length that is itself": document(b"<</Length 4 0 R>>stream\nBT (a) Tj ET\nendstream"),
        "with a form that is nonsense": document(stream(b"/X Do"), {6: stream(b"\xff" * 999, form + b"/Filter/DCTDecode")}),
    }


def _tables() -> dict[str, bytes]:
    text = document(stream(b"BT (One) Tj ET"))
    end = b"startxref\n%d\n%%%%EOF"
    table = b"xref\n0 1\n0000000000 65535 f \n"
    loop = text + table + b"trailer<</Size 9/Root 1 0 R/Prev %d>>\n" % len(text) + end % len(text)
    wide = stream(b"\xff" * 999, b"/Type/XRef/Size 999999999/Root 1 0 R/W[9 9999999 9]/Index[0 999999999]")
    packed = stream(b"9 0 10 0 <</A 1>>", b"/Type/ObjStm/N 2147483647/First 999999999/Extends 9 0 R")
    locked = b"/Encrypt<</Filter/Standard/V 5/R 6/Length 256/O<00>/U<00>/OE<00>/UE<00>/Perms<00>/P -4>>/ID[<00><00>]>>"
    return {
        "whose table follows itself": loop,
        "whose table lies beyond its end": text + end % 2**40,
        "whose table is the head": text + end % 0,
        "of a table of all numbers": text + b"xref\n0 4294967295\n" + b"trailer<</Size 4294967295/Root 1 0 R>>\n" + end % len(text),
        "of a table as a stream of nonsense": text + b"9 0 obj\n" + wide + b"\nendobj\n" + end % len(text),
        "of objects in a stream that follows itself": text + b"9 0 obj\n" + packed + b"\nendobj\n",
        "of an object of a great number": text.replace(b"5 0 obj", b"2147483647 65535 obj"),
        "that is locked by nonsense": text.replace(b"/Root 1 0 R>>", b"/Root 1 0 R" + locked),
        "locked in an unknown way": text.replace(b"/Root 1 0 R>>", b"/Root 1 0 R/Encrypt<</Filter/Other/V 99/R 99>>>>"),
        "of ends": b"%PDF-1.4\n" + b"%%EOF\n" * 100_000,
        "of beginnings": b"%PDF-1.4\n" * 100_000,
        "of objects without end": b"%PDF-1.4\n" + b"1 0 obj\n" * 100_000,
        "of nonsense": b"%PDF-1.4\n" + b"\xff" * 500_000,
    }
