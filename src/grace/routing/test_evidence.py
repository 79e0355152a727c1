from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from grace.intake.normalise import facts
from grace.routing.evidence import evidence
from grace.routing.places import Place, Places
from grace.routing.weights import weights
from grace.routing.words import Criterion, Evidence, Mark, Matter
from grace.sdk.intake import Attachment, Claim, Kind, Person, Report, Role

WEIGHTS = weights()


class Table:
    """A register as small as a test needs."""

    version = "table 1"

    def place(self, address: str) -> Place | None:
        return {"192.0.2.1": Place("AT", "table"), "198.51.100.1": Place("NL", "table", hosting=True)}.get(address)


PLACES = Places([Table()])


def told(report: Report) -> list[Evidence]:
    return list(evidence(report, facts(report), PLACES, WEIGHTS))


def person(role: Role = Role.REPORTED, *claims: Claim, **fields: str) -> Person:
    return Person(role, "$.person", fields, claims)


def report(*persons: Person, claims: tuple[Claim, ...] = (), attachments: tuple[Attachment, ...] = (), **said: str) -> Report:
    return Report("test", "Example", "1", "Example Chat", persons=persons, claims=claims, attachments=attachments, facts=said)


def address(value: str = "192.0.2.1", *, event: str | None = None, mined: bool = False, **said: str) -> Claim:
    return Claim(Kind.IP, value, "$.ip", event=event, mined=mined, facts=said)


@pytest.mark.parametrize(
    ("fields", "matter", "states"),
    [
        ({"address_country": "Österreich"}, Matter.ADDRESS, ("AT",)),
        ({"address_2_country": "FR"}, Matter.ADDRESS, ("FR",)),
        ({"address_country_2": "FR"}, Matter.ADDRESS, ("FR",)),
        ({"estimated_location_country_code": "SE"}, Matter.LOCATION, ("SE",)),
        ({"profile_location": "Gent, Belgium"}, Matter.LOCATION, ("BE",)),
        ({"address": "Model Lane 93, Cluj, Romania"}, Matter.ADDRESS, ("RO",)),
        ({"time_zone": "Europe/Rome"}, Matter.TIME_ZONE, ("IT",)),
        ({"locale": "de-AT"}, Matter.LANGUAGE, ("AT",)),
        ({"interface_language": "el"}, Matter.LANGUAGE, ("GR", "CY")),
    ],
)
def test_each_kind_of_field_is_read(fields: Mapping[str, str], matter: Matter, states: tuple[str, ...]) -> None:
    (found,) = told(report(Person(Role.REPORTED, "$.person", fields)))
    assert (found.criterion, found.person, found.matter, found.states) == (Criterion.SUSPECT, 0, matter, states)
    assert found.weight == WEIGHTS.kinds[matter]


@pytest.mark.parametrize(
    "name",
    ["nationality", "languages", "ethnicity", "races", "religion", "country_of_birth", "birth_country", "citizenship", "country", "gender"],
)
def test_what_a_person_is_is_not_read(name: str) -> None:
    assert told(report(Person(Role.REPORTED, "$.person", {name: "Austria"}))) == []


def test_a_code_behind_a_printed_address_may_be_a_province() -> None:
    """RO is Romania, Rovigo and Rondônia; a print has one line for all of it."""
    assert told(report(person(address="Via Modello 93, Rovigo, RO"))) == []


def test_a_code_behind_a_printed_address_counts_less_than_a_country_that_is_stated_as_one() -> None:
    (by_code,) = told(report(person(address="Model Lane 93, Cluj, RO")))
    assert (by_code.matter, by_code.states, by_code.marks) == (Matter.ADDRESS, ("RO",), (Mark.CODE_ALONE,))
    assert WEIGHTS.propose_at <= by_code.weight < WEIGHTS.kinds[Matter.ADDRESS]


@pytest.mark.parametrize("value", ["CA", "DE", "", "x" * 5_000, "Nowhere"])
def test_a_location_that_is_none_says_nothing(value: str) -> None:
    assert told(report(person(profile_location=value))) == []


@pytest.mark.parametrize(
    ("role", "criterion"),
    [
        (Role.REPORTED, Criterion.SUSPECT),
        (Role.ASSOCIATED, Criterion.SUSPECT),
        (Role.RECIPIENT, Criterion.OFFENCE),
        (Role.VICTIM, Criterion.VICTIM),
    ],
)
def test_the_part_of_a_person_gives_the_criterion(role: Role, criterion: Criterion) -> None:
    found = told(report(person(role, address(), Claim(Kind.PHONE, "+493023125001", "$.phone"), address_country="IT")))
    assert [(each.criterion, each.matter, each.states) for each in found] == [
        (criterion, Matter.ADDRESS, ("IT",)),
        (criterion, Matter.NETWORK, ("AT",)),
        (criterion, Matter.PHONE, ("DE",)),
    ]


