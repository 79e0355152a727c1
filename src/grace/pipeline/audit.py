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

__all__ = ["EntryRow", "Inclusion", "Page", "Shown", "State", "entries", "entry", "export", "history_of", "prove", "state"]


@dataclass(frozen=True, slots=True)
class State:
    """How the ledger stands: leaves, leaves under the newest checkpoint, that checkpoint's note, and seconds that the oldest entry waits."""

    size: int
    signed: int
    note: str
    oldest_unsequenced: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page of entries, the names behind their actors, the key of the next page (None at the end), and how the ledger stands."""

    entries: list[EntryRow]
    names: dict[str, str]
    after: UUID | None
    state: State


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry, the name behind its actor (empty for programs of the house), and the proof that it is in the tree, if it has a leaf."""

    entry: EntryRow
    name: str
    proof: Inclusion | None


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

    def read() -> Page:
        viewer.require(Capability.AUDIT)
        found = ledger.page(subject=subject, kind=kind, actor=actor, before=before, limit=limit + 1)
        shown = found[:limit]
        return Page(shown, names_of(each.actor for each in shown), shown[-1].id if len(found) > limit else None, _state())

    asked = query_digest([subject, kind, actor, before])
    return consult(viewer, "ledger.read", read, lambda page: (f"entry:{each.id}" for each in page.entries), query=asked)


def entry(viewer: Viewer, entry_id: UUID) -> Shown:
    """One entry. Raises ``Missing`` for one that was pruned or never was."""

    def read() -> Shown:
        viewer.require(Capability.AUDIT)
        found = ledger.entry(entry_id)
        if found is None:
            raise Missing(_("There is no such entry, or its legal period has ended."))
        proof = None if found.seq is None else ledger.prove_inclusion(entry_id)
        return Shown(found, names_of([found.actor]).get(found.actor, ""), proof)

    return consult(viewer, "ledger.read", read, lambda _found: [f"entry:{entry_id}"])


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
        return _state()

    return consult(viewer, "ledger.state", read, lambda _found: ())


def _state() -> State:
    return State(ledger.size(), ledger.size_signed(), ledger.newest_note(), ledger.oldest_unsequenced_age())


def export(viewer: Viewer, file: BinaryIO, *, recipient: str, purpose: str) -> None:
    """Write the whole ledger, signed, for a recipient. Raises ``Invalid`` where recipient or purpose cannot stand in the ledger."""
    with refusals_told(viewer, "ledger.export", kind=Kind.DISCLOSURE):
        viewer.require(Capability.AUDIT)
    export_ledger(file, actor=viewer.actor, purpose=purpose, recipient=recipient)


def history_of(viewer: Viewer, referral_id: UUID, limit: int = 20) -> list[EntryRow]:
    """What was done to a referral of the viewer's own unit: a part of its page, which is one consultation."""
    referral_of(viewer, referral_id)
    return ledger.history(f"referral:{referral_id}", limit)
