"""Second looks at work: given instead of new work, answered instead of decided, each with its entry in the ledger and without any other effect.

The entries name the second look and the unit, not the referral: by its own history nobody shall learn of one that still runs. What was
answered stands in no entry; the log is not there to measure officers (law, L3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import second_looks
from grace.casework.decide import NEEDS_CONFIRMATION, Act, ConfirmationNeeded, Wish, check_words
from grace.casework.discipline_models import SecondLook
from grace.casework.models import Decision, QueueRow
from grace.casework.queue import Count, Filters, Page, of_referrals
from grace.custody.kinds import Kind
from grace.custody.ledger import EntryRow, Line, record
from grace.kernel import clock
from grace.kernel.errors import Conflict
from grace.pipeline.consult import refusals_told


def give(viewer: Viewer, now: datetime) -> UUID | None:
    """The referral of a second look that the viewer is given now, in the caller's transaction."""
    look = second_looks.give(viewer, now)
    if look is None:
        return None
    _tell(viewer, "second_look.give", look)
    return look.referral_id


def answered(viewer: Viewer, referral_id: UUID, wish: Wish) -> Decision | None:
    """The answer to a second look, as a decision that is kept nowhere; None where the referral is none, so that the act is an ordinary one.

    Raises what deciding raises, and ``Conflict`` for an act that says nothing of the referral: it ends the second look.
    """
    with refusals_told(viewer, "second_look.answer"), transaction.atomic():
        look = second_looks.held(viewer, referral_id)
        if look is None:
            return None
        row, now = QueueRow.objects.get(referral_id=referral_id), clock.now()
        viewer.require(Capability.DECIDE)
        check_words(wish)
        if row.status != QueueRow.Status.CLOSED:  # somebody took the decision back meanwhile: it is ordinary work again
            second_looks.end(look, now)
            _tell(viewer, "second_look.end", look)
            return None
        if wish.act in NEEDS_CONFIRMATION and row.floor and not wish.confirmed:
            raise ConfirmationNeeded(_("A floor holds this referral up."), remedy=_("Say once more that you mean it."))
        said = _said(viewer, referral_id, wish.act, now)
        if wish.act == Act.TAKE:
            return said
        if wish.act in second_looks.CLASSES:
            second_looks.answer(viewer, look, row, wish.act, now)
            _tell(viewer, "second_look.answer", look)
            return said
        second_looks.end(look, now)
        _tell(viewer, "second_look.end", look)
    raise second_looks.was_one()


def keep_from_leaving(viewer: Viewer, referral_id: UUID, reason: str) -> None:
    """A second look is never handed over: whoever wants to has answered. Raises ``Conflict`` then."""
    if answered(viewer, referral_id, Wish(Act.HAND_OVER, reason, recipient="-")) is not None:
        raise Conflict(
            _("This was a second look: a colleague had decided this referral before."),
            remedy=_("Your answer is counted, and nothing was sent. Open it again to see what stands."),
        )


def keep_from_change(viewer: Viewer, referral_id: UUID) -> None:
    """Nothing of the referral of a second look is changed: whoever tries ends it. Raises ``Conflict`` then."""
    with transaction.atomic():
        look = second_looks.held(viewer, referral_id)
        if look is None:
            return
        second_looks.end(look, clock.now())
        _tell(viewer, "second_look.end", look)
    raise second_looks.was_one()


def as_new(viewer: Viewer, look: SecondLook, entries: Sequence[EntryRow]) -> list[EntryRow]:
    """The history of a referral as the viewer of a second look shall see it: what was before the first decision, and the viewer's own looks."""
    first = min((each.at for each in entries if each.act in {"referral.decide", "group.decide"}), default=look.given_at)
    return [
        each
        for each in entries
        if (first is not None and each.at < first)
        or (each.actor == viewer.actor and look.given_at is not None and each.at >= look.given_at)
    ]


def in_lists(viewer: Viewer, looks: Sequence[UUID], filters: Filters, page: Page, total: Count, *, first: bool) -> tuple[Page, Count]:
    """A page of the queue in which the viewer's second looks stand among what is taken, and not among what is closed."""
    if filters == Filters(status="closed"):
        return replace(page, rows=[each for each in page.rows if each.referral_id not in looks]), _more(total, -len(looks))
    if filters in (Filters(status="taken"), Filters(status="taken", whose="mine")):
        rows = [*of_referrals(viewer, looks).rows, *page.rows] if first else page.rows
        return replace(page, rows=rows), _more(total, len(looks))
    return page, total


def in_counts(looks: Sequence[UUID], counts: Mapping[str, Count]) -> dict[str, Count]:
    """The numbers of the lanes in the same way."""
    moved = {"mine": len(looks), "taken": len(looks), "closed": -len(looks)}
    return {name: _more(count, moved.get(name, 0)) for name, count in counts.items()}


def _more(count: Count, number: int) -> Count:
    return max(0, count[0] + number), count[1]


def _said(viewer: Viewer, referral_id: UUID, act: str, now: datetime) -> Decision:
    said = Decision(referral_id=referral_id, officer_id=viewer.officer_id, act=act, reason="", floor=0, before={}, decided_at=now)
    said.is_second_look = act != Act.TAKE
    return said


def _tell(viewer: Viewer, act: str, look: SecondLook) -> None:
    subjects = (f"second-look:{look.id}", f"unit:{look.unit_id}")
    record(Line(Kind.ALTERATION, act, viewer.actor, viewer.purpose, subjects))