def test_whoever_sends_the_report_speaks_for_the_establishment_only() -> None:
    found = told(
        report(person(Role.SENDER, address(), Claim(Kind.PHONE, "+493023125001", "$.phone"), address_country="IE", time_zone="Europe/Rome"))
    )
    assert [(each.criterion, each.matter, each.states) for each in found] == [(Criterion.ESTABLISHMENT, Matter.ESTABLISHMENT, ("IE",))]


def test_an_upload_happens_where_its_address_is() -> None:
    found = told(report(person(Role.REPORTED, address(event="Upload"))))
    assert [(each.criterion, each.person) for each in found] == [(Criterion.SUSPECT, 0), (Criterion.OFFENCE, None)]
    assert [each.criterion for each in told(report(person(Role.REPORTED, address(event="Login"))))] == [Criterion.SUSPECT]
    assert [each.criterion for each in told(report(person(Role.RECIPIENT, address(event="Upload"))))] == [Criterion.OFFENCE]


def test_addresses_of_files_and_of_the_report_speak_for_the_offence() -> None:
    of_file = told(report(attachments=(Attachment("$.file", claims=(address(),)),)))
    of_report = told(report(claims=(address(),)))
    assert [(each.criterion, each.person) for each in (*of_file, *of_report)] == [(Criterion.OFFENCE, None)] * 2


def test_marks_make_an_address_count_less() -> None:
    (proxy,) = told(report(person(Role.REPORTED, address(possible_proxy="true"))))
    (hosting,) = told(report(person(Role.REPORTED, address("198.51.100.1"))))
    (in_text,) = told(report(person(Role.REPORTED, address(mined=True))))
    (no_proxy,) = told(report(person(Role.REPORTED, address(possible_proxy="false"))))
    assert (proxy.marks, hosting.marks, in_text.marks, no_proxy.marks) == ((Mark.PROXY,), (Mark.HOSTING,), (Mark.IN_TEXT,), ())
    assert max(proxy.weight, hosting.weight) < WEIGHTS.propose_at < in_text.weight < no_proxy.weight


def test_a_weak_address_without_port_counts_in_full() -> None:
    sighting = facts(report(person(Role.REPORTED, address()))).sightings[0]
    assert sighting.weak
    assert told(report(person(Role.REPORTED, address())))[0].weight == WEIGHTS.kinds[Matter.NETWORK]


def test_a_number_that_is_not_verified_counts_less_and_one_of_nobody_nothing() -> None:
    phone = Claim(Kind.PHONE, "+493023125001", "$.phone", verified=False)
    (found,) = told(report(person(Role.REPORTED, phone)))
    assert (found.marks, found.states) == ((Mark.UNVERIFIED,), ("DE",))
    assert told(report(claims=(phone,))) == []


def test_a_location_that_is_not_verified_counts_less() -> None:
    (found,) = told(report(person(estimated_location_country_code="SE", estimated_location_verified="false")))
    assert found.marks == (Mark.UNVERIFIED,)


def test_an_unknown_address_says_nothing() -> None:
    assert told(report(person(Role.REPORTED, address("203.0.113.1"), address("not an address")))) == []


def test_the_incident_has_fields_too() -> None:
    found = told(report(incident_address_country="Malta", established_in="Ireland", content_language="sv"))
    assert [(each.criterion, each.states) for each in found] == [
        (Criterion.OFFENCE, ("MT",)),
        (Criterion.ESTABLISHMENT, ("IE",)),
        (Criterion.OFFENCE, ("SE", "FI")),
    ]


def test_no_value_is_copied() -> None:
    found = told(report(person(Role.REPORTED, address(), Claim(Kind.PHONE, "+493023125001", "$.phone"), address_country="Österreich")))
    spelled = repr(found)
    for value in ("192.0.2.1", "+493023125001", "Österreich"):
        assert value not in spelled


def test_states_that_a_provider_names_speak_under_its_criteria() -> None:
    said: dict[str, Any] = {
        "states_concerned": "NL; DE; XX; nowhere; IE",
        "states_concerned_suspect": "NL",
        "states_concerned_victim": "DE; NL",
    }
    found = told(report(**said))
    assert [(each.criterion, each.matter, each.states) for each in found] == [
        (Criterion.SUSPECT, Matter.STATEMENT, ("NL",)),
        (Criterion.VICTIM, Matter.STATEMENT, ("DE",)),
        (Criterion.VICTIM, Matter.STATEMENT, ("NL",)),
        (Criterion.OFFENCE, Matter.STATEMENT, ("IE",)),
    ]
    assert {each.person for each in found} == {None}


def test_more_states_than_there_are_are_not_believed() -> None:
    assert told(report(states_concerned="; ".join(["nowhere"] * 100 + ["NL"]))) == []
