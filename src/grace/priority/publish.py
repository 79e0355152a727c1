"""A unit's rules: one published version, at most one draft; versions are kept for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.priority.assess import InForce
from grace.priority.models import RuleSet
from grace.priority.rankers import changed_since, running
from grace.priority.rules import base_rules, read_rules
from grace.priority.two_people import checked_reason, demand_person, demand_two

MOST_NOTE = 500
_PUBLISHED = """
SELECT s.id, s.number, s.published_at, p.id, p.trained_at, b.id FROM priority_ruleset s
LEFT JOIN priority_ranker p ON p.unit_id = s.unit_id AND p.state = 'promoted'
LEFT JOIN priority_ranker b ON b.unit_id = s.unit_id AND b.state = 'shadow'
WHERE s.unit_id = %s AND s.state = 'published'
"""


def in_force(unit_id: UUID, now: datetime) -> InForce:
    """The published rules of a unit; a unit without any starts with the base rules."""
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISHED, [unit_id])
        told = cursor.fetchone()
    if told is None:
        made, _made = RuleSet.objects.get_or_create(
            unit_id=unit_id,
            number=1,
            defaults={
                "state": RuleSet.State.PUBLISHED,
                "body": base_rules(),
                "note": "base rules",
                "edited_by": "system:base",
                "edited_at": now,
                "published_by": "system:base",
                "published_at": now,
            },
        )
        told = made.id, made.number, made.published_at, None, None, None
    *rules, promoted, since, shadow = told
    found = _in_force(*rules)
    if promoted is None and shadow is None:
        return found
    return replace(
        found,
        rules=replace(found.rules, ranker=running(promoted) if promoted else None),
        ranker=promoted,
        since=since,
        shadow=(shadow, running(shadow)) if shadow else None,
    )


@lru_cache(maxsize=256)
def _in_force(rules_id: UUID, number: int, published_at: datetime | None) -> InForce:
    """Read once in each process: a version that was published is never edited, and a draft is published at a moment of its own."""
    del published_at
    return InForce(rules_id, number, read_rules(RuleSet.objects.values_list("body", flat=True).get(id=rules_id)))


def changed_lately(now: datetime) -> list[UUID]:
    """The units that put rules in force, or a ranker, or took one away, within the last day."""
    since = now - timedelta(days=1)
    found = RuleSet.objects.filter(state=RuleSet.State.PUBLISHED, number__gt=1, published_at__gt=since)
    return sorted({*found.values_list("unit_id", flat=True), *changed_since(since)})


def versions(viewer: Viewer) -> list[RuleSet]:
    """All versions of the viewer's unit, newest first; open to whoever reads referrals or works on the rules."""
    if not viewer.capabilities & {Capability.EDIT_RULES, Capability.PUBLISH_RULES}:
        viewer.require(Capability.READ)
    return list(RuleSet.objects.filter(unit_id=viewer.unit_id).order_by("-number"))


def version(viewer: Viewer, number: int) -> RuleSet:
    """One version of the viewer's unit. Raises ``Missing``."""
    found = next((each for each in versions(viewer) if each.number == number), None)
    if found is None:
        raise Missing(_("There is no such version of the rules."))
    return found


def mark_of(rules: RuleSet | None) -> str:
    """Says which state of a draft somebody looked at; nothing where there was no draft."""
    return f"{rules.number}.{rules.edited_at.isoformat()}" if rules and rules.state == RuleSet.State.DRAFT else ""


def edit(viewer: Viewer, body: object, note: str, now: datetime, *, seen: str | None = None) -> RuleSet:
    """Make or change the unit's draft. Raises ``Invalid`` with every fault of the body.

    ``seen`` is the mark of the draft that the editor started from: where another officer changed it since, ``Conflict``
    is raised and nothing is overwritten.
    """
    viewer.require(Capability.EDIT_RULES)
    read_rules(body)
    if not note.isprintable() or len(note) > MOST_NOTE:
        raise Invalid(_("A note is one line of at most %(most)d characters.") % {"most": MOST_NOTE})
    _one_at_a_time(viewer.unit_id, now)
    draft = RuleSet.objects.filter(unit_id=viewer.unit_id, state=RuleSet.State.DRAFT).first()
    _demand_seen(draft, seen)
    if draft is None:
        draft = RuleSet(unit_id=viewer.unit_id, number=_next_number(viewer.unit_id), state=RuleSet.State.DRAFT)
    draft.body, draft.note, draft.edited_by, draft.edited_at = body, note.strip(), viewer.actor, now
    draft.save()
    return draft


