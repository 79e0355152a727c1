"""Mail: headers, boundaries, encodings and parts are changed, at any depth; what is attached is a document of another form."""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.fuzz.mutators import lines
from tests.fuzz.mutators.hand import Hand

Header = list[bytes]
"""Name and value, folds included."""

_BOUNDARY = re.compile(rb'boundary\s*=\s*"?([^"\r\n;]{1,70})', re.IGNORECASE)
_FIELD = re.compile(rb"([^\r\n:]{0,60}):(.*)", re.DOTALL)
DEEPEST = 6
NAMES = (
    *(b"From", b"To", b"Cc", b"Subject", b"Date", b"Message-ID", b"Received", b"Return-Path", b"MIME-Version", b"Content-Type"),
    *(b"Content-Transfer-Encoding", b"Content-Disposition", b"Content-ID", b"Reply-To", b"X-Other", b"From ", b">From ", b"", b"Sub ject"),
)
KINDS = (
    *(
        b"text/plain",
        b"text/html",
        b"text/csv",
        b"message/rfc822",
        b"message/delivery-status",
        b"message/partial",
        b"message/external-body",
    ),
    *(
        b"multipart/mixed",
        b"multipart/alternative",
        b"multipart/signed",
        b"multipart/encrypted",
        b"application/pkcs7-mime",
        b"application/zip",
    ),
    *(b"application/json", b"application/pdf", b"application/octet-stream", b"text", b"/", b"", b"text/plain; charset=\xff", b"TEXT/HTML;"),
)
CHARSETS = (
    *(
        b"utf-8",
        b"us-ascii",
        b"latin-1",
        b"utf-16",
        b"utf-16-le",
        b"utf-7",
        b"utf-32",
        b"koi8-r",
        b"iso-2022-jp",
        b"gb18030",
        b"hz",
        b"cp037",
    ),
    *(b"punycode", b"idna", b"unicode_escape", b"undefined", b"rot13", b"base64", b"zlib", b"no-such", b"", b"\xff", b"utf-8\x00", b"mbcs"),
)
TRANSFERS = (
    b"7bit",
    b"8bit",
    b"binary",
    b"base64",
    b"quoted-printable",
    b"x-uuencode",
    b"uue",
    b"no-such",
    b"",
    b"BASE64 ",
    b"base64; x=y",
)
PARAMETERS = (
    *(b'charset="', b"charset*=utf-8''latin-1", b"charset*0=ut; charset*1=f-8", b"name*=utf-8'de'%E4%FF.json", b'filename="../../a.json"'),
    *(
        b"filename*0*=utf-8''a; filename*1=.pdf",
        b'filename="=?utf-8?q?=41?="',
        b"filename*=''",
        b"boundary=",
        b'boundary=""',
        b"smime-type=signed-data",
    ),
)
VALUES = (
    *(b"=?utf-8?q?=41=c3=28?=", b"=?utf-8?b?w4Q?=", b"=?x?q??=", b"=?utf-7?q?+AGEA?=", b"=?unicode_escape?q?=5cx41?= =?utf-8?b?!?=", b"=?"),
    *(b"Ada <ada@example.org>", b"<>", b'"\\" <a@b>', b"a@example.org, b@example.org", b"(comment (nested", b"@", b"ada@[192.0.2.7]"),
    *(
        b"Tue, 03 Nov 2026 09:15:00 -0000",
        b"Tue, 03 Nov 99999 09:15:00 +2500",
        b"03 Nov 2026",
        b"32 Nov 2026 25:61:61 +0100",
        b"1 Jan 1 00:00 +9999",
    ),
)


@dataclass
class Part:
    """Headers, and either parts between boundaries or a body."""

    headers: list[Header]
    body: bytes
    boundary: bytes = b""
    parts: list[Part] = field(default_factory=list)
    end: bytes = b""

    def all(self) -> Iterator[Part]:
        """This part and all inside it."""
        yield self
        for part in self.parts:
            yield from part.all()


