"""The backlog laboratory of a unit: settings that it tries, course by course, and what its own figures say of them.

Nothing in the queue is changed by a trial, and no referral is looked at: what a unit's own counts tell is numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework.models import Trial
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.priority.audits import Read
from grace.priority.laboratory.setting import Setting, Untenable, as_json, from_json
from grace.priority.laboratory.told import Course, play, told

LONGEST_NAME = 100
MOST_COURSES = 100
MOST_RUNNING = 5
"""Trials of a unit that may run or wait at once."""
SHOWN = 25


@dataclass(frozen=True, slots=True)
class Quality:
    """How well rules put urgent ones first, by the audit: the AUC, with how many urgent and other ones it was counted."""

    auc: float
    urgent: int
    others: int


def quality(reads: Sequence[Read]) -> Quality | None:
    """The chance that an audited urgent referral stands above another audited one, ties counted half; None without either.

    That is the Mann-Whitney statistic over its largest value.
    """
    urgent = np.array([each.position for each in reads if each.is_urgent])
    others = np.sort([each.position for each in reads if not each.is_urgent])
    if not len(urgent) or not len(others):
        return None
    above = sum(np.searchsorted(others, urgent, side).mean() for side in ("left", "right")) / 2
    return Quality(float(above) / len(others), len(urgent), len(others))


def begin(viewer: Viewer, name: str, setting: Setting, courses: int, now: datetime) -> Trial:
    """Note what is to be tried. Raises ``Invalid``, and ``Conflict`` where enough runs already."""
    viewer.require(Capability.EDIT_RULES)
    if not name.strip() or len(name) > LONGEST_NAME or "\0" in name or not 1 <= courses <= MOST_COURSES:
        raise Invalid(_("A trial needs a name of up to 100 characters, and 1 to 100 courses."))
    if Trial.objects.filter(unit_id=viewer.unit_id, ended_at=None).count() >= MOST_RUNNING:
        raise Conflict(_("Enough trials of your unit run already."), remedy=_("Wait until one is done, or cancel one."))
    return Trial.objects.create(
        unit_id=viewer.unit_id, name=name.strip(), setting=as_json(setting), courses=courses, asked_by=viewer.actor, asked_at=now
    )


def of_unit(viewer: Viewer, *, before: UUID | None = None) -> list[Trial]:
    """The trials of the viewer's unit, the newest first, one more than a page shows."""
    viewer.require(Capability.EDIT_RULES)
    found = Trial.objects.filter(unit_id=viewer.unit_id).defer("played").order_by("-id")
    return list((found.filter(id__lt=before) if before else found)[: SHOWN + 1])


def one(viewer: Viewer, trial_id: UUID) -> Trial:
    """A trial of the viewer's unit. Raises ``Missing`` for any other."""
    viewer.require(Capability.EDIT_RULES)
    found = Trial.objects.filter(id=trial_id, unit_id=viewer.unit_id).defer("played").first()
    if found is None:
        raise Missing(_("There is no such trial."))
    return found


def cancel(viewer: Viewer, trial_id: UUID, now: datetime) -> Trial:
    """End a trial before it is done; nothing is told of it. Raises ``Missing``, ``Conflict``."""
    found = one(viewer, trial_id)
    if not Trial.objects.filter(id=trial_id, ended_at=None).update(ended_at=now, played=[]):
        raise Conflict(_("This trial has ended."))
    return found


def play_one(trial_id: UUID, now: datetime) -> bool:
    """Play the next course of a trial, in the caller's transaction; whether there is another one to play."""
    trial = Trial.objects.select_for_update().filter(id=trial_id, ended_at=None).first()
    if trial is None:
        return False
    try:
        setting = from_json(trial.setting)
    except Untenable:  # of a version with other bounds
        trial.ended_at = now
        trial.save(update_fields=["ended_at"])
        return False
    trial.done += 1
    trial.played.append(asdict(play(setting, trial.done)))
    if trial.done >= trial.courses:
        trial.result, trial.ended_at = told(setting, [Course(**each) for each in trial.played]), now
        trial.played = []
    trial.save(update_fields=["done", "played", "result", "ended_at"])
    return trial.ended_at is None


def running() -> list[UUID]:
    """Trials that are not done, the oldest first."""
    return list(Trial.objects.filter(ended_at=None).order_by("id").values_list("id", flat=True))
