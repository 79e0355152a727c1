"""What a report in our own JSON holds, as data: schema, reader and page follow it."""

from __future__ import annotations

from grace.intake.formats.described import Flag, Listing, Mark, Record, Schema, Text, published
from grace.sdk.intake import Kind, Role

MARK = "grace_report"
ADDRESS = "urn:grace:report:1"

_TIME = "RFC 3339 where possible (2026-11-02T08:15:00+01:00), else as you have it; without an offset the zone counts as unknown."
_TABLE = Text(about="A text under a key of your own in snake_case.", number=True, flag=True)


def _texts(about: str) -> Listing:
    return Listing(about=about, items=Text(about="One of them.", required=True, number=True))


IDENTIFIER = Record(
    about="An identifier as you have it, and when it was used.",
    required=True,
    members={
        "kind": Text(about="What it is; `other` takes whatever no kind fits, with a `label`.", required=True, one_of=tuple(Kind)),
        "value": Text(about="The identifier as it stands in your records.", required=True, number=True),
        "event": Text(about="What happened: Login, Upload, Registration …"),
        "at": Text(about=f"When. {_TIME}"),
        "port": Text(about="The source port; behind a shared address nothing else tells subscribers apart.", number=True),
        "verified": Flag(about="Whether you verified that it belongs to the person (e-mail, phone)."),
        "service": Text(about="The service at which an account name or number stands."),
        "label": Text(about="Your own name for the kind, where it is `device`, `payment` or `other`."),
        "in_text": Flag(about="True where it was found in free text, not in a field of its own."),
        "facts": Record(about="What else stands beside it.", more=_TABLE),
    },
)


def _identifiers(whose: str) -> Listing:
    return Listing(about=f"Identifiers {whose}.", items=IDENTIFIER)


def _passages(whose: str) -> Listing:
    passage = Record(
        about="One text.",
        required=True,
        members={
            "about": Text(about="What it is: note, chat, bio, mail, boilerplate …"),
            "text": Text(about="The text, whole.", required=True),
        },
    )
    return Listing(about=f"Free text {whose}.", items=passage)


_PERSON_FIELDS = {
    "first_name": Text(about="First name."),
    "middle_name": Text(about="Middle name."),
    "last_name": Text(about="Last name."),
    "date_of_birth": Text(about="Date of birth, YYYY-MM-DD where known whole."),
    "age": Text(about="Age in years, as stated or estimated.", number=True),
    "service": Text(about="The service that the person used."),
    "address_street": Text(about="Street and number."),
    "address_street_2": Text(about="Second line of the street."),
    "address_city": Text(about="City."),
    "address_state": Text(about="State or province."),
    "address_postal_code": Text(about="Postal code.", number=True),
    "address_country": Text(about="Country; two letters where possible."),
}

PERSON = Record(
    about="One person or account.",
    required=True,
    members={
        "role": Text(about="The part in which you name the person; no word of it makes a suspect.", required=True, one_of=tuple(Role)),
        "fields": Record(
            about="What is known of the person; a second address has the keys `address_2_street` …", members=_PERSON_FIELDS, more=_TABLE
        ),
        "identifiers": _identifiers("of the person"),
        "passages": _passages("about the person"),
    },
)

FILE = Record(
    about="One file; its bytes may come beside this document in a ZIP or folder, or not at all.",
    required=True,
    members={
        "name": Text(about="The name of the file in the package."),
        "original_name": Text(about="The name that its uploader gave it."),
        "sender_file_id": Text(about="Your own number of the file.", number=True),
        "digests": Record(
            about="Digests in hexadecimal; others under their own name.",
            members={
                name: Text(about=about) for name, about in (("md5", "MD5."), ("sha1", "SHA-1."), ("sha256", "SHA-256."), ("pdq", "PDQ."))
            },
            more=Text(about="Another digest."),
        ),
        "viewed": Flag(about="Whether a person at yours viewed the whole file."),
        "publicly_available": Flag(about="Whether the file was open to the public."),
        "classification": Text(about="Your class of the file."),
        "relevance": Text(about="What the file is to the report, in your words."),
        "uploaded_at": Text(about=f"When it was uploaded. {_TIME}"),
        "tags": _texts("Marks on the file."),
        "fields": Record(about="What else is known of the file.", more=_TABLE),
        "identifiers": _identifiers("at the file, as the address that it was uploaded from"),
        "passages": _passages("about the file"),
    },
)

INCIDENT = Record(
    about="What happened.",
    members={
        "type": Text(about="Your type of incident."),
        "at": Text(about=f"When it happened. {_TIME}"),
        "time_note": Text(about="What that time is: of upload, of detection, of receipt …"),
    },
)

REPORT = Record(
    about="One report from one sender about one incident.",
    required=True,
    members={
        MARK: Mark(about="Names this format and its version.", number=1),
        "issuer": Text(about="Who numbers the report, where that is not the sender."),
        "number": Text(about="The number that names the report for good; a later document with it is a new version.", number=True),
        "sender": Text(about="Who reports: provider, hotline or agency, always in the same spelling.", required=True),
        "service": Text(about="The sender's service, where it is narrower than the sender."),
        "received": Text(about=f"When the issuer received the report. {_TIME}"),
        "incident": INCIDENT,
        "escalated": Text(about="Why this is urgent, in your words; or true, without words.", flag=True),
        "annotations": _texts("Your marks on the report."),
        "bundled": Flag(about="True where this report stands for many alike."),
        "prior_numbers": _texts("Numbers of earlier reports on the same matter."),
        "facts": Record(about="Statements about the incident that have no place of their own.", more=_TABLE),
        "persons": Listing(about="Persons and accounts.", items=PERSON),
        "files": Listing(about="Files.", items=FILE),
        "identifiers": _identifiers("that belong to no person and no file"),
        "passages": _passages("of the report"),
        "times_are_utc": Flag(about="True where all times without an offset are UTC."),
    },
)


def schema() -> Schema:
    """The published JSON Schema."""
    return published(REPORT, title="GRACE report", address=ADDRESS)
