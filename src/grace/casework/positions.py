"""How many referrals of a unit stand where: what a line leaves below, and how all that came is scored."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.priority.lines import STEP
from grace.priority.tally import PER_FLOOR, floor_and_score

_BELOW = """
SELECT count(*) FILTER (WHERE (floor, score) < (%s, %s)), count(*) FROM casework_queue WHERE unit_id = %s AND status = 'open'
    AND (%s = '' OR recipients @> to_jsonb(%s::text))
"""
_SCORES = """
SELECT (floor * %s + score) / %s * %s, count(*) FROM casework_queue WHERE unit_id = %s AND received_at > %s AND received_at <= %s GROUP BY 1
"""
_COMING = "SELECT count(*) FROM casework_queue WHERE unit_id = %s AND received_at > %s"


def below(unit_id: UUID, position: int, state: str = "") -> tuple[int, int]:
    """Of the open referrals, how many stand below a position, and how many there are; of those that concern a state."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_BELOW, [*floor_and_score(position), unit_id, state, state])
        low, everything = cursor.fetchone()
    return low, everything


def scores(unit_id: UUID, after: datetime, until: datetime) -> dict[str, int]:
    """How many referrals that came in a time stand in each step of positions."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_SCORES, [PER_FLOOR, STEP, STEP, unit_id, after, until])
        return {str(step): number for step, number in cursor}


def came(unit_id: UUID, after: datetime) -> int:
    """How many referrals came after a moment."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_COMING, [unit_id, after])
        return int(cursor.fetchone()[0])
