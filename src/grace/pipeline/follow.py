"""Corrections and contradictions as they arrive, told to the ledger in the transaction that records them."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.pipeline.score import Batch
from grace.referrals.reconcile import Reconciled


def tell(batch: Batch, reconciled: Reconciled) -> None:
    """Tell the ledger what further documents came to."""
    ledger.record(*_lines(batch, reconciled))


def _lines(batch: Batch, reconciled: Reconciled) -> Iterator[Line]:
    """One entry per referral and kind."""
    for each in reconciled.corrections:
        detail = {"old": f"{each.old_version}", "new": f"{each.new_version}", "fields": f"{len(each.fields)}"}
        yield _line(batch, "referral.correct", each.referral_id, detail)
    for referral, number in reconciled.contradicted.items():
        yield _line(batch, "referral.contradict", referral, {"contradictions": f"{number}"})


def _line(batch: Batch, act: str, referral: UUID, detail: dict[str, str]) -> Line:
    subjects = (f"referral:{referral}",)
    return Line(kind=Kind.ALTERATION, act=act, actor=batch.actor, purpose="intake", subjects=subjects, detail=detail)
