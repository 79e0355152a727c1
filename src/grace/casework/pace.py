"""What a unit's pace means: of what waits now, what nobody will have read in 30 and in 60 days.

Arithmetic, no promise: as many come as came of late, scored alike; the first of the queue is read first, but for the share that is given out
of turn; all lines cost the same. What is measured is of the unit, never of an officer, and shown only where enough officers took part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from grace.priority.lines import STEP
from grace.priority.tally import PER_FLOOR

HORIZONS = (30, 60)
DAYS = 28
"""How far back is looked for what comes and what is decided."""
LEAST_OFFICERS = 5
"""Of fewer officers nothing is measured that would be about one of them."""
_STEPS = """
SELECT (floor * %(per)s + score) / %(step)s * %(step)s, count(*) FILTER (WHERE status = 'open'), count(*) FILTER (WHERE received_at > %(since)s)
FROM casework_queue WHERE unit_id = %(unit)s AND is_line AND (status = 'open' OR received_at > %(since)s) GROUP BY 1 ORDER BY 1 DESC
"""
_MEASURED = """
SELECT count(*), count(DISTINCT (d.officer_id, d.decided_at::date)), count(DISTINCT d.officer_id)
FROM casework_decision d JOIN casework_queue q ON q.referral_id = d.referral_id
WHERE q.unit_id = %(unit)s AND d.decided_at > %(since)s AND d.part_of_id IS NULL
    AND d.act IN ('duplicate', 'known', 'not_actionable', 'not_criminal', 'hand_over')
    AND NOT EXISTS (SELECT FROM casework_decision b WHERE b.reverses_id = d.id)
"""


@dataclass(frozen=True, slots=True)
class Step:
    """Lines that wait at a step of positions, and how many came there in a day."""

    position: int
    waiting: int
    coming: float


@dataclass(frozen=True, slots=True)
class Tail:
    """Below ``position`` nobody comes in turn within so many days: ``unread`` lines wait there, of which about ``out_of_turn`` are given out all the same."""

    days: int
    position: int
    unread: int
    out_of_turn: int


def steps(unit_id: UUID, now: datetime) -> list[Step]:
    """How a unit's lines stand, the highest first."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_STEPS, {"unit": unit_id, "since": now - timedelta(days=DAYS), "per": PER_FLOOR, "step": STEP})
        return [Step(position, waiting, came / DAYS) for position, waiting, came in cursor]


def tail(found: Sequence[Step], a_day: float, out_of_turn: int, days: int) -> Tail:
    """What is not reached in so many days at ``a_day`` referrals a day, of which ``out_of_turn`` thousandths are not the first of the queue.

    A step that is not reached whole counts as not reached.
    """
    in_turn, aside = a_day * days * (1000 - out_of_turn) / 1000, a_day * days * out_of_turn / 1000
    reached, position = 0.0, 0
    for each in found:
        reached += each.waiting + each.coming * days
        if reached > in_turn:
            position = each.position + STEP
            break
    unread = sum(each.waiting for each in found if each.position < position)
    return Tail(days, position, unread, min(unread, round(aside)))


def measured(unit_id: UUID, now: datetime) -> float | None:
    """Referrals decided one by one in an officer's day, over the unit; None where too few officers took part."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_MEASURED, {"unit": unit_id, "since": now - timedelta(days=DAYS)})
        decided, officer_days, officers = cursor.fetchone()
    return decided / officer_days if officers >= LEAST_OFFICERS else None


def told(tails: Sequence[Tail]) -> list[Mapping[str, int]]:
    """As it is kept."""
    return [{"days": each.days, "position": each.position, "unread": each.unread, "out_of_turn": each.out_of_turn} for each in tails]
