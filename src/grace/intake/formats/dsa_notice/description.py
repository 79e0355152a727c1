"""What a notice holds, as data: schema, reader and form follow it.

Recital 56 names four things: the content, the time when it was published with its time zone, an explanation of the
suspicion, and what is needed to locate and identify the recipient of the service. Article 18(2) adds the Member States
concerned, by offence, by suspect and by victim. Beside these a notice only says who gives it.
"""

from __future__ import annotations

from grace.intake.formats.described import Listing, Mark, Record, Schema, Text, published
from grace.intake.formats.statements import DIGESTS, PERSON_FIELDS, TIME, identifiers, listed_texts
from grace.sdk.intake import Kind

MARK = "dsa_notice"
ADDRESS = "urn:grace:dsa-notice:1"
GROUNDS = ("offence", "suspect", "victim")
"""Why a Member State is concerned: Article 18(2)."""

_STATE = Text(about="Two letters, after ISO 3166-1; EU for all of them.", required=True)

PROVIDER = Record(
    about="Who gives the notice.",
    required=True,
    members={
        "name": Text(about="The provider of hosting services, always in the same spelling.", required=True),
        "contact": Text(about="The e-mail address at which questions are answered.", required=True),
        "phone": Text(about="The telephone number for urgent questions."),
        "reference": Text(about="Your own number of this notice; a later notice with it is a new version.", number=True),
        "established_in": Text(about="The Member State in which you are established, or your legal representative is: two letters."),
    },
)

CONTENT = Record(
    about="The content in question: where it lies, itself, or its files.",
    required=True,
    members={
        "urls": listed_texts("Where it lies."),
        "reference": Text(about="Your own number of the content.", number=True),
        "text": Text(about="The content itself, where it is text."),
        "files": Listing(
            about="Its files; their bytes may come beside this document in a ZIP or folder.",
            items=Record(
                about="One file.",
                required=True,
                members={"name": Text(about="The name of the file in the package."), "digests": DIGESTS},
            ),
        ),
    },
)

RECIPIENT = Record(
    about="What is needed to locate and identify the recipient of the service.",
    members={
        **{name: value for name, value in PERSON_FIELDS.items() if name not in {"age", "service"}},
        "identifiers": identifiers("accounts, addresses and numbers; IP addresses with the exact time and source port"),
    },
)

NOTICE = Record(
    about="One notice under Article 18 of Regulation (EU) 2022/2065.",
    required=True,
    members={
        MARK: Mark(about="Names this format and its version.", number=1),
        "provider": PROVIDER,
        "content": CONTENT,
        "published_at": Text(about=f"When the content was published. {TIME}"),
        "time_zone": Text(about="The designated time zone of that time, where it has no offset: UTC, or an offset as +01:00."),
        "suspicion": Text(about="The explanation of your suspicion.", required=True),
        "recipient": RECIPIENT,
        "states_concerned": Listing(
            about="The Member States that you think are concerned; without any the authority finds out.",
            items=Record(
                about="One Member State.",
                required=True,
                members={
                    "state": _STATE,
                    "because": Listing(
                        about="Where the offence took or takes place, where the suspect, where the victim is.",
                        items=Text(about="One ground.", required=True, one_of=GROUNDS),
                    ),
                },
            ),
        ),
    },
)

_KINDS = (*(kind.value for kind in Kind if kind is not Kind.OTHER), "ip.event", "ip.at", "ip.port", "email.verified", "phone.verified")
CARRIES = frozenset(
    {
        *("report.issuer", "report.number", "report.sender", "report.incident_at", "report.incident_time_note", "report.identifiers"),
        *("person.role", "person.sender", "person.first_name", "person.middle_name", "person.last_name", "person.date_of_birth"),
        *("person.address", "service", "passage", "file.name", "file.md5", "file.sha1", "file.sha256", "file.pdq", *_KINDS),
    }
)


def schema() -> Schema:
    """The published JSON Schema."""
    return published(NOTICE, title="Notice of a suspicion of a criminal offence (DSA, Article 18)", address=ADDRESS)
