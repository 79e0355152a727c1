"""What a unit states of its order of work: capacity, patience, second looks, and its own short list of skills."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.competence import read_skills
from grace.accounts.viewer import Viewer
from grace.casework.discipline_models import Discipline, Skill
from grace.kernel.errors import Conflict, Invalid, Missing, Refused

BOUNDS: Mapping[str, tuple[int, int]] = {
    "capacity": (0, 10_000),
    "officers": (0, 10_000),
    "patience": (0, 24 * 30),
    "bound": (1, 365),
    "second": (0, 200),
    "seeded": (0, 200),
    "hidden": (0, 500),
    "most_a_day": (0, 20),
}
"""What may be stated, from and to; shares are in thousandths."""
MOST_SKILLS = 20


@dataclass(frozen=True, slots=True)
class Stated:
    """What is to hold, as :class:`grace.casework.models.Discipline` keeps it."""

    numbers: Mapping[str, int]
    with_files: bool = False


def of(unit_id: UUID) -> Discipline | None:
    """What a unit stated; None where it stated nothing, so that nothing is counted and nothing comes twice."""
    return Discipline.objects.filter(unit_id=unit_id).first()


def state(viewer: Viewer, stated: Stated, now: datetime) -> Discipline:
    """State it for the viewer's unit. Raises ``Refused``, or ``Invalid`` for a number that is not offered."""
    _may(viewer)
    for name, number in stated.numbers.items():
        low, high = BOUNDS[name]
        if not low <= number <= high:
            raise Invalid(_("One of the numbers is too small or too large."), remedy=_("Each field says what it may hold."))
    values = {**stated.numbers, "with_files": stated.with_files, "set_by": viewer.actor, "set_at": now}
    first = {**values, "seed": secrets.token_hex(16)}
    return Discipline.objects.update_or_create(unit_id=viewer.unit_id, defaults=values, create_defaults=first)[0]


def skills(unit_id: UUID) -> list[Skill]:
    """The skills on a unit's list."""
    return list(Skill.objects.filter(unit_id=unit_id).order_by("name"))


def skill_lists() -> Mapping[UUID, list[str]]:
    """The names on the list of each unit that has one: whoever administers states by them what officers can do."""
    found: dict[UUID, list[str]] = {}
    for unit, name in Skill.objects.order_by("name").values_list("unit_id", "name"):
        found.setdefault(unit, []).append(name)
    return found


def add_skill(viewer: Viewer, name: str, kinds: Sequence[str]) -> Skill:
    """Put a skill on the unit's list, with the kinds of incidents that ask for it."""
    _may(viewer)
    (name,) = read_skills([name])
    if not kinds or any(not kind.isidentifier() for kind in kinds):
        raise Invalid(_("A skill needs at least one kind of incident."))
    if Skill.objects.filter(unit_id=viewer.unit_id).count() >= MOST_SKILLS:
        raise Conflict(_("The list is full."), remedy=_("Take a skill away first: the list is to be short."))
    skill, is_new = Skill.objects.get_or_create(unit_id=viewer.unit_id, name=name, defaults={"kinds": sorted(set(kinds))})
    if not is_new:
        raise Conflict(_("This skill is on the list."))
    return skill


def drop_skill(viewer: Viewer, skill_id: UUID) -> Skill:
    """Take a skill from the unit's list; what officers stated stays with them and asks for nothing."""
    _may(viewer)
    skill = Skill.objects.filter(id=skill_id, unit_id=viewer.unit_id).first()
    if skill is None:
        raise Missing(_("There is no such skill."))
    Skill.objects.filter(id=skill_id).delete()
    return skill


def _may(viewer: Viewer) -> None:
    viewer.require(Capability.PUBLISH_RULES)
    if viewer.via != "officer":
        raise Refused(_("Only an officer decides."), remedy=_("A program may hand documents in and read, but not decide (law, L11)."))
