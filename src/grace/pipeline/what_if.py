"""What if: where a referral would stand if something were not known of it, computed from the signals that its assessment rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grace.accounts.viewer import Viewer
from grace.casework import places
from grace.casework.models import QueueRow
from grace.priority.assess import unpack
from grace.priority.axes import Axis
from grace.priority.models import Assessment
from grace.priority.rankers import rules_of
from grace.priority.score import assess
from grace.sdk.signals import Basis, Signal


@dataclass(frozen=True, slots=True)
class WhatIf:
    """``without`` names what is left out; ``rank`` is None where the referral does not wait; ``axes`` are those that change."""

    without: str
    rank: int | None
    axes: Mapping[str, int]
    floor: int


def what_if(viewer: Viewer, row: QueueRow, assessment: Assessment) -> list[WhatIf]:
    """The assessment again, by the same rules and ranker, without each thing of :data:`_QUESTIONS` that is known of it."""
    rules = rules_of(assessment)
    given = unpack(assessment.signals)
    present = {axis: getattr(assessment, axis.value) for axis in Axis}
    asked = [(without, left) for without, leave_out in _QUESTIONS if (left := list(leave_out(given))) != given]
    found = [(without, assess(left, rules)) for without, left in asked]
    heights = [(each.floor, each.score) for _without, each in found]
    waits = row.status == QueueRow.Status.OPEN
    ranks: Sequence[int | None] = places.ranks_if(viewer, row.referral_id, row.turn, heights) if waits else [None] * len(found)
    return [
        WhatIf(without, rank, {axis.value: each.axes[axis] for axis in Axis if each.axes[axis] != present[axis]}, each.floor)
        for (without, each), rank in zip(found, ranks, strict=True)
    ]


def _without(*kinds: str) -> Callable[[Sequence[Signal]], Iterator[Signal]]:
    return lambda given: (each for each in given if each.kind not in kinds)


def _no_model(given: Sequence[Signal]) -> Iterator[Signal]:
    return (each for each in given if each.basis is not Basis.MODEL)


def _no_known_files(given: Sequence[Signal]) -> Iterator[Signal]:
    """Without the files that are known or near a known one: the rest of the named ones stay."""
    gone = sum(int(each.value) for each in given if each.kind in {"file.known_count", "file.near_count"})
    if not gone:
        yield from given
        return
    left = sum(int(each.value) for each in given if each.kind == "file.named_count") - gone
    for each in given:
        if each.kind == "file.named_count" and left > 0:
            yield replace(each, value=left)
        elif each.kind not in {"file.known_count", "file.near_count"} and (left > 0 or not each.kind.startswith("file.")):
            yield each


_QUESTIONS: tuple[tuple[str, Callable[[Sequence[Signal]], Iterator[Signal]]], ...] = (
    ("escalation", _without("sender.escalated", "sender.escalated_over_share")),
    ("known files", _no_known_files),
    ("viral file", _without("group.viral")),
    ("duplicates", _without("group.duplicate")),
    ("shared contacts", _without("link.shared_identifiers", "link.earlier_reports")),
    ("model", _no_model),
)
