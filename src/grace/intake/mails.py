"""A mail as a package: its headers, its bodies, and what is attached to it, nested mails included. Standard library, with limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32

from grace.sdk.intake import Note, Unreadable
from grace.sdk.text import storable

HEAD = 64 * 1024
"""Bytes in which the headers are looked for that make a mail."""
MOST_BYTES = 64 << 20
MOST_PARTS = 1_000
MOST_DEPTH = 20
"""Levels of parts inside parts; a mail that was forwarded five times has about ten."""
MOST_BOUNDARIES = 500
MOST_MARKS = 20_000
"""Lines that begin as the marks between parts do: no mail has more parts, and the standard library makes each one before we count them."""
MOST_BREAKS = 2_000_000
"""Ends of lines; an attachment as large as is allowed has 900,000. The standard library keeps each line by itself."""
MOST_HEADERS = 1_000
LONGEST_HEADER = 64 * 1024
LONGEST_NAME = 200
MOST_TEXT = 4 << 20
"""Characters of all texts of a mail; what is more is kept as a file."""
MOST_LINES = 200_000
"""Their lines, or the marks that may become lines."""
LONGEST_PARAMETERS = 4_000
"""Bytes of what describes a part: the standard library takes a time that grows with their square."""

_FAULTS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
"""What the standard library raises for headers and parts that break its expectations."""
_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]{0,60}):[ \t]?")
_START = re.compile(rb"(?:\xef\xbb\xbf)?>?[A-Za-z][A-Za-z0-9-]{1,60}[: ]")
_TELLING = frozenset({b"from", b"to", b"date", b"subject", b"message-id", b"received", b"mime-version", b"return-path", b"delivered-to"})
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_ENCODED = re.compile(r"=\?[^?\s]{1,40}\?[bBqQ]\?[^?\s]*\?=(?:\s+=\?[^?\s]{1,40}\?[bBqQ]\?[^?\s]*\?=)*")
_PARAMETERS = re.compile(rb"^content-(?:type|disposition)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_FOLD = re.compile(r"\r?\n[ \t]*")
_ODD = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]+')
_SLOW = frozenset({"punycode", "idna", "unicode_escape", "raw-unicode-escape", "undefined", "utf-7"})
"""Codecs that are no mail's and take a time that grows with the square of the length, or execute escapes."""
_ENDINGS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/json": ".json",
    "application/xml": ".xml",
    "text/xml": ".xml",
}

Headers = tuple[tuple[str, str, str], ...]
"""Path, name and decoded value of each."""


@dataclass(frozen=True, slots=True)
class Body:
    """A text that the mail shows; ``html`` tells how it is written."""

    path: str
    text: str
    html: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """A part that is a file, under a name that leads nowhere."""

    path: str
    name: str
    content: bytes


@dataclass(slots=True)
class Mail:
    """A mail taken apart. ``locked`` means that its content is encrypted for somebody (S/MIME or PGP)."""

    headers: Headers = ()
    nested: list[Headers] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    locked: bool = False

    def header(self, name: str) -> tuple[str, str] | None:
        """Path and value of the first header of this name that is not empty."""
        return next(((path, value) for path, written, value in self.headers if written.lower() == name and value), None)


def is_mail(head: bytes) -> bool:
    """Whether bytes begin as a mail does: header lines only, and among them at least two of those that every mail has."""
    if not _START.match(head):
        return False
    names: set[bytes] = set()
    for line in head.removeprefix(b"\xef\xbb\xbf").splitlines()[:MOST_HEADERS]:
        if not line.strip():
            break
        if line[:1] in b" \t" and names:
            continue
        found = _FIELD.match(line)
        if found is None:
            if line.startswith((b"From ", b">From ")) and not names:
                continue
            return False
        names.add(found[1].lower())
    return len(names & _TELLING) >= 2 and bool(names & {b"from", b"message-id", b"received", b"return-path"})


def take_apart(content: bytes) -> Mail:
    """The mail. Raises :class:`Unreadable` where it is too large, too deep, or no parser can follow it."""
    if len(content) > MOST_BYTES:
        raise Unreadable("too-large", f"The mail is larger than {MOST_BYTES >> 20} MiB.")
    if sum(1 for _ in _BOUNDARY.finditer(content)) > MOST_BOUNDARIES:
        raise Unreadable("too-many-values", f"The mail has more than {MOST_BOUNDARIES} divisions.")
    if max(content.count(b"\n"), content.count(b"\r")) > MOST_BREAKS or content.count(b"\n--") + content.count(b"\r--") > MOST_MARKS:
        raise Unreadable("too-many-values", "The mail has more lines than any honest one, or more marks between parts.")
    if any(found.end() - found.start() > LONGEST_PARAMETERS for found in _PARAMETERS.finditer(content)):
        raise Unreadable("too-large", "A part of the mail is described at a length that no honest one has.")
    mail = Mail()
    try:
        message: Message = message_from_bytes(content.removeprefix(b"\xef\xbb\xbf"), policy=compat32)
        mail.headers = _headers(message, "mail")
        _walk(message, mail)
    except _FAULTS as fault:
        raise Unreadable("malformed", f"The mail cannot be taken apart ({type(fault).__name__}).") from fault
    return mail


