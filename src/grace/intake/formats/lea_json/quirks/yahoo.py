"""Yahoo: a mail's header lines in the incident, and files that say which mail they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import getaddresses

from grace.identifiers import normal
from grace.intake.formats.lea_json.quirks.labelled import single_lines
from grace.intake.formats.lea_json.quirks.plain import Quirk, Said, Texts, passages
from grace.sdk.intake import Claim, Kind

_HEADER = {"sent date": "sent_date", "from": "from", "to": "to", "x-ymail-msg-id": "message_id"}
_MESSAGE_ID = "Message ID:"
_LONGEST_HEADER = 2000


class Yahoo(Quirk):
    """Header lines become facts ``email_<n>_…``; sender and addressees become claims of the report."""

    def mails(self, mails: Sequence[Texts]) -> Said:
        """The mails, each header read from the first text of its mail."""
        said = super().mails(mails)
        for number, texts in enumerate(mails, start=1):
            for path, text in texts[:1]:
                header = _header(text)
                fields = {f"email_{number}_{key}": value for key, value in header.items()}
                said = said.joined(Said(fields, claims=tuple(_addresses(header, path))))
        return said

    def file(self, texts: Texts) -> Said:
        """The text, and ``message_id`` of the mail that the file came with."""
        said = passages(texts, "note")
        found = (text.lstrip().splitlines()[0] for _, text in texts if text.lstrip().startswith(_MESSAGE_ID))
        message_id = next((line[len(_MESSAGE_ID) :].strip() for line in found), "")
        return said.joined(Said({"message_id": message_id})) if message_id else said


def _header(text: str) -> dict[str, str]:
    header: dict[str, str] = {}
    for label, value in single_lines(text.partition("\n\n")[0], _HEADER):
        header.setdefault(_HEADER[label], value)
    return header


def _addresses(header: dict[str, str], path: str) -> list[Claim]:
    claims = []
    for key, event in (("from", "From"), ("to", "To")):
        for _, address in getaddresses([header.get(key, "")[:_LONGEST_HEADER]]):
            if normal(Kind.EMAIL, address):
                claims.append(Claim(Kind.EMAIL, address, path, event=event, at=header.get("sent_date"), mined=True))
    return claims
