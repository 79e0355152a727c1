"""What a room has to say to priority: signals of published kinds. Only priority's rules turn them into points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

SignalValue = bool | int | float | str


class Basis(StrEnum):
    """Where a statement comes from; a model's estimate is never stored as a fact (law, L8)."""

    REPORTED = "reported"
    OBSERVED = "observed"
    MODEL = "model"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing known about one referral. ``source`` names what it rests on: a path, a list, an analyser; no values."""

    kind: str
    value: SignalValue
    basis: Basis
    source: str


@dataclass(frozen=True, slots=True)
class SignalKind:
    """A published kind: its name, the type of its value, and what it means."""

    name: str
    type: type[bool | int | float | str]
    meaning: str


DENIED: frozenset[str] = frozenset(
    {
        "nationality",
        "ethnicity",
        "race",
        "races",
        "religion",
        "personality",
        "gender",
        "languages",
        "health",
        "disability",
        "disabilities",
        "pronouns",
        "date_of_birth",
        "age",
    }
)
"""What may never be said of a reported person in a signal, a rule or a model (AI Act, Art. 5; DESIGN, Assessment)."""

_OF_EVENTS = frozenset({"incident.age_days", "ip.newest_age_days"})
"""Kinds whose "age" is that of an event or an address in days, not a person's."""


def is_denied(name: str) -> bool:
    """Whether a kind of this name would speak of what is denied: as whole words, in any order of room and subject."""
    words = f"_{name.lower().replace('.', '_').replace('-', '_')}_"
    return name not in _OF_EVENTS and any(f"_{denied}_" in words for denied in DENIED)


def _kinds(*kinds: SignalKind) -> Mapping[str, SignalKind]:
    """The kinds by name. Raises ``ValueError`` for a denied one: it can never be published, so nothing can rest on it."""
    for kind in kinds:
        if is_denied(kind.name):
            raise ValueError(f"{kind.name} may not be a signal (AI Act, Art. 5)")
    return MappingProxyType({kind.name: kind for kind in kinds})


KINDS: Mapping[str, SignalKind] = _kinds(
    SignalKind("sender.escalated", bool, "the sender calls this referral urgent, within its daily share"),
    SignalKind("sender.escalated_over_share", bool, "the sender calls it urgent, beyond its daily share: review the sender"),
    SignalKind("sender.bundled", bool, "the sender says that many accounts shared the same material"),
    SignalKind("sender.annotated", str, "an annotation of the sender, by its schema name; one signal each"),
    SignalKind("incident.type", str, "the sender's incident type, as a stable short name"),
    SignalKind("incident.age_days", float, "days from the incident to the receipt"),
    SignalKind("incident.time_stated", bool, "the time of the incident is stated with its zone"),
    SignalKind("person.reported_count", int, "persons or accounts reported"),
    SignalKind("person.victim_count", int, "victims named"),
    SignalKind("person.victim_under_13", bool, "a victim's stated age is below 13"),
    SignalKind("person.named", bool, "a reported person has a name"),
    SignalKind("person.access_to_child", bool, "access to a child is stated of a reported person"),
    SignalKind("contact.verified", bool, "an e-mail address or phone number that the sender verified"),
    SignalKind("contact.email_count", int, "e-mail addresses of reported persons"),
    SignalKind("contact.phone_count", int, "phone numbers of reported persons"),
    SignalKind("contact.account", bool, "a user id or screen name of a reported person"),
    SignalKind("ip.count", int, "sightings of IP addresses"),
    SignalKind("ip.precise_count", int, "sightings of IP addresses with port, second and zone"),
    SignalKind("ip.newest_age_days", float, "days from the newest sighting of an IP address to the receipt"),
    SignalKind("device.count", int, "devices named"),
    SignalKind("text.present", bool, "a chat or other text of the incident is there"),
    SignalKind(
        "text.class", str, "what a promoted model estimates that a text of the report says, by the term of its label; one signal each"
    ),
    SignalKind("zone.unknown_count", int, "times without a stated zone"),
    SignalKind("file.named_count", int, "files named"),
    SignalKind("file.present_count", int, "files whose bytes are here"),
    SignalKind("file.missing_count", int, "files named as sent whose bytes are not here"),
    SignalKind("file.changed_count", int, "files whose bytes differ from the sender's digest"),
    SignalKind("file.viewed_count", int, "files that the sender says it viewed"),
    SignalKind("file.known_count", int, "files on a hash list by exact digest"),
    SignalKind("file.near_count", int, "files near a listed picture by fingerprint"),
    SignalKind("file.negative_count", int, "files on a negative list: confirmed not of interest; may lower novelty only"),
    SignalKind("file.common_count", int, "files on a list of known files, such as published software; may lower novelty only"),
    SignalKind("file.new_count", int, "files on no list"),
    SignalKind("file.seen_in_referrals", int, "referrals that name the most widespread of its files"),
    SignalKind("file.place_count", int, "files that carry the place where they were made"),
    SignalKind("file.device_count", int, "files that carry the serial number of a device"),
    SignalKind("file.generator_count", int, "files that say that a program invented them"),
    SignalKind("file.appended_count", int, "files with further bytes behind their end"),
    SignalKind("file.class", str, "what a promoted model estimates that a file shows, by the term of its label; one signal each"),
    SignalKind("file.fresh", bool, "a file on no list, uploaded within two days of the report"),
    SignalKind("link.earlier_reports", int, "earlier reports that the sender names for the same account"),
    SignalKind("group.viral", int, "referrals in the group of its most widespread viral file"),
    SignalKind("group.duplicate", int, "referrals in its group of duplicates"),
    SignalKind("link.shared_identifiers", int, "other referrals that share a contact or account of a reported person"),
)
"""Every kind there is. A rule may use these only."""
