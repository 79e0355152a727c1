"""Documents: registered once per unit by the digest of their bytes, read or kept in quarantine."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.intake.models import Document
from grace.kernel import sql
from grace.kernel.errors import Conflict, Invalid, Missing

MOST_ROWS = 200
MOST_REASON = 500

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
    "dismissed_because": "text",
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
    if not digests:
        return {}
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
            "",
        )
        for each in sorted(documents, key=lambda each: each.sha256)
    )
    statement = sql.insert_many("intake_document", _COLUMNS, "ON CONFLICT (unit_id, sha256) DO NOTHING RETURNING id")
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, sql.by_column(rows, len(_COLUMNS)))
        return {row[0] for row in cursor}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of unread documents; ``after`` is the key of the next page, or empty."""

    documents: list[Document]
    after: str


def unread(viewer: Viewer, *, state: str = Document.State.QUARANTINED, sender: UUID | None = None, after: str = "", most: int = 50) -> Page:
    """The unit's quarantined (or dismissed) documents, newest first, behind the key ``after``; ``sender`` keeps what came by its logins.

    The key is the pair of moment and id, so that documents of one moment are neither lost nor shown twice. Raises
    ``Invalid`` for a key that this function did not make.
    """
    viewer.require(Capability.QUARANTINE)
    most = max(1, min(most, MOST_ROWS))
    found = Document.objects.filter(unit_id=viewer.unit_id, state=_unread_state(state)).order_by("-received_at", "-id")
    if sender is not None:
        found = found.filter(incomingreport__login__sender_id=sender)
    if after:
        moment, last = _read_key(after)
        found = found.filter(Q(received_at__lte=moment) & ~Q(received_at=moment, id__gte=last))
    rows = list(found[: most + 1])
    return Page(rows[:most], _key(rows[most - 1]) if len(rows) > most else "")


def _unread_state(state: str) -> str:
    if state not in {Document.State.QUARANTINED, Document.State.DISMISSED}:
        raise Invalid(_("There is no such state of a document."), remedy=_("Choose quarantined or dismissed."))
    return state


def _key(row: Document) -> str:
    return base64.urlsafe_b64encode(f"{row.received_at.isoformat()}~{row.id}".encode()).decode().rstrip("=")


def _read_key(key: str) -> tuple[datetime, UUID]:
    try:
        moment, row = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode("ascii").split("~")
        told = datetime.fromisoformat(moment), UUID(row)
    except ValueError as fault:
        raise Invalid(_("This page key was not made by the quarantine."), remedy=_("Start again at the first page.")) from fault
    if told[0].tzinfo is None:
        raise Invalid(_("This page key was not made by the quarantine."), remedy=_("Start again at the first page."))
    return told


def quarantined_count(viewer: Viewer) -> int:
    """How many documents of the unit wait in quarantine."""
    viewer.require(Capability.READ)
    return Document.objects.filter(unit_id=viewer.unit_id, state=Document.State.QUARANTINED).count()


def quarantined_by_sender(viewer: Viewer) -> dict[UUID, int]:
    """How many documents wait in the unit's quarantine, by the sender whose login they came by; of others nobody knows who sent them."""
    viewer.require(Capability.READ)
    found = Document.objects.filter(unit_id=viewer.unit_id, state=Document.State.QUARANTINED, incomingreport__isnull=False)
    return dict(found.values_list("incomingreport__login__sender_id").annotate(n=Count("id")).order_by())


def unread_one(viewer: Viewer, document_id: UUID) -> Document:
    """One document of the unit that is quarantined or dismissed. Raises ``Missing``."""
    viewer.require(Capability.QUARANTINE)
    states = (Document.State.QUARANTINED, Document.State.DISMISSED)
    found = Document.objects.filter(unit_id=viewer.unit_id, id=document_id, state__in=states).first()
    if found is None:
        raise Missing(_("There is no such document."))
    return found


def in_quarantine(viewer: Viewer, document_id: UUID) -> Document:
    """One document of the unit's quarantine, locked. Raises ``Missing``, or ``Conflict`` where it has left it."""
    return _held(viewer, document_id, Document.State.QUARANTINED)


def _held(viewer: Viewer, document_id: UUID, state: Document.State) -> Document:
    viewer.require(Capability.QUARANTINE)
    found = Document.objects.select_for_update().filter(unit_id=viewer.unit_id, id=document_id).first()
    if found is None:
        raise Missing(_("There is no such document."))
    if found.state != state:
        raise Conflict(_("This document has left that state."), remedy=_("Read the quarantine page again."))
    return found


def dismiss(viewer: Viewer, document_id: UUID, reason: str) -> Document:
    """Put a document aside that nobody needs to read, and say why; its bytes stay, and :func:`restore` takes it back."""
    document = _held(viewer, document_id, Document.State.QUARANTINED)
    if not 3 <= len(reason.strip()) <= MOST_REASON or not reason.isprintable():
        raise Invalid(
            _("Dismissing needs a reason of one line, 3 to %(most)d characters.") % {"most": MOST_REASON},
            remedy=_("Say why nobody has to read this document."),
        )
    document.state, document.dismissed_because = Document.State.DISMISSED, reason.strip()
    document.save(update_fields=["state", "dismissed_because"])
    return document


def restore(viewer: Viewer, document_id: UUID) -> Document:
    """Take a dismissed document back into quarantine."""
    document = _held(viewer, document_id, Document.State.DISMISSED)
    document.state, document.dismissed_because = Document.State.QUARANTINED, ""
    document.save(update_fields=["state", "dismissed_because"])
    return document


def settle(document: Document, new: NewDocument) -> None:
    """Note how another attempt at reading a quarantined document ended."""
    document.state = Document.State.QUARANTINED if new.reason_code else Document.State.READ
    document.format, document.format_version = new.format, new.format_version
    document.reason_code, document.reason = new.reason_code, new.reason
    document.attempts += 1
    document.save(update_fields=["state", "format", "format_version", "reason_code", "reason", "attempts"])
