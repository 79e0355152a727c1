"""What becomes of each document: decided first and cheaply, from the seed and its index alone."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import accumulate, chain

from grace.simulate.chance import Dice, Shuffle, Weighted
from grace.simulate.names import FLOODER, PROVIDERS, Provider
from grace.simulate.places import STATES
from grace.simulate.plan import Form, WorldPlan
from grace.simulate.times import Calendar, Moments
from grace.simulate.truth import Flaw, Reason, Resend

_GROUP_SIZE = 4
_RESEND_GAP = 20
_BUNDLED = 0.7

_SAID_BY: dict[Reason, tuple[bool, bool]] = {
    Reason.ESCALATED: (False, True),
    Reason.ACCESS_TO_CHILD: (True, False),
    Reason.YOUNG_VICTIM: (False, True),
    Reason.FRESH_FILE: (True, True),
    Reason.ANNOTATED: (False, True),
}
"""Which format has a place for the reason: LEA JSON, CyberTipline XML; the print only for what both have."""

_PLAIN_FLAWS = (Flaw.UNKNOWN_ZONE, Flaw.FILE_MISSING, Flaw.FILE_EXTRA, Flaw.FILE_CHANGED)


class _Lot(IntEnum):
    """What sets an original apart, in the order of the plan's exact shares; no original has two of these."""

    URGENT = 0
    FLOODED = 1
    ALARM = 2
    TRUNCATED = 3
    ORDINARY = 4


@dataclass(frozen=True, slots=True)
class Fate:
    """The lot of one report: ``slot`` is its number among the originals, ``source`` the index of its first document."""

    source: int
    slot: int
    form: Form
    provider: Provider
    state: int
    moments: Moments
    why: Reason | None = None
    stated: bool = False
    escalates: bool = False
    access: bool = False
    fresh: bool = False
    flooded: bool = False
    viral: bool = False
    bundled: bool = False
    incomplete: bool = False
    group: int | None = None
    linked_by: tuple[str, ...] = ()
    flaw: Flaw | None = None


class Oracle:
    """Foretells the fate of any document of a plan; holds a few small tables."""

    def __init__(self, plan: WorldPlan) -> None:
        self.plan = plan
        resends = round(plan.referrals * (plan.duplicate_share + plan.version_share))
        self.resends = min(resends, plan.referrals - 1)
        self.versions = round(plan.referrals * plan.version_share)
        self.originals = plan.referrals - self.resends
        self.groups = max(1, round(self.originals * plan.linked_share / _GROUP_SIZE))
        self.calendar = Calendar(plan)
        self._order = Shuffle(plan.referrals, plan.seed, "order")
        self._urgency = Shuffle(self.originals, plan.seed, "urgency")
        self._quality = Shuffle(self.originals, plan.seed, "quality")
        shares = (plan.urgent_share, plan.flood_share, plan.false_alarm_share, plan.truncated_share)
        self._bounds = tuple(accumulate(round(self.originals * share) for share in shares))
        self._viral = round(self.originals * plan.viral_share)
        self._incomplete = self._viral + round(self.originals * plan.incomplete_share)
        self._reasons = tuple(reason for reason in Reason if any(_has_place(reason, form) for form, _ in plan.forms))
        self._forms = cache(self._fitting)
        self._providers = Weighted([(provider, provider.weight) for provider in PROVIDERS])
        self._states = Weighted([(index, state.weight) for index, state in enumerate(STATES)])

    def resend(self, index: int) -> tuple[Resend, int] | None:
        """How document ``index`` repeats another, and which; None for an original. The other mostly came shortly before."""
        place = self._order.place(index)
        if place >= self.resends:
            return None
        step = 1 + int(Dice(self.plan.seed, "resend", index).exponential(_RESEND_GAP))
        kind = Resend.VERSION if place < self.versions else Resend.DUPLICATE
        return kind, self._original_near(max(0, index - step))

    def _original_near(self, index: int) -> int:
        for candidate in chain(range(index, -1, -1), range(index + 1, self.plan.referrals)):
            if self._order.place(candidate) >= self.resends:
                return candidate
        raise IndexError(index)

    def fate(self, source: int) -> Fate:
        """The fate of the original document ``source``."""
        slot = self._order.place(source) - self.resends
        dice = Dice(self.plan.seed, "fate", source)
        rank, quality = self._urgency.place(slot), self._quality.place(slot)
        lot = _Lot(bisect_right(self._bounds, rank))
        why = self._reasons[rank % len(self._reasons)] if lot is _Lot.URGENT else None
        form = self._forms(why, tip=lot in {_Lot.FLOODED, _Lot.ALARM}).draw(dice)
        stated = why is not None and not Dice(self.plan.seed, "quiet", source).chance(self.plan.quiet_share)
        viral = quality < self._viral and lot is not _Lot.FLOODED
        group, linked_by = self._link(dice, lot)
        fresh = (why is Reason.FRESH_FILE and stated) or (lot is _Lot.ORDINARY and dice.chance(0.05))
        shared = group if "account" in linked_by else None
        return Fate(
            source=source,
            slot=slot,
            form=form,
            provider=self._provider(dice, lot, shared),
            state=self._states.draw(dice),
            moments=self.calendar.moments(source, form, prompt=fresh or why is not None),
            why=why,
            stated=stated,
            escalates=not form.is_lea and _speaks(lot, stated=stated, fits=why is Reason.ESCALATED),
            access=form.is_lea and not form.is_print and _speaks(lot, stated=stated, fits=why is Reason.ACCESS_TO_CHILD),
            fresh=fresh,
            flooded=lot is _Lot.FLOODED,
            viral=viral,
            bundled=viral and not form.is_lea and why is None and dice.chance(_BUNDLED),
            incomplete=self._viral <= quality < self._incomplete and why is None,
            group=group,
            linked_by=linked_by,
            flaw=Flaw.TRUNCATED if lot is _Lot.TRUNCATED else self._flaw(dice),
        )

    def _fitting(self, why: Reason | None, *, tip: bool) -> Weighted[Form]:
        """The forms that have a place for what the report says; any, where the plan has none that fits."""
        forms = self.plan.forms
        fitting = [(form, weight) for form, weight in forms if (why is None or _has_place(why, form)) and not (tip and form.is_lea)]
        return Weighted(fitting or forms)

    def _provider(self, dice: Dice, lot: _Lot, shared: int | None) -> Provider:
        if lot is _Lot.FLOODED:
            return FLOODER
        provider = self._providers.draw(dice if shared is None else Dice(self.plan.seed, "group", shared))
        names_accounts = lot in {_Lot.URGENT, _Lot.ALARM} or shared is not None
        return PROVIDERS[0] if provider.hotline and names_accounts else provider

    def _link(self, dice: Dice, lot: _Lot) -> tuple[int | None, tuple[str, ...]]:
        if lot is _Lot.FLOODED or not dice.chance(self.plan.linked_share):
            return None, ()
        draw = dice.unit()
        by = ("account", "device") if draw < 0.5 else ("device",) if draw < 0.75 else ("file",)
        return dice.below(self.groups), by

    def _flaw(self, dice: Dice) -> Flaw | None:
        return dice.pick(_PLAIN_FLAWS) if dice.chance(self.plan.flaw_share) else None


def _has_place(reason: Reason, form: Form) -> bool:
    in_lea, in_tip = _SAID_BY[reason]
    if form.is_print:
        return in_lea and in_tip
    return in_lea if form.is_lea else in_tip


def _speaks(lot: _Lot, *, stated: bool, fits: bool) -> bool:
    return lot in {_Lot.FLOODED, _Lot.ALARM} or (stated and fits)
