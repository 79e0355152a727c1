"""The states concerned: found when a version is recorded, corrected by officers; the queue follows in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.casework import standings
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock
from grace.pipeline.consult import consult, refusals_told
from grace.pipeline.score import MOST_SUBJECTS, Batch
from grace.pipeline.second_looks import keep_from_change
from grace.referrals.record import Recorded, Statement
from grace.routing.calibrate import Judged
from grace.routing.correct import Word, correct
from grace.routing.measure import by_corrections, by_truth
from grace.routing.models import Correction
from grace.routing.route import Said, route
from grace.routing.weights import CURRENT


def find_states(batch: Batch, wave: Sequence[Statement], recorded: Sequence[Recorded]) -> dict[UUID, list[str]]:
    """Propose the states concerned by each version of the wave, in the caller's transaction; one ledger entry for many."""
    said = [Said(each.referral_id, each.ordinal, told.report, told.facts) for told, each in zip(wave, recorded, strict=True)]
    return propose_states(said, batch.actor, batch.now)


def propose_states(said: Sequence[Said], actor: str, now: datetime) -> dict[UUID, list[str]]:
    """Propose the states concerned by what each referral says, in the caller's transaction; one ledger entry for many."""
    found = route(said, now)
    subjects = [f"referral:{referral}" for referral in found]
    ledger.record(
        *(
            Line(Kind.ALTERATION, "referral.route", actor, "triage", tuple(subjects[at : at + MOST_SUBJECTS]), {"weights": CURRENT})
            for at in range(0, len(subjects), MOST_SUBJECTS)
        )
    )
    return found


def correct_states(viewer: Viewer, referral_id: UUID, word: Word) -> Correction:
    """Write an officer's word on one recipient down; an attempt that is not allowed is written down too."""
    keep_from_change(viewer, referral_id)
    with refusals_told(viewer, "referral.correct_states", f"referral:{referral_id}"), transaction.atomic():
        now = clock.now()
        correction, recipients = correct(viewer, referral_id, word, now)
        standings.restate(referral_id, recipients, now)
        subjects = (f"referral:{referral_id}", f"correction:{correction.id}")
        detail = {"act": correction.act, "recipient": correction.recipient.lower()}
        ledger.record(Line(Kind.ALTERATION, "referral.correct_states", viewer.actor, viewer.purpose, subjects, detail))
        return correction


def measure(viewer: Viewer, truth: BinaryIO | None = None) -> list[Judged]:
    """What the router said beside what is right: by a file in which the truth stands, or by officers' corrections. A consultation."""
    how = "corrections" if truth is None else "truth"
    read = by_corrections if truth is None else partial(by_truth, stream=truth)
    return consult(viewer, "routing.measure", lambda: list(read(viewer)), lambda _: (), by=how)
