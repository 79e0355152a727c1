"""The whole document to a :class:`Report`: key for key, for the format mirrors it."""

from __future__ import annotations

from collections.abc import Iterator

from grace.intake.formats.described import deviations, shape_of
from grace.intake.formats.grace_json.description import REPORT
from grace.intake.formats.json_leaves import Walk
from grace.intake.formats.json_values import members, stated, truth
from grace.intake.formats.room import Room
from grace.intake.formats.statements import claims_of, objects_of, passages_of, table_of, texts_of
from grace.sdk.intake import Attachment, Note, Person, Report, Role

FORMAT_NAME = "grace-json"

_SHAPE = shape_of(REPORT)
_ROLES = {role.value: role for role in Role}


def read_document(tree: dict[str, object], room: Room) -> Report:
    """What the document says. Raises :class:`Unreadable` where it is too deep or too large."""
    walk = Walk(room)
    walk.document(tree, _SHAPE)
    sender = stated(tree.get("sender")) or ""
    issuer = stated(tree.get("issuer")) or sender
    number = stated(tree.get("number"))
    incident = members(tree.get("incident"))
    prior = tuple(texts_of(tree, "prior_numbers"))
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
        annotations=tuple(texts_of(tree, "annotations")),
        bundled=truth(tree.get("bundled")) is True,
        prior_numbers=prior if issuer or number is None else (*prior, number),
        facts=table_of(tree, "facts"),
        persons=tuple(_person(item, path) for path, item in objects_of(tree, "$", "persons")),
        attachments=tuple(_file(item, path) for path, item in objects_of(tree, "$", "files")),
        claims=tuple(claims_of(tree, "$")),
        passages=tuple(passages_of(tree, "$")),
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
    return Person(role, path, table_of(holder, "fields"), tuple(claims_of(holder, path)), tuple(passages_of(holder, path)))


def _file(holder: dict[str, object], path: str) -> Attachment:
    return Attachment(
        path,
        name=stated(holder.get("name")),
        original_name=stated(holder.get("original_name")),
        sender_file_id=stated(holder.get("sender_file_id")),
        digests=table_of(holder, "digests"),
        viewed=truth(holder.get("viewed")),
        publicly_available=truth(holder.get("publicly_available")),
        classification=stated(holder.get("classification")),
        relevance=stated(holder.get("relevance")),
        uploaded_at=stated(holder.get("uploaded_at")),
        tags=tuple(texts_of(holder, "tags")),
        fields=table_of(holder, "fields"),
        claims=tuple(claims_of(holder, path)),
        passages=tuple(passages_of(holder, path)),
    )
