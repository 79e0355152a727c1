"""Composes a report from its fate: who is named, what happened, which files, what the sender says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from grace.sdk.intake import Role
from grace.simulate.catalogue import Catalogue
from grace.simulate.chance import Dice
from grace.simulate.fate import Fate, Oracle
from grace.simulate.files import Files, spoil
from grace.simulate.names import ACCESS, EMPTY_ESCALATION, ESCALATIONS, TEXTS
from grace.simulate.people import Account, Capture, People, bared, device
from grace.simulate.places import STATES
from grace.simulate.referral import ENTICEMENT, MOLESTATION, POSSESSION, Referral
from grace.simulate.truth import Flaw, Reason

FIRST_NUMBER = 700_000_000
_EARLIER = 600_000_000
_BUNDLE = 25

_TYPE_BY_REASON = {
    Reason.ESCALATED: ENTICEMENT,
    Reason.ACCESS_TO_CHILD: MOLESTATION,
    Reason.YOUNG_VICTIM: MOLESTATION,
    Reason.ANNOTATED: ENTICEMENT,
    Reason.FRESH_FILE: ENTICEMENT,
}


@dataclass(frozen=True, slots=True)
class Composed:
    """A report and the flaw that it got, if it could be done."""

    referral: Referral
    flaw: Flaw | None


class Composer:
    """Composes any report of a plan."""

    def __init__(self, oracle: Oracle, catalogue: Catalogue) -> None:
        self._seed = oracle.plan.seed
        self._originals = oracle.originals
        plan = oracle.plan
        self.people = People(
            self._seed, 2 * oracle.originals + oracle.groups, plan.relay_share, plan.hidden_share, plan.moved_share, plan.shared_share
        )
        self._files = Files(oracle.plan, catalogue)

    def compose(self, fate: Fate) -> Composed:
        """The report of this fate."""
        dice = Dice(self._seed, "report", fate.source)
        accounts = self.accounts(fate)
        upload = self._upload(fate, accounts, dice)
        files, flaw = spoil(self._files.of(fate, upload), fate.flaw)
        domain = fate.provider.domain
        referral = Referral(
            number=FIRST_NUMBER + fate.source,
            provider=fate.provider,
            form=fate.form,
            incident_type=incident_type(fate, dice),
            incident_at=fate.moments.incident_at,
            received_at=fate.moments.received_at,
            page=f"https://{domain}/p/{fate.source}",
            text=" ".join(dice.pick(TEXTS) for _ in range(1 + dice.below(3))),
            escalation=_escalation(fate, dice),
            annotations=_annotations(fate, dice),
            bundled=fate.bundled,
            zoneless=flaw is Flaw.UNKNOWN_ZONE,
            accounts=accounts,
            files=files,
        )
        return Composed(referral, _possible(referral, flaw))

    def accounts(self, fate: Fate) -> tuple[Account, ...]:
        """Who is named: nobody by a hotline, many by a bundle, else one reported, at times a recipient, at times a victim."""
        if fate.provider.hotline:
            return ()
        if fate.bundled:
            return self._bundle(fate)
        dice = Dice(self._seed, "accounts", fate.source)
        named = [self._reported(fate, dice)]
        if fate.flooded:
            return tuple(bared(account) for account in named)
        if dice.chance(0.35):
            named.append(self._used(fate, 2 * fate.slot + 1, Role.RECIPIENT, self._state(fate, dice), 1 + dice.below(3)))
        if not fate.form.is_lea:
            named += self._victim(fate, dice)
        return tuple(bared(account) for account in named[:1]) if fate.incomplete else tuple(named)

    def _reported(self, fate: Fate, dice: Dice) -> Account:
        number, state = 2 * fate.slot, fate.state
        if fate.group is not None and "account" in fate.linked_by:
            number = 2 * self._originals + fate.group
            state = Dice(self._seed, "home", fate.group).below(len(STATES))
        account = self._used(fate, number, Role.REPORTED, state, 2 + dice.count(4, 20))
        if fate.group is not None and "device" in fate.linked_by:
            account = replace(account, device=device(self._seed, "group", fate.group))
        if fate.access:
            account = replace(account, access=dice.pick(ACCESS))
        earlier = (_EARLIER + dice.below(90_000_000),) if dice.chance(0.1) else ()
        return replace(account, earlier=earlier)

    def _used(self, fate: Fate, number: int, role: Role, state: int, uses: int) -> Account:
        account = self.people.account(number, role, state)
        captures = self.people.captures(account, fate.source, fate.moments.incident_at, fate.provider, uses)
        return replace(account, captures=captures)

    def _state(self, fate: Fate, dice: Dice) -> int:
        return fate.state if dice.chance(0.6) else dice.below(len(STATES))

    def _victim(self, fate: Fate, dice: Dice) -> list[Account]:
        young = fate.why is Reason.YOUNG_VICTIM and fate.stated
        if not young and not dice.chance(0.1):
            return []
        number = 3 * self._originals + 2 * self._originals + fate.slot
        account = self.people.account(number, Role.VICTIM, self._state(fate, dice))
        return [replace(account, born=None, age=6 + dice.below(6) if young else 13 + dice.below(5), device=None)]

    def _bundle(self, fate: Fate) -> tuple[Account, ...]:
        dice = Dice(self._seed, "bundle", fate.source)
        first = 10 * self._originals + fate.slot * _BUNDLE
        made = [self.people.account(first + one, Role.REPORTED, dice.below(len(STATES))) for one in range(_BUNDLE)]
        return tuple(replace(account, device=None, born=None) for account in made)

    def _upload(self, fate: Fate, accounts: tuple[Account, ...], dice: Dice) -> Capture | None:
        """How the files came: at the incident where they are fresh, else days or weeks before it."""
        captures = accounts[0].captures if accounts else ()
        if not captures:
            return None
        age = timedelta() if fate.fresh else timedelta(seconds=int(3 * 86_400 + dice.exponential(20 * 86_400)))
        return replace(captures[-1], at=fate.moments.incident_at - age)


def incident_type(fate: Fate, dice: Dice) -> str:
    """The sender's type: what speaks for the reason where it is stated, else possession with a few others among them."""
    if fate.why and fate.stated:
        return _TYPE_BY_REASON[fate.why]
    lot = dice.unit()
    if lot < 0.96:
        return POSSESSION
    return ENTICEMENT if lot < 0.99 else MOLESTATION


