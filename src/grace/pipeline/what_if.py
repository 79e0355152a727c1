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
from grace.priority.rules import read_rules
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
    """The assessment again without the sender's escalation, without the known files, without a model's estimates: those that apply."""
    rules = read_rules(assessment.rules.body)
    given = unpack(assessment.signals)
    present = {axis: getattr(assessment, axis.value) for axis in Axis}
    told = []
    for without, leave_out in _QUESTIONS:
        left = list(leave_out(given))
        if left != given:
            found = assess(left, rules)
            rank = (
                places.rank_if(viewer, row.referral_id, row.turn, found.floor, found.score) if row.status == QueueRow.Status.OPEN else None
            )
            axes = {axis.value: found.axes[axis] for axis in Axis if found.axes[axis] != present[axis]}
            told.append(WhatIf(without, rank, axes, found.floor))
    return told


def _no_escalation(given: Sequence[Signal]) -> Iterator[Signal]:
    return (each for each in given if each.kind not in {"sender.escalated", "sender.escalated_over_share"})


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
    ("escalation", _no_escalation),
    ("known files", _no_known_files),
    ("model", _no_model),
)
