"""The register of a unit's rankers: trained, in shadow, promoted by two persons, rolled back, switched off.

Verbs without a transaction of their own; the pipeline writes the ledger and orders the queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.priority.assess import unpack
from grace.priority.features import valued
from grace.priority.models import Assessment, Ranker, ShadowScore
from grace.priority.rules import Rules, read_rules
from grace.priority.shapes import Given, digest, read_ranker
from grace.priority.shapes import Ranker as Runnable

LEAST_SHADOW = 20
"""Referrals that a ranker has scored in shadow before it may be promoted."""
LONGEST_REASON = 2_000
State = Ranker.State
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('priority.ranker:' || %s, 0))"
_BY_RULES = """
UPDATE priority_assessment a SET ranker_id = NULL, assessed_at = %s,
    score = (w->>'completeness')::int * completeness + (w->>'actionability')::int * actionability
          + (w->>'urgency')::int * urgency + (w->>'novelty')::int * novelty,
    before = jsonb_build_object('floor', a.floor, 'score', a.score, 'reasons', a.reasons, 'rules', a.rules_id, 'ranker', a.ranker_id, 'at', %s::timestamptz,
                                'switched', true)
FROM priority_ruleset r CROSS JOIN LATERAL (SELECT r.body->'weights' AS w) weights
WHERE a.rules_id = r.id AND r.unit_id = %s AND a.ranker_id IS NOT NULL
"""


@lru_cache(maxsize=64)
def running(ranker_id: UUID) -> Runnable:
    """Read and checked once in each process: what was trained is never edited. Raises ``Invalid`` where it is not what was kept."""
    row = Ranker.objects.only("body", "digest").get(id=ranker_id)
    if digest(row.body) != row.digest:
        raise Invalid(_("The ranker is not what was trained."), remedy=_("Switch it off, and train one anew."))
    return read_ranker(row.body)


def promoted(unit_id: UUID) -> Runnable | None:
    """What makes the order of a unit; None: the rules alone do."""
    found = Ranker.objects.filter(unit_id=unit_id, state=State.PROMOTED).values_list("id", flat=True).first()
    return running(found) if found else None


def rules_of(assessment: Assessment) -> Rules:
    """What an assessment was made by: the rules of its version, and the ranker that gave the score, if one did."""
    rules = read_rules(assessment.rules.body)
    return replace(rules, ranker=running(assessment.ranker_id)) if assessment.ranker_id else rules


def learned(assessment: Assessment) -> list[Given]:
    """The lines of the ranker that gave an assessment its score, which sum to it; none where the rules gave it."""
    return running(assessment.ranker_id).reasons(valued(unpack(assessment.signals))) if assessment.ranker_id else []


def changed_since(since: datetime) -> set[UUID]:
    """The units in which a ranker began a shadow run, was promoted or retired since a moment."""
    found = Ranker.objects.filter(Q(shadowed_at__gt=since) | Q(promoted_at__gt=since) | Q(retired_at__gt=since))
    return set(found.values_list("unit_id", flat=True))


def every(viewer: Viewer) -> list[Ranker]:
    """All rankers of the viewer's unit, newest first; open to whoever works on the rules."""
    viewer.require(Capability.EDIT_RULES)
    return list(Ranker.objects.filter(unit_id=viewer.unit_id).order_by("-number"))


def one(viewer: Viewer, number: int) -> Ranker:
    """A ranker of the viewer's unit. Raises ``Missing``."""
    found = next((each for each in every(viewer) if each.number == number), None)
    if found is None:
        raise Missing(_("There is no such ranker."))
    return found


def keep(viewer: Viewer, body: Mapping[str, Any], passport: Mapping[str, Any], now: datetime) -> Ranker:
    """Keep what was trained; it does nothing yet."""
    viewer.require(Capability.EDIT_RULES)
    _lock(viewer.unit_id)
    last = Ranker.objects.filter(unit_id=viewer.unit_id).aggregate(last=Max("number"))["last"] or 0
    told = {"body": body, "passport": passport, "digest": digest(body), "trained_by": viewer.actor, "trained_at": now}
    return Ranker.objects.create(unit_id=viewer.unit_id, number=last + 1, **told)


def begin_shadow(viewer: Viewer, number: int, now: datetime) -> Ranker:
    """Let a ranker run beside the order, moving nothing; what ran so before stops."""
    viewer.require(Capability.PUBLISH_RULES)
    row = _locked(viewer, number)
    if row.state in {State.SHADOW, State.PROMOTED}:
        raise Conflict(_("This ranker runs already."))
    for other in Ranker.objects.filter(unit_id=viewer.unit_id, state=State.SHADOW):
        _retire(other, viewer.actor, _("Another ranker runs in shadow in its place."), now)
    row.state, row.shadowed_at, row.proposed_by, row.proposed_at, row.reason = State.SHADOW, now, "", None, ""
    row.save(update_fields=["state", "shadowed_at", "proposed_by", "proposed_at", "reason"])
    return row


