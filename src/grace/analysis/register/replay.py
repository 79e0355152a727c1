"""Make inferences again from what was kept, and compare (AI Act, Article 12): the same graph, the same file, the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from grace.analysis.models import Inference
from grace.analysis.register import infer, keep
from grace.analysis.register.calibrate import scores
from grace.evidence.decoding import here
from grace.evidence.decoding.port import NotDecoded


@dataclass(frozen=True, slots=True)
class Replayed:
    """One inference made again: whether the graph was given the same tensor, and how far the farthest score is from what was kept.

    ``failed`` says why it could not be made again. ``rule`` is what computes now, where that is something else than then.
    """

    inference: Inference
    same_tensor: bool
    farthest: float
    failed: str = ""
    rule: str = ""

    @property
    def is_same(self) -> bool:
        """Whether everything is what it was."""
        return not self.failed and self.same_tensor and self.farthest == 0


def replay(model_id: UUID, most: int) -> list[Replayed]:
    """Make the newest inferences of a model again, whatever its state is now."""
    kept = keep.one(model_id)
    rows = Inference.objects.select_related("file__object").filter(model=kept.row).order_by("-at", "-id")[:most]
    rule = infer.rule_now()
    with here.together():
        return [_again(kept, row, rule) for row in rows]


def _again(kept: keep.Kept, row: Inference, rule: str) -> Replayed:
    told = infer.computed(row.file, [kept])
    now_by = rule if rule != row.rule else ""
    if isinstance(told, NotDecoded):
        return Replayed(row, same_tensor=False, farthest=1.0, failed=str(told.reason), rule=now_by)
    (one,) = told
    if one.failed is not None:
        return Replayed(row, same_tensor=False, farthest=1.0, failed=str(one.failed), rule=now_by)
    return Replayed(row, one.tensor == bytes(row.tensor).hex(), _farthest(scores(kept.passport, one.outputs), row.scores), rule=now_by)


def _farthest(now: Sequence[float], then: Sequence[float]) -> float:
    return max((abs(a - b) for a, b in zip(now, then, strict=True)), default=0.0)
