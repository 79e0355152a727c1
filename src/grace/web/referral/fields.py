"""Fields, and what they are said of, in the words of the screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LABELS: Mapping[str, Promise] = {
    "report.issuer": gettext_lazy("Issuer"),
    "report.number": gettext_lazy("Number"),
    "report.sender": gettext_lazy("Sender"),
    "report.service": gettext_lazy("Service of the sender"),
    "report.received": gettext_lazy("Received by the issuer"),
    "report.incident_type": gettext_lazy("Type of incident"),
    "report.incident_at": gettext_lazy("Time of incident"),
    "report.incident_time_note": gettext_lazy("Note on the time"),
    "report.escalated": gettext_lazy("Called urgent"),
    "report.annotations": gettext_lazy("Marks of the sender"),
    "report.bundled": gettext_lazy("Stands for many reports"),
    "report.prior_numbers": gettext_lazy("Earlier reports"),
    "person.role": gettext_lazy("Persons"),
    "person.first_name": gettext_lazy("First name"),
    "person.middle_name": gettext_lazy("Middle name"),
    "person.last_name": gettext_lazy("Last name"),
    "person.date_of_birth": gettext_lazy("Date of birth"),
    "person.age": gettext_lazy("Age"),
    "person.address": gettext_lazy("Postal address"),
    "person.passage": gettext_lazy("Text about the person"),
    "email": gettext_lazy("E-mail"),
    "email.verified": gettext_lazy("E-mail verified"),
    "phone": gettext_lazy("Telephone"),
    "phone.verified": gettext_lazy("Telephone verified"),
    "ip": gettext_lazy("IP address"),
    "ip.event": gettext_lazy("What was done from the address"),
    "ip.at": gettext_lazy("Time of the address"),
    "ip.port": gettext_lazy("Port of the address"),
    "url": gettext_lazy("Web address"),
    "user_id": gettext_lazy("User id"),
    "screen_name": gettext_lazy("Screen name"),
    "service": gettext_lazy("Service of the account"),
    "device": gettext_lazy("Device"),
    "payment": gettext_lazy("Payment account"),
    "file.name": gettext_lazy("File"),
    "file.original_name": gettext_lazy("Original name of the file"),
    "file.sender_file_id": gettext_lazy("Sender's number of the file"),
    "file.md5": gettext_lazy("MD5"),
    "file.sha1": gettext_lazy("SHA-1"),
    "file.sha256": gettext_lazy("SHA-256"),
    "file.pdq": gettext_lazy("PDQ"),
    "file.viewed": gettext_lazy("Viewed by the sender"),
    "file.publicly_available": gettext_lazy("Publicly available"),
    "file.classification": gettext_lazy("Class by the sender"),
    "file.relevance": gettext_lazy("Relevance of the file"),
    "file.uploaded_at": gettext_lazy("Uploaded"),
    "file.tags": gettext_lazy("Marks on the file"),
    "passage": gettext_lazy("Text of the report"),
}
_ROLES: Mapping[str, Promise] = {
    "reported": gettext_lazy("reported person %(n)s"),
    "recipient": gettext_lazy("recipient %(n)s"),
    "victim": gettext_lazy("victim %(n)s"),
    "sender": gettext_lazy("person who reports %(n)s"),
    "associated": gettext_lazy("associated account %(n)s"),
}


def label(field: str) -> str:
    """The field as officers call it."""
    return str(LABELS.get(field, field))


def about(of: Sequence[str], *, uncovered: bool) -> str:
    """What a statement is about; while covered only the part that a person plays, never a value."""
    told = [_part(each, uncovered=uncovered) for each in of]
    return ", ".join(each for each in told if each)


def _part(text: str, *, uncovered: bool) -> str:
    role, _space, place = text.rpartition(" ")
    if role in _ROLES and place.isdigit():
        return str(_ROLES[role]) % {"n": place}
    return text if uncovered else ""


def values(said: Sequence[str | bool]) -> str:
    """Values in one text; a yes or no in words, a person by the part."""
    return "; ".join(_value(each) for each in said)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _part(str(value), uncovered=True) or "“”"
