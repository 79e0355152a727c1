"""Lays a report out as the clearing house prints it: labels and values, section by section. The print and the mail share it.

The layout is the public one (labels as independent readers of the print describe them): US dates, always UTC.
"""

from __future__ import annotations

import ipaddress
import textwrap
from collections.abc import Iterator
from datetime import date, datetime

from grace.sdk.intake import Role
from grace.simulate.pdf import Row
from grace.simulate.people import Account, Capture, home
from grace.simulate.referral import NamedFile, Referral

_WIDTH = 92
_LONGEST_NAME = 46
_ROLES = {Role.REPORTED: "Suspect", Role.RECIPIENT: "Recipient", Role.VICTIM: "Victim"}
_INCIDENTS = {"web": "Webpage/URL", "mail": "Email", "game": "Online Gaming", "phone": "Cell Phone/Text Messaging", "chat": "Chat/IM"}


def rows(referral: Referral) -> Iterator[Row]:
    """The whole print, line by line."""
    yield f"CyberTipline Report {referral.number}"
    yield "Priority Level: E"
    yield f"Received by NCMEC on {_moment(referral.received_at)}"
    yield "Executive Summary"
    yield "Incident Type: Apparent Child Pornography"
    yield f"Total Uploaded Files: {len(referral.files)}"
    yield "Section A: Reported Information"
    yield from _reported(referral)
    yield "This concludes Section A"
    yield "Section B: Automated Information Added by NCMEC Systems"
    yield "Section C: Additional Information Provided by NCMEC"
    yield "Incident Type: Auto-referred International"
    yield "Section D: Law Enforcement Contact Information"


def _reported(referral: Referral) -> Iterator[Row]:
    yield "Reporting Electronic Service Provider (ESP)"
    yield "Submitter:", "Point of Contact for Law Enforcement:"
    yield referral.provider.name, f"Email: lawful-requests@{referral.provider.domain}"
    yield "Incident Information"
    yield f"Incident Type: {referral.incident_type}"
    yield f"Incident Time: {_moment(referral.incident_at)}"
    if referral.note:
        yield from _text("Description of Incident Time", referral.note)
    yield _INCIDENTS[referral.provider.incident]
    if referral.shows_page:
        yield f"URL: {referral.page}"
    yield from _text("Additional Information", referral.text)
    for role, word in _ROLES.items():
        named = referral.by_role(role)
        for place, account in enumerate(named, 1):
            yield word if len(named) == 1 else f"{word} {place}"
            yield from _person(referral, account)
    yield "Uploaded File Information"
    yield f"Number of uploaded files: {len(referral.files)}"
    for file in referral.files:
        yield from _file(referral, file)


def _person(referral: Referral, account: Account) -> Iterator[Row]:
    called = " ".join(name for name in (account.given, account.family) if name)
    yield from _line("Name", called)
    yield from _line("Mobile Phone", _contact(account.phone, verified=account.phone_verified))
    yield from _line("Date of Birth", _day(account.born) if account.born else None)
    yield from _line("Approximate Age", account.age)
    if account.street:
        yield f"Address: {', '.join((account.street, *home(account)))}"
    yield from _line("Email Address", _contact(account.email, verified=account.email_verified))
    yield from _line("ESP Service", referral.service)
    yield from _line("Screen/User Name", account.screen_name)
    yield from _line("ESP User ID", account.user_id)
    for capture in account.captures:
        yield from _capture(capture)
    yield from _line("Device ID", account.device)
    yield from _line("Prior CT Reports", ", ".join(map(str, account.earlier)))
    if account.bio:
        yield from _text("Additional Information", account.bio)


def _capture(capture: Capture) -> Iterator[Row]:
    yield f"IP Address: {_address(capture.ip)}" + (f" ({capture.event.capitalize()})" if capture.event else "")
    yield from _line("Port", capture.port)
    if capture.at:
        yield _moment(capture.at)


def _file(referral: Referral, file: NamedFile) -> Iterator[Row]:
    yield from _name("Filename", file.name)
    yield from _line("Original Filename", file.original_name)
    yield from _line("Submittal ID", file.file_id)
    for kind in referral.named:
        yield from _line(kind.upper(), getattr(file.digests, kind))
    yield from _answer("Did Reporting ESP view entire contents of uploaded file", said=file.viewed)
    yield from _answer("Were entire contents of uploaded file publicly available", said=file.public)
    yield from _line("Image Categorization by ESP", file.category)
    yield from _line("File Relevance", file.relevance)
    yield from _line("File Tags", ", ".join(file.marks))
    yield from _line("Upload Date/Time", _moment(file.uploaded_at) if file.uploaded_at else None)
    if file.capture:
        yield from _capture(file.capture)


def _line(label: str, value: object) -> Iterator[Row]:
    if value is not None and value != "":
        yield f"{label}: {value}"


def _answer(question: str, *, said: bool | None) -> Iterator[Row]:
    if said is not None:
        yield f"{question}? {'Yes' if said else 'No'}"


def _name(label: str, value: str) -> Iterator[Row]:
    """A name that is too long for its line goes on on the next, wherever that falls."""
    yield f"{label}: {value[:_LONGEST_NAME]}"
    for start in range(_LONGEST_NAME, len(value), _LONGEST_NAME):
        yield value[start : start + _LONGEST_NAME]


def _text(label: str, value: str) -> Iterator[Row]:
    yield from textwrap.wrap(f"{label}: {value}", _WIDTH)


def _contact(value: str | None, *, verified: bool | None) -> str | None:
    if value is None or verified is None:
        return value
    return f"{value} ({'Verified' if verified else 'Not Verified'})"


def _address(ip: str) -> str:
    """IPv6 addresses in full, as the clearing house's systems pad them."""
    return ipaddress.IPv6Address(ip).exploded if ":" in ip else ip


def _moment(at: datetime) -> str:
    return at.strftime("%m-%d-%Y %H:%M:%S UTC")


def _day(day: date) -> str:
    return day.strftime("%m-%d-%Y")
