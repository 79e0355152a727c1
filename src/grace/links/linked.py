"""The links of one referral for a viewer of its unit: with whom, how strong, why; and the way from one referral to another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Invalid, Missing
from grace.links import lookalikes
from grace.links.ground import Borne, Ground, Sum
from grace.links.lookalikes import Lookalike
from grace.links.models import Bearing, Circled, Verdict
from grace.links.weights import strength
from grace.referrals.models import Referral
from grace.referrals.read import of_unit

LONGEST_WAY = 8
"""Links of a way that is looked for at most."""
MOST_SEEN = 5_000
"""Referrals that the search for a way looks at on each side."""
LEAST_ON_A_WAY = 1.0
"""The odds of a link that a way may take: more likely than not."""


@dataclass(frozen=True, slots=True)
class Why:
    """One value that two referrals share: its kind, what it is (identifiers only), how many of the unit share it, what it alone says.

    ``alike`` tells which two files look alike, where that is the value.
    """

    kind: str
    text: str
    shared_by: int
    basis: str
    since: datetime | None
    in_text: bool
    odds: float
    alike: Lookalike | None = None

    @property
    def strength(self) -> float:
        """From 0 to 1."""
        return strength(self.odds)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of one referral with another, which was received at ``at``; ``said`` is what an officer says of the pair."""

    one: UUID
    other: UUID
    at: datetime
    odds: float
    whys: tuple[Why, ...]
    said: Verdict | None

    @property
    def strength(self) -> float:
        """From 0 to 1, by the shared values alone."""
        return strength(self.odds)

    @property
    def is_cut(self) -> bool:
        """Whether an officer cut it."""
        return self.said is not None and self.said.says == Verdict.Says.CUT

    @property
    def is_confirmed(self) -> bool:
        """Whether an officer confirmed it."""
        return self.said is not None and self.said.says == Verdict.Says.CONFIRMED


@dataclass(frozen=True, slots=True)
class Hop:
    """The links of a referral, the strongest first, at most so many of ``whole``; ``times`` are those of all, without a limit of time.

    ``after`` is the key of the next ones, or empty.
    """

    links: list[Link]
    whole: int
    times: list[datetime]
    circle: UUID | None
    members: int
    after: str


def hop(viewer: Viewer, referral_id: UUID, span: tuple[datetime | None, datetime | None], most: int, after: str = "") -> Hop:
    """The links of a referral of the viewer's unit with what was received in a span of time. Raises ``Missing`` for any other."""
    viewer.require(Capability.READ)
    if not of_unit(viewer, [referral_id]):
        raise Missing(_("There is no such referral."))
    ground = Ground(viewer.unit_id)
    ground.load([referral_id])
    said = _said(viewer.unit_id, referral_id)
    sums = {other: Sum() for other, each in said.items() if each.says != Verdict.Says.WITHDRAWN}
    values: dict[UUID, list[UUID]] = {}
    for value, other in ground.shared(referral_id):
        sums.setdefault(other, Sum()).add(ground.values[value].kind, ground.odds(value, referral_id, other))
        values.setdefault(other, []).append(value)
    odds = {other: each.odds for other, each in sums.items() if each.odds >= ground.rule.shown or other in said}
    received = dict(Referral.objects.filter(id__in=list(odds), unit_id=viewer.unit_id).values_list("id", "received_at"))
    since, until = span
    inside = [each for each, at in received.items() if (since is None or at >= since) and (until is None or at < until)]
    inside.sort(key=lambda each: (-_rank(odds[each], said.get(each)), -received[each].timestamp(), each))
    shown = inside[_place(inside, after) :][:most]
    whys = _whys(ground, referral_id, {each: values.get(each, ()) for each in shown}, _texts(viewer.unit_id, referral_id))
    links = [Link(referral_id, each, received[each], odds[each], whys[each], said.get(each)) for each in shown]
    following = str(shown[-1]) if shown and shown[-1] != inside[-1] else ""
    return Hop(links, len(inside), sorted(received.values()), *_circle(referral_id), following)


def way(viewer: Viewer, start: UUID, end: UUID) -> list[Link] | None:
    """A shortest way of links from one referral of the viewer's unit to another; None where none was found within bounds."""
    viewer.require(Capability.READ)
    if len(of_unit(viewer, sorted({start, end}))) < len({start, end}):
        raise Missing(_("There is no such referral."))
    ground = Ground(viewer.unit_id)
    places = _way(ground, start, end)
    if places is None:
        return None
    received = dict(Referral.objects.filter(id__in=places).values_list("id", "received_at"))
    found = []
    for one, other in pairwise(places):
        values = [value for value, bearer in ground.shared(one) if bearer == other]
        total = Sum()
        for value in values:
            total.add(ground.values[value].kind, ground.odds(value, one, other))
        whys = _whys(ground, one, {other: values}, {})[other]
        found.append(Link(one, other, received[other], total.odds, whys, _said(viewer.unit_id, one).get(other)))
    return found