def change(content: bytes, hand: Hand) -> bytes:
    """The mail with a few changes."""
    ending = b"\r\n" if b"\r\n" in content[:2000] else b"\n"
    whole = read(content.replace(b"\r\n", b"\n"))
    for _ in range(hand.dice.choice((1, 1, 1, 2, 3, 6))):
        part = hand.dice.choice(list(whole.all())[:200])
        whole = hand.dice.choice(CHANGES)(part, whole, hand) or whole
    if hand.happens(0.04):
        ending = hand.dice.choice((b"\r\n", b"\n", b"\r", b"\n\r", b"\x0b"))
    changed = written(whole).replace(b"\n", ending)
    return hand.twist(changed) if hand.happens(0.06) else changed


def read(content: bytes, depth: int = 0) -> Part:
    """Headers and body, and what stands between boundaries read the same way."""
    head, _, body = content.partition(b"\n\n")
    part = Part([_header(line) for line in re.split(rb"\n(?![ \t])", head)], body)
    found = _BOUNDARY.search(head)
    if found and depth < DEEPEST:
        mark = b"--" + found[1]
        pieces = body.split(mark)
        if len(pieces) > 1:
            inside = [piece.removeprefix(b"\n").removesuffix(b"\n") for piece in pieces[1:] if not piece.startswith(b"--")]
            part.boundary, part.body = found[1], pieces[0]
            part.parts = [read(piece, depth + 1) for piece in inside]
            part.end = b"\n" + mark + b"--\n"
    return part


def _header(line: bytes) -> Header:
    found = _FIELD.fullmatch(line)
    return [found[1], found[2]] if found else [line, b""]


def written(part: Part) -> bytes:
    """The mail as bytes."""
    head = b"\n".join(name + b":" + value if value or name else name for name, value in part.headers)
    inside = b"".join(b"\n--" + part.boundary + b"\n" + written(each) for each in part.parts)
    return head + b"\n\n" + part.body + inside + part.end


def _value(part: Part, _: Part, hand: Hand) -> None:
    if part.headers:
        header = hand.dice.choice(part.headers)
        kind = hand.dice.randrange(4)
        header[1] = (
            hand.twist(header[1])
            if kind == 0
            else b" " + hand.dice.choice(VALUES)
            if kind == 1
            else header[1] + b";\n " + hand.dice.choice(PARAMETERS)
            if kind == 2
            else b" " + hand.text().encode("utf-8", "surrogatepass").replace(b"\n", b"\n ")
        )


def _add(part: Part, _: Part, hand: Hand) -> None:
    header = [hand.dice.choice(NAMES), b" " + hand.dice.choice(VALUES)]
    part.headers.insert(hand.dice.randrange(len(part.headers) + 1), header)


def _headers(part: Part, _: Part, hand: Hand) -> None:
    """A header goes, stands twice, or is called otherwise."""
    if part.headers:
        place = hand.dice.randrange(len(part.headers))
        kind = hand.dice.randrange(3)
        if kind == 0:
            del part.headers[place]
        elif kind == 1:
            part.headers += [list(part.headers[place]) for _ in range(hand.dice.choice((1, 2, 60)))]
        else:
            part.headers[place][0] = hand.dice.choice(NAMES)


def _described(part: Part, _: Part, hand: Hand) -> None:
    """Another type, charset or encoding than what stands there has."""
    part.headers = [each for each in part.headers if each[0].lower() not in {b"content-type", b"content-transfer-encoding"}]
    kind = b" " + hand.dice.choice(KINDS) + b"; charset=" + hand.dice.choice(CHARSETS)
    kind += b'; boundary="' + part.boundary + b'"' if part.boundary else b""
    part.headers += [[b"Content-Type", kind], [b"Content-Transfer-Encoding", b" " + hand.dice.choice(TRANSFERS)]]


