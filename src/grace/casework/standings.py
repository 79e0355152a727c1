"""Putting referrals into the queue, and moving those that are there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from grace.casework import lanes, lines, sender_days
from grace.casework.models import QueueRow
from grace.kernel import sql

_COLUMNS = {
    "referral_id": "uuid",
    "unit_id": "uuid",
    "floor": "smallint",
    "score": "integer",
    "completeness": "smallint",
    "actionability": "smallint",
    "urgency": "smallint",
    "novelty": "smallint",
    "why": "jsonb",
    "number": "bigint",
    "sender_id": "uuid",
    "incident_kind": "text",
    "summary": "jsonb",
    "format": "text",
    "recipients": "jsonb",
    "received_at": "timestamptz",
    "changed_at": "timestamptz",
    "lacks": "jsonb",
    "over_share_on": "date",
    "queues": "jsonb",
    "status": "text",
    "outcome": "text",
    "way": "text",
}
_KEPT = ("referral_id", "unit_id", "number", "received_at", "status", "outcome", "way")
_TOLD_ONCE = {
    "lacks": "COALESCE(EXCLUDED.lacks, casework_queue.lacks)",
    "over_share_on": "COALESCE(casework_queue.over_share_on, EXCLUDED.over_share_on)",
}
_RAISE = (
    "ON CONFLICT (referral_id) DO UPDATE SET "
    + ", ".join(f"{name} = {_TOLD_ONCE.get(name, f'EXCLUDED.{name}')}" for name in _COLUMNS if name not in _KEPT)
    + " RETURNING referral_id, sender_id, group_id, lane_id, received_at"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one referral stands now, and what the queue shows of it; ``lacks`` None leaves what was found before."""

    referral_id: UUID
    unit_id: UUID
    number: int
    sender_id: UUID
    incident_kind: str
    summary: dict[str, int]
    format: str
    received_at: datetime
    floor: int
    score: int
    axes: tuple[int, int, int, int]
    why: Sequence[Sequence[object]]
    recipients: Sequence[str] = ()
    lacks: Sequence[str] | None = None
    way: str = ""
    over_share_on: date | None = None
    queues: Sequence[str] = ()


def place(standings: Sequence[Standing], now: datetime) -> None:
    """Put referrals into the queue, or move those that are there; status and officer stay as they are.

    The ids are written in order, so that two batches never wait for each other in a circle.
    """
    rows = (
        (
            each.referral_id,
            each.unit_id,
            each.floor,
            each.score,
            *each.axes,
            json.dumps(each.why),
            each.number,
            each.sender_id,
            each.incident_kind,
            json.dumps(each.summary),
            each.format,
            json.dumps(list(each.recipients)),
            each.received_at,
            now,
            None if each.lacks is None else json.dumps(list(each.lacks)),
            each.over_share_on,
            json.dumps(list(each.queues)),
            QueueRow.Status.OPEN.value,
            "",
            each.way,
        )
        for each in sorted(standings, key=lambda each: each.referral_id)
    )
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql.insert_many("casework_queue", _COLUMNS, _RAISE), sql.by_column(rows, len(_COLUMNS)))
        placed = cursor.fetchall()
    flooded = lanes.open_for(standings[0].unit_id) if standings else {}
    lanes.sort_in([referral for referral, sender, _, lane, _at in placed if lane or sender in flooded])
    lines.settle(referral for referral, _, group, *_more in placed if group)
    if standings:
        sender_days.touch(standings[0].unit_id, ((sender, received.date()) for _, sender, *_more, received in placed))


_MOVED = {
    name: _COLUMNS[name]
    for name in ("referral_id", "floor", "score", "completeness", "actionability", "urgency", "novelty", "why", "queues")
}
_TOLD = [name for name in _MOVED if name != "referral_id"]
_MOVE = sql.fill(
    """
WITH n AS MATERIALIZED (SELECT * FROM UNNEST({arrays}) AS n ({names})),
mine AS MATERIALIZED (
    SELECT q.referral_id, q.completeness, q.actionability FROM casework_queue q JOIN n USING (referral_id)
    WHERE ({shown}) IS DISTINCT FROM ({wanted}) ORDER BY q.referral_id FOR NO KEY UPDATE OF q
)
UPDATE casework_queue q SET {changes}, changed_at = %s FROM n JOIN mine USING (referral_id)
WHERE q.referral_id = mine.referral_id
RETURNING q.referral_id, q.sender_id, q.group_id, q.lane_id, q.received_at,
    (mine.completeness, mine.actionability) <> (q.completeness, q.actionability)
""",
    arrays=", ".join(f"%s::{kind}[]" for kind in _MOVED.values()),
    names=", ".join(_MOVED),
    shown=", ".join(f"q.{name}" for name in _TOLD),
    wanted=", ".join(f"n.{name}" for name in _TOLD),
    changes=", ".join(f"{name} = n.{name}" for name in _TOLD),
)


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a referral that is in the queue stands by other rules."""

    referral_id: UUID
    floor: int
    score: int
    axes: tuple[int, int, int, int]
    why: Sequence[Sequence[object]]
    queues: Sequence[str] = ()


def move(unit_id: UUID, moved: Sequence[Moved], now: datetime) -> None:
    """Move referrals of one unit that are in the queue; a row that would show the same is not written.

    Rows are locked in the order of their ids, as in :func:`place`.
    """
    rows = ((each.referral_id, each.floor, each.score, *each.axes, json.dumps(each.why), json.dumps(list(each.queues))) for each in moved)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_MOVE, [*sql.by_column(rows, len(_MOVED)), now])
        changed = cursor.fetchall()
    lanes.sort_in([referral for referral, _sender, _group, lane, *_more in changed if lane])
    lines.settle(referral for referral, _sender, group, *_more in changed if group)
    sender_days.touch(unit_id, ((sender, received.date()) for _, sender, _group, _lane, received, counts in changed if counts))


def restate(referral_id: UUID, recipients: Sequence[str], now: datetime) -> None:
    """Show other recipients of a referral that is in the queue."""
    QueueRow.objects.filter(referral_id=referral_id).update(recipients=list(recipients), changed_at=now)
