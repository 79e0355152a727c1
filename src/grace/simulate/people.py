"""Invented people with their accounts, devices and addresses. Nobody here exists; every identifier is reserved or made up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from grace.sdk.intake import Kind, Role
from grace.simulate.chance import Dice, Shuffle, fold
from grace.simulate.names import FAMILY, GIVEN, STREETS, Provider
from grace.simulate.places import STATES, ipv4, ipv6, phone, relay_ipv4, relay_ipv6, relays

_MAILS = ("mail.example.com", "post.example.net", "box.example.org")
_HANDLES = ("quiet_ferry", "blue_bridge", "forty_stairs", "west_wind", "lamp_pier", "low_tide", "green_bench", "river_fog")
_VERIFIED = (True, True, False, None)
_FOUR_TENTHS, _HALF, _SEVEN_TENTHS = (int(share * 2**32) for share in (0.4, 0.5, 0.7))
_BIRTHS = date(1955, 1, 1)
_INHABITANTS = sum(each.weight for each in STATES)
_SHARERS = 8
"""Accounts on one line, where a line is shared."""


class Way(StrEnum):
    """Whether an address says where its user is: a line of the user's own; a relay that the table of networks knows; one that nobody knows."""

    OWN = "own"
    RELAY = "relay"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Capture:
    """A use of an address: when (UTC, None: not stated), from which port, and what happened.

    ``way`` tells how the address came to be used; ``proxy`` is what the sender says of it, where the format has a place.
    """

    ip: str
    event: str | None
    at: datetime | None
    port: int | None
    way: Way = Way.OWN
    proxy: bool | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A person or account as a report names it. None means that the report does not say.

    ``lived`` is the state of the street where that is an address of long ago: the account is elsewhere now. ``payment`` is a name
    for payments, with its sign of money; few senders state one, and the world leaves it out.
    """

    role: Role
    state: int
    user_id: str
    screen_name: str | None
    given: str | None = None
    middle: str | None = None
    family: str | None = None
    email: str | None = None
    email_verified: bool | None = None
    phone: str | None = None
    phone_verified: bool | None = None
    device: str | None = None
    payment: str | None = None
    street: str | None = None
    lived: int | None = None
    born: date | None = None
    age: int | None = None
    access: str | None = None
    bio: str | None = None
    earlier: tuple[int, ...] = ()
    captures: tuple[Capture, ...] = ()

    @property
    def states_its_place(self) -> bool:
        """True where the report gives the state away without asking a network."""
        return self.street is not None or self.phone is not None

    @property
    def gives_its_place(self) -> bool:
        """True where the report gives the state away, be it by the table of networks; relays and old streets give nothing away."""
        lives_there = self.street is not None and self.lived is None
        return lives_there or self.phone is not None or any(capture.way is Way.OWN for capture in self.captures)

    @property
    def misleads(self) -> bool:
        """True where a line seems to be the user's own, or a street the present one, and is in another state: nobody could know."""
        return (self.street is not None and self.lived is not None) or any(capture.way is Way.HIDDEN for capture in self.captures)

    def identifiers(self) -> tuple[tuple[Kind, str], ...]:
        """What identifies this account, in normal spellings; captures' addresses once each."""
        named = (
            (Kind.EMAIL, self.email.lower() if self.email else None),
            (Kind.PHONE, self.phone),
            (Kind.USER_ID, self.user_id),
            (Kind.SCREEN_NAME, self.screen_name),
            (Kind.DEVICE, self.device),
            (Kind.PAYMENT, self.payment),
        )
        stated = tuple((kind, value) for kind, value in named if value)
        return stated + tuple((Kind.IP, ip) for ip in dict.fromkeys(capture.ip for capture in self.captures))


