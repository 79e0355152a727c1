"""The ledger: pages of entries, the newest signed checkpoint, and proofs, for whoever audits."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from grace.api.tokens import viewer
from grace.api.v1.schemas import EntryOut
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.pipeline import audit

router = Router(tags=["custody"])


@router.get("/entries", response=list[EntryOut], summary="Entries of the ledger, newest first")
@declares(Kind.CONSULTATION)
def list_entries(
    request: HttpRequest,
    subject: str | None = None,
    kind: Kind | None = None,
    before: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[EntryOut]:
    """Entries that match all filters; the next page is asked for with ``before``, the id of the last one."""
    found = audit.entries(viewer(request), subject=subject, kind=kind, before=before, limit=limit)
    return [EntryOut(**{name: getattr(each, name) for name in EntryOut.model_fields}) for each in found]
