"""Senders by name, and how much of a sender's own escalation counts today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel import sql
from grace.kernel.ids import new_id

_INSERT = """
INSERT INTO intake_sender (id, name, kind) SELECT * FROM UNNEST(%s::uuid[], %s::text[], %s::text[])
ON CONFLICT (name) DO NOTHING
"""
_COUNT = """
INSERT INTO intake_sender_day (sender_id, unit_id, day, received, counted, over_share)
SELECT sender_id, %s, %s, received, 0, 0 FROM UNNEST(%s::uuid[], %s::int[]) AS told (sender_id, received)
ON CONFLICT (sender_id, unit_id, day) DO UPDATE SET received = intake_sender_day.received + EXCLUDED.received
RETURNING sender_id, received, counted
"""
_SETTLE = """
UPDATE intake_sender_day d SET counted = d.counted + told.counted, over_share = d.over_share + told.over
FROM UNNEST(%s::uuid[], %s::int[], %s::int[]) AS told (sender_id, counted, over)
WHERE d.sender_id = told.sender_id AND d.unit_id = %s AND d.day = %s
"""
# LIMIT 1: one look into the index for each sender; EXISTS would be answered by reading every day of every sender.
_REPORTED = (
    "LEFT JOIN LATERAL (SELECT true AS ever FROM intake_sender_day d WHERE d.sender_id = s.id AND d.unit_id = %s LIMIT 1) reported ON true"
)
_OF_UNIT = sql.fill(
    "SELECT s.id, s.name FROM intake_sender s {reported} WHERE reported.ever ORDER BY lower(s.name), s.id", reported=_REPORTED
)
_KNOWN = sql.fill(
    """
SELECT s.id, s.name, s.kind FROM intake_sender s {reported}
WHERE (%s::uuid IS NULL OR s.id = %s)
    AND (reported.ever OR EXISTS (SELECT 1 FROM intake_sender_login l WHERE l.sender_id = s.id AND l.unit_id = %s))
ORDER BY lower(s.name), s.id
""",
    reported=_REPORTED,
)
_OVER_SHARE = """
SELECT s.id, s.name, d.over_share, d.received FROM intake_sender_day d JOIN intake_sender s ON s.id = d.sender_id
WHERE d.unit_id = %s AND d.day = %s AND d.over_share > 0 ORDER BY d.over_share DESC, s.id
"""


@dataclass(frozen=True, slots=True)
class OverShare:
    """A sender that called more referrals urgent on a day than its share allows: its use of the mark wants a review."""

    sender_id: UUID
    name: str
    over: int
    received: int


def of_unit(viewer: Viewer) -> list[tuple[UUID, str]]:
    """The senders that ever reported to the viewer's unit, by name."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_OF_UNIT, [viewer.unit_id])
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Known:
    """A sender that a unit knows: it reported to the unit, or has a login to do so."""

    id: UUID
    name: str
    kind: str


def known_to(viewer: Viewer, sender: UUID | None = None) -> list[Known]:
    """The senders that the viewer's unit knows, by name; or one of them, where it knows it."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_KNOWN, [viewer.unit_id, sender, sender, viewer.unit_id])
        return [Known(*row) for row in cursor]


def over_share(viewer: Viewer, day: date) -> list[OverShare]:
    """The senders whose escalations to the viewer's unit went over their share on ``day`` (UTC), the most first."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_OVER_SHARE, [viewer.unit_id, day])
        return [OverShare(*row) for row in cursor]


def named(names: Iterable[str]) -> dict[str, UUID]:
    """The senders of these names, made where they are new."""
    wanted = sorted(set(names))
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT name, id FROM intake_sender WHERE name = ANY(%s)", [wanted])
        found = dict(cursor.fetchall())
        missing = [name for name in wanted if name not in found]
        if missing:
            cursor.execute(_INSERT, [[new_id() for _ in missing], missing, ["unknown"] * len(missing)])
            cursor.execute("SELECT name, id FROM intake_sender WHERE name = ANY(%s)", [missing])
            found.update(dict(cursor.fetchall()))
    return found


def is_agency(name: str) -> None:
    """Note that the sender of this name is an agency, made where it is new."""
    named([name])
    with closing(connection.cursor()) as cursor:
        cursor.execute("UPDATE intake_sender SET kind = 'agency' WHERE name = %s AND kind = 'unknown'", [name])


def count_escalations(unit_id: UUID, day: date, reports: Sequence[tuple[UUID, bool]], allowance: Callable[[int], int]) -> list[bool]:
    """Count a batch of (sender, escalated) and tell which escalations count: within the sender's daily share.

    ``allowance`` tells how many count after so many reports of the day, this batch included. One row per sender and day is locked until the caller's transaction ends, in the order of the
    senders, so that two processes cannot spend the same allowance.
    """
    received = Counter(sender for sender, _ in reports)
    senders = sorted(received)
    left: dict[UUID, int] = {}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_COUNT, [unit_id, day, senders, [received[sender] for sender in senders]])
        for sender, total, counted in cursor.fetchall():
            left[sender] = max(0, allowance(total) - counted)
        verdicts, counted_now, over_now = [], Counter[UUID](), Counter[UUID]()
        for sender, escalated in reports:
            counts = escalated and counted_now[sender] < left[sender]
            verdicts.append(counts)
            if escalated:
                (counted_now if counts else over_now)[sender] += 1
        touched = sorted({*counted_now, *over_now})
        if touched:
            cursor.execute(_SETTLE, [touched, [counted_now[s] for s in touched], [over_now[s] for s in touched], unit_id, day])
    return verdicts
