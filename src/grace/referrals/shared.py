"""How many other referrals of the unit share a contact, an account or a device of a reported person."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from uuid import UUID

from django.db import connection

MOST_COUNTED = 20

# Addresses are left out: behind one stand thousands (carrier-grade NAT); weighing them is the business of links.
_SHARED = """
SELECT mine.referral_id, count(DISTINCT others.referral_id)
FROM (
    SELECT DISTINCT g.referral_id, g.identifier_id FROM referrals_sighting g
    JOIN referrals_person p ON p.id = g.person_id AND p.role = 'reported'
    JOIN referrals_identifier i ON i.id = g.identifier_id AND i.kind IN ('email', 'phone', 'user_id', 'device', 'payment')
    WHERE g.version_id = ANY(%s)
) mine
CROSS JOIN LATERAL (
    SELECT s.referral_id FROM referrals_sighting s JOIN referrals_referral r ON r.id = s.referral_id AND r.unit_id = %s
    WHERE s.identifier_id = mine.identifier_id AND s.referral_id <> mine.referral_id LIMIT %s
) others
GROUP BY mine.referral_id
"""


def counts(unit_id: UUID, versions: Sequence[UUID]) -> dict[UUID, int]:
    """For each of these versions' referrals that shares something: with how many others, up to twenty by identifier."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_SHARED, [list(versions), unit_id, MOST_COUNTED])
        return dict(cursor.fetchall())
