"""What waits too long, and why: somebody has it, it is in a bulk lane, nobody on duty reads it or has the skill, or it stands low."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.casework import fit
from grace.kernel import sql

REASONS = ("held", "lane", "language", "skill", "rank")
WHY = f"""(CASE WHEN status = 'taken' THEN 'held' WHEN turn = 0 THEN 'lane' WHEN {fit.UNREAD} THEN 'language'
    WHEN {fit.UNSKILLED} THEN 'skill' ELSE 'rank' END)"""
"""The reason, of a row that is not closed."""
_COUNTS = sql.fill(
    """
SELECT {why}, count(*) FROM casework_queue
WHERE unit_id = %(unit)s AND status IN ('open', 'taken') AND is_line AND received_at < %(before)s GROUP BY 1
""",
    why=WHY,
)


def counts(unit_id: UUID, before: datetime, now: datetime) -> dict[str, int]:
    """How many lines came before a moment and are not decided, by reason; all reasons are named."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_COUNTS, {"unit": unit_id, "before": before, **fit.lacking(unit_id, now)})
        found = dict(cursor.fetchall())
    return {reason: found.get(reason, 0) for reason in REASONS}
