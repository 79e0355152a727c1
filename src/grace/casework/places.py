"""Single places in the queue: the oldest, the next one that is free, where a referral stands, and where it would with another score."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import fit
from grace.casework.models import QueueRow
from grace.casework.queue import MOST_COUNTED, Count
from grace.kernel import sql

_OLDEST = """
SELECT found.* FROM (VALUES (true), (false)) AS part (is_line) CROSS JOIN LATERAL (
    SELECT referral_id, number, received_at FROM casework_queue q
    WHERE unit_id = %s AND status = 'open' AND q.is_line = part.is_line ORDER BY received_at LIMIT 1
) found ORDER BY received_at LIMIT 1
"""
_OLDEST_URGENT = """
SELECT referral_id, number, received_at FROM casework_queue
WHERE unit_id = %s AND status = 'open' AND is_line AND turn = 1 AND floor > 0 ORDER BY received_at LIMIT 1
"""
_NEXT_FREE = sql.fill(
    """
SELECT q.referral_id FROM casework_queue q
WHERE q.unit_id = %(unit)s AND q.status = 'open' AND q.is_line AND q.officer_id IS NULL AND {suits}
ORDER BY q.turn DESC, q.floor DESC, q.score DESC, q.referral_id DESC LIMIT 1 FOR UPDATE SKIP LOCKED
""",
    suits=fit.SUITS,
)
_RANK = f"""
SELECT count(*) FROM (
    SELECT 1 FROM (SELECT COALESCE(line.turn, me.turn) AS turn, COALESCE(line.floor, me.floor) AS floor,
                          COALESCE(line.score, me.score) AS score, COALESCE(line.referral_id, me.referral_id) AS referral_id
        FROM casework_queue me LEFT JOIN casework_queue line
            ON NOT me.is_line AND line.group_id = me.group_id AND line.is_line AND line.stands AND line.status = 'open'
        WHERE me.referral_id = %s AND me.unit_id = %s AND me.status = 'open' LIMIT 1
    ) me, casework_queue q
    WHERE q.unit_id = %s AND q.status = 'open' AND q.is_line
        AND (q.turn, q.floor, q.score, q.referral_id) >= (me.turn, me.floor, me.score, me.referral_id)
    LIMIT {MOST_COUNTED + 1}
) ahead
"""  # noqa: S608 - a constant of ours
_RANKS_IF = """
SELECT {counts} FROM casework_queue
WHERE unit_id = %s AND status = 'open' AND is_line AND referral_id <> %s AND (turn, floor, score, referral_id) > (%s, %s, %s, %s)
"""
_AHEAD = "count(*) FILTER (WHERE (turn, floor, score, referral_id) > (%s, %s, %s, %s))"
_NEIGHBOUR = """
SELECT q.referral_id FROM casework_queue me JOIN casework_queue q ON q.unit_id = me.unit_id AND q.status = 'open' AND q.is_line
    AND (q.turn, q.floor, q.score, q.referral_id) {sign} (me.turn, me.floor, me.score, me.referral_id)
WHERE me.referral_id = %s AND me.unit_id = %s
ORDER BY q.turn {order}, q.floor {order}, q.score {order}, q.referral_id {order} LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A referral that waits, and since when."""

    referral_id: UUID
    number: int
    received_at: datetime


def oldest(viewer: Viewer, *, urgent: bool = False) -> Waiting | None:
    """The open referral of the viewer's unit that has waited longest; with ``urgent`` among those on a floor."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_OLDEST_URGENT if urgent else _OLDEST, [viewer.unit_id])
        found = cursor.fetchone()
    return Waiting(*found) if found else None


def next_free(viewer: Viewer, now: datetime) -> UUID | None:
    """The first free referral in rank order that suits the viewer, locked for the caller's transaction; one that a colleague is just taking is passed over."""
    viewer.require(Capability.DECIDE)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_NEXT_FREE, {"unit": viewer.unit_id, **fit.suits(viewer, now)})
        found = cursor.fetchone()
    return found[0] if found else None


def rank_of(viewer: Viewer, referral_id: UUID) -> Count | None:
    """The place of an open referral, or of its group's line, among the open lines of the viewer's unit, counted up to ten thousand."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_RANK, [referral_id, viewer.unit_id, viewer.unit_id])
        number = int(cursor.fetchone()[0])
    return (min(number, MOST_COUNTED), number > MOST_COUNTED) if number else None


def ranks_if(viewer: Viewer, referral_id: UUID, turn: int, heights: Sequence[tuple[int, int]]) -> list[int]:
    """The rank that the referral would have among the open lines with each of other floors and scores: exact, in one look at the queue.

    What a floor holds up never waits behind the rest, whatever its ``turn`` is now.
    """
    viewer.require(Capability.READ)
    if not heights:
        return []
    keys = [(1 if floor else turn, floor, score, referral_id) for floor, score in heights]
    asked = sql.fill(_RANKS_IF, counts=", ".join([_AHEAD] * len(keys)))
    with closing(connection.cursor()) as cursor:
        cursor.execute(asked, [*(value for key in keys for value in key), viewer.unit_id, referral_id, *min(keys)])
        return [1 + int(number) for number in cursor.fetchone()]


def neighbour(viewer: Viewer, referral_id: UUID) -> UUID | None:
    """The open line that stands right before a referral of the viewer's unit; behind it, where it is the first; None where it is alone."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        for sign, order in ((">", "ASC"), ("<", "DESC")):
            cursor.execute(sql.fill(_NEIGHBOUR, sign=sign, order=order), [referral_id, viewer.unit_id])
            if found := cursor.fetchone():
                return UUID(str(found[0]))
    return None


def open_referrals(unit_id: UUID, *, most: int) -> list[UUID]:
    """The referrals of the first open lines of a unit, in rank order: for verbs that act on the queue as a whole."""
    text = """
    SELECT referral_id FROM casework_queue WHERE unit_id = %s AND status = 'open' AND is_line
    ORDER BY turn DESC, floor DESC, score DESC, referral_id DESC LIMIT %s"""
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, [unit_id, most])
        return [row[0] for row in cursor]


def still_open(referrals: Sequence[UUID]) -> list[UUID]:
    """Those of these referrals that are not closed, in the order of their ids."""
    text = "SELECT referral_id FROM casework_queue WHERE referral_id = ANY(%s) AND status <> 'closed' ORDER BY referral_id"
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, [list(referrals)])
        return [row[0] for row in cursor]


def all_open_after(unit_id: UUID | None, after: UUID | None, most: int) -> list[tuple[UUID, UUID]]:
    """As :func:`open_after`, of one unit or of all, each referral behind its unit."""
    text = """
    SELECT unit_id, referral_id FROM casework_queue WHERE (%s::uuid IS NULL OR unit_id = %s) AND status <> 'closed' AND referral_id > %s
    ORDER BY referral_id LIMIT %s"""
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, [unit_id, unit_id, after or UUID(int=0), most])
        return list(cursor)


def how_many_open(unit_id: UUID | None) -> int:
    """Referrals of one unit, or of all, that are not closed."""
    found = QueueRow.objects.exclude(status=QueueRow.Status.CLOSED)
    return (found.filter(unit_id=unit_id) if unit_id else found).count()


def open_after(unit_id: UUID, after: UUID | None, most: int) -> list[UUID]:
    """Referrals of a unit that are not closed, in the order of their ids, behind ``after``."""
    text = "SELECT referral_id FROM casework_queue WHERE unit_id = %s AND status <> 'closed' AND referral_id > %s ORDER BY referral_id LIMIT %s"
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, [unit_id, after or UUID(int=0), most])
        return [row[0] for row in cursor]
