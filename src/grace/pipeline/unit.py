"""The page of a unit: how its queue and its work stand, in figures that were counted a moment ago, and the referrals that each counts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer
from grace.accounts.viewer import Viewer
from grace.casework import places, positions, unit_figures, unit_rows
from grace.casework.models import UnitFigures
from grace.casework.places import Waiting
from grace.casework.unit_figures import DAYS
from grace.casework.unit_rows import Page, Which
from grace.custody import ledger
from grace.kernel import clock
from grace.pipeline import look
from grace.pipeline.consult import consult, query_digest
from grace.priority import lines
from grace.priority.models import Line

LONGEST_LOOK = timedelta(minutes=1)
"""How long a look at a file counts at most: it begins when it is allowed, and nothing says when it ends."""
LEAST_OFFICERS = 3
"""From so many on hours are told: those of fewer would be those of a person."""


@dataclass(frozen=True, slots=True)
class UnitPage:
    """Figures as they were counted, and what is asked for each time: the oldest, the oldest urgent one, and the line in force."""

    kept: UnitFigures
    oldest: Waiting | None
    oldest_urgent: Waiting | None
    line: Line | None


def unit_page(viewer: Viewer) -> UnitPage:
    """The page of the viewer's unit. What is too old, or was never counted, is counted now."""
    return consult(viewer, "unit.read", lambda: _page(viewer), lambda _found: [f"unit:{viewer.unit_id}"])


def _page(viewer: Viewer) -> UnitPage:
    viewer.require(Capability.READ)
    kept = figures_of(viewer.unit_id)
    return UnitPage(kept, places.oldest(viewer), places.oldest(viewer, urgent=True), lines.in_force(viewer.unit_id))


def figures_of(unit_id: UUID) -> UnitFigures:
    """The figures of a unit, in the caller's transaction: as they were kept, or counted now."""
    kept = unit_figures.kept(unit_id)
    return _count(unit_id) if kept is None or unit_figures.is_late(kept, clock.now()) else kept


def referrals_of(viewer: Viewer, which: Which, *, after: str = "") -> Page:
    """A page of the referrals that a figure counts."""
    return consult(
        viewer,
        "unit.referrals",
        lambda: unit_rows.page(viewer, which, clock.now(), after=after),
        lambda found: (f"referral:{row.referral_id}" for row in found.rows),
        query=query_digest([asdict(which), after]),
    )


def count_units() -> None:
    """Count the figures of all units anew for which it is time, in a transaction each."""
    for unit_id in unit_figures.units():
        with transaction.atomic():
            if unit_figures.is_due(unit_figures.kept(unit_id), clock.now()):
                _count(unit_id)


def _count(unit_id: UUID) -> UnitFigures:
    now = clock.now()
    figures, seconds = unit_figures.count(unit_id, now)
    line = lines.in_force(unit_id)
    below = positions.below(unit_id, line.position) if line else None
    return unit_figures.keep(unit_id, {**figures, "below": below, "looks": _looks(unit_id)}, now, seconds)


def _looks(unit_id: UUID) -> dict[str, Any]:
    """How often the officers of a unit looked at files, and for how many hours at most; no hours where few did."""
    actors = [f"officer:{each}" for each in Officer.objects.filter(unit_id=unit_id).values_list("id", flat=True)]
    number, officers, seconds = ledger.time_of(look.ACT, actors, clock.now() - timedelta(days=DAYS), LONGEST_LOOK)
    return {"number": number, "hours": seconds / 3600 if officers >= LEAST_OFFICERS else None}
