"""What each sender's referrals of each day come to: counted from the queue's rows, folded by a job, the same for list and page.

Whoever changes rows of the queue says which days it touched (:func:`touch`); a day that was touched is counted anew, by one
statement that also serves a reader who comes before the job (:mod:`grace.casework.sender_figures`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from grace.kernel import clock, sql

AT_ONCE = 500
"""Days of senders that one round counts."""
PARTS = ("lacks", "format", "way", "outcome")
"""What is counted by value, beside the two axes."""

_TOUCH = {"unit_id": "uuid", "sender_id": "uuid", "day": "date", "rows": "integer"}
_TOUCH_OF = """
INSERT INTO casework_sender_touched (unit_id, sender_id, day, rows)
SELECT unit_id, sender_id, (received_at AT TIME ZONE 'UTC')::date, count(*) FROM casework_queue
WHERE referral_id = ANY(%s) GROUP BY 1, 2, 3
"""
# One scan of an index range for each day; each row is then told once for every part that it is counted by.
_COUNTED = """
WITH asked AS MATERIALIZED (SELECT * FROM UNNEST(%s::uuid[], %s::uuid[], %s::date[]) AS asked (unit_id, sender_id, day)),
mine AS MATERIALIZED (
    SELECT asked.*, q.status, q.outcome, q.completeness, q.actionability, q.format, q.way, q.lacks, q.summary ? 'here' AS here
    FROM asked JOIN casework_queue q ON q.unit_id = asked.unit_id AND q.sender_id = asked.sender_id
        AND q.received_at >= asked.day::timestamp AT TIME ZONE 'UTC' AND q.received_at < (asked.day + 1)::timestamp AT TIME ZONE 'UTC'
), told AS (
    SELECT unit_id, sender_id, day, part, key, count(*) AS n FROM (
        SELECT unit_id, sender_id, day, part, key FROM mine, LATERAL (VALUES ('completeness', completeness::text),
            ('actionability', actionability::text), ('format', format), ('way', way), ('outcome', outcome)) AS said (part, key)
        UNION ALL SELECT unit_id, sender_id, day, 'lacks', code FROM mine, LATERAL jsonb_array_elements_text(COALESCE(lacks, '[]')) AS code
    ) each_row WHERE key <> '' GROUP BY 1, 2, 3, 4, 5
), parts AS (
    SELECT unit_id, sender_id, day, part, jsonb_object_agg(key, n) AS counts FROM told GROUP BY 1, 2, 3, 4
), whole AS (
    SELECT unit_id, sender_id, day, jsonb_object_agg(part, counts) AS parts FROM parts GROUP BY 1, 2, 3
), sums AS (
    SELECT unit_id, sender_id, day, count(*) AS referrals, count(*) FILTER (WHERE status = 'open') AS waiting,
           count(*) FILTER (WHERE here) AS with_files FROM mine GROUP BY 1, 2, 3
)
SELECT unit_id, sender_id, day, referrals, waiting, with_files, COALESCE(parts->'completeness', '{}'), COALESCE(parts->'actionability', '{}'),
       COALESCE(parts - 'completeness' - 'actionability', '{}')
FROM sums LEFT JOIN whole USING (unit_id, sender_id, day)
"""
COLUMNS = "unit_id, sender_id, day, referrals, waiting, with_files, completeness, actionability, told"
_FOLD = sql.fill(
    """
INSERT INTO casework_sender_day ({columns}, counted_at) SELECT counted.*, %s FROM ({counted}) counted
ON CONFLICT (unit_id, sender_id, day) DO UPDATE SET referrals = EXCLUDED.referrals, waiting = EXCLUDED.waiting,
    with_files = EXCLUDED.with_files, completeness = EXCLUDED.completeness, actionability = EXCLUDED.actionability,
    told = EXCLUDED.told, counted_at = EXCLUDED.counted_at
""",
    columns=COLUMNS,
    counted=_COUNTED,
)
_TAKE = """
DELETE FROM casework_sender_touched t USING (
    SELECT DISTINCT unit_id, sender_id, day FROM casework_sender_touched LIMIT %s
) asked
WHERE (t.unit_id, t.sender_id, t.day) = (asked.unit_id, asked.sender_id, asked.day)
RETURNING t.unit_id, t.sender_id, t.day
"""

Day = tuple[UUID, UUID, date]
"""Unit, sender, day."""


def touch(unit_id: UUID, rows: Iterable[tuple[UUID, date]]) -> None:
    """Note that rows of these senders and days (UTC) were placed, one statement for all."""
    counts = Counter(rows)
    if counts:
        told = ((unit_id, sender, day, counts[sender, day]) for sender, day in sorted(counts))
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql.insert_many("casework_sender_touched", _TOUCH), sql.by_column(told, len(_TOUCH)))


def touch_of(referrals: Sequence[UUID]) -> None:
    """The same for referrals whose row changed otherwise: by a decision, say."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_TOUCH_OF, [list(referrals)])


def fold() -> int:
    """Count anew some days that were touched; how many. What is touched meanwhile keeps its note and is counted by the next round."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            "LOCK TABLE casework_sender_day IN SHARE UPDATE EXCLUSIVE MODE"
        )  # two rounds at once could store an older count last
        cursor.execute(_TAKE, [AT_ONCE])
        days = sorted(set(cursor.fetchall()))
        if days:
            cursor.execute(_FOLD, [clock.now(), *columns(days)])
        return len(days)


def counted(days: Sequence[Day]) -> Iterator[tuple[Any, ...]]:
    """Days as they stand at this moment, in the order of :data:`COLUMNS`; a day without a referral is left out."""
    if days:
        with closing(connection.cursor()) as cursor:
            cursor.execute(_COUNTED, columns(days))
            yield from cursor.fetchall()


def columns(days: Sequence[Day]) -> list[str]:
    """Days as three arrays to be bound."""
    return sql.by_column(days, 3)
