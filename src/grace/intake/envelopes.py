"""What a mail adds to a report: its own facts, a note on what they are worth, and every line of it as a leaf."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from grace.intake.attachments import Envelope
from grace.intake.mails import Body, Mail
from grace.intake.markup import text_of
from grace.sdk.intake import Leaf, Note, Reading

_FACTS = ("from", "to", "subject", "date", "message-id")
_KNOWN = frozenset({*_FACTS, "cc", "reply-to", "mime-version", "content-type", "content-transfer-encoding", "received", "return-path"})


def enveloped(reading: Reading, envelope: Envelope) -> Reading:
    """The reading of an attachment, with its mail: the mail is a document of the report too."""
    mail, report = envelope.mail, reading.report
    leaves = (*report.leaves, *header_leaves(mail), *(leaf for body in mail.bodies for leaf in body_leaves(body)))
    told = replace(report, facts={**report.facts, **facts_of(mail)}, notes=(*report.notes, *notes_of(mail)), leaves=leaves)
    return replace(reading, report=told, documents=(*reading.documents, envelope.member))


def facts_of(mail: Mail) -> dict[str, str]:
    """What the mail says of itself, under keys of its own."""
    found = {name: mail.header(name) for name in _FACTS}
    return {f"mail_{name.replace('-', '_')}": said[1] for name, said in found.items() if said is not None}


def notes_of(mail: Mail) -> Iterator[Note]:
    """What an officer should know of the way that this came."""
    said = mail.header("from")
    yield Note("sender-unproven", said[0] if said else "mail", "Whom a mail says it comes from is a claim; nothing proves it.")


def header_leaves(mail: Mail) -> Iterator[Leaf]:
    """Every header of the mail and of the mails inside it."""
    for headers in (mail.headers, *mail.nested):
        for path, name, value in headers:
            yield Leaf(f"{path}.{name}", value, name.lower() in _KNOWN)
    yield from (Leaf(f"{each.path}.filename", each.name) for each in mail.attached)


def body_leaves(body: Body, unknown: Collection[str] = ()) -> Iterator[Leaf]:
    """Every line of a body that is not blank."""
    return (Leaf(path, line, path not in unknown) for path, line in lines_of(body) if line)


def lines_of(body: Body) -> Iterator[tuple[str, str]]:
    """The lines of a body with their paths; those of HTML as they read, not as they are written."""
    text = text_of(body.text) if body.html else body.text
    for number, line in enumerate(text.split("\n"), 1):
        yield f"{body.path}.line[{number}]", line.strip()
