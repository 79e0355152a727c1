"""A unit's rules: one published version, at most one draft; versions are kept for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Conflict, Missing
from grace.priority.assess import InForce, unpack
from grace.priority.models import Assessment, RuleSet
from grace.priority.rules import base_rules, read_rules
from grace.priority.score import assess as score
from grace.sdk.signals import Signal

MOST_PREVIEWED = 5_000


def in_force(unit_id: UUID, now: datetime) -> InForce:
    """The published rules of a unit; a unit without any starts with the base rules."""
    found = RuleSet.objects.filter(unit_id=unit_id, state=RuleSet.State.PUBLISHED).first()
    if found is None:
        found, _ = RuleSet.objects.get_or_create(
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
    return InForce(found.id, found.number, read_rules(found.body))


def versions(viewer: Viewer) -> list[RuleSet]:
    """All versions of the viewer's unit, newest first."""
    viewer.require(Capability.READ)
    return list(RuleSet.objects.filter(unit_id=viewer.unit_id).order_by("-number"))


def edit(viewer: Viewer, body: object, note: str, now: datetime) -> RuleSet:
    """Make or change the unit's draft. Raises ``Invalid`` with every fault of the body."""
    viewer.require(Capability.EDIT_RULES)
    read_rules(body)
    in_force(viewer.unit_id, now)
    draft = RuleSet.objects.select_for_update().filter(unit_id=viewer.unit_id, state=RuleSet.State.DRAFT).first()
    if draft is None:
        last = RuleSet.objects.filter(unit_id=viewer.unit_id).aggregate(last=Max("number"))["last"] or 0
        draft = RuleSet(unit_id=viewer.unit_id, number=last + 1, state=RuleSet.State.DRAFT)
    draft.body, draft.note, draft.edited_by, draft.edited_at = body, note, viewer.actor, now
    draft.save()
    return draft


def publish(viewer: Viewer, number: int, now: datetime) -> RuleSet:
    """Put the draft ``number`` in force and retire its predecessor. Raises ``Conflict`` if it is no longer the draft."""
    viewer.require(Capability.PUBLISH_RULES)
    draft = RuleSet.objects.select_for_update().filter(unit_id=viewer.unit_id, number=number).first()
    if draft is None:
        raise Missing("There is no such version of the rules.")
    if draft.state != RuleSet.State.DRAFT:
        raise Conflict("This version is not a draft any more.", remedy="Read the rules page again.")
    read_rules(draft.body)
    RuleSet.objects.filter(unit_id=viewer.unit_id, state=RuleSet.State.PUBLISHED).update(state=RuleSet.State.RETIRED)
    draft.state, draft.published_by, draft.published_at = RuleSet.State.PUBLISHED, viewer.actor, now
    draft.save()
    return draft


@dataclass(frozen=True, slots=True)
class Change:
    """How one referral would stand under other rules."""

    referral_id: UUID
    floor: tuple[int, int]
    score: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Preview:
    """What other rules would do to the referrals looked at: those that rise, fall, gain or lose a floor."""

    looked_at: int
    up: list[Change]
    down: list[Change]
    floors_gained: int
    floors_lost: int


def preview(viewer: Viewer, body: object, referrals: Iterable[UUID]) -> Preview:
    """Score these referrals of the viewer's unit with ``body``, storing nothing."""
    viewer.require(Capability.READ)
    rules = read_rules(body)
    changes, looked_at = [], 0
    for before, signals in _assessments(viewer, list(referrals)[:MOST_PREVIEWED]):
        looked_at += 1
        after = score(signals, rules)
        if (after.floor, after.score) != (before.floor, before.score):
            changes.append(Change(before.referral_id, (before.floor, after.floor), (before.score, after.score)))
    up = [each for each in changes if (each.floor[1], each.score[1]) > (each.floor[0], each.score[0])]
    return Preview(
        looked_at,
        up,
        [each for each in changes if each not in up],
        sum(each.floor[0] == 0 < each.floor[1] for each in changes),
        sum(each.floor[1] == 0 < each.floor[0] for each in changes),
    )


def _assessments(viewer: Viewer, referrals: list[UUID]) -> Iterator[tuple[Assessment, list[Signal]]]:
    rows: Iterable[Assessment] = Assessment.objects.filter(referral_id__in=referrals, referral__unit_id=viewer.unit_id).only(
        "referral_id", "floor", "score", "signals"
    )
    for row in rows:
        told: list[Any] = row.signals
        yield row, unpack(told)
