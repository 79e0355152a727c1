"""A referral in one line: what the queue needs to name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

_OF = """
SELECT r.id, r.unit_id, r.number, r.sender_id, r.received_at, r.versions, v.id, v.incident_kind, v.format,
       (SELECT count(*) FROM referrals_person p WHERE p.version_id = v.id AND p.role = 'reported'),
       (SELECT count(*) FROM referrals_person p WHERE p.version_id = v.id AND p.role = 'recipient'),
       (SELECT count(*) FROM referrals_person p WHERE p.version_id = v.id AND p.role = 'victim')
FROM referrals_referral r JOIN referrals_version v ON v.referral_id = r.id AND v.ordinal = r.versions
WHERE r.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """The newest version of a referral, counted: ``counts`` has accounts, recipients, victims and versions."""

    unit_id: UUID
    number: int
    sender_id: UUID
    received_at: datetime
    version_id: UUID
    incident_kind: str
    format: str
    counts: Mapping[str, int]


def of(referrals: Sequence[UUID]) -> dict[UUID, Summary]:
    """Summaries of the newest versions."""
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
                {"accounts": accounts, "recipients": recipients, "victims": victims, "versions": versions},
            )
            for key, unit, number, sender, received, versions, version, kind, form, accounts, recipients, victims in cursor
        }
