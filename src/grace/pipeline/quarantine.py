"""What could not be read: listed, opened, put aside and taken back; reading it again is ``receive.read_again``."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.intake import documents
from grace.intake.documents import Page
from grace.intake.models import Document
from grace.pipeline.consult import consult, query_digest, refusals_told


def unread(viewer: Viewer, *, state: str = Document.State.QUARANTINED, sender: UUID | None = None, after: str = "", most: int = 50) -> Page:
    """A page of the unit's unread documents, of one sender's logins where it is named."""
    return consult(
        viewer,
        "quarantine.list",
        lambda: documents.unread(viewer, state=state, sender=sender, after=after, most=most),
        lambda page: (f"document:{each.id}" for each in page.documents),
        query=query_digest([state, after, *([sender] if sender else [])]),
    )


def open_document(viewer: Viewer, document_id: UUID) -> Document:
    """One unread document, its file name included."""
    return consult(viewer, "quarantine.read", lambda: documents.unread_one(viewer, document_id), lambda found: [f"document:{found.id}"])


def dismiss(viewer: Viewer, document_id: UUID, reason: str) -> Document:
    """Put a document aside that nobody needs to read; nothing is deleted. Raises ``Invalid`` without a reason, ``Conflict`` where it has left."""
    return _change(viewer, "quarantine.dismiss", document_id, lambda: documents.dismiss(viewer, document_id, reason))


def restore(viewer: Viewer, document_id: UUID) -> Document:
    """Take a dismissed document back into quarantine."""
    return _change(viewer, "quarantine.restore", document_id, lambda: documents.restore(viewer, document_id))


def _change(viewer: Viewer, act: str, document_id: UUID, change: Callable[[], Document]) -> Document:
    subject = f"document:{document_id}"
    with refusals_told(viewer, act, subject), transaction.atomic():
        document = change()
        ledger.record(Line(Kind.ALTERATION, act, viewer.actor, viewer.purpose, (subject,)))
        return document
