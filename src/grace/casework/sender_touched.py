"""Days of senders whose rows changed since they were counted: which of them a reader counts at once, and whether others have to wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from grace.casework.sender_days import Day
from grace.kernel import sql

MOST_NOTES = 20_000
"""Notes of touched days that are read while somebody waits; behind more, a round of counting is at work on the whole unit."""

_TOUCHED = """
SELECT t.sender_id, t.day, t.rows + COALESCE(d.referrals, 0), t.notes FROM (
    SELECT sender_id, day, sum(rows) AS rows, count(*) AS notes FROM (
        SELECT sender_id, day, rows FROM casework_sender_touched WHERE unit_id = %s AND (%s::uuid IS NULL OR sender_id = %s) LIMIT %s
    ) noted GROUP BY 1, 2
) t LEFT JOIN casework_sender_day d ON d.unit_id = %s AND d.sender_id = t.sender_id AND d.day = t.day
ORDER BY 3
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """Touched days that are small enough to be counted now; ``behind`` is True where others wait for the next round."""

    unit_id: UUID
    days: Sequence[tuple[UUID, date]]
    columns: Sequence[str]
    behind: bool

    @classmethod
    def of(cls, unit_id: UUID, days: Sequence[tuple[UUID, date]], *, behind: bool) -> Touched:
        """These days; ``columns`` are their senders and days, as two arrays to be bound."""
        return cls(unit_id, days, sql.by_column(days, 2), behind)

    @property
    def of_unit(self) -> Iterator[Day]:
        """The days, each with its unit."""
        return ((self.unit_id, sender, day) for sender, day in self.days)


def touched(unit_id: UUID, *, most: int, sender: UUID | None = None) -> Touched:
    """The touched days of a unit's senders (or of one), the smallest first, as many as have ``most`` rows together."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_TOUCHED, [unit_id, sender, sender, MOST_NOTES + 1, unit_id])
        found = cursor.fetchall()
    if sum(int(notes) for *_, notes in found) > MOST_NOTES:
        return Touched.of(unit_id, [], behind=True)
    days: list[tuple[UUID, date]] = []
    for sender_id, day, rows, _notes in found:
        most -= int(rows)
        if most < 0:
            return Touched.of(unit_id, days, behind=True)
        days.append((sender_id, day))
    return Touched.of(unit_id, days, behind=False)
