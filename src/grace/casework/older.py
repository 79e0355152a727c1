"""Rows of the queue of before something was looked for in their referrals: found, counted, completed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.casework import sender_days
from grace.kernel import sql
from grace.links import again

_WAITS = sql.fill(
    """
casework_queue q WHERE q.unit_id = %s AND q.referral_id > %s AND (
    q.lacks IS NULL OR NOT EXISTS (SELECT FROM routing_route r WHERE r.referral_id = q.referral_id)
    OR {links} OR EXISTS (
        SELECT FROM referrals_version v WHERE v.referral_id = q.referral_id AND (
            v.remarks IS NULL OR NOT EXISTS (SELECT FROM referrals_words w WHERE w.referral_id = v.referral_id AND w.version_id = v.id)
        )
    )
)
""",
    links=again.LACKS,
)
_WAITING = sql.fill("SELECT q.referral_id FROM {waits} ORDER BY q.referral_id LIMIT %s", waits=_WAITS)
_COUNT = sql.fill("SELECT count(*) FROM {waits}", waits=_WAITS)
_HOLD = "SELECT referral_id FROM casework_queue WHERE referral_id = ANY(%s) ORDER BY referral_id FOR UPDATE"
_FILL = """
UPDATE casework_queue q SET lacks = COALESCE(q.lacks, told.lacks::jsonb), recipients = COALESCE(told.recipients::jsonb, q.recipients),
    changed_at = %s
FROM UNNEST(%s::uuid[], %s::text[], %s::text[]) AS told (id, lacks, recipients) WHERE q.referral_id = told.id
"""
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Completed:
    """What was found of a referral: the codes of what it lacks, and who is concerned, None where that was known already."""

    referral_id: UUID
    lacks: Sequence[str]
    recipients: Sequence[str] | None


def waiting(unit_id: UUID, after: UUID | None, most: int) -> list[UUID]:
    """Referrals of a unit behind ``after``, in the order of their ids, of which nobody found what they lack, whom they concern, what links them or what words they say."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_WAITING, [unit_id, after or _FIRST, most])
        return [row[0] for row in cursor]


def count(unit_id: UUID) -> int:
    """How many there are."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_COUNT, [unit_id, _FIRST])
        return int(cursor.fetchone()[0])


def complete(found: Iterable[Completed], now: datetime) -> None:
    """Show it in the queue, and let the days of the senders be counted anew; what a row has already stays."""
    rows = [
        (each.referral_id, json.dumps(list(each.lacks)), None if each.recipients is None else json.dumps(list(each.recipients)))
        for each in found
    ]
    referrals = [row[0] for row in rows]
    if rows:
        with closing(connection.cursor()) as cursor:
            cursor.execute(_HOLD, [referrals])
            cursor.execute(_FILL, [now, *sql.by_column(rows, 3)])
        sender_days.touch_of(referrals)
