"""The labels and headings of the document, as data. No standard is published: these are what independent readers agree on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from grace.sdk.intake import Kind, Role


class Wrap(Enum):
    """What a line without a label is to the value before it: nothing, the rest of a broken word, or more text."""

    LINE = "line"
    WORD = "word"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Label:
    """A label's meaning, and how its value may go on over further lines."""

    key: str
    wrap: Wrap = Wrap.LINE


def _labels(wrap: Wrap, **labels: tuple[str, ...]) -> dict[str, Label]:
    return {written: Label(key, wrap) for key, spellings in labels.items() for written in spellings}


LABELS: Mapping[str, Label] = {
    **_labels(
        Wrap.LINE,
        number=("cybertipline report", "cybertip report", "cybertipline report number", "report number"),
        priority_level=("priority level",),
        received=("received by ncmec on", "received by ncmec", "date received"),
        generated=("date pdf generated",),
        total_files=("total uploaded files",),
        incident_type=("incident type", "primary incident type"),
        incident_at=("incident time", "incident date/time", "incident date and time"),
        full_name=("name", "full name"),
        first_name=("first name",),
        last_name=("last name",),
        date_of_birth=("date of birth", "dob"),
        age=("approximate age", "age"),
        gender=("gender",),
        occupation=("occupation",),
        service=("esp service",),
        address_street=("street", "street address"),
        address_city=("city",),
        address_state=("state", "state/province"),
        address_postal_code=("postal code", "zip code", "zip"),
        address_country=("country",),
        phone=("mobile phone", "home phone", "business phone", "work phone", "cell phone", "phone", "phone number"),
        email=("email address", "e-mail address", "email", "e-mail"),
        screen_name=("screen/user name", "screen name", "user name", "username"),
        user_id=("esp user id", "user id"),
        device=("device id",),
        ip=("ip address",),
        port=("port",),
        event_at=("date/time", "event date/time", "event time"),
        prior=("prior ct reports", "prior cybertipline reports", "prior ct report"),
        file_count=("number of uploaded files",),
        md5=("md5", "md5 hash"),
        sha1=("sha1", "sha-1"),
        sha256=("sha256", "sha-256"),
        pdq=("pdq",),
        classification=("image categorization by esp", "file categorization by esp", "industry classification"),
        relevance=("file relevance",),
        sender_file_id=("submittal id", "esp file id", "file id"),
        tags=("file tags", "tags"),
        uploaded_at=("upload date/time", "upload time", "uploaded", "upload date and time"),
        viewed=("did reporting esp view entire contents of uploaded file", "did reporting esp view entire contents of the uploaded file"),
        publicly_available=(
            "were entire contents of uploaded file publicly available",
            "were entire contents of the uploaded file publicly available",
        ),
        exif_viewed=("did reporting esp view the exif of uploaded file",),
    ),
    **_labels(
        Wrap.WORD,
        url=("url", "webpage/url"),
        profile_url=("profile url",),
        name=("filename", "file name"),
        original_name=("original filename", "original file name", "original filename associated with file"),
    ),
    **_labels(
        Wrap.TEXT,
        submitter=("submitter",),
        incident_time_note=("description of incident time", "incident time description", "incident date/time description"),
        address=("address",),
        estimated_location=("estimated location",),
        text=("additional information", "additional information submitted by the reporting esp", "description", "chat log", "content"),
    ),
}
"""Every label in lower case, without its colon or question mark."""

CONTACT = frozenset(
    {
        "point of contact for law enforcement",
        "point of contact",
        "business address",
        "company address",
        "address",
        "email",
        "e-mail",
        "email address",
        "phone",
        "fax",
        "url",
    }
)
"""Labels of whoever submitted, which stand beside or below ``Submitter`` and say nothing of the persons reported."""

