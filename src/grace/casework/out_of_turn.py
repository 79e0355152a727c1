"""What is given out of turn: a share of "take the next" is not the first of the queue, so that nothing waits for ever.

It is the oldest, any one by lot, or the audited one that waits longest; which of the three chance decides, and nobody is told. What a
floor holds up comes first, until an audited one has waited for :data:`PATIENCE`: where a floor always stands nothing would be audited
else. Then the same share goes to the oldest or to the audited one that waits longest, by lot. A unit that audits nothing gives nothing out of turn.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel import clock, sql
from grace.priority.audits import share_of

PATIENCE = timedelta(days=7)
"""How long what a floor holds up keeps an audited referral back. Behind it the unit's share ``s`` of "take the next" reaches the one that waits longest
within ``n`` takes but for one case in ``(1 - s / 2) ** -n``: of the usual one in ten, within 90 takes in 99 of 100 cases."""
_URGENT = "SELECT EXISTS (SELECT FROM casework_queue WHERE unit_id = %s AND status = 'open' AND is_line AND turn = 1 AND floor > 0)"
_LOCK = "LIMIT 1 FOR UPDATE OF q SKIP LOCKED"
_OLDEST = """
SELECT q.referral_id FROM casework_queue q WHERE q.unit_id = %s AND q.status = 'open' AND q.is_line ORDER BY q.received_at {lock}
"""
_AUDITED = """
SELECT q.referral_id FROM priority_audit a JOIN casework_queue q ON q.referral_id = a.referral_id
WHERE a.unit_id = %s AND a.is_urgent IS NULL AND q.status = 'open' ORDER BY a.drawn_at {lock}
"""
_OVERDUE = """
SELECT EXISTS (
    SELECT FROM priority_audit a JOIN casework_queue q ON q.referral_id = a.referral_id
    WHERE a.unit_id = %s AND a.is_urgent IS NULL AND q.status = 'open' AND a.drawn_at < %s
)
"""
_ANY = """
WITH ends AS (
    SELECT (SELECT received_at FROM casework_queue WHERE unit_id = %s AND status = 'open' AND is_line ORDER BY received_at LIMIT 1) AS oldest,
           (SELECT received_at FROM casework_queue WHERE unit_id = %s AND status = 'open' AND is_line ORDER BY received_at DESC LIMIT 1) AS newest
)
SELECT q.referral_id FROM casework_queue q, ends WHERE q.unit_id = %s AND q.status = 'open' AND q.is_line
    AND q.received_at <= ends.oldest + (ends.newest - ends.oldest) * %s::float8 ORDER BY q.received_at DESC {lock}
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


def next_out_of_turn(viewer: Viewer) -> UUID | None:
    """A free referral out of turn, locked for the caller's transaction; None where this one is to be the first of the queue."""
    viewer.require(Capability.DECIDE)
    share, unit = share_of(viewer.unit_id), viewer.unit_id
    if share is None or secrets.randbelow(1000) >= share.out_of_turn:
        return None
    if _is_so(_URGENT, [unit]):
        if not _is_so(_OVERDUE, [unit, clock.now() - PATIENCE]):
            return None
        return _first((_OLDEST, _AUDITED)[secrets.randbelow(2)], [unit])
    by_lot = [unit] * 3 + [secrets.randbelow(_SCALE) / _SCALE]
    if (turn := secrets.randbelow(3)) == 0:
        return _first(_OLDEST, [unit])
    return (_first(_AUDITED, [unit]) if turn == 1 else None) or _first(_ANY, by_lot)


def new_labels(unit_id: UUID) -> dict[UUID, bool | None]:
    """What the decisions that stand say of audited referrals, where it is news: urgent (escalated), not urgent, or nothing any more.

    A decision on a whole group is one on each member.
    """
    with closing(connection.cursor()) as cursor:
        cursor.execute(_LABELS, [unit_id])
        return dict(cursor.fetchall())


def _is_so(text: str, values: Sequence[UUID | datetime]) -> bool:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, list(values))
        return bool(cursor.fetchone()[0])


def _first(text: str, values: Sequence[UUID | float]) -> UUID | None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql.fill(text, lock=_LOCK), list(values))
        found = cursor.fetchone()
    return found[0] if found else None
