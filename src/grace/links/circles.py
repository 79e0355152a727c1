"""Circles: referrals joined by strong links, directly or through each other; they grow, merge and split as facts change.

What a circle is depends on the facts alone, never on their order: of a referral, it is all that links of at least the first of the
steps reach; where these are too many, what the next step reaches, and so on; where even the last reaches too many, the referral
stands alone. So a chance link between two large circles, or a value that half the world shares, never makes one circle of all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.kernel.ids import new_id
from grace.links.bear import Touched
from grace.links.ground import Ground
from grace.links.weights import Weights

ROUNDS = 3
"""So many steps from what changed are asked for at once; what lies further is asked for circle by circle."""

_BEARERS = """
SELECT DISTINCT UNNEST(few.referrals) FROM UNNEST(%(values)s::uuid[], %(most)s::int[]) AS asked (value, most) CROSS JOIN LATERAL (
    SELECT array_agg(referral_id) AS referrals, count(*) AS n FROM (
        SELECT referral_id FROM links_bearing WHERE unit_id = %(unit)s AND value = asked.value LIMIT asked.most + 1
    ) rows
) few WHERE few.n BETWEEN 2 AND asked.most
"""
_CIRCLES = "SELECT referral_id, circle_id FROM links_circled WHERE referral_id = ANY(%s::uuid[])"
_MEMBERS = "SELECT referral_id, circle_id FROM links_circled WHERE circle_id = ANY(%s::uuid[])"
_MADE = {"id": "uuid", "unit_id": "uuid", "members": "integer", "made_at": "timestamptz"}
_IN = {"referral_id": "uuid", "circle_id": "uuid", "joined_at": "timestamptz"}
_MOVE = "ON CONFLICT (referral_id) DO UPDATE SET circle_id = EXCLUDED.circle_id, joined_at = EXCLUDED.joined_at"
_LEAVE = "DELETE FROM links_circled WHERE referral_id = ANY(%s::uuid[])"
_COUNT = """
UPDATE links_circle c SET members = (SELECT count(*) FROM links_circled m WHERE m.circle_id = c.id) WHERE c.id = ANY(%s::uuid[])
"""


@dataclass(slots=True)
class Changes:
    """Who joined which circle, which circles went up in another (old: new), and who left which."""

    joined: dict[UUID, list[UUID]] = field(default_factory=dict)
    merged: dict[UUID, UUID] = field(default_factory=dict)
    left: dict[UUID, list[UUID]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.joined or self.merged or self.left)


def follow(unit_id: UUID, referrals: Iterable[UUID], values: Mapping[UUID, Touched], now: datetime, rule: Weights | None = None) -> Changes:
    """After a change of what these referrals bear, of who bears these values, or of a verdict: let the circles be what they must be now.

    In the caller's transaction, one at a time for a unit. Looks at what the change can reach and no further.
    """
    ground = Ground(unit_id, rule)
    touched = set(referrals) | _bearers(ground, values)
    if not touched:
        return Changes()
    _spread(ground, touched)
    before: dict[UUID, UUID] = {}
    after: list[set[UUID]] = []
    finder = _Finder(ground)
    while touched:
        for referral in sorted(touched):
            circle = finder.of(referral)
            if circle is not None:
                after.append(circle)
        known = set(finder.settled)
        before |= _asked(_CIRCLES, known - before.keys())
        mates = _asked(_MEMBERS, set(before.values()))
        before |= mates
        touched = mates.keys() - known
    return _write(unit_id, before, [each for each in after if len(each) > 1], now)


class _Finder:
    """Finds the circle of each referral once."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._too_many: list[set[UUID]] = [set() for _ in ground.rule.steps]
        self.settled: set[UUID] = set()

    def of(self, referral: UUID) -> set[UUID] | None:
        """The circle of a referral, itself at least; None where it was found before."""
        if referral in self.settled:
            return None
        for place, least in enumerate(self._ground.rule.steps):
            if referral in self._too_many[place]:
                continue
            reached = _reached(self._ground, referral, least)
            if len(reached) <= self._ground.rule.most:
                self.settled |= reached
                return reached
            self._too_many[place] |= reached
        self.settled.add(referral)
        return {referral}


