"""The states, and the addresses and telephone numbers that belong to no one: documentation and drama ranges only."""

from __future__ import annotations

from dataclasses import dataclass

from grace.simulate.chance import Dice


@dataclass(frozen=True, slots=True)
class State:
    """A member state: ISO 3166-1 code (Greece is GR), a place in it, and its share of the referrals by weight."""

    code: str
    place: str
    weight: float


STATES: tuple[State, ...] = (
    State("AT", "Wien", 9),
    State("BE", "Gent", 12),
    State("BG", "Sofia", 7),
    State("CY", "Nicosia", 1),
    State("CZ", "Praha", 11),
    State("DE", "Kassel", 84),
    State("DK", "Aarhus", 6),
    State("EE", "Tartu", 1),
    State("ES", "Burgos", 48),
    State("FI", "Turku", 5),
    State("FR", "Lille", 68),
    State("GR", "Patras", 10),
    State("HR", "Split", 4),
    State("HU", "Szeged", 10),
    State("IE", "Cork", 5),
    State("IT", "Parma", 59),
    State("LT", "Kaunas", 3),
    State("LU", "Luxembourg", 1),
    State("LV", "Riga", 2),
    State("MT", "Valletta", 1),
    State("NL", "Utrecht", 18),
    State("PL", "Gdynia", 37),
    State("PT", "Braga", 10),
    State("RO", "Cluj", 19),
    State("SE", "Malmö", 10),
    State("SI", "Maribor", 2),
    State("SK", "Košice", 5),
)
"""The 27 member states; the weights are inhabitants in millions, rounded up."""

_DOCUMENTATION = ("192.0.2", "198.51.100", "203.0.113")
_BLOCK = 16
_RELAY_BLOCK = 240


@dataclass(frozen=True, slots=True)
class _Numbers:
    """A range set aside for drama: ``lead`` as dialled from abroad, then ``digits`` from ``first`` on, ``size`` of them."""

    lead: str
    digits: int
    first: int
    size: int

    def number(self, offset: int) -> str:
        return f"{self.lead}{self.first + offset:0{self.digits}d}"


# Set aside for films and examples by the regulators: ARCEP (FR), Bundesnetzagentur (DE), PTS (SE), ComReg (IE).
_DRAMA: dict[str, tuple[_Numbers, ...]] = {
    "FR": tuple(_Numbers(lead, 4, 0, 10_000) for lead in ("+3363998", "+3319900", "+3326191", "+3335301", "+3346571", "+3353649")),
    "DE": tuple(_Numbers(lead, 3, 0, 1_000) for lead in ("+493023125", "+496990009", "+494066969", "+492214710", "+498999998")),
    "SE": (_Numbers("+46701740", 3, 605, 95), _Numbers("+46313900", 3, 600, 100), _Numbers("+46846500", 3, 400, 100)),
    "IE": (_Numbers("+3532091", 5, 0, 100_000),),
}


def phone(state: int, slot: int) -> str | None:
    """The ``slot``-th drama number of the state in E.164, or None where the state's ranges hold no such number.

    Different slots give different numbers: numbers are shared only by those who share a slot.
    """
    for numbers in _DRAMA.get(STATES[state].code, ()):
        if slot < numbers.size:
            return numbers.number(slot)
        slot -= numbers.size
    return None


def ipv4(state: int, dice: Dice) -> str:
    """One of the 14 documentation addresses (RFC 5737) that the world gives to this state."""
    return f"{_DOCUMENTATION[state % 3]}.{_BLOCK * (state // 3) + 1 + dice.below(14)}"


def ipv6(state: int, word: int) -> str:
    """A documentation address (RFC 3849) of this state, made of the 40 low bits of ``word``; in its normal spelling.

    No group is zero, so nothing is to be compressed.
    """
    tail = (word >> 20 & 0xFFFFF, word & 0xFFFFF)
    groups = [part for number in tail for part in (1 + (number >> 10), 1 + (number & 0x3FF))]
    return f"2001:db8:{state + 1:x}00:1:" + ":".join(f"{group:x}" for group in groups)


_RELAYS: tuple[str, ...] = ("NL", "RO", "SE")
"""Where the invented computers for hire stand: whoever speaks through one may be anywhere."""


def relay_ipv4(relay: int, dice: Dice) -> str:
    """One of the 14 documentation addresses of this relay."""
    return f"{_DOCUMENTATION[relay]}.{_RELAY_BLOCK + 1 + dice.below(14)}"


def relay_ipv6(relay: int, word: int) -> str:
    """A documentation address of this relay, spelled as those of the states are."""
    return f"2001:db8:f{relay}00:1:" + ipv6(0, word).split(":1:", 1)[1]


def relays() -> int:
    """How many relays there are."""
    return len(_RELAYS)


def networks() -> tuple[tuple[str, str, str], ...]:
    """Which network is in which state: ``(prefix, code, kind)``; invented, as no registry gives these ranges to anyone.

    The kind is ``hosting`` for computers for hire, else empty.
    """
    rows = []
    for index, state in enumerate(STATES):
        rows.append((f"{_DOCUMENTATION[index % 3]}.{_BLOCK * (index // 3)}/28", state.code, ""))
        rows.append((f"2001:db8:{index + 1:x}00::/40", state.code, ""))
    for index, code in enumerate(_RELAYS):
        rows.append((f"{_DOCUMENTATION[index]}.{_RELAY_BLOCK}/28", code, "hosting"))
        rows.append((f"2001:db8:f{index}00::/40", code, "hosting"))
    return tuple(rows)
