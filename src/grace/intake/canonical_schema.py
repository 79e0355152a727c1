"""The JSON Schema of the canonical form (draft 2020-12): the published copy is compared with this one by a test."""

from __future__ import annotations

from typing import get_args

from grace.identifiers.moments import Precision, Zone
from grace.intake.canonical import VERSION
from grace.intake.members import State
from grace.sdk.intake import Kind, Role

Json = dict[str, object]

_TEXT: Json = {"type": "string"}
_TEXT_OR_NULL: Json = {"type": ["string", "null"]}
_TRUTH: Json = {"type": "boolean"}
_THREE_STATES: Json = {"type": ["boolean", "null"], "description": "null means not stated"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_INDEX: Json = {"type": ["integer", "null"], "minimum": 0}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_FIELDS: Json = {"type": "object", "additionalProperties": _TEXT}


def _object(description: str, **properties: Json) -> Json:
    return {"type": "object", "description": description, "properties": properties, "required": list(properties)}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _or_null(shape: Json) -> Json:
    return {"oneOf": [shape, {"type": "null"}]}


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


_TIME = _object(
    "a time as written, and in UTC where a zone is stated; it is never guessed",
    at=_TEXT,
    at_utc=_or_null({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3}(\d{3})?)?Z$"}),
    zone={"enum": list(get_args(Zone))},
    precision={"enum": [*get_args(Precision), None]},
)
_POSITION = _object("a part of a text, in code points from its beginning", start=_COUNT, end=_COUNT)
_FOUND = _object(
    "an identifier found in running text, at every place where it stands; service belongs to a screen name",
    type={"enum": [kind.value for kind in Kind]},
    value=_TEXT,
    normal=_TEXT,
    service=_TEXT_OR_NULL,
    start=_COUNT,
    end=_COUNT,
)
_PASSAGE = _object("free text of the document", about=_TEXT, text=_TEXT, path=_TEXT, identifiers=_list(_ref("found")))
_PERSON = _object(
    "a person or account; that a sender names somebody makes nobody a suspect",
    ordinal=_COUNT,
    role={"enum": [role.value for role in Role]},
    path=_TEXT,
    name=_TEXT_OR_NULL,
    fields=_FIELDS,
    passages=_list(_ref("passage")),
)
_ATTACHMENT = _object(
    "a file as the report names it",
    ordinal=_COUNT,
    path=_TEXT,
    name=_TEXT_OR_NULL,
    original_name=_TEXT_OR_NULL,
    sender_file_id=_TEXT_OR_NULL,
    digests={"type": "object", "additionalProperties": {"type": "string", "pattern": "^([0-9a-f]{2})+$"}},
    odd_digests=_FIELDS,
    viewed=_THREE_STATES,
    publicly_available=_THREE_STATES,
    classification=_TEXT_OR_NULL,
    relevance=_TEXT_OR_NULL,
    uploaded=_or_null(_ref("time")),
    tags=_TEXTS,
    fields=_FIELDS,
    passages=_list(_ref("passage")),
)
_SIGHTING = _object(
    "an identifier occurred; person and attachment are ordinals, both null where the report as a whole bears it",
    kind={"enum": [kind.value for kind in Kind]},
    value=_TEXT,
    normal=_TEXT_OR_NULL,
    path=_TEXT,
    person=_INDEX,
    attachment=_INDEX,
    event=_TEXT_OR_NULL,
    time=_or_null(_ref("time")),
    port={"type": ["integer", "null"], "minimum": 1, "maximum": 65535},
    weak={"type": "boolean", "description": "an IP address that names no subscriber: no second, no zone or, for IPv4, no port"},
    verified=_THREE_STATES,
    service=_TEXT_OR_NULL,
    label=_TEXT_OR_NULL,
    in_text={"type": "boolean", "description": "found in the sender's free text, not in a field of its own"},
    position={
        "oneOf": [_ref("position"), {"type": "null"}],
        "description": "where in the text a search found it; null for what stands in a field or under the sender's own label",
    },
    facts=_FIELDS,
)
_REFERRAL = _object(
    "the report as a whole",
    issuer=_TEXT,
    number=_TEXT_OR_NULL,
    sender=_TEXT_OR_NULL,
    service=_TEXT_OR_NULL,
    received=_or_null(_ref("time")),
    incident_type=_TEXT_OR_NULL,
    incident=_or_null(_ref("time")),
    incident_time_note=_TEXT_OR_NULL,
    escalated={"type": ["string", "null"], "description": "the sender's words; present means escalated, even when empty"},
    annotations=_TEXTS,
    bundled=_TRUTH,
    prior_numbers=_TEXTS,
    facts=_FIELDS,
)
_IDENTIFIER = _object("an identifier at a glance", type=_TEXT, value=_TEXT, normal=_TEXT_OR_NULL)
_MENTIONED = _object(
    "an identifier that stands in free text, once for each bearer",
    type=_TEXT,
    value=_TEXT,
    normal=_TEXT_OR_NULL,
    service=_TEXT_OR_NULL,
    path=_TEXT,
    position=_or_null(_ref("position")),
)
_COUNTS = _object(
    "how many of each, those who report not counted",
    **dict.fromkeys(("ip_occurrences", "distinct_ips", "files", "distinct_hashes", "persons"), _COUNT),
)
_PAIRING = _object(
    "what became of a file, or of a member that no file names",
    state={"enum": [state.value for state in State]},
    attachment=_INDEX,
    member=_TEXT_OR_NULL,
    checked={"type": "boolean", "description": "a digest was compared"},
)
_NOTE = _object("a deviation or oddity", code=_TEXT, path=_TEXT, text=_TEXT)
_LEAF = _object(
    "one value of the document, verbatim; known is false where the format has no place for it", path=_TEXT, value=_TEXT, known=_TRUTH
)

SCHEMA: Json = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": f"GRACE canonical report, version {VERSION}",
    **_object(
        "what one document says of one incident, in the same shape for every format",
        canonical={"const": VERSION},
        format=_TEXT,
        documents=_TEXTS,
        referral=_ref("referral"),
        persons=_list(_ref("person")),
        attachments=_list(_ref("attachment")),
        sightings=_list(_ref("sighting")),
        passages=_list(_ref("passage")),
        ips=_TEXTS,
        emails=_TEXTS,
        emails_folded=_TEXTS,
        urls=_TEXTS,
        phones=_TEXTS,
        screen_names=_TEXTS,
        user_ids=_TEXTS,
        other_identifiers=_list(_ref("identifier")),
        identifiers_in_text=_list(_ref("mentioned")),
        counts=_ref("counts"),
        files_received=_or_null(_list(_ref("pairing"))),
        notes=_list(_ref("note")),
        leaves=_list(_ref("leaf")),
    ),
    "$defs": {
        "time": _TIME,
        "passage": _PASSAGE,
        "person": _PERSON,
        "attachment": _ATTACHMENT,
        "sighting": _SIGHTING,
        "referral": _REFERRAL,
        "identifier": _IDENTIFIER,
        "mentioned": _MENTIONED,
        "found": _FOUND,
        "position": _POSITION,
        "counts": _COUNTS,
        "pairing": _PAIRING,
        "note": _NOTE,
        "leaf": _LEAF,
    },
}
