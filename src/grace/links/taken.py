"""What waits to be connected: noted with the referral, taken in batches, each with all that finding its links needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from grace.kernel import sql

MOST_EARLIER = 50
"""Earlier numbers of one report that are followed; all are kept with the document."""

_COLUMNS = {"referral_id": "uuid", "unit_id": "uuid", "bundled": "boolean", "earlier": "jsonb"}
_AGAIN = "ON CONFLICT (referral_id) DO UPDATE SET bundled = EXCLUDED.bundled, earlier = EXCLUDED.earlier"
AT = "date_trunc('second', CASE WHEN first.said_at <= r.received_at THEN first.said_at ELSE r.received_at END)"
"""When a referral ``r`` was reported, to the second: as its ``first`` version says, unless that were after it came; else as it came."""
_TAKE = sql.fill(
    """
WITH taken AS (
    DELETE FROM links_pending WHERE referral_id IN (
        SELECT referral_id FROM links_pending WHERE unit_id = %s ORDER BY referral_id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING referral_id, bundled, earlier
)
SELECT r.id, {at}, r.issuer, r.external, r.sender_id, said.incident_type, said.incident_at, t.bundled, t.earlier
FROM taken t JOIN referrals_referral r ON r.id = t.referral_id
CROSS JOIN LATERAL (
    SELECT v.incident_type, v.incident_at FROM referrals_version v WHERE v.referral_id = r.id AND v.replaced_at IS NULL
    ORDER BY (v.incident_type <> '') DESC, v.ordinal DESC LIMIT 1
) said
JOIN referrals_version first ON first.referral_id = r.id AND first.ordinal = 1
ORDER BY r.id
""",
    at=AT,
)
_WHOLE = sql.fill(
    """
SELECT r.id, {at}, r.issuer, r.external FROM referrals_referral r
JOIN referrals_version first ON first.referral_id = r.id AND first.ordinal = 1
WHERE r.id = ANY(%s) AND r.unit_id = %s
""",
    at=AT,
)


@dataclass(frozen=True, slots=True)
class Note:
    """A referral whose facts are new: whether its sender calls it a bundle, and the earlier reports that it names."""

    referral_id: UUID
    bundled: bool
    earlier: Sequence[str]


@dataclass(frozen=True, slots=True)
class Whole:
    """A referral, when it was reported, and whose number names it."""

    referral_id: UUID
    at: datetime
    issuer: str
    external: str


@dataclass(frozen=True, slots=True)
class Told(Whole):
    """One referral to be connected, with what its report says of itself."""

    sender_id: UUID
    incident_type: str
    incident_at: datetime | None
    bundled: bool
    earlier: tuple[str, ...]


def note(unit_id: UUID, notes: Iterable[Note]) -> None:
    """Let referrals wait to be connected; in the transaction that records them."""
    rows = [
        (each.referral_id, unit_id, each.bundled, json.dumps(list(dict.fromkeys(each.earlier))[:MOST_EARLIER]))
        for each in sorted(notes, key=lambda each: each.referral_id)
    ]
    if rows:
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql.insert_many("links_pending", _COLUMNS, _AGAIN), sql.by_column(rows, len(_COLUMNS)))


def take(unit_id: UUID, most: int) -> list[Told]:
    """Take at most so many away, in the caller's transaction; what another transaction holds is passed over."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_TAKE, [unit_id, most])
        return [Told(*(*row[:8], tuple(_loaded(row[8])))) for row in cursor]


def whole(unit_id: UUID, referrals: Iterable[UUID]) -> list[Whole]:
    """Those of the referrals that are the unit's."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_WHOLE, [list(referrals), unit_id])
        return [Whole(*row) for row in cursor]


def _loaded(value: object) -> Any:
    return json.loads(value) if isinstance(value, str) else value
