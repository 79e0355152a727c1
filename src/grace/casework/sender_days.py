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

from grace.casework.usual import sender_rules
from grace.kernel import clock, sql

AT_ONCE = 500
"""Days of senders that one round counts."""
PARTS = ("lacks", "format", "way", "outcome")
"""What is counted by value, beside completeness."""

_TOUCH = {"unit_id": "uuid", "sender_id": "uuid", "day": "date", "rows": "integer"}
_TOUCH_OF = """
INSERT INTO casework_sender_touched (unit_id, sender_id, day, rows)
SELECT unit_id, sender_id, (received_at AT TIME ZONE 'UTC')::date, count(*) FROM casework_queue
WHERE referral_id = ANY(%s) GROUP BY 1, 2, 3
"""
# One index range for each day (OFFSET 0: joined at once, all days of a sender would be held against all its rows), read once and
# grouped by everything that it is counted by; only what reports lack is several things of one row.
_COUNTED = """
WITH mine AS (
    SELECT asked.*, q.* FROM UNNEST(%s::uuid[], %s::uuid[], %s::date[]) AS asked (unit_id, sender_id, day)
    CROSS JOIN LATERAL (
        SELECT status, actionability, summary, completeness, format, way, outcome, COALESCE(lacks, '[]') AS lacks FROM casework_queue q
        WHERE q.unit_id = asked.unit_id AND q.sender_id = asked.sender_id
            AND q.received_at >= asked.day::timestamp AT TIME ZONE 'UTC' AND q.received_at < (asked.day + 1)::timestamp AT TIME ZONE 'UTC'
        OFFSET 0
    ) q
), cells AS MATERIALIZED (
    SELECT unit_id, sender_id, day, completeness, format, way, outcome, lacks, count(*) AS n, count(*) FILTER (WHERE status = 'open') AS waiting,
           count(*) FILTER (WHERE summary ? 'here') AS with_files, count(*) FILTER (WHERE actionability >= %s) AS actionable
    FROM mine GROUP BY unit_id, sender_id, day, GROUPING SETS ((), (completeness), (format), (way), (outcome), (lacks))
), told AS (
    SELECT unit_id, sender_id, day, part, key, n FROM cells, LATERAL (VALUES ('completeness', completeness::text), ('format', format),
        ('way', way), ('outcome', outcome)) AS said (part, key) WHERE key <> ''
    UNION ALL SELECT unit_id, sender_id, day, 'lacks', code, sum(n) FROM cells, jsonb_array_elements_text(lacks) AS code GROUP BY 1, 2, 3, 5
), parts AS (
    SELECT unit_id, sender_id, day, part, jsonb_object_agg(key, n) AS counts FROM told GROUP BY 1, 2, 3, 4
), whole AS (
    SELECT unit_id, sender_id, day, jsonb_object_agg(part, counts) AS parts FROM parts GROUP BY 1, 2, 3
)
SELECT unit_id, sender_id, day, n, waiting, with_files, actionable, parts->'completeness', parts - 'completeness'
FROM cells JOIN whole USING (unit_id, sender_id, day)
WHERE completeness IS NULL AND format IS NULL AND way IS NULL AND outcome IS NULL AND lacks IS NULL
"""
COLUMNS = "unit_id, sender_id, day, referrals, waiting, with_files, actionable, completeness, told"
_FOLD = sql.fill(
    "INSERT INTO casework_sender_day ({columns}, counted_at) SELECT counted.*, %s FROM ({counted}) counted",
    columns=COLUMNS,
    counted=_COUNTED,
)
_CLEAR = """
DELETE FROM casework_sender_day d USING UNNEST(%s::uuid[], %s::uuid[], %s::date[]) AS asked (unit_id, sender_id, day)
WHERE (d.unit_id, d.sender_id, d.day) = (asked.unit_id, asked.sender_id, asked.day)
"""
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
            cursor.execute(_CLEAR, sql.by_column(days, 3))
            cursor.execute(_FOLD, [clock.now(), *_asked(days)])
        return len(days)


def counted(days: Sequence[Day]) -> Iterator[tuple[Any, ...]]:
    """Days as they stand at this moment, in the order of :data:`COLUMNS`; a day without a referral is left out."""
    if days:
        with closing(connection.cursor()) as cursor:
            cursor.execute(_COUNTED, _asked(days))
            yield from cursor.fetchall()


def _asked(days: Sequence[Day]) -> list[str | int]:
    return [*sql.by_column(days, 3), sender_rules().actionable_at_least]
