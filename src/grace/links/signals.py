"""What groups have to say to priority: that a referral is one of many. Rules may let it lower novelty, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.links.taken import AT
from grace.sdk.signals import Basis, Signal

SOURCE = "links"
_OF_MEMBERS = """
SELECT m.referral_id, g.kind, max(g.members) FROM links_member m JOIN links_group g ON g.id = m.group_id
WHERE m.referral_id = ANY(%s) AND m.split_at IS NULL AND g.kind IN ('viral', 'duplicate') GROUP BY m.referral_id, g.kind
"""
_OF_FILES = sql.fill(
    """
SELECT told.referral_id, max(g.members) FROM UNNEST(%s::uuid[], %s::bytea[]) AS told (referral_id, digest)
JOIN links_group g ON g.unit_id = %s AND g.kind = 'viral' AND g.key = told.digest
JOIN links_definition d ON d.id = g.definition_id
JOIN referrals_referral r ON r.id = told.referral_id
JOIN referrals_version first ON first.referral_id = r.id AND first.ordinal = 1
WHERE {at} BETWEEN g.first_at - make_interval(days => (d.body->'viral'->>'window_days')::int)
               AND g.last_at + make_interval(days => (d.body->'viral'->>'window_days')::int)
    AND NOT EXISTS (SELECT FROM links_member s WHERE s.group_id = g.id AND s.referral_id = told.referral_id AND s.split_at IS NOT NULL)
GROUP BY told.referral_id
""",
    at=AT,
)


def signals(unit_id: UUID, digests: Mapping[UUID, Sequence[bytes]]) -> dict[UUID, list[Signal]]:
    """For each referral that belongs to a group: how large that is. ``digests`` are those of its files, raw.

    A referral that has only just come belongs to no group yet; where it brings a file that is viral now it will.
    """
    found: dict[UUID, dict[str, int]] = {}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_OF_MEMBERS, [list(digests)])
        for referral, kind, number in cursor:
            found.setdefault(referral, {})[kind] = number
        rows = [(referral, digest) for referral, some in digests.items() for digest in some]
        if rows:
            cursor.execute(_OF_FILES, [*sql.by_column(rows, 2), unit_id])
            for referral, number in cursor:
                found.setdefault(referral, {}).setdefault("viral", number)
    return {
        referral: [Signal(f"group.{kind}", number, Basis.OBSERVED, SOURCE) for kind, number in sorted(kinds.items())]
        for referral, kinds in found.items()
    }


def is_group_signal(signal: Signal) -> bool:
    """Whether the signal came from here, and so is made anew with every assessment."""
    return signal.source == SOURCE
