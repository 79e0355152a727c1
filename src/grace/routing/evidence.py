"""What a report says about where somebody is or something happened: each piece with its weight and its place, no value copied.

Read are: states that a provider names as concerned, stated addresses and locations, telephone numbers, addresses of networks, zones of time, languages of texts and
screens. What a person is (nationality, languages spoken, ethnicity …) is not read: fields are read by an allow-list, and a
field of the deny list cannot get onto it. Addresses of whoever sends the report speak for nothing but its establishment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from grace.intake.normalise import Facts, PersonFact, SightingFact
from grace.routing.countries import country_at_end, country_of, country_of_zone, members
from grace.routing.phones import country_of_phone
from grace.routing.places import Places
from grace.routing.printed import country_of_print
from grace.routing.weights import Weights, plain_field
from grace.routing.words import Criterion, Evidence, Mark, Matter
from grace.sdk.intake import Kind, Report

_plain = lru_cache(maxsize=4096)(plain_field)
_LONGEST_FIELD = 200
_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no"})
_TOLD_BY = "document"
_ALL_STATES = "states_concerned"
_MOST_STATES = 30


def evidence(report: Report, facts: Facts, places: Places, weights: Weights) -> Iterator[Evidence]:
    """Every piece, in the order of the document."""
    for person in facts.persons:
        criterion = weights.roles.get(person.role)
        if criterion is not None:
            yield from _of_person(person, criterion, weights)
    yield from _of_incident(report, weights)
    yield from _of_states(report, weights)
    for sighting in facts.sightings:
        if sighting.normalised and sighting.kind is Kind.IP:
            yield from _of_address(sighting, facts, places, weights)
        elif sighting.normalised and sighting.kind is Kind.PHONE:
            yield from _of_phone(sighting, facts, weights)


def _of_person(person: PersonFact, criterion: Criterion, weights: Weights) -> Iterator[Evidence]:
    whose = None if criterion is Criterion.ESTABLISHMENT else person.ordinal
    for key, value, matter in _fields(person.fields, weights.person_fields):
        if criterion is Criterion.ESTABLISHMENT and matter not in {Matter.ADDRESS, Matter.LOCATION}:
            continue
        told = Matter.ESTABLISHMENT if criterion is Criterion.ESTABLISHMENT else matter
        found, by_code = _states(key, value, matter, weights)
        marks = (*_unverified(person.fields, key), *by_code)
        if found:
            yield Evidence(criterion, whose, told, found, weights.of(told, marks), f"{person.path}#{key}", marks, _TOLD_BY)


def _of_incident(report: Report, weights: Weights) -> Iterator[Evidence]:
    for key, value, matter in _fields(report.facts, weights.incident_fields):
        found, marks = _states(key, value, matter, weights)
        if found:
            criterion = Criterion.ESTABLISHMENT if matter is Matter.ESTABLISHMENT else Criterion.OFFENCE
            yield Evidence(criterion, None, matter, found, weights.of(matter, marks), f"{report.path}#{key}", marks, _TOLD_BY)


def _of_states(report: Report, weights: Weights) -> Iterator[Evidence]:
    """The states that a provider names as concerned, under the criteria that it names; one without a criterion speaks for the offence."""
    weight, told = weights.of(Matter.STATEMENT), set[str]()
    for key, criterion in weights.stated_states.items():
        for state in _listed(report.facts, key):
            told.add(state)
            yield Evidence(criterion, None, Matter.STATEMENT, (state,), weight, f"{report.path}#{key}", (), _TOLD_BY)
    for state in _listed(report.facts, _ALL_STATES):
        if state not in told:
            yield Evidence(Criterion.OFFENCE, None, Matter.STATEMENT, (state,), weight, f"{report.path}#{_ALL_STATES}", (), _TOLD_BY)


def _listed(facts: Mapping[str, str], key: str) -> list[str]:
    """The states in a list with semicolons, each once; more than there are in the Union are not believed."""
    words = facts.get(key, "").split(";", _MOST_STATES)[:_MOST_STATES]
    return list(dict.fromkeys(state for word in words if (state := country_of(word.strip()))))


def _of_address(sighting: SightingFact, facts: Facts, places: Places, weights: Weights) -> Iterator[Evidence]:
    place = places.place(sighting.value)
    if place is None:
        return
    marks = tuple(
        mark
        for mark, applies in (
            (Mark.PROXY, sighting.facts.get("possible_proxy", "").strip().lower() in _TRUE),
            (Mark.HOSTING, place.hosting),
            (Mark.IN_TEXT, sighting.mined),
        )
        if applies
    )
    weight, states = weights.of(Matter.NETWORK, marks), (place.state,)
    criterion = _criterion(sighting, facts, weights)
    if criterion is not None:
        yield Evidence(criterion, sighting.person, Matter.NETWORK, states, weight, sighting.path, marks, place.source)
    if sighting.person is None or (criterion is Criterion.SUSPECT and _is_offence(sighting, weights)):
        yield Evidence(Criterion.OFFENCE, None, Matter.NETWORK, states, weight, sighting.path, marks, place.source)


def _of_phone(sighting: SightingFact, facts: Facts, weights: Weights) -> Iterator[Evidence]:
    criterion = _criterion(sighting, facts, weights)
    state = country_of_phone(sighting.value) if criterion else None
    if criterion is not None and state is not None:
        told = ((Mark.IN_TEXT, sighting.mined), (Mark.UNVERIFIED, sighting.verified is False))
        marks = tuple(mark for mark, applies in told if applies)
        yield Evidence(criterion, sighting.person, Matter.PHONE, (state,), weights.of(Matter.PHONE, marks), sighting.path, marks, "plan")


def _criterion(sighting: SightingFact, facts: Facts, weights: Weights) -> Criterion | None:
    """The criterion of the person who bears the sighting; None for the incident, and for whoever sends the report."""
    if sighting.person is None:
        return None
    criterion = weights.roles.get(facts.persons[sighting.person].role)
    return None if criterion is Criterion.ESTABLISHMENT else criterion


def _is_offence(sighting: SightingFact, weights: Weights) -> bool:
    return (sighting.event or "").strip().casefold() in weights.offence_events


def _fields(fields: Mapping[str, str], wanted: Mapping[str, Matter]) -> Iterator[tuple[str, str, Matter]]:
    for key, value in fields.items():
        matter = wanted.get(_plain(key)) if len(key) <= _LONGEST_FIELD else None
        if matter is not None and len(value) <= _LONGEST_FIELD:
            yield key, value, matter


def _unverified(fields: Mapping[str, str], key: str) -> tuple[Mark, ...]:
    """Whether the sender says of a location that it did not verify it (``estimated_location_verified``)."""
    stem = key.rpartition("_country")[0]
    said = fields.get(f"{stem}_verified", "") if stem else ""
    return (Mark.UNVERIFIED,) if said.strip().lower() in _FALSE else ()


def _states(key: str, value: str, matter: Matter, weights: Weights) -> tuple[tuple[str, ...], tuple[Mark, ...]]:
    """What a field says, as states, and its marks: a country by name or code, a place that ends with one, a zone, a language."""
    if matter is Matter.LANGUAGE:
        return _languages(value, weights), ()
    if matter is Matter.ADDRESS and "country" not in key:
        printed = country_of_print(value)
        marks = (Mark.CODE_ALONE,) if printed and printed.code_alone else ()
        return ((printed.state,) if printed else ()), marks
    if matter is Matter.TIME_ZONE:
        found = country_of_zone(value)
    elif matter is Matter.LOCATION and "country" not in key:
        found = country_at_end(value)
    else:
        found = country_of(value)
    return ((found,) if found else ()), ()


def _languages(value: str, weights: Weights) -> tuple[str, ...]:
    """``de-AT`` speaks for Austria, ``de`` for every member state where German is official."""
    language, _, region = value.strip().replace("_", "-").partition("-")
    state = region.upper()
    return (state,) if state in members() else tuple(weights.languages.get(language.lower(), ()))
