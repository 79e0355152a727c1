"""How many other referrals of the unit share a contact, an account or a device of a reported person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from uuid import UUID

from django.db import connection

from grace.intake.normalise import Facts
from grace.referrals.record import Recorded, Statement, identifier_id
from grace.sdk.intake import Kind, Role

MOST_COUNTED = 20

# Addresses are left out: behind one stand thousands (carrier-grade NAT); weighing them is the business of links.
_TELLING = frozenset({Kind.EMAIL, Kind.PHONE, Kind.USER_ID, Kind.DEVICE, Kind.PAYMENT})

_SHARED = """
SELECT mine.referral_id, count(DISTINCT others.referral_id)
FROM UNNEST(%s::uuid[], %s::uuid[]) AS mine (referral_id, identifier_id)
CROSS JOIN LATERAL (
    SELECT s.referral_id FROM referrals_sighting s
    WHERE s.identifier_id = mine.identifier_id AND s.referral_id <> mine.referral_id LIMIT %s
) others
JOIN referrals_referral r ON r.id = others.referral_id AND r.unit_id = %s
GROUP BY mine.referral_id
"""


def counts(unit_id: UUID, statements: Sequence[Statement], recorded: Sequence[Recorded]) -> dict[UUID, int]:
    """For each recorded referral that shares something: with how many others of the unit.

    Of each identifier at most twenty sightings elsewhere are looked at: whether it is shared matters, not by how many.
    """
    pairs = sorted(
        {(each.referral_id, key) for statement, each in zip(statements, recorded, strict=True) for key in _telling(statement.facts)}
    )
    if not pairs:
        return {}
    referrals, identifiers = zip(*pairs, strict=True)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_SHARED, [list(referrals), list(identifiers), MOST_COUNTED, unit_id])
        return dict(cursor.fetchall())


def _telling(facts: Facts) -> Iterator[UUID]:
    """What a reported person is stated to bear; a text may name anybody, so what was found in one counts for nothing here."""
    for each in facts.sightings:
        is_theirs = each.person is not None and facts.persons[each.person].role is Role.REPORTED
        if is_theirs and each.is_stated and each.normalised and each.kind in _TELLING:
            yield identifier_id(each.kind, each.value)
