"""The order of work of a unit: what it states, what its pace leaves unread, what waits too long and for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import discipline, fit, pace, second_looks, starving
from grace.casework.agreement import Agreement
from grace.casework.discipline import Stated
from grace.casework.discipline_models import Discipline, Skill
from grace.casework.fit import Need
from grace.custody.kinds import Kind
from grace.custody.ledger import Line, record
from grace.kernel import clock
from grace.pipeline.consult import consult, refusals_told
from grace.priority.audits import share_of


@dataclass(frozen=True, slots=True)
class DisciplinePage:
    """What a unit stated and what was counted of it last; ``agreement`` only for whoever may publish rules, and only where it may be shown."""

    stated: Discipline | None
    starving: Mapping[str, int]
    needs: Sequence[Need]
    skills: Sequence[Skill]
    agreement: Agreement | None


def discipline_page(viewer: Viewer) -> DisciplinePage:
    """Read the page: counts over the viewer's unit, none of them about an officer."""
    return consult(viewer, "discipline.read", lambda: _page(viewer), lambda _found: [f"unit:{viewer.unit_id}"])


def _page(viewer: Viewer) -> DisciplinePage:
    viewer.require(Capability.READ)
    now, stated = clock.now(), discipline.of(viewer.unit_id)
    too_long: Mapping[str, int] = stated.figures["starving"] if stated else {}  # counted by the job: a page cannot wait for it
    leads = viewer.may(Capability.PUBLISH_RULES)
    agreement = second_looks.agreement(viewer, now) if leads else None
    return DisciplinePage(stated, too_long, fit.needs(viewer.unit_id, now), discipline.skills(viewer.unit_id), agreement)


def state(viewer: Viewer, stated: Stated) -> Discipline:
    """State the order of work, and count at once what it means."""
    with refusals_told(viewer, "discipline.state"), transaction.atomic():
        found = discipline.state(viewer, stated, clock.now())
        detail = {name: str(number) for name, number in stated.numbers.items()}
        record(_line(viewer, "discipline.state", {**detail, "with_files": str(stated.with_files).lower()}))
        _count(found)
        return found


def add_skill(viewer: Viewer, name: str, kinds: Sequence[str]) -> Skill:
    """Put a skill on the unit's list."""
    with refusals_told(viewer, "discipline.skill.add"), transaction.atomic():
        skill = discipline.add_skill(viewer, name, kinds)
        record(_line(viewer, "discipline.skill.add", {"skill": str(skill.id)}))
        return skill


def drop_skill(viewer: Viewer, skill_id: UUID) -> Skill:
    """Take a skill from it."""
    with refusals_told(viewer, "discipline.skill.drop"), transaction.atomic():
        skill = discipline.drop_skill(viewer, skill_id)
        record(_line(viewer, "discipline.skill.drop", {"skill": str(skill_id)}))
        return skill


def tend() -> None:
    """Count anew what the pace of each unit means, and forget second looks that nobody had in time."""
    for found in Discipline.objects.order_by("unit_id"):
        with transaction.atomic():
            _count(found)
    with transaction.atomic():
        second_looks.forget_old(clock.now())


def _count(found: Discipline) -> None:
    """Keep what the queue shows: counting all that waits takes too long for a page."""
    now, unit = clock.now(), found.unit_id
    setting = share_of(unit)
    steps, a_day = pace.steps(unit, now), float(found.capacity * found.officers)
    tails = [pace.tail(steps, a_day, setting.out_of_turn if setting else 0, days) for days in pace.HORIZONS]
    too_long = starving.counts(unit, now - timedelta(days=found.bound), now)
    found.figures = {
        "waiting": sum(each.waiting for each in steps),
        "a_day": a_day,
        "measured": pace.measured(unit, now),
        "coming": sum(each.coming for each in steps),
        "tails": pace.told(tails) if a_day else [],
        "starving": too_long,
        "needs": sum(each.waiting for each in fit.needs(unit, now)),
    }
    found.counted_at = now
    found.save(update_fields=["figures", "counted_at"])


def _line(viewer: Viewer, act: str, detail: dict[str, str]) -> Line:
    return Line(Kind.ALTERATION, act, viewer.actor, viewer.purpose, (f"unit:{viewer.unit_id}",), detail)
