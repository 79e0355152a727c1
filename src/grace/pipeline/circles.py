"""Circles of linked referrals, told to the ledger: every change of what belongs together is a combination (law, L1)."""

from __future__ import annotations

from collections.abc import Iterator

from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.links.circles import Changes
from grace.pipeline.consult import MOST_SUBJECTS

ACTOR = "system:links"


def tell_circles(changes: Changes) -> None:
    """Write down who joined and who left which circle, and which went up in another, in the caller's transaction."""
    if changes:
        ledger.record(*_lines(changes))


def _lines(changes: Changes) -> Iterator[Line]:
    for act, told in (("circle.split", changes.left), ("circle.join", changes.joined)):
        for circle, referrals in sorted(told.items()):
            for start in range(0, len(referrals), MOST_SUBJECTS - 1):
                part = tuple(f"referral:{each}" for each in referrals[start : start + MOST_SUBJECTS - 1])
                yield Line(Kind.COMBINATION, act, ACTOR, "triage", (f"circle:{circle}", *part))
    for old, new in sorted(changes.merged.items()):
        yield Line(Kind.COMBINATION, "circle.merge", ACTOR, "triage", (f"circle:{new}", f"circle:{old}"))
