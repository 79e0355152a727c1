"""MeetMe: the report's text holds the registration, the log-ins and the messages; all of it stated by the account's user."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from grace.identifiers import normal
from grace.intake.formats.lea_json.quirks.labelled import single_lines
from grace.intake.formats.lea_json.quirks.plain import Quirk, Said, Texts
from grace.sdk.intake import Claim, Kind, Passage

_REGISTRATION = "Registration details from Suspect's MeetMe profile"
_MESSAGES = "Complete private message correspondence"
_SERVICE = "MeetMe"
_FIELDS: Mapping[str, str] = {
    "meetme profile name": "meetme_profile_name",
    "dob": "meetme_date_of_birth",
    "age": "meetme_age",
    "zip": "meetme_zip",
    "city": "meetme_city",
    "state": "meetme_state",
    "date joined meetme.com": "meetme_joined",
    "recent gps data": "meetme_gps",
}
_CLAIMS: Mapping[str, tuple[Kind, str | None]] = {
    "meetme userid": (Kind.USER_ID, None),
    "email": (Kind.EMAIL, None),
    "registration ip": (Kind.IP, "Registration"),
    "phone number used to verify account": (Kind.PHONE, "Verification"),
}
_LOG_IN = re.compile(r"\s*(\d{4}-\d{2}-\d{2} \d{1,2}:\d{2}(?::\d{2})?)\s+([0-9a-fA-F:.]{3,45})\s*(?:\((.{0,200})\))?\s*")


class MeetMe(Quirk):
    """Reads the three blocks; every part of them is kept as a passage too."""

    def report(self, texts: Texts) -> Said:
        """What the text says of the reported person."""
        subject: Said | None = None
        for path, text in texts:
            said = _read(path, text)
            subject = subject.joined(said) if subject else said
        return Said(subject=subject)


def _read(path: str, text: str) -> Said:
    before, _, messages = text.partition(_MESSAGES)
    _, found, registration = before.partition(_REGISTRATION)
    fields, claims = _registration(registration if found else "", path)
    blocks = (("note", before), ("chat", _MESSAGES + messages if messages else ""))
    kept = tuple(Passage(block.strip(), path, about) for about, block in blocks if block.strip())
    return Said(fields, (*claims, *_log_ins(before, path)), kept)


def _registration(block: str, path: str) -> tuple[dict[str, str], list[Claim]]:
    fields: dict[str, str] = {}
    claims: list[Claim] = []
    for label, value in single_lines(block, (*_FIELDS, *_CLAIMS)):
        if label in _FIELDS:
            fields.setdefault(_FIELDS[label], value)
            continue
        kind, event = _CLAIMS[label]
        if kind in {Kind.USER_ID, Kind.PHONE} or normal(kind, value):
            claims.append(Claim(kind, value, path, event=event, service=_SERVICE if kind is Kind.USER_ID else None, mined=True))
    return fields, claims


def _log_ins(text: str, path: str) -> Iterator[Claim]:
    """Lines ``date time address (device)``; no zone is stated, so none is assumed."""
    for line in text.splitlines():
        found = _LOG_IN.fullmatch(line) if len(line) < 300 else None
        if found and normal(Kind.IP, found[2]):
            facts = {"device": found[3]} if found[3] else {}
            yield Claim(Kind.IP, found[2], path, event="Login", at=found[1], facts=facts, mined=True)
