"""An invented world of outcomes whose truth is known: signals are drawn, and officers escalate with a probability that is computed.

Leads, victims and marks raise it along the directions that features have, some of them together more than each alone; what an officer
cannot see (a bend of its own for each referral) keeps it from being certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grace.priority.outcomes import Told
from grace.sdk.signals import KINDS, Basis, Signal

Floats = NDArray[np.float64]
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
TYPES = ("enticement", "distribution", "possession", "trafficking", "other")
_OF_TYPES = np.array([1.1, 0.0, -0.5, 1.4, -0.2])


@dataclass(frozen=True, slots=True)
class Drawn:
    """Signals of each referral, the true log-odds that it is escalated, and whether it was."""

    signals: list[list[Signal]]
    odds: Floats
    urgent: NDArray[np.bool_]


def draw(number: int, *, seed: int, base: float = -5.0) -> Drawn:
    """So many referrals; ``base`` moves the share of the urgent: -5 gives about 3 per cent, -8.6 about 0.18."""
    rng = np.random.default_rng(seed)

    def yes(share: float) -> Floats:
        return (rng.random(number) < share).astype(float)

    escalated, access, under, victims = yes(0.02), yes(0.03), yes(0.06), rng.poisson(0.15, number).astype(float)
    fresh, known, new = yes(0.08), rng.poisson(1.2, number).astype(float), rng.poisson(0.8, number).astype(float)
    age, ip_age = rng.exponential(20, number), rng.exponential(15, number)
    phones, precise, shared = (rng.poisson(rate, number).astype(float) for rate in (0.3, 0.8, 0.4))
    kind = rng.integers(0, len(TYPES), number)
    viral = np.where(yes(0.2) > 0, rng.integers(50, 4_000, number), 0).astype(float)
    odds = (
        base + 2.6 * escalated + 2.2 * access + 0.9 * under + 1.2 * np.minimum(victims, 3) + 1.1 * fresh - 0.25 * np.minimum(known, 4)
        + 0.35 * np.minimum(new, 4) + 1.4 * np.exp(-age / 5) + 0.5 * np.exp(-ip_age / 7) + 0.3 * np.minimum(phones, 2)
        + 0.25 * np.minimum(precise, 3) + 0.35 * np.minimum(shared, 3) + _OF_TYPES[kind] - 0.6 * (viral > 0)
        + 0.8 * (victims > 0) * (age < 3)
    )  # fmt: skip
    told: Mapping[str, Floats] = {
        "sender.escalated": escalated, "person.access_to_child": access, "person.victim_under_13": under, "person.victim_count": victims,
        "file.fresh": fresh, "file.known_count": known, "file.new_count": new, "incident.age_days": age, "ip.newest_age_days": ip_age,
        "contact.phone_count": phones, "ip.precise_count": precise, "link.shared_identifiers": shared, "group.viral": viral,
    }  # fmt: skip
    unsaid = {"incident.age_days": yes(0.15), "ip.newest_age_days": yes(0.3)}
    signals: list[list[Signal]] = []
    for row in range(number):
        said = {
            name: column[row]
            for name, column in told.items()
            if (name not in unsaid and column[row]) or (name in unsaid and not unsaid[name][row])
        }
        some = [Signal(name, _typed(name, value), Basis.REPORTED, "invented") for name, value in said.items()]
        signals.append([*some, Signal("incident.type", TYPES[kind[row]], Basis.REPORTED, "invented")])
    return Drawn(signals, odds, rng.random(number) < 1 / (1 + np.exp(-odds)))


def outcomes(drawn: Drawn) -> list[Told]:
    """What officers decided, one after another."""
    return [
        Told(bool(urgent), signals, BEGIN + timedelta(minutes=place))
        for place, (signals, urgent) in enumerate(zip(drawn.signals, drawn.urgent, strict=True))
    ]


def _typed(name: str, value: Any) -> Any:
    return KINDS[name].type(value)
