"""What a unit's queue and work come to: counted in a few walks, kept, and read again until they are worth counting anew.

Numbers only; whose they are, or which officer's, none of them says. The queue is counted whole, also what stands under a group's line.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from grace.casework.decide import OUTCOMES
from grace.casework.models import Decision, UnitFigures
from grace.kernel import sql

AGES = (1, 7, 30, 60)
"""Days at which one band of age ends and the next begins."""
AXES = ("completeness", "actionability", "urgency", "novelty")
BAND = 25
"""Points of one band of an axis; the highest holds 100 too."""
DAYS = 30
"""Days over which work is counted."""
WEEKS = 8
"""Weeks of which the days of coming are kept."""
MOST_SENDERS = 8
LETS_GO = sorted(str(act) for act in OUTCOMES if act != Decision.Act.HAND_OVER)
"""Acts by which an officer says that nothing is urgent here."""
DECIDES = sorted({*LETS_GO, "hand_over", "escalate"})
"""Acts that say what a referral is."""
_OFTEN, _SHARE = timedelta(seconds=50), 50
"""The job, which runs each minute, counts anew when fifty times as long has passed as counting takes."""
_LATE = timedelta(minutes=5)
"""A reader does not wait for the job where figures are so old; else the cost is the job's."""

_AGE = f"width_bucket(EXTRACT(epoch FROM %s - received_at) / 86400, ARRAY[{', '.join(str(day) for day in AGES)}]::float8[])"
_BANDS = ", ".join(f"LEAST({axis} / {BAND}, 3) AS {axis}" for axis in AXES)
_SETS = ", ".join(f"(age, {each})" for each in (*AXES, "urgent", "turn"))
_WAITING = sql.fill(
    """
SELECT age, {axes}, urgent, turn, sender_id, count(*) FROM (
    SELECT {age} AS age, {bands}, (floor > 0)::int AS urgent, turn, sender_id FROM casework_queue WHERE unit_id = %s AND status = 'open'
) rows GROUP BY GROUPING SETS ({sets}, (sender_id))
""",
    axes=", ".join(AXES),
    age=_AGE,
    bands=_BANDS,
    sets=_SETS,
)
_NAMES = "SELECT id, name FROM intake_sender WHERE id = ANY(%s)"
_CAME = """
SELECT (received_at AT TIME ZONE 'UTC')::date, count(*) FROM casework_queue WHERE unit_id = %s AND received_at >= %s GROUP BY 1 ORDER BY 1
"""
FIRST_ACTS = """
SELECT d.referral_id, min(d.decided_at) AS begun_at FROM casework_decision d
WHERE d.decided_at >= %s AND d.part_of_id IS NULL AND d.act <> 'assign' AND NOT EXISTS (
    SELECT FROM casework_decision b WHERE b.referral_id = d.referral_id AND b.decided_at < %s AND b.act <> 'assign'
) GROUP BY 1
"""
"""Referrals with the moment when an officer first took or decided them, one by one, since a moment (named twice)."""
_WAITED = """
SELECT urgent, count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY waited), percentile_disc(0.95) WITHIN GROUP (ORDER BY waited), max(waited)
FROM (
    SELECT EXTRACT(epoch FROM f.begun_at - q.received_at) AS waited, (q.floor > 0 OR q.outcome = 'escalated')::int AS urgent
    FROM ({first}) f JOIN casework_queue q ON q.referral_id = f.referral_id AND q.unit_id = %s
) waits GROUP BY GROUPING SETS ((), (urgent))
"""
STANDS = "d.decided_at >= %s AND d.part_of_id IS NULL AND NOT EXISTS (SELECT FROM casework_decision b WHERE b.reverses_id = d.id)"
"""Decisions on single referrals since a moment that were not taken back."""
_AGAINST = """
SELECT count(DISTINCT d.referral_id), count(DISTINCT d.referral_id) FILTER (WHERE d.floor > 0),
       count(DISTINCT d.referral_id) FILTER (WHERE d.floor > 0 AND d.act = ANY(%s)),
       count(DISTINCT d.referral_id) FILTER (WHERE d.floor = 0),
       count(DISTINCT d.referral_id) FILTER (WHERE d.floor = 0 AND d.act = 'escalate')
FROM casework_decision d JOIN casework_queue q ON q.referral_id = d.referral_id AND q.unit_id = %s WHERE {stands} AND d.act = ANY(%s)
"""


