"""Make inferences again from what was kept, and compare (AI Act, Article 12): the same graph, the same file or text, the same numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from grace.analysis.models import Inference
from grace.analysis.passage import digest, shown
from grace.analysis.register import infer, keep
from grace.analysis.register.calibrate import scores
from grace.analysis.register.keep import Kept
from grace.evidence.decoding import here
from grace.evidence.decoding.port import NotDecoded, Reason, Scored
from grace.referrals.attachments import by_referral
from grace.referrals.texts import ever
from grace.sdk.analysis import Text


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
    told = list(rows)
    texts = _texts([each for each in told if each.referral_id])
    rule = infer.rule_now()
    again = {each.inference.id: each for some in _together(told) for each in _all_again(kept, some, texts, rule)}
    return [again[row.id] for row in told]


def _together(rows: Sequence[Inference]) -> list[list[Inference]]:
    """The same, those of one referral together: no worker sees what is of two."""
    of_files = {row.file_id: row for row in rows if row.file_id}
    groups = [[of_files[file] for file in some] for some in by_referral(list(of_files))]
    once = {row.id for some in groups for row in some}
    of_texts: dict[UUID, list[Inference]] = {}
    for row in rows:
        if row.id not in once:  # a text, or a file that was shown to it more than once
            of_texts.setdefault(row.referral_id or row.id, []).append(row)
    return [*groups, *of_texts.values()]


def _all_again(kept: Kept, rows: Sequence[Inference], texts: Mapping[bytes, str], rule: str) -> list[Replayed]:
    with here.together():
        return [_again(kept, row, texts, rule) for row in rows]


def _texts(rows: Sequence[Inference]) -> Mapping[bytes, str]:
    """The texts that these inferences were made of, as far as they are there, by their digests; out of all versions of their referrals."""
    wanted = {bytes(each.sha256) for each in rows}
    some = ((digest(text), text) for _, text in ever({each.referral_id for each in rows if each.referral_id}))
    return {sha256: shown(text) for sha256, text in some if sha256 in wanted}


def _again(kept: Kept, row: Inference, texts: Mapping[bytes, str], rule: str) -> Replayed:
    told = _computed(kept, row, texts)
    now_by = rule if rule != row.rule else ""
    if isinstance(told, NotDecoded):
        return Replayed(row, same_tensor=False, farthest=1.0, failed=str(told.reason), rule=now_by)
    if told.failed is not None:
        return Replayed(row, same_tensor=False, farthest=1.0, failed=str(told.failed), rule=now_by)
    return Replayed(row, told.tensor == bytes(row.tensor).hex(), _farthest(scores(kept.passport, told.outputs), row.scores), rule=now_by)


def _computed(kept: Kept, row: Inference, texts: Mapping[bytes, str]) -> Scored | NotDecoded:
    if row.file is not None:
        told = infer.computed(row.file, [kept])
        return told if isinstance(told, NotDecoded) else told[0]
    text = texts.get(bytes(row.sha256))
    if text is None:
        return NotDecoded(Reason.EMPTY)
    heard = infer.computed_of_texts([Text("0", text)], [kept])
    return heard if isinstance(heard, NotDecoded) else heard[0][0]


def _farthest(now: Sequence[float], then: Sequence[float]) -> float:
    return max((abs(a - b) for a, b in zip(now, then, strict=True)), default=0.0)