def _escalation(fate: Fate, dice: Dice) -> str | None:
    if not fate.escalates:
        return None
    return EMPTY_ESCALATION if fate.flooded else dice.pick(ESCALATIONS)


def _annotations(fate: Fate, dice: Dice) -> tuple[str, ...]:
    if fate.form.is_lea:
        return ()
    if fate.why is Reason.ANNOTATED and fate.stated:
        return ("sextortion",)
    return ("spam",) if dice.chance(0.03) else ()


def _possible(referral: Referral, flaw: Flaw | None) -> Flaw | None:
    """The flaw if this report can have it: times without a zone take times, a file too many takes a package."""
    if flaw is Flaw.UNKNOWN_ZONE and not any(account.captures for account in referral.accounts):
        return None
    if flaw is Flaw.FILE_EXTRA and not referral.form.carries_files:
        return None
    return flaw


def revise(referral: Referral, dice: Dice, later: timedelta) -> Referral:
    """The next version of a report: received later, with a correction and one more use of an address."""
    accounts = referral.accounts
    if accounts and accounts[0].captures:
        first = accounts[0]
        again = replace(first.captures[-1], at=referral.incident_at - timedelta(hours=1 + dice.below(20)), event="Login")
        accounts = (replace(first, captures=(*first.captures, again)), *accounts[1:])
    return replace(
        referral, received_at=referral.received_at + later, note="Corrected by the sender: one more login was found.", accounts=accounts
    )