def kept(unit_id: UUID) -> UnitFigures | None:
    """The figures of a unit, as far as they were counted."""
    return UnitFigures.objects.filter(unit_id=unit_id).first()


def is_due(found: UnitFigures | None, now: datetime) -> bool:
    """Whether figures are to be counted anew."""
    return found is None or now >= found.counted_at + max(_OFTEN, timedelta(seconds=_SHARE * found.seconds))


def is_late(found: UnitFigures, now: datetime) -> bool:
    """Whether figures are so old that the job cannot have run."""
    return now >= found.counted_at + max(_LATE, timedelta(seconds=3 * _SHARE * found.seconds))


def keep(unit_id: UUID, figures: dict[str, Any], now: datetime, seconds: float) -> UnitFigures:
    """Keep what was counted."""
    return UnitFigures.objects.update_or_create(unit_id=unit_id, defaults={"figures": figures, "counted_at": now, "seconds": seconds})[0]


def count(unit_id: UUID, now: datetime) -> tuple[dict[str, Any], float]:
    """Count a unit's queue and work of the last thirty days; the figures as plain values, and the seconds that it took."""
    begun = time.perf_counter()
    since = now - timedelta(days=DAYS)
    figures = {
        **_waiting(unit_id, now),
        "came": _came(unit_id, now),
        "waited": _waited(unit_id, since),
        "against": _against(unit_id, since),
    }
    return figures, time.perf_counter() - begun


def _waiting(unit_id: UUID, now: datetime) -> dict[str, Any]:
    cells: dict[str, list[list[int]]] = {axis: [[0] * 4 for _age in range(len(AGES) + 1)] for axis in AXES}
    ages, urgent, behind = ([0] * (len(AGES) + 1) for _what in range(3))
    senders: list[tuple[int, UUID]] = []
    for age, *bands, is_urgent, turn, sender, number in _fetch(_WAITING, [now, unit_id]):
        if sender is not None:
            senders.append((number, sender))
        elif is_urgent is not None:
            ages[age] += number
            urgent[age] += number * is_urgent
        elif turn is not None:
            behind[age] += number * (turn == 0)
        else:
            axis = next(place for place, band in enumerate(bands) if band is not None)
            cells[AXES[axis]][age][bands[axis]] += number
    top = sorted(senders, reverse=True)[:MOST_SENDERS]
    names = dict(_fetch(_NAMES, [[sender for _number, sender in top]]))
    told = [[str(sender), names[sender], number] for number, sender in top]
    return {"ages": ages, "urgent": urgent, "behind": behind, "axes": cells, "senders": told}


def _came(unit_id: UUID, now: datetime) -> list[int]:
    """Referrals that came on each day of the last whole weeks (UTC), from a Monday to a Sunday."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    first = monday - timedelta(weeks=WEEKS)
    found = dict(_fetch(_CAME, [unit_id, first]))
    return [found.get((first + timedelta(days=day)).date(), 0) for day in range(7 * WEEKS)]


def _waited(unit_id: UUID, since: datetime) -> dict[str, list[float]]:
    """Of all, and of urgent ones: how many were begun, and the hours that the middle, nineteen of twenty and all of them waited at most."""
    found = _fetch(sql.fill(_WAITED, first=FIRST_ACTS), [since, since, unit_id])
    names = {None: "all", 1: "urgent"}
    return {
        names[urgent]: [number, *(max(0.0, float(each)) / 3600 for each in waits)]
        for urgent, number, *waits in found
        if urgent in names and number
    }


def _against(unit_id: UUID, since: datetime) -> dict[str, int]:
    ((decided, held, let_go, others, raised),) = _fetch(sql.fill(_AGAINST, stands=STANDS), [LETS_GO, unit_id, since, DECIDES])
    return {"decided": decided, "held": held, "let_go": let_go, "others": others, "raised": raised}


def units() -> Iterator[UUID]:
    """Units that have anything in their queue."""
    for (unit,) in _fetch(
        "SELECT id FROM accounts_unit u WHERE EXISTS (SELECT FROM casework_queue q WHERE q.unit_id = u.id) ORDER BY id", []
    ):
        yield unit


def _fetch(text: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())