def _encode(part: Part, _: Part, hand: Hand) -> None:
    """The body in base64 or quoted-printable, and said so."""
    part.headers = [each for each in part.headers if each[0].lower() != b"content-transfer-encoding"]
    encoded = hand.happens(0.5)
    part.headers.append([b"Content-Transfer-Encoding", b" base64" if encoded else b" quoted-printable"])
    part.body = base64.encodebytes(part.body) if encoded else quopri.encodestring(part.body)


def _body(part: Part, _: Part, hand: Hand) -> None:
    part.body = hand.twist(part.body) if hand.happens(0.3) else lines.change(part.body, hand)


def _markup(part: Part, _: Part, hand: Hand) -> None:
    """The body as a page in HTML."""
    marks = (
        b"<p>",
        b"<br>",
        b"<table><tr><td>",
        b"</td><td>",
        b'<a href="https://example.net/a">',
        b"</a>",
        b"<!--",
        b"<style>",
        b"<",
        b"&#0;",
        b"&lt;",
    )
    pieces = part.body.split(b"\n")
    part.body = b"".join(piece + hand.dice.choice(marks) for piece in pieces)
    part.headers = [each for each in part.headers if each[0].lower() != b"content-type"]
    part.headers.append([b"Content-Type", b" text/html; charset=utf-8"])


def attachment(content: bytes, hand: Hand) -> Part:
    """Another document as a part."""
    ending = hand.dice.choice((b"json", b"xml", b"zip", b"pdf", b"eml", b"txt"))
    return Part(
        [
            [b"Content-Type", b" " + hand.dice.choice(KINDS)],
            [b"Content-Disposition", b' attachment; filename="report.' + ending + b'"'],
            [b"Content-Transfer-Encoding", b" base64"],
        ],
        base64.encodebytes(content),
    )


def _attach(part: Part, _: Part, hand: Hand) -> None:
    """Another document is attached; what was no mail of parts becomes one."""
    if not part.boundary:
        mark = b"edge-%d" % hand.dice.randrange(1000)
        described = [each for each in part.headers if each[0].lower().startswith(b"content-")]
        part.parts = [Part(described or [[b"Content-Type", b" text/plain"]], part.body)]
        part.headers = [each for each in part.headers if each not in described]
        part.headers.append([b"Content-Type", b' multipart/mixed; boundary="' + mark + b'"'])
        part.boundary, part.body, part.end = mark, b"", b"\n--" + mark + b"--\n"
    part.parts.insert(hand.dice.randrange(len(part.parts) + 1), attachment(hand.other(), hand))


def _nest(_: Part, whole: Part, hand: Hand) -> Part | None:
    """The whole mail inside another, as forwarded."""
    if sum(1 for _ in whole.all()) > 40:
        return None
    mark = b"outer-%d" % hand.dice.randrange(1000)
    inner = Part([[b"Content-Type", b" message/rfc822"]], written(whole))
    head = [[b"From", b" desk@example.org"], [b"Date", b" Tue, 03 Nov 2026 09:15:00 +0100"], [b"Subject", b" Fwd"]]
    return Part([*head, [b"Content-Type", b' multipart/mixed; boundary="' + mark + b'"']], b"", mark, [inner], b"\n--" + mark + b"--\n")


def _boundary(part: Part, _: Part, hand: Hand) -> None:
    """The marks between the parts are not those that were announced, or the last is missing."""
    if part.boundary:
        part.boundary = hand.dice.choice((hand.twist(part.boundary), b"", b"edge-1", part.boundary[:-1]))
        part.end = hand.dice.choice((b"", part.end, b"\n--" + part.boundary + b"--"))


CHANGES: tuple[Callable[[Part, Part, Hand], Part | None], ...] = (
    *(_value, _value, _value, _add, _headers, _headers, _described, _described, _encode),
    *(_body, _body, _body, _markup, _attach, _attach, _nest, _boundary),
)
