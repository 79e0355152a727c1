"""Analysing the texts of reports: shown to the analysers that have not seen them; what was said stands beside each text.

    recorded ─▶ noted as waiting, a job for the unit ─▶ shown, for many referrals together ─▶ ledger, waits no more ─▶ (a job: score)

A job takes what has waited longest, and defers the next where more waits. One that is killed leaves nothing half done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from grace.accounts.models import Unit
from grace.analysis import texts as analysis
from grace.analysis import texts_waiting
from grace.analysis.texts import Due, Heard
from grace.casework import languages
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.pipeline import jobs
from grace.pipeline.analyse import ACTOR, digest_of
from grace.pipeline.score import MOST_SUBJECTS
from grace.referrals import texts as referrals
from grace.sdk.analysis import AnalyserInfo

MOST = MOST_SUBJECTS
"""Referrals of one job: as many as one entry of the ledger names."""
MOST_CHARACTERS = 2_000_000
"""Characters that one job reads on after: whoever waits behind a flood has the next."""
_TURN = 20


def analyse_waiting(unit_id: UUID) -> None:
    """Show texts of a unit's referrals that wait to the analysers that have not seen them, and write in the ledger that this was done."""
    among = analysis.analysers()
    waiting = texts_waiting.first(unit_id, MOST)
    due, read = _due(unit_id, [referral for _, referral in waiting], among)
    heard = analysis.look_into(due)
    with transaction.atomic():
        keep(unit_id, heard, ACTOR, "triage")
        texts_waiting.done([note for note, _ in waiting[:read]])
        if read < len(waiting) or read == MOST:
            jobs.analyse_more_texts(unit_id)


def keep(unit_id: UUID, heard: Sequence[Heard], actor: str, purpose: str) -> list[Heard]:
    """Write down what was said and in the ledger who let it be looked for, and defer the scoring of referrals of which models say something else now.

    In the caller's transaction; returns what was kept.
    """
    some = sorted({each.referral_id for each in heard})
    before = analysis.classes_of(some)
    kept = analysis.record(heard)
    _write_down(kept, actor, purpose)
    languages.tell(some)
    after = analysis.classes_of(some)
    jobs.score_anew(unit_id, [each for each in some if before.get(each) != after.get(each)])
    return kept


def analyse_anew() -> int:
    """Defer showing texts to analysers that have not seen them in their present version; of how many referrals that is."""
    among = analysis.analysers()
    return sum(_analyse_anew(unit.id, among) for unit in Unit.objects.order_by("slug"))


def _analyse_anew(unit_id: UUID, among: Mapping[str, AnalyserInfo]) -> int:
    number, after = 0, None
    while turn := referrals.after(unit_id, after, _TURN):
        due = {each.referral_id for each in analysis.due(referrals.of(unit_id, turn), among)}
        if due:
            with transaction.atomic():
                texts_waiting.note(unit_id, due)
                jobs.analyse_texts(unit_id)
        number, after = number + len(due), turn[-1]
    return number


def _due(unit_id: UUID, some: Sequence[UUID], among: Mapping[str, AnalyserInfo]) -> tuple[list[Due], int]:
    """What is due of the first referrals, and of how many: a flood of text ends the reading early."""
    due: list[Due] = []
    for start in range(0, len(some), _TURN):
        if sum(len(each.text) for each in due) > MOST_CHARACTERS:
            return due, start
        due += analysis.due(referrals.of(unit_id, some[start : start + _TURN]), among)
    return due, len(some)


def _write_down(kept: Sequence[Heard], actor: str, purpose: str) -> None:
    """One entry: there are no more referrals in a job than it may name."""
    subjects = tuple(f"referral:{each}" for each in sorted({each.referral_id for each in kept}))
    detail = {"runs": str(len(kept)), "analysers": digest_of(each.info for each in kept)}
    if subjects:
        ledger.record(Line(kind=Kind.ALTERATION, act="referral.analyse", actor=actor, purpose=purpose, subjects=subjects, detail=detail))
