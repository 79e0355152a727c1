"""Lines: what of the queue stands as a line of its own, and what a group's line stands for.

A group is worked once. Of its waiting members that no floor holds up one is the line, the best ranked; of its closed ones
likewise. A member on a floor, one that an officer took, and one of a bulk lane's sample keep a line of their own. While
the line itself is taken, the group has no waiting line: somebody is at work on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from uuid import UUID

from django.db import connection

from grace.kernel import sql

OWN_LINE = "(q.floor > 0 OR q.status = 'taken' OR (q.lane_id IS NOT NULL AND q.turn = 1))"
"""What keeps a member of a group on a line of its own."""

# Which group of several the queue shows a referral in: viral before bundle before duplicate, then the largest.
_ASSIGN = sql.fill(
    """
WITH asked AS MATERIALIZED (SELECT DISTINCT id FROM UNNEST(%(referrals)s::uuid[]) AS asked (id)),
chosen AS MATERIALIZED (
    SELECT DISTINCT ON (asked.id) asked.id, g.id AS group_id FROM asked
    LEFT JOIN links_member m ON m.referral_id = asked.id AND m.split_at IS NULL
    LEFT JOIN links_group g ON g.id = m.group_id AND g.members > 1
    ORDER BY asked.id, CASE g.kind WHEN 'viral' THEN 0 WHEN 'bundle' THEN 1 WHEN 'duplicate' THEN 2 ELSE 3 END, g.members DESC, g.id
), moving AS MATERIALIZED (
    SELECT q.referral_id, q.group_id AS old, chosen.group_id AS new FROM casework_queue q JOIN chosen ON chosen.id = q.referral_id
    WHERE q.group_id IS DISTINCT FROM chosen.group_id ORDER BY q.referral_id FOR UPDATE OF q
), moved AS (
    UPDATE casework_queue q SET group_id = moving.new, stands = false, is_line = moving.new IS NULL OR {own_line}
    FROM moving WHERE q.referral_id = moving.referral_id
)
SELECT old, new FROM moving GROUP BY old, new
""",
    own_line=OWN_LINE,
)
_REFRESH = sql.fill(
    """
WITH asked AS MATERIALIZED (SELECT DISTINCT id FROM UNNEST(%(groups)s::uuid[]) AS asked (id) ORDER BY id),
best AS MATERIALIZED (
    SELECT found.referral_id FROM asked CROSS JOIN (VALUES ('open'), ('closed')) AS part (status) CROSS JOIN LATERAL (
        SELECT q.referral_id FROM casework_queue q WHERE q.group_id = asked.id AND q.status = part.status AND q.floor = 0
        ORDER BY q.turn DESC, q.floor DESC, q.score DESC, q.referral_id DESC LIMIT 1
    ) found
    WHERE part.status = 'closed'
        OR NOT EXISTS (SELECT FROM casework_queue t WHERE t.group_id = asked.id AND t.is_line AND t.status = 'taken' AND t.stands)
), wanted AS MATERIALIZED (
    SELECT q.referral_id, q.referral_id IN (SELECT referral_id FROM best) AS stands FROM casework_queue q
    JOIN asked ON q.group_id = asked.id WHERE q.is_line AND q.stands AND q.status <> 'taken'
    UNION SELECT referral_id, true FROM best
)
UPDATE casework_queue q SET stands = wanted.stands, is_line = wanted.stands OR {own_line}
FROM wanted WHERE q.referral_id = wanted.referral_id
    AND (q.stands IS DISTINCT FROM wanted.stands OR q.is_line IS DISTINCT FROM (wanted.stands OR {own_line}))
""",
    own_line=OWN_LINE,
)


_SETTLE = sql.fill(
    """
WITH mine AS MATERIALIZED (SELECT referral_id, group_id FROM casework_queue WHERE referral_id = ANY(%(referrals)s)),
changed AS (
    UPDATE casework_queue q SET is_line = q.group_id IS NULL OR q.stands OR {own_line} FROM mine
    WHERE q.referral_id = mine.referral_id AND q.is_line IS DISTINCT FROM (q.group_id IS NULL OR q.stands OR {own_line})
)
SELECT DISTINCT group_id FROM mine WHERE group_id IS NOT NULL
""",
    own_line=OWN_LINE,
)
_HOLD = "SELECT id FROM links_group WHERE id = ANY(%(groups)s) ORDER BY id FOR NO KEY UPDATE"


def assign(referrals: Iterable[UUID]) -> None:
    """Put referrals under the line of the group that they belong to now, or on one of their own where they belong to none."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_ASSIGN, {"referrals": list(referrals)})
        groups = {group for row in cursor for group in row if group is not None}
    refresh(sorted(groups))


def settle(referrals: Iterable[UUID]) -> None:
    """After a change of status, floor or lane of some referrals: let each keep or lose its own line, and their groups choose anew."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_SETTLE, {"referrals": list(referrals)})
        groups = [row[0] for row in cursor]
    refresh(sorted(groups))


def hold(groups: Sequence[UUID]) -> None:
    """Keep others from choosing lines of these groups until the transaction ends; to be called before rows of the queue are locked."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_HOLD, {"groups": list(groups)})


def refresh(groups: Sequence[UUID]) -> None:
    """Let the best member of each group be its line, whatever changed among them. The cost does not grow with the groups."""
    if groups:
        hold(groups)
        with closing(connection.cursor()) as cursor:
            cursor.execute(_REFRESH, {"groups": list(groups)})
