"""Documents: registered once per unit by the digest of their bytes, read or kept in quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.intake.models import Document
from grace.kernel import sql
from grace.kernel.errors import Conflict, Missing

_COLUMNS = {
    "id": "uuid",
    "unit_id": "uuid",
    "sha256": "bytea",
    "size": "bigint",
    "object_id": "uuid",
    "way": "text",
    "name": "text",
    "received_at": "timestamptz",
    "state": "text",
    "format": "text",
    "format_version": "text",
    "reason_code": "text",
    "reason": "text",
    "attempts": "integer",
}


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A sealed original, and how its reading ended: ``reason_code`` empty means that it was read."""

    id: UUID
    sha256: bytes
    size: int
    object_id: UUID
    name: str
    format: str = ""
    format_version: str = ""
    reason_code: str = ""
    reason: str = ""


def known(unit_id: UUID, digests: Sequence[bytes]) -> dict[bytes, UUID]:
    """Which of these SHA-256 digests the unit already has, with the document."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT sha256, id FROM intake_document WHERE unit_id = %s AND sha256 = ANY(%s)", [unit_id, list(digests)])
        return {bytes(digest): key for digest, key in cursor}


def register(unit_id: UUID, way: str, documents: Sequence[NewDocument], now: datetime) -> set[UUID]:
    """Write the rows; returns the ids written. A document that another process registered meanwhile is left out."""
    rows = (
        (
            each.id,
            unit_id,
            each.sha256,
            each.size,
            each.object_id,
            way,
            each.name,
            now,
            (Document.State.QUARANTINED if each.reason_code else Document.State.READ).value,
            each.format,
            each.format_version,
            each.reason_code,
            each.reason,
            1,
        )
        for each in sorted(documents, key=lambda each: each.sha256)
    )
    statement = sql.insert_many("intake_document", _COLUMNS, "ON CONFLICT (unit_id, sha256) DO NOTHING RETURNING id")
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, sql.by_column(rows, len(_COLUMNS)))
        return {row[0] for row in cursor}


def quarantine(viewer: Viewer, *, before: datetime | None = None, most: int = 50) -> list[Document]:
    """The unit's unread documents, newest first; ``before`` pages on."""
    viewer.require(Capability.QUARANTINE)
    found = Document.objects.filter(unit_id=viewer.unit_id, state=Document.State.QUARANTINED)
    if before is not None:
        found = found.filter(received_at__lt=before)
    return list(found.order_by("-received_at")[:most])


def quarantined_count(viewer: Viewer) -> int:
    """How many documents of the unit wait in quarantine."""
    viewer.require(Capability.READ)
    return Document.objects.filter(unit_id=viewer.unit_id, state=Document.State.QUARANTINED).count()


def in_quarantine(viewer: Viewer, document_id: UUID) -> Document:
    """One document of the unit's quarantine, locked. Raises ``Missing``, or ``Conflict`` where it has left it."""
    viewer.require(Capability.QUARANTINE)
    found = Document.objects.select_for_update().filter(unit_id=viewer.unit_id, id=document_id).first()
    if found is None:
        raise Missing("There is no such document.")
    if found.state != Document.State.QUARANTINED:
        raise Conflict("This document is not in quarantine any more.", remedy="Read the quarantine page again.")
    return found


def settle(document: Document, new: NewDocument) -> None:
    """Note how another attempt at reading a quarantined document ended."""
    document.state = Document.State.QUARANTINED if new.reason_code else Document.State.READ
    document.format, document.format_version = new.format, new.format_version
    document.reason_code, document.reason = new.reason_code, new.reason
    document.attempts += 1
    document.save(update_fields=["state", "format", "format_version", "reason_code", "reason", "attempts"])
