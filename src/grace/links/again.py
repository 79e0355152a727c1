"""What waits to have its links found anew, because something around it changed; noted with the change, taken in batches.

A note is taken away in the transaction that writes what it led to, so that a crash loses nothing. Who notes a referral that is
just being worked on waits until that is done, and notes it once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from uuid import UUID

from django.db import connection

from grace.kernel import sql

_NOTE = """
INSERT INTO links_again (referral_id, unit_id) SELECT r.id, r.unit_id FROM referrals_referral r WHERE r.id = ANY(%s::uuid[]) AND r.unit_id = %s
ORDER BY r.id ON CONFLICT (referral_id) DO NOTHING
"""
# Who bears the look of these clusters, or brings one of these files; and one whose cluster has a second file only now.
_OF_LOOKS = """
SELECT referral_id FROM links_bearing WHERE unit_id = %(unit)s AND value = ANY(%(centres)s::uuid[])
UNION SELECT a.referral_id FROM referrals_attachment a JOIN referrals_referral r ON r.id = a.referral_id AND r.unit_id = %(unit)s
WHERE a.file_id = ANY(%(files)s::uuid[] || ARRAY(
    SELECT file_id FROM analysis_clustered c WHERE c.unit_id = %(unit)s AND c.centre = ANY(%(centres)s::uuid[])
    AND (SELECT count(*) FROM (
        SELECT FROM analysis_clustered o WHERE o.unit_id = c.unit_id AND o.centre = c.centre LIMIT 3
    ) few) <= 2
))
"""
_TAKE = """
DELETE FROM links_again WHERE referral_id IN (
    SELECT referral_id FROM links_again WHERE unit_id = %s ORDER BY referral_id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING referral_id
"""
LACKS = """
(NOT EXISTS (SELECT FROM links_bearing b WHERE b.referral_id = q.referral_id) AND NOT EXISTS (SELECT FROM links_pending p WHERE p.referral_id = q.referral_id))
"""
"""Of a row ``q`` of the queue, that nobody looked for its links, and nobody will: every other one bears its own number at least."""
_WITHOUT = sql.fill(
    """
SELECT q.referral_id FROM UNNEST(%s::uuid[]) AS q (referral_id) JOIN referrals_referral r ON r.id = q.referral_id AND r.unit_id = %s WHERE {lacks}
""",
    lacks=LACKS,
)


def note(unit_id: UUID, referrals: Iterable[UUID]) -> int:
    """Let the links of these referrals of a unit be found anew, in the caller's transaction; how many did not wait already."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_NOTE, [sql.array(referrals), unit_id])
        return int(cursor.rowcount)


def note_looks(unit_id: UUID, files: Iterable[UUID], centres: Iterable[UUID]) -> int:
    """The same for whoever brings these files, or files of the clusters of these centres as they were or are; how many."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_OF_LOOKS, {"unit": unit_id, "files": sql.array(files), "centres": sql.array(centres)})
        found = [row[0] for row in cursor.fetchall()]
    return note(unit_id, found) if found else 0


def take(unit_id: UUID, most: int) -> list[UUID]:
    """Take at most so many away, in the caller's transaction; what another transaction holds is passed over."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_TAKE, [unit_id, most])
        return [row[0] for row in cursor]


def without_links(unit_id: UUID, referrals: Iterable[UUID]) -> list[UUID]:
    """Those of the referrals of a unit whose links nobody looked for, and nobody will."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_WITHOUT, [sql.array(referrals), unit_id])
        return [row[0] for row in cursor]


def waiting(unit_id: UUID | None) -> int:
    """How many referrals of a unit, or of all, wait."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT count(*) FROM links_again WHERE unit_id = COALESCE(%s, unit_id)", [unit_id])
        return int(cursor.fetchone()[0])
