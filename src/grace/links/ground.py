"""The graph of links, asked for piece by piece: who bears what, who else bears it, and what officers say. No pair is stored.

All is asked of one unit: what other units hold makes no link, no number and no hub here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.links.weights import Weights, weights

CONFIRMED = 1e6
"""The odds of what an officer confirmed."""

# Most values are borne by one referral alone: they stay where they are.
_OF = """
SELECT referral_id, value, kind, basis, first_at, last_at, weak, in_text FROM links_bearing b
WHERE referral_id = ANY(%(referrals)s::uuid[]) AND unit_id = %(unit)s
    AND EXISTS (SELECT FROM links_bearing o WHERE o.unit_id = %(unit)s AND o.value = b.value AND o.referral_id <> b.referral_id)
UNION ALL
SELECT m.referral_id, m.group_id, m.kind, m.basis, NULL, NULL, false, false
FROM links_member m JOIN links_group g ON g.id = m.group_id AND g.unit_id = %(unit)s
WHERE m.referral_id = ANY(%(referrals)s::uuid[]) AND m.split_at IS NULL AND m.kind IN ('duplicate', 'bundle')
"""
_BEARERS = """
SELECT few.referral_id, asked.value, few.kind, few.basis, few.first_at, few.last_at, few.weak, few.in_text
FROM UNNEST(%(values)s::uuid[], %(limits)s::int[]) AS asked (value, few) CROSS JOIN LATERAL (
    SELECT referral_id, kind, basis, first_at, last_at, weak, in_text FROM links_bearing WHERE unit_id = %(unit)s AND value = asked.value
    LIMIT asked.few
) few
"""
_FELLOWS = """
SELECT few.referral_id, asked.value, few.kind, few.basis, NULL::timestamptz, NULL::timestamptz, false, false
FROM UNNEST(%(values)s::uuid[], %(limits)s::int[]) AS asked (value, few) CROSS JOIN LATERAL (
    SELECT referral_id, kind, basis FROM links_member WHERE group_id = asked.value AND split_at IS NULL LIMIT asked.few
) few
"""
_VERDICTS = """
SELECT DISTINCT ON (one_id, other_id) one_id, other_id, says FROM links_verdict
WHERE unit_id = %(unit)s AND (one_id = ANY(%(referrals)s::uuid[]) OR other_id = ANY(%(referrals)s::uuid[])) ORDER BY one_id, other_id, id DESC
"""


@dataclass(frozen=True, slots=True)
class Borne:
    """A referral bears a value."""

    referral: UUID
    value: UUID
    kind: str
    basis: str
    first: datetime | None
    last: datetime | None
    weak: bool
    in_text: bool


@dataclass(slots=True)
class Shared:
    """A value and who bears it; ``bearers`` is empty where it is a hub."""

    kind: str
    bearers: dict[UUID, Borne] = field(default_factory=dict)
    plain: bool = True


@dataclass(slots=True)
class Sum:
    """What all that two referrals share says. A file and its look are one thing: what says more of files and of looks counts."""

    files: float = 0.0
    looks: float = 0.0
    others: float = 0.0

    def add(self, kind: str, odds: float) -> None:
        """One more value that both bear."""
        if kind == "file":
            self.files += odds
        elif kind == "look":
            self.looks += odds
        else:
            self.others += odds

    @property
    def odds(self) -> float:
        """The odds that the two belong together."""
        return self.others + max(self.files, self.looks)


class Ground:
    """The part of a unit's graph that was asked for so far."""

    def __init__(self, unit_id: UUID, rule: Weights | None = None) -> None:
        self.unit_id = unit_id
        self.rule = rule or weights()
        self.borne: dict[UUID, list[Borne]] = {}
        self.values: dict[UUID, Shared] = {}
        self.cut: dict[UUID, set[UUID]] = {}
        self.confirmed: dict[UUID, set[UUID]] = {}

    def load(self, referrals: Iterable[UUID]) -> None:
        """Ask for these referrals, unless they are known: what they bear, who else does, what officers say of them."""
        asked = sorted({each for each in referrals if each not in self.borne})
        if not asked:
            return
        self.borne |= {each: [] for each in asked}
        wanted: dict[str, Any] = {"unit": self.unit_id, "referrals": sql.array(asked)}
        for each in _rows(_OF, wanted):
            self.borne[each.referral].append(each)
        with closing(connection.cursor()) as cursor:
            cursor.execute(_VERDICTS, wanted)
            for one, other, says in cursor.fetchall():
                for said, sides in (("cut", self.cut), ("confirmed", self.confirmed)):
                    if says == said:
                        sides.setdefault(one, set()).add(other)
                        sides.setdefault(other, set()).add(one)
        self.ask({each.value: each.kind for referral in asked for each in self.borne[referral]})

    def ask(self, values: dict[UUID, str]) -> None:
        """Who bears these values, of these kinds; of a hub nobody is told."""
        new = {value: self.rule.kinds[kind] for value, kind in values.items() if value not in self.values and kind in self.rule.kinds}
        self.values |= {value: Shared(values[value]) for value in new}
        for text, of_groups in ((_BEARERS, False), (_FELLOWS, True)):
            mine = [(value, kind.limit + 1) for value, kind in new.items() if (values[value] in {"duplicate", "bundle"}) is of_groups]
            if mine:
                keys, limits = sql.by_column(mine, 2)
                for each in _rows(text, {"unit": self.unit_id, "values": keys, "limits": limits}):
                    self.values[each.value].bearers[each.referral] = each
        for value, kind in new.items():
            shared = self.values[value]
            if len(shared.bearers) > kind.limit:
                shared.bearers = {}
            shared.plain = not kind.days and not any(each.in_text or each.weak for each in shared.bearers.values())

    def odds(self, value: UUID, one: UUID, other: UUID) -> float:
        """What one shared value says of a pair that bears it."""
        shared = self.values[value]
        kind, first, second = self.rule.kinds[shared.kind], shared.bearers[one], shared.bearers[other]
        found = kind.shared_by(len(shared.bearers))
        found *= self.rule.in_text if first.in_text or second.in_text else 1
        found *= self.rule.weak if first.weak and second.weak else 1
        return found * 0.5 ** (_apart(first, second) / timedelta(days=kind.days)) if kind.days else found

    def shared(self, referral: UUID) -> Iterator[tuple[UUID, UUID]]:
        """Each other bearer of each value of a loaded referral: (value, other)."""
        for each in self.borne[referral]:
            known = self.values.get(each.value)
            if known is not None and referral in known.bearers:
                yield from ((each.value, other) for other in known.bearers if other != referral)

    def neighbours(self, referral: UUID, least: float, done: set[UUID] | None = None) -> set[UUID]:
        """Whom links of at least these odds join to a loaded referral.

        ``done`` are values whose bearers have all been reached by their being borne alone; those found here join them.
        """
        found = set(self.confirmed.get(referral, ()))
        cut = self.cut.get(referral, set())
        sums: dict[UUID, Sum] = {}
        for each in self.borne[referral]:
            shared = self.values.get(each.value)
            if shared is None or referral not in shared.bearers or (done is not None and each.value in done):
                continue
            strong = shared.plain and self.rule.kinds[shared.kind].shared_by(len(shared.bearers)) >= least
            if strong:
                found |= shared.bearers.keys() - cut
                if done is not None and cut.isdisjoint(shared.bearers):
                    done.add(each.value)
                continue
            for other in shared.bearers:
                if other != referral:
                    sums.setdefault(other, Sum()).add(shared.kind, self.odds(each.value, referral, other))
        found |= {other for other, some in sums.items() if some.odds >= least} - cut
        return found - {referral}


def _apart(first: Borne, second: Borne) -> timedelta:
    """The time between the spans for which two referrals state a value; a year where one states none."""
    if first.first is None or second.first is None or first.last is None or second.last is None:
        return timedelta(days=365)
    return max(timedelta(), first.first - second.last, second.first - first.last)


def _rows(text: str, asked: dict[str, Any]) -> list[Borne]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, asked)
        return [Borne(*row) for row in cursor]
