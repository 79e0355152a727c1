"""Pruning: entries go when the log's own legal period ends (L5), their leaves stay, and the tree still verifies.

Run as the owner of the tables: the role that runs cannot delete. Each pruning is announced by an ERASURE entry that says
who, why, below which leaf, how many, and how many in all so far; an entry that is missing without announcement is found by
the verifier, for the count in all is carried from announcement to announcement and never counted anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import ProgrammingError, connection
from psycopg.errors import InsufficientPrivilege

from grace.custody import sequencer
from grace.custody.canonical import subject_key
from grace.custody.kinds import Kind
from grace.custody.line import Line
from grace.custody.writing import record
from grace.kernel import clock
from grace.kernel.errors import Invalid, Refused
from grace.kernel.sql import by_column

ACT: Final = "ledger.prune"
LEAST_KEPT: Final = timedelta(days=183)
"""No entry goes earlier: Regulation (EU) 2024/1689, Articles 19 and 26(6), want logs kept for six months at least."""
BATCH: Final = 50_000

_DUE = """
SELECT l.seq, e.id, e.subjects FROM custody_entry e JOIN custody_leaf l ON l.entry_id = e.id WHERE e.at < %s ORDER BY l.seq LIMIT %s
"""
_LAST_TOTAL = """
SELECT e.detail ->> 'total' FROM custody_entry e JOIN custody_leaf l ON l.entry_id = e.id
WHERE e.kind = 'ERASURE' AND e.act = %s AND NOT e.denied ORDER BY l.seq DESC LIMIT 1
"""

_FORGET_SUBJECTS = """
DELETE FROM custody_subject s USING UNNEST(%s::bigint[], %s::uuid[]) AS gone (subject, entry_id)
WHERE s.subject = gone.subject AND s.entry_id = gone.entry_id
"""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a pruning did: how many entries went now, and how many in all so far."""

    now: int
    total: int


def prune(before: datetime, *, actor: str, reason: str, limit: int = BATCH) -> Pruned:
    """Delete the first ``limit`` entries of before the moment, in the caller's transaction; call again until ``now`` is 0.

    ``reason`` is a purpose code (``legal-period-ended``). Raises ``Invalid`` for a moment less than six months ago and
    ``Refused`` where the role may not delete. The sequencer waits until the transaction ends.
    """
    if before > clock.now() - LEAST_KEPT:
        raise Invalid(
            "The ledger keeps every entry for at least six months.", remedy=f"Give a moment before {clock.now() - LEAST_KEPT:%Y-%m-%d}."
        )
    sequencer.hold_lock()
    sequencer.sequence()
    due = _due(before, limit)
    already = announced_total()
    if not due:
        return Pruned(0, already)
    total = already + len(due)
    detail = {
        "before": before.date().isoformat(),
        "below": f"leaf:{due[-1][0] + 1}",
        "pruned": f"entries:{len(due)}",
        "total": f"entries:{total}",
    }
    record(Line(Kind.ERASURE, ACT, actor, reason, detail=detail))
    sequencer.sequence()
    _delete(due)
    return Pruned(len(due), total)


def _due(before: datetime, limit: int) -> list[tuple[int, UUID, list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [before, limit])
        due: list[tuple[int, UUID, list[str]]] = cursor.fetchall()
    return due


def announced_total() -> int:
    """How many entries were pruned in all, as the last announcement says."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_TOTAL, [ACT])
        row = cursor.fetchone()
    return int(row[0].partition(":")[2]) if row else 0


def _delete(due: list[tuple[int, UUID, list[str]]]) -> None:
    spoken_of = by_column(((subject_key(subject), entry) for _, entry, subjects in due for subject in subjects), 2)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET_SUBJECTS, spoken_of)
            cursor.execute("DELETE FROM custody_entry WHERE id = ANY(%s)", [[entry for _, entry, _ in due]])
    except ProgrammingError as failure:
        if isinstance(failure.__cause__, InsufficientPrivilege):
            raise Refused("The role that runs may not prune the ledger.", remedy="Run this as the owner of the database.") from failure
        raise