def propose(viewer: Viewer, number: int, reason: str, now: datetime) -> Ranker:
    """Ask that a ranker be promoted: the first of two persons. Raises ``Conflict`` for one that has not run in shadow for long enough."""
    _may(viewer, reason)
    row = _locked(viewer, number)
    _demand_shadow(row)
    row.proposed_by, row.proposed_at, row.reason = viewer.actor, now, reason.strip()
    row.save(update_fields=["proposed_by", "proposed_at", "reason"])
    return row


def promote(viewer: Viewer, number: int, now: datetime) -> Ranker:
    """Let a ranker make the order, above no floor: the second of two persons. Raises ``Refused`` for who proposed it."""
    _may_act(viewer)
    row = _locked(viewer, number)
    _demand_shadow(row)
    if not row.proposed_by:
        raise Conflict(_("Nobody has proposed this ranker."), remedy=_("Propose it; another person promotes it then."))
    if row.proposed_by == viewer.actor:
        raise Refused(_("You proposed this ranker."), remedy=_("Another person has to promote it."))
    running(row.id)
    present = Ranker.objects.filter(unit_id=viewer.unit_id, state=State.PROMOTED).first()
    if present:
        _retire(present, viewer.actor, _("Another ranker took its place."), now)
    row.before, row.state, row.promoted_by, row.promoted_at = present, State.PROMOTED, viewer.actor, now
    row.save(update_fields=["before", "state", "promoted_by", "promoted_at"])
    return row


def roll_back(viewer: Viewer, reason: str, now: datetime) -> tuple[Ranker, Ranker]:
    """Return to the ranker that was promoted before, which two persons had let run: the one that went, the one that came."""
    _may(viewer, reason)
    _lock(viewer.unit_id)
    present = _promoted(viewer)
    if present.before is None:
        raise Missing(_("There is no earlier ranker to return to."), remedy=_("Switch the ranker off: the rules order alone then."))
    running(present.before.id)
    _retire(present, viewer.actor, reason.strip(), now)
    came = present.before
    came.state, came.retired_at, came.retired_by, came.retire_reason = State.PROMOTED, None, "", ""
    came.save(update_fields=["state", "retired_at", "retired_by", "retire_reason"])
    return present, came


def switch_off(viewer: Viewer, reason: str, now: datetime) -> Ranker:
    """End the promoted ranker, and score whatever it scored as the rules alone do, in one statement. One person is enough."""
    viewer.require(Capability.PUBLISH_RULES)
    _demand_reason(reason)
    _lock(viewer.unit_id)
    present = _promoted(viewer)
    _retire(present, viewer.actor, reason.strip(), now)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_BY_RULES, [now, now, viewer.unit_id])
    return present


def stop_shadow(viewer: Viewer, number: int, reason: str, now: datetime) -> Ranker:
    """End a shadow run."""
    viewer.require(Capability.PUBLISH_RULES)
    _demand_reason(reason)
    row = _locked(viewer, number)
    if row.state != State.SHADOW:
        raise Conflict(_("This ranker does not run in shadow."))
    _retire(row, viewer.actor, reason.strip(), now)
    return row


def shadowed(row: Ranker) -> int:
    """How many referrals it has scored in shadow."""
    return ShadowScore.objects.filter(ranker=row).count()


def _demand_shadow(row: Ranker) -> None:
    if row.state != State.SHADOW:
        raise Conflict(_("A ranker is promoted out of a shadow run."), remedy=_("Start its shadow run first."))
    if (seen := shadowed(row)) < LEAST_SHADOW:
        raise Conflict(
            _("This ranker has scored %(seen)d referrals in its shadow run; it needs %(least)d.") % {"seen": seen, "least": LEAST_SHADOW},
            remedy=_("Wait until the open referrals are scored anew."),
        )


def _promoted(viewer: Viewer) -> Ranker:
    found = (
        Ranker.objects.select_for_update(of=("self",)).select_related("before").filter(unit_id=viewer.unit_id, state=State.PROMOTED).first()
    )
    if found is None:
        raise Missing(_("No ranker is promoted: the rules order alone."))
    return found


def _retire(row: Ranker, actor: str, reason: str, now: datetime) -> None:
    row.state, row.retired_by, row.retired_at, row.retire_reason = State.RETIRED, actor, now, reason
    row.save(update_fields=["state", "retired_by", "retired_at", "retire_reason"])


def _locked(viewer: Viewer, number: int) -> Ranker:
    _lock(viewer.unit_id)
    found = Ranker.objects.select_for_update().filter(unit_id=viewer.unit_id, number=number).first()
    if found is None:
        raise Missing(_("There is no such ranker."))
    return found


def _lock(unit_id: UUID) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(_LOCK, [str(unit_id)])


def _may(viewer: Viewer, reason: str) -> None:
    _may_act(viewer)
    _demand_reason(reason)


def _may_act(viewer: Viewer) -> None:
    viewer.require(Capability.PUBLISH_RULES)
    if viewer.via != "officer":
        raise Refused(_("Only an officer decides."), remedy=_("A program may hand documents in and read, but not decide (law, L11)."))


def _demand_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST_REASON or "\0" in reason:
        raise Invalid(_("This act needs a reason."), remedy=_("Say in a few words why."))
