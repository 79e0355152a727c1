"""When referrals were taken up by an officer, one by one: what a unit really reads, and at which moments."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer

# A referral was read when an officer first took it or decided it by itself; what only a decision on its group closed was never read.
_WAITED = """
WITH told AS MATERIALIZED (
    SELECT d.referral_id, min(d.decided_at) AS read_at,
           bool_or(d.act = 'escalate' AND NOT EXISTS (SELECT FROM casework_decision b WHERE b.reverses_id = d.id)) AS escalated
    FROM casework_decision d JOIN casework_queue q ON q.referral_id = d.referral_id
    WHERE q.unit_id = %(unit)s AND d.part_of_id IS NULL AND d.act NOT IN ('assign', 'take_back') GROUP BY d.referral_id
), waited AS MATERIALIZED (
    SELECT q.referral_id, q.number, q.received_at, told.read_at, COALESCE(told.escalated, false) AS escalated,
           ('x' || left(encode(sha256(convert_to(q.referral_id::text, 'UTF8')), 'hex'), 8))::bit(32)::bigint AS ticket
    FROM casework_queue q LEFT JOIN told ON told.referral_id = q.referral_id
    WHERE q.unit_id = %(unit)s AND CASE WHEN told.read_at IS NULL THEN q.status <> 'closed' ELSE told.read_at >= %(since)s END
)
SELECT referral_id, number, received_at, read_at, escalated, (SELECT count(*) FROM waited) FROM waited ORDER BY ticket, referral_id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Waited:
    """A referral that waited; ``read_at`` None where nobody has taken it up."""

    referral_id: UUID
    number: int
    received_at: datetime
    read_at: datetime | None
    escalated: bool


def waited_since(viewer: Viewer, since: datetime, most: int) -> tuple[list[Waited], int]:
    """The referrals of the viewer's unit that waited at any time since, and how many there are.

    Of more than ``most`` those with the smallest digests of their ids are given: a random part, the same each time.
    """
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_WAITED, {"unit": viewer.unit_id, "since": since, "most": most})
        rows = cursor.fetchall()
    return [Waited(*row[:5]) for row in rows], rows[0][5] if rows else 0
