"""Who works on what: referrals that an officer took, or that were handed over. What only waits in a queue is not worked on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from grace.accounts.viewer import Viewer
from grace.kernel import sql
from grace.links.subjects import spelt

MOST_ROWS = 500
"""Referrals of one unit that name a value, of which the state is looked at: a value of more says who nobody is."""
# What can be asked about is what grace.links.subjects tells of a referral.
_ELSEWHERE = """
SELECT u.id, asked.value, few.named, few.worked FROM accounts_unit u CROSS JOIN UNNEST(%(values)s::uuid[]) AS asked (value) CROSS JOIN LATERAL (
    SELECT count(*) AS named, coalesce(bool_or(worked), false) AS worked FROM (
        SELECT q.status = 'taken' OR q.status = 'closed' AND q.outcome = 'handed_over' AND q.changed_at > %(since)s AS worked
        FROM links_bearing b JOIN casework_queue q ON q.referral_id = b.referral_id
        WHERE b.unit_id = u.id AND b.value = asked.value AND (b.identifier_id IS NOT NULL OR b.kind = 'file') AND NOT b.weak AND NOT b.in_text LIMIT %(most)s
    ) looked_at
) few WHERE u.id <> %(unit)s
"""
_ALL = """
SELECT DISTINCT b.kind, CASE WHEN b.kind = 'file' THEN encode(uuid_send(b.value), 'hex') ELSE i.value END
FROM casework_queue q JOIN links_bearing b ON b.referral_id = q.referral_id LEFT JOIN referrals_identifier i ON i.id = b.identifier_id
WHERE (q.status = 'taken' OR q.status = 'closed' AND q.outcome = 'handed_over' AND q.changed_at > %(since)s)
    AND (b.identifier_id IS NOT NULL OR b.kind = 'file') AND NOT b.weak AND NOT b.in_text
"""


def elsewhere(viewer: Viewer, values: Sequence[UUID], since: datetime) -> dict[tuple[UUID, UUID], bool | None]:
    """Whether each other unit works on each value, by unit and value; None where too many of its referrals name it to tell.

    Handed over counts since a moment. Which referral it is, and how many, is not said.
    """
    asked: dict[str, Any] = {"values": sql.array(values), "unit": viewer.unit_id, "since": since, "most": MOST_ROWS}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_ELSEWHERE, asked)
        return {(unit, value): True if worked else None if named >= MOST_ROWS else False for unit, value, named, worked in cursor}


def all_of_it(since: datetime) -> Iterator[bytes]:
    """Everything that any unit works on, as it is asked about between agencies."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_ALL, {"since": since})
        for kind, text in cursor:
            if (asked := spelt(kind, text)) is not None:
                yield asked
