"""What is to be asked about all that is stored, because a list changed: entry by entry where few came, else in one sweep.

    log of changes ─▶ (brought into the index) ─▶ due, or a sweep ─▶ (batch by batch, by the pipeline) done

Whoever was scoring a referral while a list changed may have asked before, and have written after, the stored files are gone
through. So a note gets the number of a transaction once the change is committed, and is taken up when every transaction with a
smaller one has ended: who scores has written, and so has its number, before it asks, and with a greater number sees the change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from grace.kernel.clock import now
from grace.kernel.sql import fill
from grace.matching.digests import Digest
from grace.matching.models import Due, Sweep

FEW = 10_000
"""Entries that are followed one by one, each at the cost of a question to the index of what is held; more are one sweep."""

_CAME = "SELECT count(*) FROM matching_change WHERE came AND id = ANY(%s)"
_GONE = """
WITH gone AS (DELETE FROM matching_change WHERE id = ANY(%s) RETURNING entry, algorithm, value, came)
"""
_ONE_BY_ONE = fill(
    """{gone}
INSERT INTO matching_due (came, algorithm, value, entry)
SELECT true, algorithm, value, entry FROM gone WHERE came ORDER BY entry
""",
    gone=_GONE,
)
_WAITS = """
ON CONFLICT (unit_id, part) WHERE begun_at IS NULL DO UPDATE
SET first_entry = LEAST(matching_sweep.first_entry, excluded.first_entry), transaction = NULL
"""
_TOGETHER = fill(
    """{gone}
INSERT INTO matching_sweep (unit_id, first_entry)
SELECT l.unit_id, min(e.id)
FROM gone JOIN matching_entry e ON e.id = gone.entry JOIN matching_hashlist l ON l.id = e.hash_list_id
WHERE gone.came GROUP BY l.unit_id
{waits}""",
    gone=_GONE,
    waits=_WAITS,
)
_OLDER_PICTURES = """
FROM matching_listed_video v CROSS JOIN LATERAL matching_video_pictures(v.hash_list_id, v.item) p
WHERE v.hash_list_id = %s AND v.item = ANY(%s) AND p.added_at < %s::timestamptz
"""
_HOW_MANY_PICTURES = fill("SELECT count(DISTINCT p.entry) {pictures}", pictures=_OLDER_PICTURES)
_EACH_PICTURE = fill(
    "INSERT INTO matching_due (came, algorithm, value, entry) SELECT DISTINCT true, 'pdq', p.value, p.entry {pictures}",
    pictures=_OLDER_PICTURES,
)
_ALL_FOR_LIST = fill(
    """
INSERT INTO matching_sweep (unit_id, first_entry) SELECT unit_id, 0 FROM matching_hashlist WHERE id = %s
{waits}""",
    waits=_WAITS,
)
_EVERYTHING = fill(
    """
INSERT INTO matching_sweep (unit_id, part, first_entry)
SELECT DISTINCT unit_id, 'files', 0 FROM matching_hashlist
UNION ALL SELECT NULL, 'referrals', 0
{waits}""",
    waits=_WAITS,
)
# The oldest transaction of others that has written and has not ended; those that are known to be of another database do not count.
_OLDEST_AT_WORK = """(
    SELECT coalesce(min(id::text::bigint), 9223372036854775807) FROM pg_snapshot_xip(pg_current_snapshot()) AS at_work (id)
    WHERE NOT EXISTS (
        SELECT FROM pg_stat_activity a
        WHERE a.datname <> current_database() AND a.backend_xid::text::bigint = (at_work.id::text::bigint & 4294967295)
    )
)"""
_LOOK_ANEW = "SELECT pg_stat_clear_snapshot()"
"""Who is at work is read once a transaction, unless one asks for it anew."""
# What is seen here is committed. A note that somebody changes just now gets its number the next time.
_NUMBER = """
UPDATE {notes} SET transaction = pg_current_xact_id()::text::bigint
WHERE id IN (SELECT id FROM {notes} WHERE transaction IS NULL FOR UPDATE SKIP LOCKED)
"""
_NUMBER_DUE, _NUMBER_SWEEPS = (fill(_NUMBER, notes=each) for each in ("matching_due", "matching_sweep"))
_TAKE = fill(
    """