def _walk(message: Message, mail: Mail) -> None:
    """All parts in the order of the mail, by a stack of our own: nesting costs no depth of calls."""
    waiting: list[tuple[Message, str, int]] = [(message, "mail", 0)]
    count = 0
    while waiting:
        part, path, depth = waiting.pop()
        count += 1
        if count > MOST_PARTS or depth > MOST_DEPTH:
            raise Unreadable("too-deep", f"The mail has more than {MOST_PARTS} parts or nests deeper than {MOST_DEPTH} levels.")
        kind = part.get_content_type().lower()
        mail.locked = mail.locked or _is_locked(part, kind)
        if part.defects:
            mail.notes.append(Note("damaged-part", path, "A part of the mail breaks the rules of mails; it was read as far as that goes."))
        children = part.get_payload()
        if isinstance(children, list):
            named = [(child, f"{path}.part[{number}]") for number, child in enumerate(children, 1) if isinstance(child, Message)]
            if kind == "message/rfc822":
                mail.nested += [_headers(child, below) for child, below in named]
            waiting += [(child, below, depth + 1) for child, below in reversed(named)]
        else:
            _take(part, path, kind, mail)


def _take(part: Message, path: str, kind: str, mail: Mail) -> None:
    """A part without parts: a body, or a file."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return
    written = part.get_filename()
    name = _decoded(written) if written else ""
    is_text = kind in {"text/plain", "text/html", "message/delivery-status"}
    if is_text and not name and part.get_content_disposition() != "attachment" and _has_room(mail, content):
        mail.bodies.append(Body(path, _text(part, content), kind == "text/html"))
    elif content:
        if is_text and not name:
            mail.notes.append(
                Note("body-kept-as-file", path, "A text of the mail is a file, or too long to be read as a text; it is kept as a file.")
            )
        safe = _safe(name) or f"part-{len(mail.attached) + 1}{_ENDINGS.get(kind, '.bin')}"
        if name and safe != name:
            mail.notes.append(Note("attachment-renamed", path, "The name of an attachment was made safe; the mail holds it as it came."))
        mail.attached.append(Attached(path, safe, content))


def _has_room(mail: Mail, content: bytes) -> bool:
    """Whether one more text still fits into what is read as texts."""
    size, lines = sum(len(body.text) for body in mail.bodies), sum(body.text.count("\n") for body in mail.bodies)
    return size + len(content) <= MOST_TEXT and lines + content.count(b"\n") + content.count(b"<") <= MOST_LINES


def _is_locked(part: Message, kind: str) -> bool:
    if kind in {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
        return "signed" not in str(part.get_param("smime-type") or "enveloped").lower()
    return kind == "multipart/encrypted"


def _headers(message: Message, path: str) -> Headers:
    found = list(message.raw_items())[:MOST_HEADERS]
    return tuple((f"{path}.header[{place}]", storable(name), _decoded(str(value))) for place, (name, value) in enumerate(found, 1))


def _decoded(written: str) -> str:
    """A header's value as its reader would see it: unfolded, encoded words read, bytes that are none taken as UTF-8."""
    plain = _FOLD.sub(" ", written[:LONGEST_HEADER])
    plain = plain.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return storable(_ENCODED.sub(_read_words, plain)).strip()


def _read_words(found: re.Match[str]) -> str:
    """A run of encoded words; one that cannot be read stays as it is written."""
    try:
        return str(make_header(decode_header(found[0])))
    except _FAULTS:
        return found[0]


def _text(part: Message, content: bytes) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        text = content.decode("utf-8" if charset in _SLOW else charset, "replace")
    except (LookupError, ValueError):
        text = content.decode("utf-8", "replace")
    return storable(text.replace("\r\n", "\n").replace("\r", "\n"))


def _safe(name: str) -> str:
    """The last part of a name, without what files cannot or should not be called."""
    last = re.split(r"[/\\]", name)[-1]
    cleaned = _ODD.sub("_", last).strip(" .")
    stem, dot, ending = cleaned.rpartition(".")
    return cleaned if len(cleaned) <= LONGEST_NAME else f"{stem[: LONGEST_NAME - 20]}{dot}{ending[:16]}"


def facts_of(mail: Mail) -> Iterator[tuple[str, str]]:
    """What the mail says of itself, under keys of its own."""
    for name in ("from", "to", "subject", "date", "message-id"):
        found = mail.header(name)
        if found is not None:
            yield f"mail_{name.replace('-', '_')}", found[1]
