"""Reading the ledger is itself an entry, and needs a capability of its own (law, L3)."""

from __future__ import annotations

from uuid import UUID

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import EntryRow
from grace.pipeline.consult import consult, query_digest
from grace.referrals.read import referral_of


def entries(
    viewer: Viewer, *, subject: str | None = None, kind: Kind | None = None, before: UUID | None = None, limit: int = 50
) -> list[EntryRow]:
    """A page of the ledger, newest first, for an auditor of the agency."""

    def read() -> list[EntryRow]:
        viewer.require(Capability.AUDIT)
        return ledger.page(subject=subject, kind=kind, before=before, limit=limit)

    asked = query_digest([subject, kind, before])
    return consult(viewer, "ledger.read", read, lambda found: (f"entry:{each.id}" for each in found), query=asked)


def history_of(viewer: Viewer, referral_id: UUID, limit: int = 20) -> list[EntryRow]:
    """What was done to a referral of the viewer's own unit: a part of its page, which is one consultation."""
    referral_of(viewer, referral_id)
    return ledger.history(f"referral:{referral_id}", limit)