PERSONS: Mapping[str, Role] = {
    "suspect": Role.REPORTED,
    "reported person": Role.REPORTED,
    "user or person being reported": Role.REPORTED,
    "recipient": Role.RECIPIENT,
    "intended recipient": Role.RECIPIENT,
    "victim": Role.VICTIM,
    "child victim": Role.VICTIM,
    "associated account": Role.ASSOCIATED,
}
"""Headings of a person's block, each with or without a number. The document's word is not ours: nobody is a suspect by a claim."""

INCIDENTS: Mapping[str, str] = {
    "webpage/url": "webpage",
    "webpage": "webpage",
    "email": "email",
    "e-mail": "email",
    "chat/im": "chat",
    "chat": "chat",
    "online gaming": "chat",
    "newsgroup": "newsgroup",
    "cell phone/text messaging": "chat",
    "peer to peer": "incident",
    "non-internet": "incident",
}
"""Headings of an incident's block, with what its free text is about."""

REPORT_HEADINGS = frozenset(
    {
        "executive summary",
        "contents",
        "incident information",
        "reporting electronic service provider (esp)",
        "reporting electronic service provider",
        "company information",
        "reported information",
    }
)
FILE_HEADINGS = frozenset({"uploaded file information", "uploaded files", "uploaded file"})

IDENTIFIERS: Mapping[str, tuple[Kind, str | None]] = {
    "phone": (Kind.PHONE, None),
    "email": (Kind.EMAIL, None),
    "screen_name": (Kind.SCREEN_NAME, None),
    "user_id": (Kind.USER_ID, None),
    "device": (Kind.DEVICE, "Device ID"),
    "url": (Kind.URL, "URL"),
    "profile_url": (Kind.URL, "Profile URL"),
    "ip": (Kind.IP, "IP Address"),
}
"""Which labels name identifiers, and the label that the claim carries: the same words as in the JSON of the same report."""

PERSON_FIELDS = frozenset(
    {
        "first_name",
        "last_name",
        "age",
        "gender",
        "occupation",
        "service",
        "address",
        "address_street",
        "address_city",
        "address_state",
        "address_postal_code",
        "address_country",
        "estimated_location",
    }
)
DIGESTS = frozenset({"md5", "sha1", "sha256", "pdq"})
FILE_TEXTS = frozenset({"name", "original_name", "sender_file_id", "classification", "relevance", "uploaded_at"})
ENDINGS = frozenset(
    {
        *("jpg", "jpeg", "png", "gif", "webp", "heic", "heif", "avif", "bmp", "tif", "tiff", "svg"),
        *("mp4", "mov", "m4v", "avi", "mkv", "webm", "3gp", "mpg", "mpeg", "wmv", "flv", "ts"),
        *("mp3", "m4a", "wav", "ogg", "opus", "aac", "amr", "flac"),
        *("zip", "rar", "7z", "pdf", "txt", "doc", "docx", "htm", "html", "eml", "json", "csv", "xml"),
    }
)
"""Where a file's name ends: what follows on the next line is no part of it."""

CARRIES = frozenset(
    {
        *("report.issuer", "report.number", "report.sender", "report.received", "report.incident_type", "report.incident_at"),
        *("report.incident_time_note", "report.prior_numbers", "report.identifiers", "passage"),
        *("person.role", "person.recipient", "person.victim", "person.associated", "person.first_name", "person.last_name"),
        *("person.date_of_birth", "person.age", "person.address", "person.passage"),
        *("email", "email.verified", "phone", "phone.verified", "ip", "ip.event", "ip.at", "ip.port"),
        *("url", "user_id", "screen_name", "service", "device"),
        *("file.name", "file.original_name", "file.sender_file_id", "file.md5", "file.sha1", "file.sha256", "file.pdq", "file.viewed"),
        *("file.publicly_available", "file.classification", "file.relevance", "file.uploaded_at", "file.tags", "file.identifiers"),
    }
)
"""The fields that the layout has a place for. A middle name stands inside ``Name`` and cannot be told apart."""
