"""What documents of ours say in the same way: identifiers, texts, names and digests, described once and read once."""

from __future__ import annotations

from collections.abc import Iterator

from grace.intake.formats.described import Flag, Listing, Record, Text
from grace.intake.formats.json_values import members, stated, truth, wrapped
from grace.sdk.intake import Claim, Kind, Passage

TIME = "RFC 3339 where possible (2026-11-02T08:15:00+01:00), else as you have it; without an offset the zone counts as unknown."
TABLE = Text(about="A text under a key of your own in snake_case.", number=True, flag=True)


def listed_texts(about: str) -> Listing:
    """A list of single texts."""
    return Listing(about=about, items=Text(about="One of them.", required=True, number=True))


IDENTIFIER = Record(
    about="An identifier as you have it, and when it was used.",
    required=True,
    members={
        "kind": Text(about="What it is; `other` takes whatever no kind fits, with a `label`.", required=True, one_of=tuple(Kind)),
        "value": Text(about="The identifier as it stands in your records.", required=True, number=True),
        "event": Text(about="What happened: Login, Upload, Registration …"),
        "at": Text(about=f"When. {TIME}"),
        "port": Text(about="The source port; behind a shared address nothing else tells subscribers apart.", number=True),
        "verified": Flag(about="Whether you verified that it belongs to the person (e-mail, phone)."),
        "service": Text(about="The service at which an account name or number stands."),
        "label": Text(about="Your own name for the kind, where it is `device`, `payment` or `other`."),
        "in_text": Flag(about="True where it was found in free text, not in a field of its own."),
        "facts": Record(about="What else stands beside it.", more=TABLE),
    },
)


def identifiers(whose: str) -> Listing:
    """Whose identifiers, as a list."""
    return Listing(about=f"Identifiers {whose}.", items=IDENTIFIER)


def passages(whose: str) -> Listing:
    """Whose free text, as a list."""
    passage = Record(
        about="One text.",
        required=True,
        members={
            "about": Text(about="What it is: note, chat, bio, mail, boilerplate …"),
            "text": Text(about="The text, whole.", required=True),
        },
    )
    return Listing(about=f"Free text {whose}.", items=passage)


PERSON_FIELDS = {
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

DIGESTS = Record(
    about="Digests in hexadecimal; others under their own name.",
    members={name: Text(about=about) for name, about in (("md5", "MD5."), ("sha1", "SHA-1."), ("sha256", "SHA-256."), ("pdq", "PDQ."))},
    more=Text(about="Another digest."),
)

_KINDS = {kind.value: kind for kind in Kind}


def claims_of(holder: dict[str, object], path: str) -> Iterator[Claim]:
    """The claims under ``identifiers``; one without a value is left to the leaves."""
    for at, item in objects_of(holder, path, "identifiers"):
        value = stated(item.get("value"))
        if value is not None:
            yield _claim(item, value, at)


def _claim(item: dict[str, object], value: str, path: str) -> Claim:
    word = stated(item.get("kind"))
    kind = _KINDS.get((word or "").strip().lower(), Kind.OTHER)
    return Claim(
        kind,
        value,
        f"{path}.value",
        event=stated(item.get("event")),
        at=stated(item.get("at")),
        port=stated(item.get("port")),
        verified=truth(item.get("verified")),
        service=stated(item.get("service")),
        label=stated(item.get("label")) or (word if kind is Kind.OTHER and word != Kind.OTHER.value else None),
        facts=table_of(item, "facts"),
        mined=truth(item.get("in_text")) is True,
    )


def passages_of(holder: dict[str, object], path: str) -> Iterator[Passage]:
    """The texts under ``passages``."""
    for at, item in objects_of(holder, path, "passages"):
        text = stated(item.get("text"))
        if text is not None:
            yield Passage(text, f"{at}.text", stated(item.get("about")) or "note")


def objects_of(holder: dict[str, object], path: str, name: str) -> Iterator[tuple[str, dict[str, object]]]:
    """The objects of a list with their paths; whatever else stands in it is left to the leaves."""
    for below, item in wrapped(holder, name):
        if isinstance(item, dict):
            yield path + below, item


def texts_of(holder: dict[str, object], name: str) -> Iterator[str]:
    """The single values of a list that state something."""
    return (text for _, item in wrapped(holder, name) if (text := stated(item)) is not None)


def table_of(holder: dict[str, object], name: str) -> dict[str, str]:
    """The single values of an object that state something, under their keys."""
    pairs = ((key, stated(value)) for key, value in members(holder.get(name)).items())
    return {str(key): text for key, text in pairs if text is not None}
