"""What stands contradicted in a referral, now or as we knew it at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.accounts.viewer import Viewer
from grace.intake.differ import carries
from grace.intake.said import said
from grace.referrals.models import Contradiction, Version
from grace.referrals.read import canonical_of, referral_of
from grace.sdk.fields import FIELDS

_COUNTS = """
SELECT referral_id, count(*) FROM referrals_contradiction WHERE referral_id = ANY(%s) AND until IS NULL GROUP BY referral_id
"""
_ORDER = {name: place for place, name in enumerate(FIELDS)}


def of(viewer: Viewer, referral_id: UUID, at: datetime | None = None) -> list[Contradiction]:
    """Every contradiction that was known by ``at`` (default: all), in the order of the fields; ``until`` tells which are settled."""
    found = Contradiction.objects.select_related("older", "newer").filter(referral=referral_of(viewer, referral_id))
    if at is not None:
        found = found.filter(since__lte=at)
    return sorted(found, key=lambda each: (_ORDER.get(each.field, len(_ORDER)), each.of, each.id))


def counts(referrals: list[UUID]) -> Mapping[UUID, int]:
    """How many contradictions stand in each referral; those without any are left out."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_COUNTS, [referrals])
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One statement of two versions: ``None`` where a version says nothing, ``may`` whether its format could."""

    field: str
    of: tuple[str, ...]
    one: tuple[str | bool, ...] | None
    other: tuple[str | bool, ...] | None
    one_may: bool
    other_may: bool

    @property
    def differs(self) -> bool:
        """Whether both speak and say different things."""
        return self.one is not None and self.other is not None and self.one != self.other


def side_by_side(one: Version, other: Version) -> list[FieldLine]:
    """All that either version says, field by field, in the order of the fields; both were given to the viewer already."""
    may = [carries(each.format) for each in (one, other)]
    # Persons, files and uses of an address are told apart by what both can carry; what only one can carry is told beside it.
    common = may[0] & may[1]
    told = [_both_ways(canonical_of(each), common, own) for each, own in zip((one, other), may, strict=True)]
    places = sorted(told[0].keys() | told[1].keys(), key=lambda key: (_ORDER[key[0]], key[1]))
    return [
        FieldLine(field, of, told[0].get((field, of)), told[1].get((field, of)), field in may[0], field in may[1]) for field, of in places
    ]


def _both_ways(
    canonical: dict[str, object], common: frozenset[str], own: frozenset[str]
) -> dict[tuple[str, tuple[str, ...]], tuple[str | bool, ...]]:
    found = {(field, of): values for field, abouts in said(canonical, common).items() for of, values in abouts.items()}
    for field, abouts in said(canonical, own).items():
        if field not in common:
            found |= {(field, of): values for of, values in abouts.items()}
    return found
