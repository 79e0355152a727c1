"""What a steward reads of models: each with its card, its history, what it computed on the unit's files; two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.analysis.models import Inference
from grace.analysis.register import keep
from grace.analysis.register.compare import Compared, compare
from grace.analysis.register.folder import read_signatures
from grace.analysis.register.keep import Kept
from grace.analysis.register.trust import is_trusted, name_of
from grace.custody import ledger
from grace.custody.ledger import EntryRow
from grace.evidence import holdings
from grace.pipeline.consult import consult
from grace.pipeline.models import every
from grace.referrals.read import of_unit

MOST_SHOWN = 100
MOST_HISTORY = 50


@dataclass(frozen=True, slots=True)
class ModelPage:
    """One model: who signed it, with whether that counts here; what was done to it; how much it has computed, and of that in shadow."""

    kept: Kept
    signed: Sequence[tuple[str, bool]]
    history: Sequence[EntryRow]
    inferences: int
    shadowed: int
    others: Sequence[Kept]

    @property
    def may_return(self) -> bool:
        """Whether there is a model to roll back to."""
        before = self.kept.row.before_id
        return any(each.row.id == before and each.row.state == "retired" for each in self.others)


@dataclass(frozen=True, slots=True)
class Shown:
    """An inference on a file that the viewer's unit holds, or on a text of a referral of the unit."""

    inference: Inference
    scores: Sequence[tuple[str, float, bool]]

    @property
    def text(self) -> str:
        """What names the text on pages."""
        return bytes(self.inference.sha256).hex()[:12]


@dataclass(frozen=True, slots=True)
class Side:
    """Two models and what came of comparing them, with the files and referrals of the viewer's unit on which they differ."""

    first: Kept
    second: Kept
    compared: Compared
    files: Sequence[UUID]
    referrals: Sequence[UUID]


def page_of(viewer: Viewer, model_id: UUID) -> ModelPage:
    """A model's page; it names no file and no person."""
    others = every(viewer)
    kept = keep.one(model_id)
    return ModelPage(
        kept,
        [(name_of(each.agency_id), is_trusted(each)) for each in read_signatures(bytes(kept.row.signatures))],
        ledger.history(f"model:{kept.row.digest}", MOST_HISTORY),
        Inference.objects.filter(model=kept.row).count(),
        keep.shadowed(kept.row),
        [each for each in others if each.row.id != model_id],
    )


def inferences_of(viewer: Viewer, model_id: UUID) -> tuple[Kept, list[Shown]]:
    """The newest inferences on files that the viewer's unit holds and on texts of its referrals: a consultation of these."""
    every(viewer)
    kept = keep.one(model_id)

    def read() -> list[Shown]:
        newest = list(Inference.objects.select_related("file").filter(model=kept.row).order_by("-at", "-id")[: 10 * MOST_SHOWN])
        mine = _mine(viewer, [each for row in newest if (each := row.file_id or row.referral_id)])
        return [_shown(kept, each) for each in newest if (each.file_id or each.referral_id) in mine][:MOST_SHOWN]

    def subjects(found: list[Shown]) -> tuple[str, ...]:
        return (f"model:{kept.row.digest}", *sorted({each.inference.subject for each in found}))

    return kept, consult(viewer, "model.inferences", read, subjects)


def beside(viewer: Viewer, first_id: UUID, second_id: UUID) -> Side:
    """Two models side by side on what both have seen; that on which they differ is named to who reads files and referrals, as far as it is the own unit's."""
    every(viewer)
    first, second = keep.one(first_id), keep.one(second_id)

    def read() -> Side:
        found = compare(first, second)
        asked = found.differ[: 10 * MOST_SHOWN] if viewer.may(Capability.READ) else ()
        files, referrals = _held(viewer, asked), set(of_unit(viewer, asked))
        shown = [each for each in found.differ if each in files | referrals][:MOST_SHOWN]
        return Side(first, second, found, [each for each in shown if each in files], [each for each in shown if each in referrals])

    def subjects(found: Side) -> tuple[str, ...]:
        named = *(f"file:{each}" for each in found.files), *(f"referral:{each}" for each in found.referrals)
        return (f"model:{first.row.digest}", f"model:{second.row.digest}", *named)

    return consult(viewer, "model.compare", read, subjects)


def _mine(viewer: Viewer, some: Sequence[UUID]) -> set[UUID]:
    """Those of files and referrals that are the viewer's unit's."""
    return _held(viewer, some) | set(of_unit(viewer, some))


def _held(viewer: Viewer, files: Sequence[UUID]) -> set[UUID]:
    return {each.file_id for each in holdings.among(viewer, list(files), len(files))} if files else set()


def _shown(kept: Kept, each: Inference) -> Shown:
    labels = kept.passport.labels
    return Shown(
        each,
        [
            (label.name, score, bool(label.term) and score >= least)
            for label, score, least in zip(labels, each.scores, each.thresholds, strict=True)
        ],
    )
