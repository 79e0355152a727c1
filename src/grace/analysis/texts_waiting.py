"""Referrals whose texts are still to be shown to analysers: noted with the document, gone with what was said of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection

from grace.analysis.models import TextsWaiting
from grace.kernel.ids import new_id
from grace.kernel.sql import by_column, insert_many

_COLUMNS = {"id": "uuid", "unit_id": "uuid", "referral_id": "uuid"}
_NOTE = insert_many("analysis_texts_waiting", _COLUMNS, "ON CONFLICT (referral_id) DO UPDATE SET id = excluded.id")
_DONE = """
DELETE FROM analysis_texts_waiting WHERE id IN (
    SELECT id FROM analysis_texts_waiting WHERE id = ANY(%s::uuid[]) ORDER BY referral_id FOR UPDATE
)
"""


def note(unit_id: UUID, referrals: Iterable[UUID]) -> None:
    """Let referrals of a unit wait; in the transaction that records them."""
    rows = [(new_id(), unit_id, each) for each in sorted(set(referrals))]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, by_column(rows, len(_COLUMNS)))


def first(unit_id: UUID, most: int) -> list[tuple[UUID, UUID]]:
    """Those of a unit that have waited longest, as pairs: what names the note, and the referral."""
    return list(TextsWaiting.objects.filter(unit_id=unit_id).order_by("id").values_list("id", "referral_id")[:most])


def done(notes: Sequence[UUID]) -> None:
    """These wait no more. A referral that was noted once more meanwhile has another note, and waits on."""
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [list(notes)])
