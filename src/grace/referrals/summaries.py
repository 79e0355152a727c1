"""A referral in one line: what the queue needs to name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

_OF = """
SELECT r.id, r.unit_id, r.number, r.sender_id, r.received_at, r.versions, first.id, first.incident_kind, first.format,
       counted.reported, counted.recipients, counted.victims,
       CASE WHEN r.versions = 1 THEN ARRAY[first.sent] ELSE ARRAY(
           SELECT LEAST(v.said_at, v.known_at) FROM referrals_version v WHERE v.referral_id = r.id AND v.replaced_at IS NULL
       ) END,
       CASE WHEN r.versions = 1 THEN 0 ELSE (
           SELECT count(*) FROM referrals_contradiction c WHERE c.referral_id = r.id AND c.until IS NULL
       ) END
FROM referrals_referral r
CROSS JOIN LATERAL (
    SELECT v.id, v.incident_kind, v.format, LEAST(v.said_at, v.known_at) AS sent FROM referrals_version v WHERE v.referral_id = r.id AND v.replaced_at IS NULL
    ORDER BY (v.incident_type <> '') DESC, v.ordinal DESC LIMIT 1
) first
CROSS JOIN LATERAL (
    SELECT coalesce(max(n) FILTER (WHERE role = 'reported'), 0) AS reported,
           coalesce(max(n) FILTER (WHERE role = 'recipient'), 0) AS recipients,
           coalesce(max(n) FILTER (WHERE role = 'victim'), 0) AS victims
    FROM (
        SELECT p.role, count(*) AS n FROM referrals_version v JOIN referrals_person p ON p.version_id = v.id
        WHERE v.referral_id = r.id AND v.replaced_at IS NULL GROUP BY v.id, p.role
    ) each_version
) counted
WHERE r.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """A referral by all that stands of it, counted: ``counts`` has accounts, recipients, victims, versions and contradictions.

    Persons are the same by part and place, so that the document that names most of a part tells their number. ``sent`` are the
    moments at which its standing versions were sent, as they say or else when they came, none later than it came.
    """

    unit_id: UUID
    number: int
    sender_id: UUID
    received_at: datetime
    version_id: UUID
    incident_kind: str
    format: str
    counts: Mapping[str, int]
    sent: Sequence[datetime]


def of(referrals: Sequence[UUID]) -> dict[UUID, Summary]:
    """Summaries of referrals, by all that stands of each."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_OF, [list(referrals)])
        return {
            key: Summary(
                unit,
                number,
                sender,
                received,
                version,
                kind,
                form,
                {
                    "accounts": accounts,
                    "recipients": recipients,
                    "victims": victims,
                    "versions": versions,
                    **({"contradictions": contradicted} if contradicted else {}),
                },
                sent,
            )
            for key, unit, number, sender, received, versions, version, kind, form, accounts, recipients, victims, sent, contradicted in cursor
        }
