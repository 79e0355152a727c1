"""Deciding a whole group: one act of an officer, one decision on each member that waits, all at once and all reversible.

Left as they are: members that a colleague works on, those of a bulk lane's sample (they are there to be read one by one), and,
where the officer says so, those on a floor. Later arrivals join the group but not the decision: they wait, as a line that
says so. Nothing is ever closed by having come later.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import lines, sender_days
from grace.casework.decide import OUTCOMES, Act, ConfirmationNeeded, Wish, check_words
from grace.casework.models import GroupDecision
from grace.casework.queue import MOST_COUNTED, Count
from grace.kernel import sql
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.kernel.ids import new_id
from grace.links.models import Group

ACTS = (Act.DUPLICATE, Act.KNOWN, Act.NOT_ACTIONABLE, Act.NOT_CRIMINAL)
"""What can be decided about all members at once; the rest is said of one referral at a time."""

_MINE = """
q.group_id = %(group)s AND q.unit_id = %(unit)s AND (q.status = 'open' OR (q.status = 'taken' AND q.officer_id = %(officer)s))
AND NOT (q.lane_id IS NOT NULL AND q.turn = 1 AND q.floor = 0)
"""
_COUNT = sql.fill(
    """
SELECT count(*) FILTER (WHERE {mine}), count(*) FILTER (WHERE {mine} AND q.floor > 0), count(*) FILTER (WHERE q.status <> 'closed')
FROM casework_queue q WHERE q.group_id = %(group)s AND q.unit_id = %(unit)s AND q.status <> 'closed'
""",
    mine=_MINE,
)
_DECIDE = sql.fill(
    """
WITH mine AS MATERIALIZED (
    SELECT q.referral_id, q.floor, q.status, q.outcome, q.officer_id FROM casework_queue q
    WHERE {mine} AND (q.floor = 0 OR %(urgent)s) ORDER BY q.referral_id FOR UPDATE
), decided AS (
    INSERT INTO casework_decision (id, referral_id, officer_id, act, reason, recipient, floor, before, decided_at, part_of_id)
    SELECT gen_random_uuid(), referral_id, %(officer)s, %(act)s, %(reason)s, '', floor,
           jsonb_build_object('status', status, 'outcome', outcome, 'officer', COALESCE(officer_id::text, '')), %(now)s, %(decision)s FROM mine
)
UPDATE casework_queue q SET status = 'closed', outcome = %(outcome)s, changed_at = %(now)s, is_line = q.group_id IS NULL, stands = false
FROM mine WHERE q.referral_id = mine.referral_id RETURNING q.referral_id
""",
    mine=_MINE,
)
# Of each member its last decision counts: whoever decided anew about one of them meanwhile is not overruled.
_TAKE_BACK = sql.fill(
    """
WITH mine AS MATERIALIZED (
    SELECT d.id, d.referral_id, d.before, q.floor, q.status, q.outcome, q.officer_id FROM casework_decision d
    JOIN casework_queue q ON q.referral_id = d.referral_id
    WHERE d.part_of_id = %(last)s AND q.unit_id = %(unit)s AND NOT EXISTS (SELECT FROM casework_decision b WHERE b.reverses_id = d.id)
        AND NOT EXISTS (
            SELECT FROM casework_decision n WHERE n.referral_id = d.referral_id AND n.decided_at > d.decided_at AND n.act <> 'take_back'
            AND NOT EXISTS (SELECT FROM casework_decision b WHERE b.reverses_id = n.id)
        )
    ORDER BY d.referral_id FOR UPDATE OF q
), reversed AS (
    INSERT INTO casework_decision (id, referral_id, officer_id, act, reason, recipient, floor, before, decided_at, part_of_id, reverses_id)
    SELECT gen_random_uuid(), referral_id, %(officer)s, 'take_back', %(reason)s, '', floor,
           jsonb_build_object('status', status, 'outcome', outcome, 'officer', COALESCE(officer_id::text, '')), %(now)s, %(decision)s, id FROM mine
)
UPDATE casework_queue q SET status = mine.before->>'status', outcome = mine.before->>'outcome', changed_at = %(now)s, stands = false,
    officer_id = NULLIF(mine.before->>'officer', '')::uuid,
    is_line = q.group_id IS NULL OR {own_line}
