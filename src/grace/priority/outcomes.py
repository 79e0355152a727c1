"""Outcomes: what became of each referral, with what was known of it when it was decided first. The only thing that a ranker learns from."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.priority.assess import unpack
from grace.priority.models import Outcome
from grace.sdk.signals import Signal

_NOTE = """
INSERT INTO priority_outcome (referral_id, unit_id, is_urgent, signals, decided_at)
SELECT a.referral_id, %s, told.is_urgent,
       COALESCE((SELECT jsonb_agg(each) FROM jsonb_array_elements(a.signals) each WHERE each->>2 <> 'officer'), '[]'), %s
FROM UNNEST(%s::uuid[], %s::boolean[]) told (referral_id, is_urgent) JOIN priority_assessment a ON a.referral_id = told.referral_id
WHERE told.is_urgent IS NOT NULL OR EXISTS (SELECT FROM priority_outcome o WHERE o.referral_id = a.referral_id)
ORDER BY a.referral_id
ON CONFLICT (referral_id) DO UPDATE SET is_urgent = EXCLUDED.is_urgent
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One outcome to learn from."""

    is_urgent: bool
    signals: list[Signal]
    decided_at: datetime


def note(unit_id: UUID, labels: Mapping[UUID, bool | None], now: datetime) -> None:
    """Note what became of referrals, in the caller's transaction. What was known stays as it was at the first decision."""
    if labels:
        with closing(connection.cursor()) as cursor:
            cursor.execute(_NOTE, [unit_id, now, *sql.by_column(sorted(labels.items()), 2)])


def labels(unit_id: UUID) -> list[bool]:
    """Whether each outcome of a unit that stands is urgent, in the order of their decisions."""
    found = Outcome.objects.filter(unit_id=unit_id, is_urgent__isnull=False).order_by("decided_at", "referral_id")
    return [bool(each) for each in found.values_list("is_urgent", flat=True)]


def of_unit(unit_id: UUID) -> list[Told]:
    """All outcomes of a unit that stand, in the order of their decisions."""
    rows = Outcome.objects.filter(unit_id=unit_id, is_urgent__isnull=False).order_by("decided_at", "referral_id")
    return [Told(bool(each.is_urgent), unpack(each.signals), each.decided_at) for each in rows.iterator(2_000)]