WITH taken AS (
    DELETE FROM matching_due WHERE id IN (
        SELECT id FROM matching_due WHERE transaction < {oldest} ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING id, came, algorithm, value, entry
)
SELECT d.came, d.algorithm, d.value, l.id, l.unit_id
FROM taken d
LEFT JOIN matching_entry e ON e.id = d.entry
LEFT JOIN matching_hashlist l ON l.id = e.hash_list_id
ORDER BY d.id
""",
    oldest=_OLDEST_AT_WORK,
)
_RIPE = fill(
    """
SELECT id FROM matching_sweep WHERE begun_at IS NOT NULL OR transaction < {oldest}
ORDER BY begun_at NULLS LAST, id LIMIT 1 FOR UPDATE SKIP LOCKED
""",
    oldest=_OLDEST_AT_WORK,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A digest that came to a list, which serves a unit or (None) all; or one that is stored, a match of which went, or counts or not since."""

    came: bool
    digest: Digest
    list_id: UUID | None
    unit_id: UUID | None


def take_over(changes: Sequence[int]) -> None:
    """Take these changes off the log, and note what came by them, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CAME, [list(changes)])
        (came,) = cursor.fetchone()
        cursor.execute(_ONE_BY_ONE if came <= FEW else _TOGETHER, [list(changes)])


def ask_everything() -> None:
    """Note that all that is stored is to be asked again, known or not: for a time in which the lists could not be asked."""
    with connection.cursor() as cursor:
        cursor.execute(_EVERYTHING)


def ask_about_videos(list_id: UUID, items: Sequence[str], before: datetime | Literal["infinity"] = "infinity") -> None:
    """Note that listed videos are others now: what is near the pictures that were there before, or near any, is to be asked about again."""
    told = (list_id, list(items), before)
    with connection.cursor() as cursor:
        cursor.execute(_HOW_MANY_PICTURES, told)
        (number,) = cursor.fetchone()
        if number > FEW:
            cursor.execute(_ALL_FOR_LIST, [list_id])
        elif number:
            cursor.execute(_EACH_PICTURE, told)


def is_any() -> bool:
    """Whether anything is due, whether or not it can be taken up now."""
    return Due.objects.exists() or Sweep.objects.exists()


def take(most: int) -> list[Asked]:
    """Take up what is due, oldest first, in the caller's transaction; entries that have left again are left out.

    Empty does not mean that nothing is due: see :func:`is_any`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER_DUE)
        cursor.execute(_LOOK_ANEW)
        cursor.execute(_TAKE, [most])
        while rows := cursor.fetchall():
            taken = [Asked(came, Digest(algorithm, bytes(value)), each, unit) for came, algorithm, value, each, unit in rows]
            if still := [each for each in taken if each.list_id or not each.came]:
                return still
            cursor.execute(_TAKE, [most])
    return []


def take_sweep() -> Sweep | None:
    """The sweep to go on with, locked for the caller's transaction; one that has begun comes first."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER_SWEEPS)
        cursor.execute(_LOOK_ANEW)
        cursor.execute(_RIPE)
        row = cursor.fetchone()
    return Sweep.objects.get(id=row[0]) if row else None


def begin(sweep: Sweep, total: int) -> None:
    """Begin a sweep over so many things."""
    sweep.begun_at, sweep.total = now(), total
    sweep.save(update_fields=["begun_at", "total"])


def go_on(sweep: Sweep, after: UUID | None, done: int) -> None:
    """Note how far a sweep has got: behind ``after``, or where that is None, at the end of its part."""
    if after is not None:
        Sweep.objects.filter(id=sweep.id).update(after=after, done=F("done") + done)
    elif sweep.part == Sweep.Part.FILES:
        Sweep.objects.filter(id=sweep.id).update(part=Sweep.Part.NAMED, after=None, done=F("done") + done)
    else:
        Sweep.objects.filter(id=sweep.id).delete()
