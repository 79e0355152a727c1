"""What other rules would do to the present queue: scored like the real thing, stored nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.priority.assess import unpack
from grace.priority.models import Assessment
from grace.priority.rankers import promoted
from grace.priority.rules import Rules, read_rules
from grace.priority.score import assess
from grace.sdk.signals import Signal

MOST_PREVIEWED = 5_000
"""Referrals looked at, from the top of the queue: about a second of work."""

Height = tuple[int, int]
"""Floor and score: what the queue is ordered by."""


@dataclass(frozen=True, slots=True)
class Change:
    """How one referral would stand under other rules; places count from 1 among the referrals looked at."""

    referral_id: UUID
    number: int
    floor: tuple[int, int]
    score: tuple[int, int]
    place: tuple[int, int]

    @property
    def moved(self) -> int:
        """Places up (positive) or down (negative)."""
        return self.place[0] - self.place[1]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen to the referrals looked at. ``changes`` are those whose floor or score changes, most moved first.

    ``up`` and ``down`` count the referrals that another place in the queue awaits, ``moved`` holds them and what changes its score or floor
    where it stands.
    """

    looked_at: int
    up: int
    down: int
    floors_gained: int
    floors_lost: int
    changes: list[Change]
    moved: list[Change]

    def listed(self, which: str) -> list[Change]:
        """What one of the four numbers counts, the longest way first."""
        return [each for each in self.moved if _COUNTS[which](each)]


_COUNTS: Mapping[str, Callable[[Change], bool]] = {
    "up": lambda each: each.moved > 0,
    "down": lambda each: each.moved < 0,
    "floors_gained": lambda each: each.floor[0] < each.floor[1],
    "floors_lost": lambda each: each.floor[0] > each.floor[1],
}


def preview(viewer: Viewer, body: object, referrals: Sequence[UUID]) -> Preview:
    """Score these referrals of the viewer's unit with ``body``. Raises ``Invalid`` with every fault of the body."""
    viewer.require(Capability.READ)
    rules = replace(read_rules(body), ranker=promoted(viewer.unit_id))
    before: dict[UUID, Height] = {}
    after: dict[UUID, Height] = {}
    numbers: dict[UUID, int] = {}
    for row, signals in _assessments(viewer, referrals[:MOST_PREVIEWED]):
        before[row.referral_id] = row.floor, row.score
        after[row.referral_id] = _height(signals, rules)
        numbers[row.referral_id] = row.referral.number
    old, new = _places(before), _places(after)
    moved = [
        Change(each, numbers[each], (before[each][0], after[each][0]), (before[each][1], after[each][1]), (old[each], new[each]))
        for each in before
        if before[each] != after[each] or old[each] != new[each]
    ]
    return Preview(
        looked_at=len(before),
        **{name: sum(map(counts, moved)) for name, counts in _COUNTS.items()},
        moved=sorted(moved, key=_weight),
        changes=sorted((each for each in moved if each.floor != (each.floor[0],) * 2 or each.score[0] != each.score[1]), key=_weight),
    )


def heights(viewer: Viewer, rules: Rules, others: Rules, referrals: Sequence[UUID]) -> dict[UUID, tuple[Height, Height]]:
    """How referrals of the viewer's unit stand by two sets of rules, by what is known of them now."""
    viewer.require(Capability.READ)
    return {row.referral_id: (_height(signals, rules), _height(signals, others)) for row, signals in _assessments(viewer, referrals)}


def _weight(change: Change) -> tuple[int, int, int]:
    """Order of telling: changed floors first, then the longest way."""
    return -abs(change.floor[1] - change.floor[0]), -abs(change.moved), change.place[1]


def _places(heights: dict[UUID, Height]) -> dict[UUID, int]:
    ranked = sorted(heights, key=lambda each: (*heights[each], each), reverse=True)
    return {referral: place for place, referral in enumerate(ranked, start=1)}


def _height(signals: Sequence[Signal], rules: Rules) -> Height:
    found = assess(signals, rules)
    return found.floor, found.score


def _assessments(viewer: Viewer, referrals: Sequence[UUID]) -> Iterator[tuple[Assessment, list[Signal]]]:
    rows = (
        Assessment.objects.filter(referral_id__in=list(referrals), referral__unit_id=viewer.unit_id)
        .select_related("referral")
        .only("referral_id", "floor", "score", "signals", "referral__number")
    )
    for row in rows:
        told: list[Any] = row.signals
        yield row, unpack(told)
