"""What a report itself has to say to priority: counts and yes-or-no facts, never a value of a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from grace.intake.normalise import Facts, PersonFact, SightingFact
from grace.referrals.incident_kinds import kind_of
from grace.sdk.intake import Kind, Report, Role
from grace.sdk.signals import Basis, Signal, SignalValue

_ACCESS_FIELDS = ("access_to_child_victim", "access_to_children")
_NEGATIVE = frozenset({"", "no", "none", "false", "0", "unknown", "not stated", "n/a", "not known"})
_YOUNG = 13
_DAY = 86_400.0


def signals(report: Report, facts: Facts, received: datetime) -> list[Signal]:
    """The signals of one report; ``received`` stands in where the report does not say when it was sent.

    Only what is stated speaks: identifiers that a search found in running text never move a referral, for anybody may write a text.
    """
    facts = replace(facts, sightings=tuple(each for each in facts.sightings if each.is_stated))
    sent = (facts.received.at if facts.received else None) or received
    told = [*_of_sender(report), *_of_incident(report, facts, sent), *_of_persons(facts), *_of_contacts(facts), *_of_addresses(facts, sent)]
    return [Signal(kind, value, Basis.REPORTED, f"{report.format}:{where}") for kind, value, where in told]


_Told = Iterator[tuple[str, SignalValue, str]]


def _of_sender(report: Report) -> _Told:
    if report.bundled:
        yield "sender.bundled", True, "bundle"
    for annotation in report.annotations:
        yield "sender.annotated", annotation, "annotations"
    if report.prior_numbers:
        yield "link.earlier_reports", len(report.prior_numbers), "prior numbers"


def _of_incident(report: Report, facts: Facts, sent: datetime) -> _Told:
    yield "incident.type", kind_of(report.incident_type), "incident type"
    incident = facts.incident
    if incident and incident.at:
        yield "incident.time_stated", incident.zone == "stated", "incident time"
        yield "incident.age_days", max(0.0, (sent - incident.at).total_seconds() / _DAY), "incident time"
    if report.passages or any(person.passages for person in report.persons):
        yield "text.present", True, "texts"
    unknown = sum(1 for each in facts.sightings if each.zone == "unknown" and each.at_written)
    if unknown:
        yield "zone.unknown_count", unknown, "times"


def _of_persons(facts: Facts) -> _Told:
    reported = [person for person in facts.persons if person.role is Role.REPORTED]
    victims = [person for person in facts.persons if person.role is Role.VICTIM]
    yield "person.reported_count", len(reported), "persons"
    if victims:
        yield "person.victim_count", len(victims), "persons"
        if any(_age(person) < _YOUNG for person in victims):
            yield "person.victim_under_13", True, "persons"
    if any(person.fields.get("last_name") or person.fields.get("first_name") for person in reported):
        yield "person.named", True, "persons"
    if any(_states_access(person.fields) for person in reported):
        yield "person.access_to_child", True, "persons"


def _of_contacts(facts: Facts) -> _Told:
    reported = {place for place, person in enumerate(facts.persons) if person.role is Role.REPORTED}
    theirs = [each for each in facts.sightings if each.person in reported and each.normalised]
    yield from _counted("contact.email_count", theirs, lambda each: each.kind is Kind.EMAIL)
    yield from _counted("contact.phone_count", theirs, lambda each: each.kind is Kind.PHONE)
    yield from _counted("device.count", facts.sightings, lambda each: each.kind is Kind.DEVICE)
    if any(each.verified and each.kind in {Kind.EMAIL, Kind.PHONE} for each in theirs):
        yield "contact.verified", True, "contacts"
    if any(each.kind in {Kind.USER_ID, Kind.SCREEN_NAME} for each in theirs):
        yield "contact.account", True, "accounts"


def _of_addresses(facts: Facts, sent: datetime) -> _Told:
    addresses = [each for each in facts.sightings if each.kind is Kind.IP and each.normalised]
    yield "ip.count", len(addresses), "addresses"
    yield "ip.precise_count", sum(1 for each in addresses if not each.weak), "addresses"
    times = [each.at for each in addresses if each.at]
    if times:
        yield "ip.newest_age_days", max(0.0, (sent - max(times)).total_seconds() / _DAY), "addresses"


def _counted(kind: str, sightings: Iterable[SightingFact], wanted: Callable[[SightingFact], bool]) -> _Told:
    number = len({each.value for each in sightings if wanted(each)})
    if number:
        yield kind, number, "identifiers"


def _states_access(fields: Mapping[str, str]) -> bool:
    return any(fields.get(name, "").strip().casefold() not in _NEGATIVE for name in _ACCESS_FIELDS)


def _age(person: PersonFact) -> float:
    digits = (person.fields.get("age") or person.fields.get("approximate_age") or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 3 else float("inf")