def _way(ground: Ground, start: UUID, end: UUID) -> list[UUID] | None:
    """Step by step from both ends, the smaller side first, until they meet."""
    before: tuple[dict[UUID, UUID | None], dict[UUID, UUID | None]] = ({start: None}, {end: None})
    edges = [[start], [end]]
    for _step in range(LONGEST_WAY):
        met = before[0].keys() & before[1].keys()
        if met:
            middle = min(met)
            return [*reversed(_back(before[0], middle)), *_back(before[1], middle)[1:]]
        side = 0 if len(edges[0]) <= len(edges[1]) else 1
        ground.load(edges[side])
        new: dict[UUID, UUID | None] = {}
        for each in edges[side]:
            new |= {other: each for other in sorted(ground.neighbours(each, LEAST_ON_A_WAY)) if other not in before[side]}
        before[side].update(new)
        edges[side] = sorted(new)
        if not new or len(before[side]) > MOST_SEEN:
            break
    met = before[0].keys() & before[1].keys()
    return [*reversed(_back(before[0], min(met))), *_back(before[1], min(met))[1:]] if met else None


def _back(before: Mapping[UUID, UUID | None], place: UUID) -> list[UUID]:
    found, step = [place], before[place]
    while step is not None:
        found.append(step)
        step = before[step]
    return found


def _rank(odds: float, said: Verdict | None) -> float:
    """Confirmed ones first, cut ones last."""
    if said is None or said.says == Verdict.Says.WITHDRAWN:
        return odds
    return 1e9 if said.says == Verdict.Says.CONFIRMED else -1.0


def _said(unit_id: UUID, referral: UUID) -> dict[UUID, Verdict]:
    """What stands of each pair with this referral."""
    rows = Verdict.objects.select_related("officer").filter(Q(one_id=referral) | Q(other_id=referral), unit_id=unit_id).order_by("id")
    return {each.other_id if each.one_id == referral else each.one_id: each for each in rows}


def _texts(unit_id: UUID, referral: UUID) -> dict[UUID, str]:
    rows = Bearing.objects.filter(unit_id=unit_id, referral_id=referral, identifier__isnull=False)
    return dict(rows.values_list("value", "identifier__value"))


def _whys(ground: Ground, one: UUID, shared: Mapping[UUID, Collection[UUID]], texts: Mapping[UUID, str]) -> dict[UUID, tuple[Why, ...]]:
    """Why a referral is linked with each of others, by the values that they share, what says most first."""
    looks = {value for values in shared.values() for value in values if ground.values[value].kind == "look"}
    alike = lookalikes.nearest(ground.unit_id, one, shared, looks) if looks else {}
    return {
        other: tuple(
            sorted((_why(ground, (one, other), value, texts, alike.get((other, value))) for value in values), key=lambda each: -each.odds)
        )
        for other, values in shared.items()
    }


def _why(ground: Ground, pair: tuple[UUID, UUID], value: UUID, texts: Mapping[UUID, str], alike: Lookalike | None) -> Why:
    shared = ground.values[value]
    sides = [shared.bearers[each] for each in pair]
    in_text, odds = any(each.in_text for each in sides), ground.odds(value, *pair)
    return Why(shared.kind, texts.get(value, ""), len(shared.bearers), sides[0].basis, _since(sides), in_text, odds, alike)


def _place(referrals: Sequence[UUID], after: str) -> int:
    """Where to go on behind a key. Raises ``Invalid`` for one that is none, or names nothing here any more."""
    if not after:
        return 0
    found = next((place for place, each in enumerate(referrals) if str(each) == after), None)
    if found is None:
        raise Invalid(_("This is no key of a page, or its link is gone."), remedy=_("Begin again with the first page."))
    return found + 1


def _since(sides: Sequence[Borne]) -> datetime | None:
    """Since when both state the value: the later of their first times."""
    times = [each.first for each in sides if each.first is not None]
    return max(times) if len(times) == len(sides) else None


def _circle(referral: UUID) -> tuple[UUID | None, int]:
    found = Circled.objects.select_related("circle").filter(referral_id=referral).first()
    return (found.circle_id, found.circle.members) if found else (None, 0)
