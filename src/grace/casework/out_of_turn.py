"""What is given out of turn: a share of "take the next" is not the first of the queue, so that nothing waits for ever.

The rule is :func:`grace.priority.turns.out_of_turn`; which of the three chance decides, and nobody is told. A unit that audits
nothing gives nothing out of turn.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import fit
from grace.casework.fit import Bound
from grace.kernel import sql
from grace.priority import turns
from grace.priority.audits import share_of

_URGENT = "SELECT EXISTS (SELECT FROM casework_queue WHERE unit_id = %(unit)s AND status = 'open' AND is_line AND turn = 1 AND floor > 0)"
_LOCK = "LIMIT 1 FOR UPDATE OF q SKIP LOCKED"
_OLDEST = """
SELECT q.referral_id FROM casework_queue q WHERE q.unit_id = %(unit)s AND q.status = 'open' AND q.is_line AND {suits}
ORDER BY q.received_at {lock}
"""
_AUDITED = """
SELECT q.referral_id FROM priority_audit a JOIN casework_queue q ON q.referral_id = a.referral_id
WHERE a.unit_id = %(unit)s AND a.is_urgent IS NULL AND q.status = 'open' AND {suits} ORDER BY a.drawn_at {lock}
"""
_ANY = """
WITH ends AS (
    SELECT (SELECT received_at FROM casework_queue WHERE unit_id = %(unit)s AND status = 'open' AND is_line ORDER BY received_at LIMIT 1) AS oldest,
           (SELECT received_at FROM casework_queue WHERE unit_id = %(unit)s AND status = 'open' AND is_line ORDER BY received_at DESC LIMIT 1) AS newest
)
SELECT q.referral_id FROM casework_queue q, ends WHERE q.unit_id = %(unit)s AND q.status = 'open' AND q.is_line AND {suits}
    AND q.received_at <= ends.oldest + (ends.newest - ends.oldest) * %(lot)s::float8 ORDER BY q.received_at DESC {lock}
"""
_LABELS = """
SELECT a.referral_id, told.is_urgent FROM priority_audit a CROSS JOIN LATERAL (
    SELECT CASE WHEN bool_or(d.act IN ('duplicate', 'known', 'not_actionable', 'not_criminal', 'escalate', 'hand_over'))
                THEN bool_or(d.act = 'escalate') END AS is_urgent
    FROM casework_decision d
    WHERE d.referral_id = a.referral_id AND NOT EXISTS (SELECT FROM casework_decision b WHERE b.reverses_id = d.id)
) told WHERE a.unit_id = %s AND told.is_urgent IS DISTINCT FROM a.is_urgent
"""
_SCALE = 1 << 32


def next_out_of_turn(viewer: Viewer, now: datetime) -> UUID | None:
    """A free referral out of turn that suits the viewer, locked for the caller's transaction; None where this one is to be the first of the queue."""
    viewer.require(Capability.DECIDE)
    share = share_of(viewer.unit_id)
    if share is None:
        return None
    asked = {"unit": viewer.unit_id, "lot": secrets.randbelow(_SCALE) / _SCALE, **fit.suits(viewer, now)}
    return turns.out_of_turn(share.out_of_turn, secrets.randbelow, _Waiting(viewer.unit_id, asked))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The open lines of a unit that suit somebody; what is found is locked for the caller's transaction."""

    unit_id: UUID
    asked: Bound

    def urgent(self) -> bool:
        return urgent_waits(self.unit_id)

    def oldest(self) -> UUID | None:
        return _first(_OLDEST, self.asked)

    def audited(self) -> UUID | None:
        return _first(_AUDITED, self.asked)

    def any_by_lot(self) -> UUID | None:
        return _first(_ANY, self.asked)


def urgent_waits(unit_id: UUID) -> bool:
    """Whether an urgent referral of the unit waits: nothing else is given out then."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_URGENT, {"unit": unit_id})
        return bool(cursor.fetchone()[0])


def new_labels(unit_id: UUID) -> dict[UUID, bool | None]:
    """What the decisions that stand say of audited referrals, where it is news: urgent (escalated), not urgent, or nothing any more.

    A decision on a whole group is one on each member.
    """
    with closing(connection.cursor()) as cursor:
        cursor.execute(_LABELS, [unit_id])
        return dict(cursor.fetchall())


def _first(text: str, asked: Bound) -> UUID | None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql.fill(text, lock=_LOCK, suits=fit.SUITS), asked)
        found = cursor.fetchone()
    return found[0] if found else None
