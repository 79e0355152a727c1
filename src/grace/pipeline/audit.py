"""Reading the ledger is itself an entry, and needs a capability of its own (law, L3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.names import names_of
from grace.accounts.viewer import Viewer
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import EntryRow, Inclusion
from grace.kernel.errors import Missing
from grace.pipeline.consult import consult, query_digest, refusals_told
from grace.pipeline.ledger import export_ledger
from grace.referrals.read import referral_of

__all__ = ["EntryRow", "Inclusion", "Page", "State", "entries", "entry", "export", "history_of", "name_of", "prove", "state"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of entries, the names behind their actors, and the key of the next page (None at the end)."""

    entries: list[EntryRow]
    names: dict[str, str]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class State:
    """How the ledger stands: leaves, leaves under the newest checkpoint, that checkpoint's note, and seconds that the oldest entry waits."""

    size: int
    signed: int
    note: str
    oldest_unsequenced: float


def entries(
    viewer: Viewer,
    *,
    subject: str | None = None,
    kind: Kind | None = None,
    actor: str | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> Page:
    """A page of the ledger, newest first, for an auditor of the agency."""

    def read() -> list[EntryRow]:
        viewer.require(Capability.AUDIT)
        return ledger.page(subject=subject, kind=kind, actor=actor, before=before, limit=limit + 1)

    asked = query_digest([subject, kind, actor, before])
    found = consult(viewer, "ledger.read", read, lambda rows: (f"entry:{each.id}" for each in rows[:limit]), query=asked)
    shown = found[:limit]
    return Page(shown, names_of(each.actor for each in shown), shown[-1].id if len(found) > limit else None)


def entry(viewer: Viewer, entry_id: UUID) -> EntryRow:
    """One entry. Raises ``Missing`` for one that was pruned or never was."""

    def read() -> EntryRow:
        viewer.require(Capability.AUDIT)
        found = ledger.entry(entry_id)
        if found is None:
            raise Missing(_("There is no such entry, or its legal period has ended."))
        return found

    return consult(viewer, "ledger.read", read, lambda found: [f"entry:{found.id}"])


def prove(viewer: Viewer, entry_id: UUID, size: int | None = None) -> Inclusion:
    """The proof that an entry is in the tree. Raises ``Missing`` for one without a leaf."""

    def read() -> Inclusion:
        viewer.require(Capability.AUDIT)
        return ledger.prove_inclusion(entry_id, size)

    return consult(viewer, "ledger.prove", read, lambda _proof: [f"entry:{entry_id}"])


def state(viewer: Viewer) -> State:
    """How the ledger stands; it holds nothing personal, but it is read like the rest."""

    def read() -> State:
        viewer.require(Capability.AUDIT)
        return State(ledger.size(), ledger.size_signed(), ledger.newest_note(), ledger.oldest_unsequenced_age())

    return consult(viewer, "ledger.state", read, lambda _state: ())


def export(viewer: Viewer, file: BinaryIO, *, recipient: str, purpose: str) -> None:
    """Write the whole ledger, signed, for a recipient. Raises ``Invalid`` where recipient or purpose cannot stand in the ledger."""
    with refusals_told(viewer, "ledger.export", kind=Kind.DISCLOSURE):
        viewer.require(Capability.AUDIT)
    export_ledger(file, actor=viewer.actor, purpose=purpose, recipient=recipient)


def name_of(actor: str) -> str:
    """The name behind an actor of an entry that the viewer was given; empty for programs of the house."""
    return names_of([actor]).get(actor, "")


def history_of(viewer: Viewer, referral_id: UUID, limit: int = 20) -> list[EntryRow]:
    """What was done to a referral of the viewer's own unit: a part of its page, which is one consultation."""
    referral_of(viewer, referral_id)
    return ledger.history(f"referral:{referral_id}", limit)
