"""What a report in our own JSON holds, as data: schema, reader and page follow it."""

from __future__ import annotations

from grace.intake.formats.described import Flag, Listing, Mark, Record, Schema, Text, published
from grace.intake.formats.statements import DIGESTS, PERSON_FIELDS, TABLE, TIME, identifiers, listed_texts, passages
from grace.sdk.intake import Role

MARK = "grace_report"
ADDRESS = "urn:grace:report:1"


PERSON = Record(
    about="One person or account.",
    required=True,
    members={
        "role": Text(about="The part in which you name the person; no word of it makes a suspect.", required=True, one_of=tuple(Role)),
        "fields": Record(
            about="What is known of the person; a second address has the keys `address_2_street` …", members=PERSON_FIELDS, more=TABLE
        ),
        "identifiers": identifiers("of the person"),
        "passages": passages("about the person"),
    },
)

FILE = Record(
    about="One file; its bytes may come beside this document in a ZIP or folder, or not at all.",
    required=True,
    members={
        "name": Text(about="The name of the file in the package."),
        "original_name": Text(about="The name that its uploader gave it."),
        "sender_file_id": Text(about="Your own number of the file.", number=True),
        "digests": DIGESTS,
        "viewed": Flag(about="Whether a person at yours viewed the whole file."),
        "publicly_available": Flag(about="Whether the file was open to the public."),
        "classification": Text(about="Your class of the file."),
        "relevance": Text(about="What the file is to the report, in your words."),
        "uploaded_at": Text(about=f"When it was uploaded. {TIME}"),
        "tags": listed_texts("Marks on the file."),
        "fields": Record(about="What else is known of the file.", more=TABLE),
        "identifiers": identifiers("at the file, as the address that it was uploaded from"),
        "passages": passages("about the file"),
    },
)

INCIDENT = Record(
    about="What happened.",
    members={
        "type": Text(about="Your type of incident."),
        "at": Text(about=f"When it happened. {TIME}"),
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
        "received": Text(about=f"When the issuer received the report. {TIME}"),
        "incident": INCIDENT,
        "escalated": Text(about="Why this is urgent, in your words; or true, without words.", flag=True),
        "annotations": listed_texts("Your marks on the report."),
        "bundled": Flag(about="True where this report stands for many alike."),
        "prior_numbers": listed_texts("Numbers of earlier reports on the same matter."),
        "facts": Record(about="Statements about the incident that have no place of their own.", more=TABLE),
        "persons": Listing(about="Persons and accounts.", items=PERSON),
        "files": Listing(about="Files.", items=FILE),
        "identifiers": identifiers("that belong to no person and no file"),
        "passages": passages("of the report"),
        "times_are_utc": Flag(about="True where all times without an offset are UTC."),
    },
)


def schema() -> Schema:
    """The published JSON Schema."""
    return published(REPORT, title="GRACE report", address=ADDRESS)
