"""Deciding: an officer's act on one referral, with its reason; each can be taken back by another act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer
from grace.accounts.viewer import Viewer
from grace.casework import lines, second_looks, sender_days
from grace.casework.models import Decision, QueueRow
from grace.kernel.errors import Conflict, Invalid, Missing, Refused

Act = Decision.Act
Status = QueueRow.Status

LONGEST_REASON = 2_000
NEEDS_CONFIRMATION = frozenset({Act.DUPLICATE, Act.KNOWN})
"""Acts that ask again where a floor holds the referral up: what is known may still be a danger now."""

OUTCOMES: Mapping[str, str] = {
    Act.DUPLICATE: "duplicate",
    Act.KNOWN: "known",
    Act.NOT_ACTIONABLE: "not_actionable",
    Act.NOT_CRIMINAL: "not_criminal",
    Act.HAND_OVER: "handed_over",
}
"""Acts that close the referral, and the outcome that they leave."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the officer wants done. ``officer`` is for assigning, ``recipient`` for handing over."""

    act: str
    reason: str = ""
    officer: UUID | None = None
    recipient: str = ""
    confirmed: bool = False


class ConfirmationNeeded(Conflict):
    """A floor holds this referral up: the officer must say once more that it is meant."""


def row_of(viewer: Viewer, referral_id: UUID) -> QueueRow:
    """The queue row of a referral of the viewer's unit, to be read: a second look is shown as just taken. Raises ``Missing`` for any other."""
    viewer.require(Capability.READ)
    found = QueueRow.objects.select_related("sender", "officer").filter(referral_id=referral_id, unit_id=viewer.unit_id).first()
    if found is None:
        raise Missing(_("There is no such referral."))
    return second_looks.masked(viewer, found)


def decide(viewer: Viewer, referral_id: UUID, wish: Wish, now: datetime) -> Decision:
    """Carry out one act in the caller's transaction.

    Raises ``Invalid`` for a missing reason or an unknown act, ``Conflict`` where the referral's state forbids it,
    :class:`ConfirmationNeeded` where a floor was hit and the act was not confirmed.
    """
    viewer.require(Capability.DECIDE)
    if viewer.via != "officer":
        raise Refused(_("Only an officer decides."), remedy=_("A program may hand documents in and read, but not decide (law, L11)."))
    check_words(wish)
    _hold_group(referral_id)
    row = QueueRow.objects.select_for_update().filter(referral_id=referral_id, unit_id=viewer.unit_id).first()
    if row is None:
        raise Missing(_("There is no such referral."))
    if wish.act in NEEDS_CONFIRMATION and row.floor and not wish.confirmed:
        raise ConfirmationNeeded(_("A floor holds this referral up."), remedy=_("Say once more that you mean it."))
    if wish.act == Act.TAKE_BACK:
        return _take_back(viewer, row, wish, now)
    before = _state(row)
    _apply(viewer, row, wish)
    row.changed_at = now
    row.save(update_fields=["status", "officer", "outcome", "changed_at"])
    lines.settle([referral_id])
    sender_days.touch_of([referral_id])
    return Decision.objects.create(
        referral_id=referral_id,
        officer_id=viewer.officer_id,
        act=wish.act,
        reason=wish.reason.strip(),
        recipient=wish.recipient.strip(),
        floor=row.floor,
        before=before,
        decided_at=now,
    )


def _hold_group(referral_id: UUID) -> None:
    """A referral under a group's line: nobody else chooses that line until we are done. The group is held first, then the row."""
    groups = QueueRow.objects.filter(referral_id=referral_id, group__isnull=False).values_list("group_id", flat=True)
    if found := list(groups):
        lines.hold(found)


def check_words(wish: Wish) -> None:
    """Raise ``Invalid`` for an unknown act, or words that are missing or too many."""
    if wish.act not in set(Act):
        raise Invalid(_("There is no such act."))
    if len(wish.reason) > LONGEST_REASON or "\0" in wish.reason + wish.recipient:
        raise Invalid(_("The reason may have up to %(most)d characters.") % {"most": LONGEST_REASON})
    if wish.act != Act.TAKE and not wish.reason.strip():
        raise Invalid(_("This act needs a reason."), remedy=_("Say in a few words why."))
    if wish.act == Act.HAND_OVER and not wish.recipient.strip():
        raise Invalid(_("Handing over needs a recipient."), remedy=_("Name the unit or agency."))


def _apply(viewer: Viewer, row: QueueRow, wish: Wish) -> None:
    if row.status == Status.CLOSED:
        raise Conflict(_("This referral is closed."), remedy=_("Take the last decision back first."))
    if wish.act == Act.TAKE:
        _take(viewer, row)
    elif wish.act == Act.ASSIGN:
        colleague = Officer.objects.filter(id=wish.officer or UUID(int=0), unit_id=viewer.unit_id, is_active=True).first()
        if colleague is None:
            raise Invalid(_("Assign to an officer of this unit."))
        row.officer, row.status = colleague, Status.TAKEN
    elif wish.act in OUTCOMES:
        row.status, row.outcome = Status.CLOSED, OUTCOMES[wish.act]
    else:
        row.outcome = "escalated"


def _take(viewer: Viewer, row: QueueRow) -> None:
    if row.officer_id is not None and row.officer_id != viewer.officer_id:
        raise Conflict(_("Another officer has taken this referral."), remedy=_("Ask them, or have it assigned to you."))
    row.officer_id, row.status = viewer.officer_id, Status.TAKEN


def _take_back(viewer: Viewer, row: QueueRow, wish: Wish, now: datetime) -> Decision:
    last = (
        Decision.objects.filter(referral_id=row.referral_id, reversed_by__isnull=True)
        .exclude(act=Act.TAKE_BACK)
        .order_by("-decided_at", "-id")
        .first()
    )
    if last is None:
        raise Conflict(_("There is no decision to take back."))
    before = _state(row)
    row.status, row.outcome = last.before["status"], last.before["outcome"]
    row.officer_id = UUID(last.before["officer"]) if last.before["officer"] else None
    row.changed_at = now
    row.save(update_fields=["status", "officer", "outcome", "changed_at"])
    lines.settle([row.referral_id])
    sender_days.touch_of([row.referral_id])
    return Decision.objects.create(
        referral_id=row.referral_id,
        officer_id=viewer.officer_id,
        act=Act.TAKE_BACK,
        reason=wish.reason.strip(),
        floor=row.floor,
        before=before,
        decided_at=now,
        reverses=last,
    )


def decisions_of(viewer: Viewer, referral_id: UUID) -> list[Decision]:
    """All decisions on a referral of the viewer's unit, newest first; of a second look, that the viewer took it."""
    row = row_of(viewer, referral_id)
    if second_looks.open_of(viewer, referral_id):
        return [Decision(referral_id=referral_id, officer=row.officer, act=Act.TAKE, floor=row.floor, before={}, decided_at=row.changed_at)]
    return list(Decision.objects.filter(referral_id=referral_id).select_related("officer").order_by("-decided_at", "-id"))


def may_uncover(viewer: Viewer, row: QueueRow) -> bool:
    """Whether identifiers may be shown: the viewer has taken the referral, which is the stated reason (law, L13)."""
    return row.unit_id == viewer.unit_id and row.officer_id == viewer.officer_id and viewer.may(Capability.READ)


def _state(row: QueueRow) -> dict[str, str]:
    return {"status": str(row.status), "outcome": row.outcome, "officer": str(row.officer_id or "")}
