"""An officer decides: the act, the ledger's entry, and what follows, in one transaction."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.casework import decide as casework
from grace.casework import notes, second_looks
from grace.casework.decide import OUTCOMES, Act, Wish, row_of
from grace.casework.models import Decision, Note
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.exchange import outbox
from grace.exchange.conditions import check_onward
from grace.kernel import clock
from grace.pipeline.consult import refusals_told
from grace.pipeline.rankers import note_outcomes
from grace.pipeline.second_looks import answered


def decide(viewer: Viewer, referral_id: UUID, wish: Wish) -> Decision:
    """Carry out one act; an attempt that is not allowed is written down too. Raises what the act raises.

    Of a second look the act is only an answer: nothing changes, and what is returned says so.
    """
    if said := answered(viewer, referral_id, wish):
        return said
    with refusals_told(viewer, "referral.decide", f"referral:{referral_id}"), transaction.atomic():
        if wish.act == Act.HAND_OVER:  # by other means than a package; the reason notes whose consent was asked
            row_of(viewer, referral_id)
            check_onward(outbox.inherited_by([referral_id]), within=None, consent=wish.reason)
        decision = casework.decide(viewer, referral_id, wish, clock.now())
        note_outcomes(viewer.unit_id, [referral_id])
        ledger.record(_line(viewer, decision))
        if wish.act in OUTCOMES:
            second_looks.draw(viewer, decision, clock.now())
        if decision.reverses_id:
            _withdraw(viewer, decision.reverses_id)
        return decision


def _withdraw(viewer: Viewer, decision: UUID) -> None:
    """A hand-over whose decision is taken back stays here, if it has not left."""
    found = outbox.withdraw(decision)
    if found is not None:
        ledger.record(Line(Kind.ALTERATION, "exchange.withdraw", viewer.actor, viewer.purpose, outbox.subjects([found])))


def _line(viewer: Viewer, decision: Decision) -> Line:
    disclosed = decision.act == Act.HAND_OVER
    return Line(
        kind=Kind.DISCLOSURE if disclosed else Kind.ALTERATION,
        act=f"referral.{decision.act}",
        actor=viewer.actor,
        purpose=viewer.purpose,
        subjects=(f"referral:{decision.referral_id}", f"decision:{decision.id}"),
        recipient=f"decision:{decision.id}" if disclosed else "",
    )


def write_note(viewer: Viewer, referral_id: UUID, text: str) -> Note:
    """Add a note to a referral."""
    with refusals_told(viewer, "referral.note", f"referral:{referral_id}"), transaction.atomic():
        note = notes.write(viewer, referral_id, text, clock.now())
        subjects = (f"referral:{referral_id}", f"note:{note.id}")
        ledger.record(Line(kind=Kind.ALTERATION, act="referral.note", actor=viewer.actor, purpose=viewer.purpose, subjects=subjects))
        return note
