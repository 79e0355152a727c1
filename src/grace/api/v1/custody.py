"""The ledger: pages of entries, the newest signed checkpoint, and proofs, for whoever audits."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from grace.api.tokens import viewer
from grace.api.v1.schemas import CheckpointOut, EntryOut, EntryPageOut, Limit, ProofOut, Size
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.pipeline import audit

router = Router(tags=["custody"])


@router.get("/entries", response=EntryPageOut, summary="Entries of the ledger, newest first")
@declares(Kind.CONSULTATION)
def list_entries(
    request: HttpRequest,
    subject: str | None = None,
    kind: Kind | None = None,
    actor: str | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> EntryPageOut:
    """Entries that match all filters; follow ``after`` to the next page. Reading the ledger is itself an entry."""
    found = audit.entries(viewer(request), subject=subject, kind=kind, actor=actor, before=after, limit=limit)
    return EntryPageOut(items=[_shown(each) for each in found.entries], after=str(found.after or ""))


@router.get("/checkpoint", response=CheckpointOut, summary="The newest signed checkpoint")
@declares(Kind.CONSULTATION)
def read_checkpoint(request: HttpRequest) -> CheckpointOut:
    """Keep it elsewhere: whoever holds one can show later that nothing below it was changed."""
    state = audit.state(viewer(request))
    return CheckpointOut(note=state.note, entries=state.size, signed=state.signed, oldest_unsequenced_seconds=state.oldest_unsequenced)


@router.get("/entries/{uuid:entry}/proof", response=ProofOut, summary="Proof that an entry is in the ledger")
@declares(Kind.CONSULTATION)
def prove_entry(request: HttpRequest, entry: UUID, size: Size | None = None) -> ProofOut:
    """The inclusion proof of an entry in the tree of ``size`` leaves, by default of all there are."""
    found = audit.prove(viewer(request), entry, size)
    return ProofOut(entry=entry, seq=found.seq, size=found.size, leaf=found.digest.hex(), path=[each.hex() for each in found.path])


def _shown(entry: audit.EntryRow) -> EntryOut:
    return EntryOut.model_validate({name: getattr(entry, name) for name in EntryOut.model_fields})
