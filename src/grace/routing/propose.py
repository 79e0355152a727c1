"""From what a report says to the states concerned: pure, but for the registers on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from grace.intake.normalise import Facts
from grace.routing.combine import combine
from grace.routing.countries import members
from grace.routing.evidence import evidence
from grace.routing.places import Places
from grace.routing.weights import Weights
from grace.routing.words import EUROPOL, Criterion, Proposal, Reason
from grace.sdk.intake import Report

MOST_REASONS = 12
"""Reasons kept with a proposal, the heaviest first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An officer's last word on one recipient: whether it is concerned."""

    recipient: str
    concerned: bool


def propose(report: Report, facts: Facts, places: Places, weights: Weights) -> tuple[Proposal, ...]:
    """The proposals of one report, the surest first."""
    return combine(evidence(report, facts, places, weights), weights)


def recipients(proposals: Iterable[Proposal], verdicts: Iterable[Verdict], weights: Weights) -> list[str]:
    """Who is concerned: states in the order of their codes, and Europol where no member state is.

    An officer's word stands above any proposal. The establishment of the sender is no reason to concern a state: the law
    names it, or Europol, for what fits none, and here that is Europol.
    """
    found = {each.state for each in proposals if each.criterion is not Criterion.ESTABLISHMENT and each.confidence >= weights.propose_at}
    asked = False
    for verdict in verdicts:
        if verdict.recipient == EUROPOL:
            asked = verdict.concerned
        elif verdict.concerned:
            found.add(verdict.recipient)
        else:
            found.discard(verdict.recipient)
    return sorted(found) if found & members() and not asked else [*sorted(found), EUROPOL]


def pack(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Reasons as they are stored: references into the document, never a value of it."""
    return [
        {
            "matter": each.matter.value,
            "person": each.person,
            "state": each.for_state,
            "weight": each.weight,
            "count": each.count,
            "path": each.path,
            "marks": [mark.value for mark in each.marks],
            "source": each.source,
        }
        for each in reasons[:MOST_REASONS]
    ]