def _reached(ground: Ground, start: UUID, least: float) -> set[UUID]:
    """All that links of these odds reach from a referral; stops soon after these are too many."""
    seen, frontier, done = {start}, [start], set[UUID]()
    while frontier and len(seen) <= ground.rule.most:
        ground.load(frontier)
        found: set[UUID] = set()
        for referral in frontier:
            found |= ground.neighbours(referral, least, done)
        frontier = sorted(found - seen)
        seen |= found
    return seen


def _spread(ground: Ground, start: set[UUID]) -> None:
    """Ask for what changed and what lies around it in few statements."""
    seen, frontier = set(start), set(start)
    for _ in range(ROUNDS):
        ground.load(frontier)
        frontier = {other for each in frontier for other in ground.neighbours(each, ground.rule.steps[0])} - seen
        seen |= frontier
        if not frontier or len(seen) > len(start) + 4 * ground.rule.most:
            return


def _bearers(ground: Ground, values: Mapping[UUID, Touched]) -> set[UUID]:
    """Who else bears values that changed hands: one may have become a hub by it, or be none any more. Those that were hubs stay so."""
    kinds = ground.rule.kinds
    rows = [(value, kinds[each.kind].limit + len(each.by)) for value, each in sorted(values.items())]
    if not rows:
        return set()
    keys, most = sql.by_column(rows, 2)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_BEARERS, {"unit": ground.unit_id, "values": keys, "most": most})
        return {row[0] for row in cursor}


def _asked(text: str, keys: set[UUID]) -> dict[UUID, UUID]:
    if not keys:
        return {}
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, [sql.array(sorted(keys))])
        return dict(cursor.fetchall())


def named(before: Mapping[UUID, UUID], after: Sequence[set[UUID]]) -> Iterator[tuple[UUID | None, set[UUID]]]:
    """Each new circle with the old one that it goes on under: the one that it has most of, the oldest of several; None: a new one."""
    overlaps: list[tuple[int, UUID, int]] = []
    for place, circle in enumerate(after):
        counts = Counter(before[each] for each in circle if each in before)
        overlaps += [(-number, old, place) for old, number in counts.items()]
    names: dict[int, UUID] = {}
    taken: set[UUID] = set()
    for _, old, place in sorted(overlaps, key=lambda each: (each[0], each[1], min(after[each[2]]))):
        if old not in taken and place not in names:
            names[place] = old
            taken.add(old)
    for place, circle in enumerate(after):
        yield names.get(place), circle


def _write(unit_id: UUID, before: Mapping[UUID, UUID], after: Sequence[set[UUID]], now: datetime) -> Changes:
    made, now_in = [], dict[UUID, UUID]()
    for old, circle in named(before, after):
        name = old or new_id()
        made += [] if old else [name]
        now_in |= dict.fromkeys(circle, name)
    moved = {each: circle for each, circle in now_in.items() if before.get(each) != circle}
    gone = sorted(before.keys() - now_in.keys())
    with closing(connection.cursor()) as cursor:
        if made:
            cursor.execute(sql.insert_many("links_circle", _MADE), sql.by_column(((each, unit_id, 0, now) for each in made), 4))
        if moved:
            rows = ((each, circle, now) for each, circle in sorted(moved.items()))
            cursor.execute(sql.insert_many("links_circled", _IN, _MOVE), sql.by_column(rows, 3))
        if gone:
            cursor.execute(_LEAVE, [sql.array(gone)])
        counted = {*moved.values(), *(before[each] for each in [*moved, *gone] if each in before)}
        if counted:
            cursor.execute(_COUNT, [sql.array(sorted(counted))])
    return _changes(before, now_in, moved, gone)


def _changes(before: Mapping[UUID, UUID], now_in: Mapping[UUID, UUID], moved: Mapping[UUID, UUID], gone: Sequence[UUID]) -> Changes:
    """A circle that has nobody left, and whose members are all in one other, went up in it; else who is elsewhere now has left it."""
    found = Changes()
    standing, became = set(now_in.values()), dict[UUID, set[UUID | None]]()
    for each, old in before.items():
        became.setdefault(old, set()).add(now_in.get(each))
    for old, places in became.items():
        (first, *others) = places
        if old not in standing and first is not None and not others:
            found.merged[old] = first
    for each, circle in sorted(moved.items()):
        old_one = before.get(each)
        if old_one not in found.merged:
            found.joined.setdefault(circle, []).append(each)
    for each in sorted([*gone, *(each for each in moved if each in before)]):
        if before[each] not in found.merged:
            found.left.setdefault(before[each], []).append(each)
    return found
