"""Memberships, and the figures of groups that follow from them: counted up by what joined, never counted anew."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.links.taken import AT


@dataclass(frozen=True, slots=True)
class Joined:
    """A referral that became a member of a group just now."""

    group_id: UUID
    referral_id: UUID


@dataclass(frozen=True, slots=True)
class Joining:
    """A referral that shall become a member, on which basis and by which evidence."""

    group_id: UUID
    referral_id: UUID
    basis: str
    evidence: Mapping[str, Any]


_COLUMNS = {
    "group_id": "uuid",
    "referral_id": "uuid",
    "kind": "text",
    "basis": "text",
    "evidence": "jsonb",
    "joined_at": "timestamptz",
    "split_because": "text",
}
_ONCE = "ON CONFLICT (group_id, referral_id) DO NOTHING RETURNING group_id, referral_id"
_COUNT = sql.fill(
    """
WITH joined AS MATERIALIZED (
    SELECT told.group_id, r.sender_id,
           {at} AS at,
           (SELECT COALESCE(max(n), 0) FROM (
               SELECT count(*) AS n FROM referrals_version v JOIN referrals_person p ON p.version_id = v.id AND p.role = 'reported'
               WHERE v.referral_id = r.id AND v.replaced_at IS NULL GROUP BY v.id
           ) each_version) AS accounts
    FROM UNNEST(%s::uuid[], %s::uuid[]) AS told (group_id, referral_id)
    JOIN referrals_referral r ON r.id = told.referral_id
    JOIN referrals_version first ON first.referral_id = r.id AND first.ordinal = 1
), senders AS (
    INSERT INTO links_group_sender (group_id, sender_id, members)
    SELECT group_id, sender_id, %s * count(*) FROM joined GROUP BY group_id, sender_id ORDER BY group_id, sender_id
    ON CONFLICT (group_id, sender_id) DO UPDATE SET members = links_group_sender.members + EXCLUDED.members
)
UPDATE links_group g SET members = g.members + %s * told.members, accounts = g.accounts + %s * told.accounts,
    first_at = LEAST(g.first_at, told.first_at), last_at = GREATEST(g.last_at, told.last_at)
FROM (SELECT group_id, count(*) AS members, sum(accounts) AS accounts, min(at) AS first_at, max(at) AS last_at FROM joined GROUP BY group_id) told
WHERE g.id = told.group_id
""",
    at=AT,
)


def join(kind: str, joining: Sequence[Joining], now: datetime) -> list[Joined]:
    """Write memberships; who is a member already, or was split off, stays as it is."""
    rows = [
        (each.group_id, each.referral_id, kind, each.basis, json.dumps(each.evidence), now, "")
        for each in sorted(joining, key=lambda each: (each.group_id, each.referral_id))
    ]
    if not rows:
        return []
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql.insert_many("links_member", _COLUMNS, _ONCE), sql.by_column(rows, len(_COLUMNS)))
        return [Joined(*row) for row in cursor]


def count(joined: Sequence[Joined], *, sign: int = 1) -> None:
    """Bring the figures of groups up to date with who joined, or with sign -1 who left; a group's span only grows."""
    if joined:
        columns = sql.by_column(((each.group_id, each.referral_id) for each in joined), 2)
        with closing(connection.cursor()) as cursor:
            cursor.execute(_COUNT, [*columns, sign, sign, sign])
