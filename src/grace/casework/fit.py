"""Whom a referral suits: who reads its language and can do what its kind asks for; after a while, and when it is urgent, anyone.

A floor is never overridden by a missing skill, and nothing waits for ever because nobody reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from grace.accounts import competence
from grace.accounts.viewer import Viewer
from grace.casework.discipline_models import Discipline, Skill
from grace.kernel import sql

USUAL_PATIENCE = 24
"""Hours after which what needs a language or a skill goes to anyone, where the unit says nothing else."""
READS = """((q.language = '' OR cardinality(%(languages)s::text[]) = 0 OR q.language = ANY(%(languages)s::text[]))
    AND q.incident_kind <> ALL(%(beyond)s::text[]))"""
SUITS = f"(q.floor > 0 OR q.received_at <= %(late)s OR {READS})"
"""As conditions on a row ``q`` of the queue: that the officer reads it and has the skill; that, or that it goes to anyone."""
UNREAD = "(floor = 0 AND language <> '' AND NOT %(all_read)s AND language <> ALL(%(read)s::text[]))"
UNSKILLED = "(floor = 0 AND incident_kind = ANY(%(unskilled)s::text[]))"
"""As conditions on a row: that nobody on duty reads, or has the skill for it."""
_NEEDS = sql.fill(
    """
SELECT CASE WHEN {unread} THEN language ELSE '' END, CASE WHEN NOT {unread} THEN incident_kind ELSE '' END, count(*)
FROM casework_queue WHERE unit_id = %(unit)s AND status = 'open' AND turn = 1 AND is_line AND ({unread} OR {unskilled}) GROUP BY 1, 2
""",
    unread=UNREAD,
    unskilled=UNSKILLED,
)

Bound = dict[str, str | float | UUID | datetime | list[str]]


@dataclass(frozen=True, slots=True)
class Need:
    """Someone is needed who reads a language, or else who has one of ``skills`` for a kind of incident; ``waiting`` lines wait for it."""

    language: str
    kind: str
    skills: tuple[str, ...]
    waiting: int


def suits(viewer: Viewer, now: datetime) -> Bound:
    """What :data:`SUITS` needs to know of an officer."""
    languages, skills = competence.of(viewer.officer_id)
    stated = Discipline.objects.filter(unit_id=viewer.unit_id).values_list("patience", flat=True).first()
    hours = USUAL_PATIENCE if stated is None else stated
    return {"late": now - timedelta(hours=hours), "languages": languages, "beyond": _beyond(viewer.unit_id, skills)}


def lacking(unit_id: UUID, now: datetime) -> Bound:
    """What :data:`UNREAD` and :data:`UNSKILLED` need to know of those on duty."""
    here = competence.on_duty(unit_id, now).values()
    read = {language for languages, _ in here for language in languages}
    skills = {skill for _, some in here for skill in some}
    return {"read": sorted(read), "all_read": any(not languages for languages, _ in here), "unskilled": _beyond(unit_id, sorted(skills))}


def needs(unit_id: UUID, now: datetime) -> list[Need]:
    """For what someone is needed who is not on duty, the most waited for first. Urgent ones are not among them: anyone takes these."""
    skills, lacks = _skills(unit_id), lacking(unit_id, now)
    if lacks["all_read"] and not lacks["unskilled"]:
        return []
    with closing(connection.cursor()) as cursor:
        cursor.execute(_NEEDS, {"unit": unit_id, **lacks})
        found = [
            Need(language, kind, tuple(sorted(name for name, kinds in skills if kind in kinds)), count) for language, kind, count in cursor
        ]
    return sorted(found, key=lambda each: (-each.waiting, each.language, each.kind))


def _beyond(unit_id: UUID, skills: Sequence[str]) -> list[str]:
    """Kinds of incidents that ask for a skill which is not among these; one that is named by several asks for any of them."""
    stated = _skills(unit_id)
    met = {kind for name, kinds in stated if name in skills for kind in kinds}
    return sorted({kind for _, kinds in stated for kind in kinds} - met)


def _skills(unit_id: UUID) -> list[tuple[str, list[str]]]:
    return list(Skill.objects.filter(unit_id=unit_id).order_by("name").values_list("name", "kinds"))
