from __future__ import annotations

import csv
from collections import defaultdict
from importlib.resources import files

import pytest

from grace.routing import countries
from grace.routing.countries import country_at_end, country_of, country_of_zone, members, state_of, states


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("de", "DE"),
        (" Deutschland ", "DE"),
        ("GERMANY", "DE"),
        ("Allemagne", "DE"),
        ("Österreich", "AT"),
        ("osterreich", "AT"),
        ("EL", "GR"),
        ("Ελλάδα", "GR"),
        ("България", "BG"),
        ("Czech Republic", "CZ"),
        ("Éire", "IE"),
        ("the Netherlands", "NL"),
        ("FRA", "FR"),
        ("Réunion", "FR"),
        ("GP", "FR"),
        ("Great Britain", "GB"),
    ],
)
def test_a_country_is_known_by_code_or_name(text: str, code: str) -> None:
    assert country_of(text) == code


@pytest.mark.parametrize("text", ["", " ", "...", "A1", "AP", "XX", "Nowhere", "German", "Paris, France", "D" * 10_000, "\u0301", "12"])
def test_what_names_no_country_gives_none(text: str) -> None:
    assert country_of(text) is None


@pytest.mark.parametrize(
    ("text", "code"), [("Paris, France", "FR"), ("Wien,  Österreich", "AT"), ("Sverige", "SE"), ("Lille (Nord), FRANCE", "FR")]
)
def test_a_place_ends_with_its_country(text: str, code: str) -> None:
    assert country_at_end(text) == code


@pytest.mark.parametrize("text", ["Los Angeles, CA", "Wilmington, DE", "Atlanta, Georgia", "in a galaxy", "IT", ""])
def test_a_code_behind_a_city_may_be_something_else(text: str) -> None:
    assert country_at_end(text) is None


def test_zones_are_named_for_a_place() -> None:
    assert country_of_zone("Europe/Paris") == "FR"
    assert country_of_zone("Indian/Reunion") == "FR"
    assert country_of_zone("UTC") is None
    assert country_of_zone("Europe/Nowhere") is None


def test_the_members_are_27_and_states_themselves() -> None:
    assert len(members()) == 27
    assert members() <= states()
    assert all(state_of(code) == code for code in members())
    assert state_of("AX") == "FI"
    assert state_of("ZZ") is None


def test_no_name_belongs_to_two_states() -> None:
    holders = defaultdict(set)
    for row in csv.DictReader((files("grace.routing") / "data" / "countries.csv").read_text(encoding="utf-8").splitlines()):
        for name in (row["state"], *row["names"].split("|")):
            holders[countries.folded(name)].add(row["state"])
    assert {name: found for name, found in holders.items() if name and len(found) > 1} == {}
