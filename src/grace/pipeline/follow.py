"""Corrections and contradictions as they arrive: told to the ledger, and to whoever follows a referral further.

A room that has passed a referral on (a hand-over, feedback to a sender) names a follower in ``FOLLOWERS``; it runs in
the transaction that records the correction, so that no correction is lost between the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol
from uuid import UUID

from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.pipeline.score import Batch
from grace.referrals.reconcile import Correction, Reconciled


class Follower(Protocol):
    """Hears of corrections of one unit's referrals, many at once, in the caller's transaction; must be set-based."""

    def __call__(self, batch: Batch, corrections: Sequence[Correction]) -> None:
        """Each correction names the referral, its old and new version and the fields that changed."""
        ...


FOLLOWERS: tuple[Follower, ...] = ()
"""Who is told of corrections, in this order."""


def follow(batch: Batch, reconciled: Reconciled, followers: Sequence[Follower] | None = None) -> None:
    """Tell the ledger and the followers what further documents came to."""
    ledger.record(*_lines(batch, reconciled))
    if reconciled.corrections:
        for follower in FOLLOWERS if followers is None else followers:
            follower(batch, reconciled.corrections)


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
