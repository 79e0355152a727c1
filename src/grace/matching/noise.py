"""Entries that match too much: how many referrals each answered for, and setting aside those above their list's number.

A blank picture, or a logo, on somebody's list matches half of a flood. How much is too much is said by the list. An entry that an
officer restored is left alone: somebody has looked, and what is known may well be widespread.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.kernel.clock import now
from grace.kernel.sql import by_column
from grace.matching import served
from grace.matching.models import SetAside

BY = "system:lists"
# Only lists that say how much is too much are counted, so that nobody pays for a number that nobody reads.
_COUNT = """
INSERT INTO matching_hit (entry_id, referral_id, at)
SELECT here.id, hit.referral_id, %s FROM UNNEST(%s::bigint[], %s::uuid[]) AS hit (entry_id, referral_id)
JOIN (
    SELECT e.id FROM matching_entry e JOIN matching_hashlist l ON l.id = e.hash_list_id AND l.noisy_referrals IS NOT NULL
    WHERE e.id = ANY(%s::bigint[]) ORDER BY e.id FOR KEY SHARE OF e
) here ON here.id = hit.entry_id
ON CONFLICT (entry_id, referral_id) DO NOTHING
"""
_NOISY = """
SELECT e.id, l.id, e.item, count(*)
FROM matching_hit h
JOIN matching_entry e ON e.id = h.entry_id
JOIN matching_hashlist l ON l.id = e.hash_list_id AND l.noisy_referrals IS NOT NULL AND l.meaning = 'alert'
WHERE h.at >= %s - make_interval(days => l.noisy_days) AND NOT EXISTS (SELECT FROM matching_setaside a WHERE a.entry_id = e.id)
GROUP BY e.id, l.id, e.item HAVING count(*) > min(l.noisy_referrals)
ORDER BY e.id
"""
_FORGET = """
DELETE FROM matching_hit h USING matching_entry e, matching_hashlist l
WHERE e.id = h.entry_id AND l.id = e.hash_list_id
  AND (l.noisy_referrals IS NULL OR h.at < %s - make_interval(days => l.noisy_days))
"""


def count(hits: Mapping[UUID, Collection[int]], at: datetime) -> None:
    """Remember which entries answered for which referrals; one that is remembered already stays as it was."""
    rows = sorted((entry, referral) for referral, entries in hits.items() for entry in entries)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [at, *by_column(rows, 2), sorted({row[0] for row in rows})])


def set_aside() -> list[SetAside]:
    """Set aside every entry that answered for more referrals than its list bears."""
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(_NOISY, [moment])
        rows = cursor.fetchall()
    made = [
        SetAside(entry_id=entry, hash_list_id=listed, why=SetAside.Why.NOISY, referrals=number, set_at=moment, set_by=BY)
        for entry, listed, _item, number in rows
    ]
    SetAside.objects.bulk_create(made, ignore_conflicts=True)
    for list_id in {row[1] for row in rows}:
        served.touch(list_id, [item for _entry, listed, item, _number in rows if listed == list_id])
    return list(SetAside.objects.filter(entry_id__in=[each.entry_id for each in made]).select_related("entry"))


def forget() -> int:
    """Forget what is older than its list counts; how many rows that were."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [now()])
        return int(cursor.rowcount)
