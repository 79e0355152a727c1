"""What is still to be compared with kept searches: noted in the transaction of what is news, taken in that of what it leads to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from grace.kernel import sql

_COLUMNS = {"referral_id": "uuid", "unit_id": "uuid", "files_only": "boolean"}
_NAMING = """
INSERT INTO casework_kept_pending (referral_id, unit_id, files_only)
SELECT DISTINCT a.referral_id, r.unit_id, true FROM referrals_attachment a JOIN referrals_referral r ON r.id = a.referral_id
WHERE a.file_id = ANY(%s) AND EXISTS (SELECT FROM casework_kept_search s WHERE s.unit_id = r.unit_id)
RETURNING unit_id
"""
_TAKE = """
DELETE FROM casework_kept_pending WHERE id IN (SELECT id FROM casework_kept_pending WHERE unit_id = %s ORDER BY id LIMIT %s)
RETURNING referral_id, files_only
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken away: the referrals that are news themselves, and those of which only files are."""

    whole: frozenset[UUID]
    files_only: frozenset[UUID]

    def __len__(self) -> int:
        return len(self.whole) + len(self.files_only)


def note(unit_id: UUID, referrals: Collection[UUID]) -> None:
    """Let referrals wait of which a version came; in the transaction that records it."""
    if referrals:
        with closing(connection.cursor()) as cursor:
            rows = ((each, unit_id, False) for each in sorted(referrals))
            cursor.execute(sql.insert_many("casework_kept_pending", _COLUMNS), sql.by_column(rows, len(_COLUMNS)))


def note_naming(files: Iterable[UUID]) -> set[UUID]:
    """Let referrals wait that name one of these files, of which more is known now; the units that they belong to.

    Units that keep no search are left out: whoever keeps one later is told of what comes later.
    """
    with closing(connection.cursor()) as cursor:
        cursor.execute(_NAMING, [list(files)])
        return {row[0] for row in cursor}


def one_at_a_time(unit_id: UUID) -> None:
    """Wait until no other transaction compares what is news in the unit, or changes what it is compared with."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"kept:{unit_id}"])


def take(unit_id: UUID, most: int) -> Taken:
    """Take at most so many notes away, the oldest first, in the caller's transaction."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_TAKE, [unit_id, most])
        rows = cursor.fetchall()
    whole = frozenset(referral for referral, files_only in rows if not files_only)
    return Taken(whole, frozenset(referral for referral, files_only in rows if files_only) - whole)
