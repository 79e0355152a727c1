"""Models: taken in, looked at again, run in shadow, promoted, rolled back, stopped; each act in one transaction with its entry in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.db import transaction

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.agencies.identity import own
from grace.analysis import texts
from grace.analysis.models import Model, Seen
from grace.analysis.register import keep
from grace.analysis.register.folder import SIGNATURES, Folder, read_folder, signed
from grace.analysis.register.keep import Kept
from grace.analysis.register.replay import Replayed, replay
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.pipeline import jobs
from grace.pipeline.consult import MOST_SUBJECTS, refusals_told
from grace.pipeline.score_files import score_referrals, score_what_names

PURPOSE = "models"
MOST_REPLAYED = 1_000


def import_model(viewer: Viewer, path: Path) -> tuple[Model, bool]:
    """Take in the model of a folder or a ZIP; whether it is new. See :func:`grace.analysis.register.keep.take_in`."""
    with refusals_told(viewer, "model.import"):
        require(viewer)
        folder = read_folder(path)
        with transaction.atomic():
            made, is_new = keep.take_in(folder)
            record(viewer, "model.import", made, graph=f"sha256:{folder.passport.graph.sha256}", signer=f"agency:{made.signer}")
    return made, is_new


def sign(viewer: Viewer, path: Path) -> Folder:
    """Vouch for a model's folder: sign its passport with this installation's key, beside the signatures that are there. Not for programs and officers."""
    with refusals_told(viewer, "model.sign"):
        viewer.require(Capability.ADMINISTER)
        folder = read_folder(path)
        signatures = signed(folder.raw_passport, folder.raw_signatures, own())
        with transaction.atomic():
            line = Line(Kind.ALTERATION, "model.sign", viewer.actor, PURPOSE, (f"model:{folder.digest}",))
            ledger.record(line)
            (path / SIGNATURES).write_bytes(signatures)
    return folder


def verify(viewer: Viewer, model_id: UUID) -> Folder:
    """Look a model through again; see :func:`grace.analysis.register.keep.verified`."""
    with refusals_told(viewer, "model.verify", f"model:{model_id}"):
        require(viewer)
        row = keep.one(model_id).row
        folder = keep.verified(row)
        with transaction.atomic():
            record(viewer, "model.verify", row, kind=Kind.CONSULTATION)
    return folder


def begin_shadow(viewer: Viewer, model_id: UUID) -> Model:
    """Let a model run on new files, seen by stewards alone."""
    return _act(viewer, "model.shadow", model_id, keep.begin_shadow)


def promote(viewer: Viewer, model_id: UUID) -> Model:
    """Let officers see what a model says, in place of what was promoted of its name."""
    return _act(viewer, "model.promote", model_id, keep.promote)


def roll_back(viewer: Viewer, name: str) -> Model:
    """Return to the model of this name that was promoted before; what the present one said counts no longer."""
    with refusals_told(viewer, "model.roll-back"), transaction.atomic():
        require(viewer)
        gone, come = keep.roll_back(name)
        record(viewer, "model.roll-back", gone, to=f"model:{come.digest}")
        _let_follow(gone)
    return come


def stop(viewer: Viewer, name: str) -> list[Model]:
    """Stop all of a name at once: from the commit on nothing that they said counts, and no batch asks them any more (AI Act, Article 14)."""
    with refusals_told(viewer, "model.stop"), transaction.atomic():
        require(viewer)
        stopped = keep.stop(name)
        for each in stopped:
            record(viewer, "model.stop", each)
            _let_follow(each)
    return stopped


def _let_follow(row: Model) -> None:
    jobs.follow_model(row.id)
    jobs.follow_model(row.id, of_texts=True)


def follow(model_id: UUID, after: UUID | None = None) -> None:
    """Score the referrals anew in whose files a model that was stopped has a say: one batch of files, and the next is deferred."""
    digest = keep.one(model_id).row.digest
    files = Seen.objects.filter(run__model_digest=digest)
    some = (files.filter(run__file_id__gt=after) if after else files).order_by("run__file_id").values_list("run__file_id", flat=True)
    batch = list(some.distinct()[: jobs.SCORED])
    if batch:
        score_what_names(batch)
        with transaction.atomic():
            jobs.follow_model(model_id, batch[-1])


def follow_texts(model_id: UUID, after: UUID | None = None) -> None:
    """The same by what it said of texts: one batch of referrals, and the next is deferred."""
    batch = texts.told_by(keep.one(model_id).row.digest, after, jobs.SCORED)
    if batch:
        score_referrals(batch)
        with transaction.atomic():
            jobs.follow_model(model_id, batch[-1], of_texts=True)


def replay_some(viewer: Viewer, model_id: UUID, most: int) -> list[Replayed]:
    """Make the newest inferences of a model again, and compare."""
    with refusals_told(viewer, "model.replay", f"model:{model_id}"):
        require(viewer)
        row = keep.one(model_id).row
    told = replay(model_id, min(most, MOST_REPLAYED))
    with transaction.atomic():
        subjects = sorted({each.inference.subject for each in told})
        differ = str(sum(not each.is_same for each in told))
        for start in range(0, max(1, len(subjects)), MOST_SUBJECTS - 1):
            some = subjects[start : start + MOST_SUBJECTS - 1]
            record(viewer, "model.replay", row, *some, kind=Kind.CONSULTATION, differ=differ)
    return told


def every(viewer: Viewer) -> list[Kept]:
    """All models of the register: they hold nothing personal, and whoever reads findings may see what made them."""
    if viewer.via != "operator" and not viewer.may(Capability.MANAGE_MODELS):
        viewer.require(Capability.READ)
    return keep.every()


def require(viewer: Viewer) -> None:
    """Whoever runs the machine, and a steward of models."""
    if viewer.via != "operator":
        viewer.require(Capability.MANAGE_MODELS)


def record(viewer: Viewer, act: str, row: Model, *more: str, kind: Kind = Kind.ALTERATION, **detail: str) -> None:
    """Write down what was done to a model, by the digest of its passport."""
    ledger.record(Line(kind, act, viewer.actor, PURPOSE, (f"model:{row.digest}", *more), {"state": row.state, **detail}))


def _act(viewer: Viewer, act: str, model_id: UUID, verb: Callable[[UUID], Model]) -> Model:
    with refusals_told(viewer, act, f"model:{model_id}"), transaction.atomic():
        require(viewer)
        moved = verb(model_id)
        record(viewer, act, moved)
    return moved
