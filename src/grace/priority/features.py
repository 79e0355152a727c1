"""What a ranker may look at: the published signals and nothing else, each on its axis, with the direction that sense demands.

The table names every published kind, so that a new one has to be judged before a ranker can be trained (a test compares). What may
never be said of a reported person is no published kind, and a term that speaks of it is left out here: :func:`is_denied`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from grace.priority.axes import Axis
from grace.sdk.signals import KINDS, Basis, Signal, SignalValue, is_denied

UP, DOWN, ANY = 1, -1, 0
_C, _A, _U, _N = Axis.COMPLETENESS, Axis.ACTIONABILITY, Axis.URGENCY, Axis.NOVELTY
_JUDGED: Mapping[str, tuple[Axis, int]] = {
    "sender.escalated": (_U, UP),
    "sender.escalated_over_share": (_U, ANY),
    "sender.bundled": (_A, DOWN),
    "sender.annotated": (_U, ANY),
    "incident.type": (_U, ANY),
    "incident.age_days": (_U, DOWN),
    "incident.time_stated": (_C, ANY),
    "person.reported_count": (_A, ANY),
    "person.victim_count": (_U, UP),
    "person.victim_under_13": (_U, UP),
    "person.named": (_A, UP),
    "person.access_to_child": (_U, UP),
    "contact.verified": (_A, UP),
    "contact.email_count": (_A, UP),
    "contact.phone_count": (_A, UP),
    "contact.account": (_A, UP),
    "ip.count": (_A, ANY),
    "ip.precise_count": (_A, UP),
    "ip.newest_age_days": (_A, DOWN),
    "device.count": (_A, UP),
    "text.present": (_C, ANY),
    "text.class": (_U, ANY),
    "zone.unknown_count": (_C, DOWN),
    "file.named_count": (_C, ANY),
    "file.present_count": (_C, ANY),
    "file.missing_count": (_C, ANY),
    "file.changed_count": (_C, ANY),
    "file.viewed_count": (_C, ANY),
    "file.known_count": (_N, DOWN),
    "file.near_count": (_N, DOWN),
    "file.negative_count": (_N, DOWN),
    "file.common_count": (_N, DOWN),
    "file.new_count": (_N, UP),
    "file.seen_in_referrals": (_N, DOWN),
    "file.place_count": (_A, UP),
    "file.device_count": (_A, UP),
    "file.generator_count": (_N, ANY),
    "file.appended_count": (_C, ANY),
    "file.class": (_U, ANY),
    "file.fresh": (_U, UP),
    "link.earlier_reports": (_A, UP),
    "group.viral": (_N, DOWN),
    "group.duplicate": (_N, DOWN),
    "link.shared_identifiers": (_A, UP),
}
"""Axis and direction of every published kind. A lead, a victim or a mark of danger never lowers a rank; what is known or everywhere
never raises it, and stands on the axis of novelty alone."""

BETWEEN = "="
"""Between kind and term in the name of a feature that asks for a term."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that a ranker looks at: a kind, or of a kind with words one term. ``is_counted``: not said means none."""

    name: str
    kind: str
    term: str
    axis: Axis
    direction: int
    is_counted: bool


def feature(name: str) -> Feature:
    """The feature of this name. Raises ``ValueError`` for what is not published, and for what may never be looked at."""
    kind, _between, term = name.partition(BETWEEN)
    judged = _JUDGED.get(kind)
    if judged is None or kind not in KINDS or is_denied(kind) or is_denied(term) or (KINDS[kind].type is str) is not bool(term):
        raise ValueError(f"not a feature: {name}")
    return Feature(name, kind, term, *judged, is_counted=KINDS[kind].type is not float)


def without_terms() -> list[Feature]:
    """Every feature but those that ask for a term."""
    return [feature(name) for name, kind in KINDS.items() if kind.type is not str]


def of_terms(told: Iterable[Mapping[str, float]], least: int) -> list[Feature]:
    """The features that ask for a term which occurs in at least so many referrals, by name."""
    counts: dict[str, int] = {}
    for each in told:
        for name in each:
            if BETWEEN in name:
                counts[name] = counts.get(name, 0) + 1
    return [feature(name) for name, number in sorted(counts.items()) if number >= least and not is_denied(name.partition(BETWEEN)[2])]


def valued(signals: Iterable[Signal]) -> dict[str, float]:
    """What is said of a referral, by the name of the feature. What officers said is left out: it would be the outcome itself.

    Counts of several sources add up, of several ages the youngest counts, a yes outweighs a no, as for rules.
    """
    given: dict[str, list[SignalValue]] = {}
    for signal in signals:
        if signal.basis is not Basis.OFFICER:
            given.setdefault(signal.kind, []).append(signal.value)
    told: dict[str, float] = {}
    for kind, values in given.items():
        if KINDS[kind].type is str:
            told.update((f"{kind}{BETWEEN}{term}", 1.0) for term in values)
        else:
            told[kind] = _one(KINDS[kind].type, [float(value) for value in values])
    return told


def _one(of: type, values: Sequence[float]) -> float:
    if of is bool:
        return max(values)
    return min(values) if of is float else sum(values)


JUDGED: Mapping[str, tuple[Axis, int]] = MappingProxyType(dict(_JUDGED))