FROM mine WHERE q.referral_id = mine.referral_id RETURNING q.referral_id
""",
    own_line=lines.OWN_LINE.replace("q.status", "(mine.before->>'status')"),
)


_LATE = """
SELECT last.group_id, last.decided_at, counted.n FROM (
    SELECT DISTINCT ON (d.group_id) d.group_id, d.decided_at FROM casework_group_decision d
    WHERE d.group_id = ANY(%s) AND d.act <> 'take_back' AND NOT EXISTS (SELECT FROM casework_group_decision b WHERE b.reverses_id = d.id)
    ORDER BY d.group_id, d.decided_at DESC, d.id DESC
) last CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (
        SELECT 1 FROM casework_queue q WHERE q.group_id = last.group_id AND q.unit_id = %s AND q.status <> 'closed'
            AND q.received_at > last.decided_at LIMIT %s
    ) few
) counted
"""


@dataclass(frozen=True, slots=True)
class Late:
    """When a group was decided, and how many members that came afterwards wait."""

    decided_at: datetime
    waiting: Count


@dataclass(frozen=True, slots=True)
class GroupWish:
    """What the officer wants done with a group. ``urgent`` says what shall become of members on a floor: ``close`` or ``spare``."""

    act: str
    reason: str
    urgent: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """A decision on a group, and the referrals that it is about."""

    decision: GroupDecision
    referrals: list[UUID]


def decide_group(viewer: Viewer, group_id: UUID, wish: GroupWish, now: datetime) -> Done:
    """Carry out one act in the caller's transaction.

    Raises ``Refused`` for a program, ``Invalid`` for another act or without a reason, ``Missing`` for no group of the viewer's unit,
    ``Conflict`` where nothing waits, :class:`ConfirmationNeeded` where a member is on a floor and nothing was said of such.
    """
    viewer.require(Capability.DECIDE)
    if viewer.via != "officer":
        raise Refused(_("Only an officer decides."), remedy=_("A program may hand documents in and read, but not decide (law, L11)."))
    check_words(Wish(wish.act, wish.reason))
    if wish.act not in {*ACTS, Act.TAKE_BACK} or wish.urgent not in {"", "close", "spare"}:
        raise Invalid(_("This cannot be decided about a whole group."), remedy=_("Open the referrals one by one."))
    if not Group.objects.filter(id=group_id, unit_id=viewer.unit_id).exists():
        raise Missing(_("There is no such group."))
    lines.hold([group_id])
    done = _take_back(viewer, group_id, wish, now) if wish.act == Act.TAKE_BACK else _close(viewer, group_id, wish, now)
    lines.refresh([group_id])
    lines.settle(done.referrals)  # some may stand in another group, or none, by now
    sender_days.touch_of(done.referrals)
    return done


def standing_decision(group_id: UUID) -> GroupDecision | None:
    """The newest decision on a group that was not taken back."""
    found = GroupDecision.objects.select_related("officer").filter(group_id=group_id, reversed_by__isnull=True)
    return found.exclude(act=Act.TAKE_BACK).order_by("-decided_at", "-id").first()


def late_in(viewer: Viewer, groups: Sequence[UUID]) -> dict[UUID, Late]:
    """For each decided group of the viewer's unit: when, and how many members that came later wait, counted up to ten thousand."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_LATE, [list(groups), viewer.unit_id, MOST_COUNTED + 1])
        return {row[0]: Late(row[1], (min(row[2], MOST_COUNTED), row[2] > MOST_COUNTED)) for row in cursor}


def _close(viewer: Viewer, group_id: UUID, wish: GroupWish, now: datetime) -> Done:
    asked = {"group": group_id, "unit": viewer.unit_id, "officer": viewer.officer_id}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_COUNT, asked)
        mine, urgent, waiting = cursor.fetchone()
        if urgent and not wish.urgent:
            raise ConfirmationNeeded(_("A floor holds members of this group up."), remedy=_("Say what shall become of them."))
        closing_now = mine - (urgent if wish.urgent == "spare" else 0)
        if not closing_now:
            raise Conflict(_("Nothing of this group waits for you."), remedy=_("Take the last decision back first."))
        decision = GroupDecision.objects.create(
            id=new_id(),
            group_id=group_id,
            officer_id=viewer.officer_id,
            act=wish.act,
            reason=wish.reason.strip(),
            members=closing_now,
            spared=waiting - closing_now,
            decided_at=now,
        )
        said: dict[str, Any] = {
            "act": wish.act,
            "reason": wish.reason.strip(),
            "outcome": OUTCOMES[wish.act],
            "now": now,
            "decision": decision.id,
        }
        cursor.execute(_DECIDE, {**asked, **said, "urgent": wish.urgent == "close"})
        return Done(decision, [row[0] for row in cursor])


def _take_back(viewer: Viewer, group_id: UUID, wish: GroupWish, now: datetime) -> Done:
    last = standing_decision(group_id)
    if last is None:
        raise Conflict(_("There is no decision to take back."))
    decision = GroupDecision.objects.create(
        id=new_id(),
        group_id=group_id,
        officer_id=viewer.officer_id,
        act=Act.TAKE_BACK,
        reason=wish.reason.strip(),
        members=last.members,
        spared=0,
        decided_at=now,
        reverses=last,
    )
    said: dict[str, Any] = {"reason": wish.reason.strip(), "now": now, "decision": decision.id, "last": last.id}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_TAKE_BACK, {**said, "unit": viewer.unit_id, "officer": viewer.officer_id})
        referrals = [row[0] for row in cursor]
    GroupDecision.objects.filter(id=decision.id).update(members=len(referrals), spared=last.members - len(referrals))
    decision.refresh_from_db()
    return Done(decision, referrals)
