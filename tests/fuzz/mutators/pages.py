"""PDF: the text that a page draws, and the objects around it, are changed; the table of objects is written anew or left wrong."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

from tests.fuzz.mutators import lines
from tests.fuzz.mutators.hand import Hand

Objects = list[list[bytes]]
"""Number and body of each."""

_OBJECT = re.compile(rb"(\d{1,6}) \d{1,5} obj(.*?)endobj", re.DOTALL)
_DRAWN = re.compile(rb"\(((?:[^()\\]|\\.){0,2000})\)", re.DOTALL)
_STREAM = re.compile(rb"(<<.*?>>)\s*stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_REFERENCE = re.compile(rb"(\d{1,6}) 0 R")
_NUMBER = re.compile(rb"(?<![\w.])-?\d{1,9}(?:\.\d+)?")
_WORD = re.compile(rb"/[A-Za-z0-9]+")
_ROOT = re.compile(rb"/Root (\d+ \d+ R)")
WORDS = (
    *(
        b"/Type",
        b"/Page",
        b"/Pages",
        b"/Catalog",
        b"/Kids",
        b"/Count",
        b"/Contents",
        b"/Resources",
        b"/Font",
        b"/Length",
        b"/Filter",
        b"/Parent",
    ),
    *(
        b"/FlateDecode",
        b"/ASCIIHexDecode",
        b"/ASCII85Decode",
        b"/LZWDecode",
        b"/RunLengthDecode",
        b"/DCTDecode",
        b"/DecodeParms",
        b"/Predictor",
    ),
    *(
        b"/ToUnicode",
        b"/Encoding",
        b"/Differences",
        b"/Identity-H",
        b"/Type0",
        b"/Type3",
        b"/DescendantFonts",
        b"/W",
        b"/Widths",
        b"/FirstChar",
    ),
    *(b"/Encrypt", b"/ObjStm", b"/XRef", b"/XObject", b"/Form", b"/Do", b"/Rotate", b"/MediaBox", b"/UserUnit", b"/Annots", b"/AcroForm"),
)
NUMBERS = (b"0", b"-1", b"1", b"2", b"99999999999", b"1e9", b"0.0001", b"-.5", b"600", b"null", b"[ ]", b"true")
OPERATORS = (
    b"Tm",
    b"Td",
    b"TD",
    b"T*",
    b"Tf",
    b"TL",
    b"Tc",
    b"Tw",
    b"Tz",
    b"Ts",
    b"cm",
    b"q",
    b"Q",
    b"BT",
    b"ET",
    b"'",
    b'"',
    b"TJ",
    b"Do",
    b"BI ID EI",
)


def change(content: bytes, hand: Hand) -> bytes:
    """The document with a few changes."""
    objects = [[found[1], found[2]] for found in _OBJECT.finditer(content)]
    if not objects:
        return hand.twist(content)
    for _ in range(hand.dice.choice((1, 1, 1, 2, 4))):
        hand.dice.choice(CHANGES)(objects, hand)
    root = _ROOT.search(content)
    changed = written(objects, root[1] if root else b"1 0 R", hand)
    return hand.twist(changed) if hand.happens(0.06) else changed


def written(objects: Objects, root: bytes, hand: Hand) -> bytes:
    """The file, mostly with a right table."""
    out = hand.dice.choice((b"%PDF-1.4\n", b"%PDF-1.7\n", b"junk %PDF-2.0\n"))
    places = []
    for number, body in objects:
        places.append(len(out))
        out += number + b" 0 obj" + body + b"endobj\n"
    if hand.happens(0.1):
        return out + b"trailer << /Root " + root + b" >>\nstartxref\n0\n%%EOF\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out) if hand.happens(0.95) else hand.dice.randrange(len(out))
    tail = b"trailer\n<< /Size %d /Root %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start)
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + tail


def _body(objects: Objects, hand: Hand) -> list[bytes]:
    return hand.dice.choice(objects)


def _drawn(objects: Objects, hand: Hand) -> None:
    """All that a page draws, changed as the lines that it is."""
    drawing = [each for each in objects if b"Tj" in each[1]]
    if not drawing:
        return
    each = hand.dice.choice(drawing)
    texts = [found[1] for found in _DRAWN.finditer(each[1])]
    changed = iter(lines.change(b"\n".join(text.replace(b"\n", b" ") for text in texts), hand).split(b"\n"))
    each[1] = _DRAWN.sub(lambda found: b"(" + _escaped(next(changed, found[1])) + b")", each[1])
    left = b" ".join(b"(" + _escaped(text) + b") Tj T*" for text in changed)
    each[1] = each[1].replace(b"ET", left + b" ET", 1)
    _measure(each)


def _escaped(text: bytes) -> bytes:
    return re.sub(rb"(?<!\\)[()]", rb"\\\g<0>", text.rstrip(b"\\"))


def _measure(each: list[bytes]) -> None:
    """The length of the stream as it is now."""
    found = _STREAM.search(each[1])
    if found:
        each[1] = re.sub(rb"/Length \d+", b"/Length %d" % len(found[2]), each[1], count=1)


def _filter(objects: Objects, hand: Hand) -> None:
    """A stream is packed, as it says or otherwise."""
    each = _body(objects, hand)
    found = _STREAM.search(each[1])
    if not found:
        return
    said = hand.dice.choice(
        (b"/FlateDecode", b"/ASCIIHexDecode", b"/ASCII85Decode", b"/LZWDecode", b"/RunLengthDecode", b"[/ASCIIHexDecode /FlateDecode]")
    )
    raw = zlib.compress(found[2]) if b"Flate" in said else found[2]
    raw = raw.hex().encode() + b">" if b"Hex" in said else raw
    head = re.sub(rb"/Length \d+", b"", found[1].removesuffix(b">>")) + b" /Filter " + said + b" /Length %d >>" % len(raw)
    each[1] = each[1][: found.start()] + head + b"\nstream\n" + raw + b"\nendstream\n" + each[1][found.end() :]


def _refer(objects: Objects, hand: Hand) -> None:
    """A reference leads to another object, or back."""
    each = _body(objects, hand)
    wanted = hand.dice.choice(objects)[0] + b" 0 R"
    each[1] = _REFERENCE.sub(wanted, each[1], count=1) if hand.happens(0.7) else each[1].replace(b">>", b" /Kids [" + wanted + b"] >>", 1)


def _substitute(objects: Objects, hand: Hand) -> None:
    """A number or a name becomes another."""
    each = _body(objects, hand)
    pattern, among = (_NUMBER, NUMBERS) if hand.happens(0.5) else (_WORD, WORDS)
    spots = list(pattern.finditer(each[1]))[:400]
    if spots:
        spot = hand.dice.choice(spots)
        each[1] = each[1][: spot.start()] + hand.dice.choice(among) + each[1][spot.end() :]


def _operate(objects: Objects, hand: Hand) -> None:
    """One more operator among those that draw."""
    each = _body(objects, hand)
    spots = [found.end() for found in re.finditer(rb"\s", each[1])][:2000]
    if spots:
        spot = hand.dice.choice(spots)
        more = b" ".join((hand.dice.choice(NUMBERS), hand.dice.choice(NUMBERS), hand.dice.choice(OPERATORS), b""))
        each[1] = each[1][:spot] + more + each[1][spot:]
        _measure(each)


def _add(objects: Objects, hand: Hand) -> None:
    each = _body(objects, hand)
    each[1] = each[1].replace(
        b"<<", b"<< " + hand.dice.choice(WORDS) + b" " + hand.dice.choice((*NUMBERS, *WORDS, b"<< >>", b"(a)")) + b" ", 1
    )


def _double(objects: Objects, hand: Hand) -> None:
    number, body = _body(objects, hand)
    objects.append([number if hand.happens(0.3) else b"%d" % (len(objects) + 1), body])


def _drop(objects: Objects, hand: Hand) -> None:
    if len(objects) > 1:
        del objects[hand.dice.randrange(len(objects))]


def _twist(objects: Objects, hand: Hand) -> None:
    each = _body(objects, hand)
    each[1] = hand.twist(each[1])


CHANGES: tuple[Callable[[Objects, Hand], None], ...] = (
    *(_drawn, _drawn, _drawn, _drawn, _filter, _refer, _substitute, _substitute, _operate, _operate, _add, _double, _drop, _twist),
)
