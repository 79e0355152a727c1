"""The whole document to a :class:`Report`: key for key, for the format mirrors it."""

from __future__ import annotations

from collections.abc import Iterator

from grace.intake.formats.described import deviations, shape_of
from grace.intake.formats.grace_json.description import REPORT
from grace.intake.formats.json_leaves import Walk
from grace.intake.formats.json_values import members, stated, truth, wrapped
from grace.sdk.intake import Attachment, Claim, Kind, Note, Passage, Person, Report, Role

FORMAT_NAME = "grace-json"

_SHAPE = shape_of(REPORT)
_KINDS = {kind.value: kind for kind in Kind}
_ROLES = {role.value: role for role in Role}


def read_document(tree: dict[str, object]) -> Report:
    """What the document says. Raises :class:`Unreadable` where it is too deep or too large."""
    walk = Walk()
    walk.document(tree, _SHAPE)
    sender = stated(tree.get("sender")) or ""
    issuer = stated(tree.get("issuer")) or sender
    number = stated(tree.get("number"))
    incident = members(tree.get("incident"))
    prior = tuple(_texts(tree, "prior_numbers"))
    return Report(
        FORMAT_NAME,
        issuer,
        number if issuer else None,
        sender,
        service=stated(tree.get("service")),
        received_at=stated(tree.get("received")),
        incident_type=stated(incident.get("type")),
        incident_at=stated(incident.get("at")),
        incident_time_note=stated(incident.get("time_note")),
        escalated=_escalated(tree.get("escalated")),
        annotations=tuple(_texts(tree, "annotations")),
        bundled=truth(tree.get("bundled")) is True,
        prior_numbers=prior if issuer or number is None else (*prior, number),
        facts=_table(tree, "facts"),
        persons=tuple(_person(item, path) for path, item in _objects(tree, "$", "persons")),
        attachments=tuple(_file(item, path) for path, item in _objects(tree, "$", "files")),
        claims=tuple(_claims(tree, "$")),
        passages=tuple(_passages(tree, "$")),
        notes=(*_notes(issuer, number, sender), *walk.notes, *deviations(tree, REPORT)),
        leaves=tuple(walk.leaves),
        always_utc=truth(tree.get("times_are_utc")) is True,
    )


def _notes(issuer: str, number: str | None, sender: str) -> Iterator[Note]:
    if number is None:
        yield Note("number-missing", "$.number", "The document carries no report number.")
    elif not issuer:
        yield Note(
            "issuer-missing",
            "$.issuer",
            "Nobody is named who numbers the report, so its number names nothing; it stands as an earlier one.",
        )
    if not sender:
        yield Note("sender-missing", "$.sender", "The document does not name its sender.")


def _escalated(value: object) -> str | None:
    """The sender's words for the urgency; true alone is urgent without words."""
    if isinstance(value, bool):
        return "" if value else None
    return stated(value)


def _person(holder: dict[str, object], path: str) -> Person:
    role = _ROLES.get((stated(holder.get("role")) or "").strip().lower(), Role.ASSOCIATED)
    return Person(role, path, _table(holder, "fields"), tuple(_claims(holder, path)), tuple(_passages(holder, path)))


def _file(holder: dict[str, object], path: str) -> Attachment:
    return Attachment(
        path,
        name=stated(holder.get("name")),
        original_name=stated(holder.get("original_name")),
        sender_file_id=stated(holder.get("sender_file_id")),
        digests=_table(holder, "digests"),
        viewed=truth(holder.get("viewed")),
        publicly_available=truth(holder.get("publicly_available")),
        classification=stated(holder.get("classification")),
        relevance=stated(holder.get("relevance")),
        uploaded_at=stated(holder.get("uploaded_at")),
        tags=tuple(_texts(holder, "tags")),
        fields=_table(holder, "fields"),
        claims=tuple(_claims(holder, path)),
        passages=tuple(_passages(holder, path)),
    )


def _claims(holder: dict[str, object], path: str) -> Iterator[Claim]:
    for at, item in _objects(holder, path, "identifiers"):
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
        facts=_table(item, "facts"),
        mined=truth(item.get("in_text")) is True,
    )


def _passages(holder: dict[str, object], path: str) -> Iterator[Passage]:
    for at, item in _objects(holder, path, "passages"):
        text = stated(item.get("text"))
        if text is not None:
            yield Passage(text, f"{at}.text", stated(item.get("about")) or "note")


def _objects(holder: dict[str, object], path: str, name: str) -> Iterator[tuple[str, dict[str, object]]]:
    for below, item in wrapped(holder, name):
        if isinstance(item, dict):
            yield path + below, item


def _texts(holder: dict[str, object], name: str) -> Iterator[str]:
    return (text for _, item in wrapped(holder, name) if (text := stated(item)) is not None)


def _table(holder: dict[str, object], name: str) -> dict[str, str]:
    pairs = ((key, stated(value)) for key, value in members(holder.get(name)).items())
    return {str(key): text for key, text in pairs if text is not None}
