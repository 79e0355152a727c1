"""The backlog laboratory: what a unit's own figures propose, a trial begun, played by jobs, read and compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from grace.accounts.capabilities import Capability
from grace.accounts.names import names_of
from grace.accounts.viewer import Viewer
from grace.casework import laboratory
from grace.casework.laboratory import SHOWN, Quality
from grace.casework.models import Trial
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock
from grace.pipeline import jobs, unit
from grace.pipeline.consult import refusals_told
from grace.priority import audits, publish
from grace.priority.laboratory.setting import WEEK, Setting
from grace.priority.models import AuditShare, RuleSet
from grace.priority.rankers import promoted
from grace.priority.rules import read_rules


@dataclass(frozen=True, slots=True)
class Own:
    """What a unit's own figures say: the days that came in whole weeks, what waits, its audit, and how well its rules and their draft order."""

    came: tuple[int, ...]
    waiting: int
    held: int
    setting: AuditShare | None
    audited: int
    urgent: int
    in_force: Quality | None
    draft: Quality | None


@dataclass(frozen=True, slots=True)
class Bench:
    """The page of the laboratory: trials, the key of the older ones or nothing, and the unit's own figures."""

    trials: list[Trial]
    before: UUID | None
    own: Own


def bench(viewer: Viewer, *, before: UUID | None = None) -> Bench:
    """The trials of the viewer's unit and what its own figures propose for the next. Numbers only: nothing personal is read."""
    with refusals_told(viewer, "trial.read", kind=Kind.CONSULTATION):
        found = laboratory.of_unit(viewer, before=before)
        return Bench(found[:SHOWN], found[SHOWN - 1].id if len(found) > SHOWN else None, own(viewer))


def own(viewer: Viewer) -> Own:
    """What the viewer's unit's own figures say."""
    viewer.require(Capability.EDIT_RULES)
    now = clock.now()
    with transaction.atomic():
        figures = unit.figures_of(viewer.unit_id).figures
    rules = publish.in_force(viewer.unit_id, now).rules
    reads = audits.reading(viewer.unit_id, rules).reads
    draft = RuleSet.objects.filter(unit_id=viewer.unit_id, state=RuleSet.State.DRAFT).first()
    return Own(
        _whole_weeks(figures["came"]),
        sum(figures["ages"]),
        sum(figures["urgent"]),
        audits.share_of(viewer.unit_id),
        len(reads),
        sum(each.is_urgent for each in reads),
        laboratory.quality(reads),
        laboratory.quality(audits.reading(viewer.unit_id, replace(read_rules(draft.body), ranker=promoted(viewer.unit_id))).reads)
        if draft and reads
        else None,
    )


def _whole_weeks(came: list[int]) -> tuple[int, ...]:
    """The weeks since the first in which anything came."""
    first = next((place for place, number in enumerate(came) if number), len(came))
    return tuple(came[first // WEEK * WEEK :])


def begin(viewer: Viewer, name: str, setting: Setting, courses: int) -> Trial:
    """Begin a trial: its courses are played by jobs."""
    with refusals_told(viewer, "trial.begin"), transaction.atomic():
        trial = laboratory.begin(viewer, name, setting, courses, clock.now())
        _tell(viewer, "trial.begin", trial)
        jobs.play_trial(trial.id)
        return trial


def cancel(viewer: Viewer, trial_id: UUID) -> None:
    """End a trial before it is done."""
    with refusals_told(viewer, "trial.cancel"), transaction.atomic():
        _tell(viewer, "trial.cancel", laboratory.cancel(viewer, trial_id, clock.now()))


def trial_page(viewer: Viewer, trial_id: UUID, beside: UUID | None = None) -> tuple[Trial, Trial | None, str]:
    """A trial, another one to compare it with, and who asked for it."""
    with refusals_told(viewer, "trial.read", kind=Kind.CONSULTATION):
        found = laboratory.one(viewer, trial_id)
        return found, laboratory.one(viewer, beside) if beside else None, names_of([found.asked_by]).get(found.asked_by, "")


def play(trial_id: UUID) -> None:
    """Play one course, and defer the next in the same transaction."""
    with transaction.atomic():
        if laboratory.play_one(trial_id, clock.now()):
            jobs.play_trial(trial_id)


def tend() -> None:
    """Defer what a worker that died left behind: a trial that is not done and has no job."""
    for trial_id in laboratory.running():
        with transaction.atomic():
            jobs.play_trial(trial_id, anew=False)


def _tell(viewer: Viewer, act: str, trial: Trial) -> None:
    ledger.record(Line(Kind.ALTERATION, act, viewer.actor, viewer.purpose, (f"trial:{trial.id}", f"unit:{trial.unit_id}"), {}))
