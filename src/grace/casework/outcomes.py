"""What officers' decisions say of referrals: the labels that a ranker learns from, and how many came that nobody has decided."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.priority.lines import STEP
from grace.priority.tally import PER_FLOOR

_TOLD = """
SELECT q.referral_id, told.is_urgent FROM casework_queue q CROSS JOIN LATERAL (
    SELECT CASE WHEN bool_or(d.act IN ('duplicate', 'known', 'not_actionable', 'not_criminal', 'escalate', 'hand_over'))
                THEN bool_or(d.act = 'escalate') END AS is_urgent
    FROM casework_decision d
    WHERE d.referral_id = q.referral_id AND NOT EXISTS (SELECT FROM casework_decision b WHERE b.reverses_id = d.id)
) told WHERE {which}
"""
_OF = sql.fill(_TOLD, which="q.unit_id = %s AND q.referral_id = ANY(%s)")
_MISSING = sql.fill(
    _TOLD,
    which="""q.unit_id = %s AND told.is_urgent IS NOT NULL
    AND NOT EXISTS (SELECT FROM priority_outcome o WHERE o.referral_id = q.referral_id)""",
)
_CAME = """
SELECT (floor * %s + %s * completeness + %s * actionability + %s * urgency + %s * novelty) / %s * %s AS step, count(*)
FROM casework_queue WHERE unit_id = %s GROUP BY step
"""
_BY_RULES = """
UPDATE casework_queue q SET score = a.score, why = jsonb_path_query_array(q.why, '$[*] ? (@[3] != "learned")')
FROM priority_assessment a WHERE a.referral_id = q.referral_id AND q.unit_id = %s AND q.status <> 'closed'
    AND (q.score <> a.score OR q.why @> '[["learned"]]')
"""


def labels(unit_id: UUID, referrals: Sequence[UUID]) -> dict[UUID, bool | None]:
    """By referral of the unit what the decisions that stand say: urgent (escalated), not urgent, or nothing."""
    return dict(_fetch(_OF, [unit_id, list(referrals)]))


def labels_missing(unit_id: UUID) -> dict[UUID, bool | None]:
    """The same of whatever was decided before outcomes were kept."""
    return dict(_fetch(_MISSING, [unit_id]))


def came(unit_id: UUID, weights: Sequence[int]) -> dict[int, int]:
    """How many referrals of the unit there ever were in each step of positions, by rules with these weights of the four axes."""
    return dict(_fetch(_CAME, [PER_FLOOR, *weights, STEP, STEP, unit_id]))


def score_as_assessed(unit_id: UUID) -> int:
    """Order what waits as it is assessed, in one statement, and take back the lines that a ranker gave; how many moved."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_BY_RULES, [unit_id])
        return int(cursor.rowcount)


def _fetch(text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, values)
        return list(cursor)