def discard(viewer: Viewer) -> RuleSet:
    """Retire the draft unpublished; it stays among the versions. Raises ``Missing`` where there is none."""
    viewer.require(Capability.EDIT_RULES)
    draft = RuleSet.objects.select_for_update().filter(unit_id=viewer.unit_id, state=RuleSet.State.DRAFT).first()
    if draft is None:
        raise Missing(_("There is no draft."))
    draft.state = RuleSet.State.RETIRED
    draft.save(update_fields=["state"])
    return draft


def _one_at_a_time(unit_id: UUID, now: datetime) -> None:
    """Whoever edits or publishes waits here for whoever does so in the same unit; the first version is always there."""
    in_force(unit_id, now)
    RuleSet.objects.select_for_update().get(unit_id=unit_id, number=1)


def _demand_seen(draft: RuleSet | None, seen: str | None) -> None:
    if seen is not None and seen != mark_of(draft):
        raise Conflict(
            _("Another officer changed the draft since you opened it."), remedy=_("Open the draft again; what you typed was not kept.")
        )


def publish(viewer: Viewer, number: int, now: datetime, *, seen: str | None = None) -> RuleSet:
    """Put the draft ``number`` in force and retire its predecessor. Two people have a part in it (:mod:`grace.priority.two_people`).

    Raises ``Conflict`` if it is no longer the draft, or no longer the one with the mark ``seen``.
    """
    viewer.require(Capability.PUBLISH_RULES)
    _one_at_a_time(viewer.unit_id, now)
    draft = RuleSet.objects.select_for_update().filter(unit_id=viewer.unit_id, number=number).first()
    if draft is None:
        raise Missing(_("There is no such version of the rules."))
    if draft.state != RuleSet.State.DRAFT:
        raise Conflict(_("This version is not a draft any more."), remedy=_("Read the rules page again."))
    _demand_seen(draft, seen)
    draft.alone_because = demand_two(viewer, draft)
    read_rules(draft.body)
    return _put_in_force(draft, viewer, now)


def back_to_base(viewer: Viewer, reason: str, now: datetime) -> RuleSet:
    """Put the base rules in force at once, by one person alone: for when the unit's own do harm. A draft stays as it is.

    Raises ``Invalid`` without a reason, ``Conflict`` where the base rules are in force.
    """
    viewer.require(Capability.PUBLISH_RULES)
    demand_person(viewer)
    because = checked_reason(reason)
    _one_at_a_time(viewer.unit_id, now)
    if RuleSet.objects.filter(unit_id=viewer.unit_id, state=RuleSet.State.PUBLISHED, body=base_rules()).exists():
        raise Conflict(_("The base rules are in force."))
    made = RuleSet(unit_id=viewer.unit_id, number=_next_number(viewer.unit_id), body=base_rules(), edited_by=viewer.actor, edited_at=now)
    made.note, made.alone_because = because, because
    return _put_in_force(made, viewer, now)


def _put_in_force(rules: RuleSet, viewer: Viewer, now: datetime) -> RuleSet:
    RuleSet.objects.filter(unit_id=viewer.unit_id, state=RuleSet.State.PUBLISHED).update(state=RuleSet.State.RETIRED)
    rules.state, rules.published_by, rules.published_at = RuleSet.State.PUBLISHED, viewer.actor, now
    rules.save()
    return rules


def _next_number(unit_id: UUID) -> int:
    return (RuleSet.objects.filter(unit_id=unit_id).aggregate(last=Max("number"))["last"] or 0) + 1