class People:
    """Any number of accounts, found by their number; ``size`` is how many may need a telephone number of their own.

    ``relayed`` and ``hidden`` are the shares of accounts that use known relays, and lines in other states that nobody knows of;
    ``moved`` is the share whose street is one of long ago, ``shared`` that of accounts on a line that several share.
    """

    def __init__(self, seed: int, size: int, relayed: float = 0.0, hidden: float = 0.0, moved: float = 0.0, shared: float = 0.0) -> None:
        self._seed = seed
        self._shared = shared
        self._moved = int(moved * 2**32)
        self._ways = (relayed, relayed + hidden)
        self._slots = Shuffle(size, seed, "phones")
        self._size = size

    def account(self, number: int, role: Role, state: int) -> Account:
        """Account ``number``: the same number in the same state is the same account."""
        lots = Dice(self._seed, "account", number).numbers()
        given, family = GIVEN[lots[0] % len(GIVEN)], FAMILY[lots[1] % len(FAMILY)]
        called = lots[2] < _SEVEN_TENTHS
        line = phone(state, self._slots.place(number)) if number < self._size and lots[3] < _HALF else None
        return Account(
            role=role,
            state=state,
            user_id=str(100_000_000_000 + number * 13),
            screen_name=f"{_HANDLES[lots[4] % len(_HANDLES)]}_{number:x}",
            given=given if called else None,
            family=family if called else None,
            email=f"{given}.{family}.{number:x}@{_MAILS[lots[5] % len(_MAILS)]}",
            email_verified=_VERIFIED[lots[6] % len(_VERIFIED)],
            phone=line,
            phone_verified=_VERIFIED[lots[7] % len(_VERIFIED)] if line else None,
            device=device(self._seed, "own", number) if lots[8] < _FOUR_TENTHS else None,
            street=f"{STREETS[lots[9] % len(STREETS)]} {1 + lots[10] % 99}" if lots[11] < _FOUR_TENTHS else None,
            lived=_other(state, lots[15]) if lots[14] < self._moved else None,
            born=_BIRTHS + timedelta(days=lots[12] % 18_000) if lots[13] < _HALF else None,
        )

    def captures(self, account: Account, key: int, incident_at: datetime, provider: Provider, count: int) -> tuple[Capture, ...]:
        """``count`` uses of two addresses of the account in the weeks up to the incident; the last of a reported one is the upload."""
        dice = Dice(self._seed, "captures", account.user_id, key)
        way, proxy = self._way(account)
        lines = self._lines(account, way, dice)
        last = provider.event if account.role is Role.REPORTED else "Login"
        made = []
        for back in range(count, 0, -1):
            at = incident_at - timedelta(seconds=int(dice.exponential(4 * 86_400)) if back > 1 else 0)
            event = last if back == 1 else dice.pick(("Login", "Login", "Registration", None))
            port = 1024 + dice.below(64_000) if dice.chance(0.6) else None
            made.append(Capture(lines[0] if dice.chance(0.7) else lines[1], event, at, port, way, proxy))
        return tuple(made)

    def _way(self, account: Account) -> tuple[Way, bool | None]:
        """How this account reaches the service, and whether its sender saw a proxy: of known relays in half the cases."""
        relayed, other = self._ways
        if not other:
            return Way.OWN, None
        dice = Dice(self._seed, "way", account.user_id)
        lot = dice.unit()
        if lot < relayed:
            return Way.RELAY, True if dice.chance(0.5) else None
        return (Way.HIDDEN if lot < other else Way.OWN), None

    def _lines(self, account: Account, way: Way, dice: Dice) -> tuple[str, str]:
        word = fold(self._seed, "line", account.user_id)
        if way is Way.RELAY:
            relay = word % relays()
            return relay_ipv6(relay, word), relay_ipv4(relay, dice)
        state = account.state
        if way is Way.HIDDEN:
            state = _other(state, word)
        if self._shared and Dice(self._seed, "shared", account.user_id).chance(self._shared):
            lines = max(1, round(self._size * self._shared * STATES[state].weight / _INHABITANTS / _SHARERS))
            word = fold(self._seed, "shared line", state, word % lines)
        return ipv6(state, word), ipv4(state, dice)


def _other(state: int, word: int) -> int:
    """Any state but this one."""
    return (state + 1 + word % (len(STATES) - 1)) % len(STATES)


def device(seed: int, word: str, number: int) -> str:
    """An invented device number; the word keeps the devices of groups apart from those of single accounts."""
    return f"FICT-{fold(seed, 'device', word, number):016X}"


def bared(account: Account) -> Account:
    """The account with nothing left by which to reach it: what an incomplete report says of it."""
    return replace(
        account,
        given=None,
        family=None,
        email=None,
        email_verified=None,
        phone=None,
        phone_verified=None,
        device=None,
        street=None,
        born=None,
        captures=(),
    )


def home(account: Account) -> tuple[str, str]:
    """Place and state code of the account's address."""
    state = STATES[account.state if account.lived is None else account.lived]
    return state.place, state.code
