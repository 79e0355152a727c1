"""Block (Cash App): the subject stands in the report's text only, as cashtag, e-mail, phone and address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from grace.identifiers import normal
from grace.intake.formats.lea_json.quirks.labelled import single_lines
from grace.intake.formats.lea_json.quirks.plain import Quirk, Said, Texts, passages
from grace.sdk.intake import Claim, Kind

_LABELS: Mapping[str, Kind] = {
    "cashtag": Kind.PAYMENT,
    "$cashtag": Kind.PAYMENT,
    "email": Kind.EMAIL,
    "e-mail": Kind.EMAIL,
    "email address": Kind.EMAIL,
    "phone": Kind.PHONE,
    "phone number": Kind.PHONE,
    "ip": Kind.IP,
    "ip address": Kind.IP,
}
_TOKENS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.PAYMENT, re.compile(r"(?<![\w$])\$[A-Za-z][A-Za-z0-9_-]{0,19}(?![\w$])")),
    (Kind.EMAIL, re.compile(r"(?<![\w.+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}(?![\w-])")),
)
_LONGEST_LINE = 2000


class Block(Quirk):
    """Reads labelled lines of every kind, and cashtags and e-mail addresses wherever they stand.

    Phones and addresses are read at their label only: a bare number may be a date, an amount or a version.
    """

    def report(self, texts: Texts) -> Said:
        """What the text says of the subject."""
        subject = passages(texts, "note")
        for path, text in texts:
            subject = subject.joined(Said(claims=tuple(_claims(text, path))))
        return Said(subject=subject) if texts else Said()


def _claims(text: str, path: str) -> Iterator[Claim]:
    seen: set[tuple[Kind, str]] = set()
    for kind, value in _found(text):
        spelling = normal(kind, value)
        if spelling and (kind, spelling) not in seen:
            seen.add((kind, spelling))
            yield Claim(kind, value, path, mined=True)


def _found(text: str) -> Iterator[tuple[Kind, str]]:
    for label, value in single_lines(text, _LABELS):
        kind = _LABELS[label]
        if kind is not Kind.PAYMENT or re.fullmatch(r"\$?\w[\w-]{0,30}", value):
            yield kind, "$" + value.removeprefix("$") if kind is Kind.PAYMENT else value
    for line in text.splitlines():
        for kind, token in _TOKENS if len(line) <= _LONGEST_LINE else ():
            for found in token.finditer(line):
                yield kind, found[0]
