"""A new list of shared lines reaches what was taken in before: identifiers are gone through, and whoever bears one that is told otherwise waits."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.links import lines
from grace.links.models import SharedLines

_IDENTIFIERS = "SELECT id, kind, value FROM referrals_identifier WHERE id > %s ORDER BY id LIMIT %s"
_NOTE = """
INSERT INTO links_again (referral_id, unit_id)
SELECT DISTINCT r.id, r.unit_id FROM referrals_sighting s JOIN referrals_referral r ON r.id = s.referral_id WHERE s.identifier_id = ANY(%s::uuid[])
ORDER BY r.id ON CONFLICT (referral_id) DO NOTHING RETURNING unit_id
"""


def unfinished() -> SharedLines | None:
    """The oldest version that has not reached everything, held until the caller's transaction ends; None where another holds it."""
    return SharedLines.objects.filter(followed_at__isnull=True).order_by("number").select_for_update(skip_locked=True).first()


def step(told: SharedLines, now: datetime, most: int) -> set[UUID]:
    """Go through the next identifiers, in the caller's transaction; the units in which something waits by it."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_IDENTIFIERS, [told.looked_until, most])
        rows = cursor.fetchall()
        differing = list(lines.differing(told.number, rows))
        units: set[UUID] = set()
        if differing:
            cursor.execute(_NOTE, [sql.array(differing)])
            units = {row[0] for row in cursor}
    if len(rows) < most:
        told.followed_at = now
    if rows:
        told.looked_until = rows[-1][0]
    told.save(update_fields=["looked_until", "followed_at"])
    return units
