"""A mail taken apart to a :class:`Report`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr, parsedate_to_datetime
from itertools import takewhile

from grace.intake.envelopes import body_leaves, facts_of, header_leaves, lines_of, notes_of
from grace.intake.formats.tip_lines.items import Line, items
from grace.intake.formats.tip_lines.reading import is_report, read_lines
from grace.intake.formats.tip_lines.sections import is_cut
from grace.intake.mails import Body, Mail
from grace.sdk.intake import Leaf, Note, Passage, Report, Unreadable

FORMAT_NAME = "mail"
NOBODY = "unknown sender"
"""The sender of a mail that names none."""

_QUOTED = re.compile(r"(?:>\s?)+")
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?\.?")


def read_mail(mail: Mail) -> Report:
    """The clearing house's report where a body holds one, with what the mail says of itself; else the mail as free text.

    Raises :class:`Unreadable` where all that it holds of a report is cut short: what is missing would be missed by nobody.
    """
    is_short = False
    for body in mail.bodies:
        lines = _unquoted(body)
        if is_report(lines):
            if not body.html and is_cut(lines):  # a table in HTML may leave the marks of sections out
                is_short = True
                continue
            try:
                report = read_lines(FORMAT_NAME, lines)
            except Unreadable:
                continue
            return _with_mail(report, mail, body, lines)
    if is_short:
        raise Unreadable("truncated", "The report in the mail ends in the middle of its section A.")
    return _free_text(mail)


def _unquoted(body: Body) -> list[Line]:
    """The lines of a body; a report that was answered or forwarded has marks of quotation before them."""
    return [Line(path, _QUOTED.sub("", text, count=1) if text.startswith(">") else text) for path, text in lines_of(body)]


def _with_mail(report: Report, mail: Mail, body: Body, lines: list[Line]) -> Report:
    """The report, with the mail's own facts; what its writer says above the report is free text."""
    unknown = {leaf.path for leaf in report.leaves if not leaf.known}
    first = next(item.path for item in items(lines) if item.key == "number")
    cover = "\n".join(line.text for line in takewhile(lambda line: line.path != first, lines)).strip()
    return replace(
        report,
        facts={**report.facts, **facts_of(mail)},
        passages=(*report.passages, *([Passage(cover, body.path, "email")] if cover else [])),
        notes=(*report.notes, *notes_of(mail), *mail.notes),
        leaves=_leaves(mail, unknown),
    )


def _free_text(mail: Mail) -> Report:
    domain = _domain(mail)
    return Report(
        FORMAT_NAME,
        domain or NOBODY,
        None,
        domain or NOBODY,
        "mail",
        received_at=_sent_at(mail),
        facts=facts_of(mail),
        passages=tuple(Passage(text, body.path, "email") for body, text in _texts(mail)),
        notes=(*notes_of(mail), *mail.notes, *_without_text(mail)),
        leaves=_leaves(mail),
    )


def _without_text(mail: Mail) -> Iterator[Note]:
    if not any(_texts(mail)):
        yield Note("no-text", "mail", "The mail has no text.")


def _leaves(mail: Mail, unknown: set[str] | frozenset[str] = frozenset()) -> tuple[Leaf, ...]:
    return (*header_leaves(mail), *(leaf for body in mail.bodies for leaf in body_leaves(body, unknown)))


def _texts(mail: Mail) -> list[tuple[Body, str]]:
    """The texts of the mail. HTML that says the same as the text before it is left to the leaves."""
    found: list[tuple[Body, str]] = []
    words: set[str] = set()
    for body in mail.bodies:
        text = "\n".join(line for _, line in lines_of(body)).strip()
        here = set(text.split())
        if text and not (body.html and len(here - words) * 5 <= len(here)):
            found.append((body, text))
        words |= here
    return found


def _domain(mail: Mail) -> str | None:
    said = mail.header("from")
    address = parseaddr(said[1][:2000])[1] if said else ""
    domain = address.rpartition("@")[2].lower().rstrip(".") if "@" in address else ""
    return domain if _DOMAIN.fullmatch(domain) else None


def _sent_at(mail: Mail) -> str | None:
    """The mail's date in ISO form; where it states no zone (``-0000``) none is added. What is no date stays as written."""
    said = mail.header("date")
    if said is None:
        return None
    try:
        moment: datetime = parsedate_to_datetime(said[1])
    except (ValueError, TypeError, IndexError, OverflowError):
        return said[1]
    return moment.isoformat()
