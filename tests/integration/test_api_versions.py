"""Versions and contradictions over the API: what each document said, when, and against which other one; to whom which of it is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from grace.accounts.models import Unit
from grace.custody import ledger
from grace.kernel import clock
from grace.simulate.forms import plant
from grace.simulate.plan import Form
from tests.integration.test_contradictions import rich, take_in
from tests.support.people import Person
from tests.support.programs import Program, program

pytestmark = pytest.mark.django_db

CHANGED = ("person.first_name", "ip.port")


@pytest.fixture
def start() -> datetime:
    return clock.now().replace(microsecond=0) - timedelta(hours=9)


@pytest.fixture
def referral(harbour_unit: Unit, start: datetime) -> UUID:
    """JSON, then XML that says something else in two fields, then the JSON corrected in one of them."""
    other, corrected = rich(), rich()
    for field in CHANGED:
        other = plant(other, field) or other
    corrected = plant(corrected, "person.first_name") or corrected
    for hours, report, form in ((1, rich(), Form.LEA_JSON), (2, other, Form.TIP_FOLDER), (3, corrected, Form.LEA_JSON)):
        with clock.held(start + timedelta(hours=hours)):
            (found,) = take_in(harbour_unit, report, form).referrals
    return found


@pytest.fixture
def ours(harbour_unit: Unit) -> Program:
    return program(harbour_unit)


def taken(who: Person, referral: UUID) -> Client:
    answer = who.client.post(f"/api/v1/referrals/{referral}/decisions", {"act": "take"}, content_type="application/json")
    assert answer.status_code == 201
    return who.client


def said(client: Client, referral: UUID, path: str, **query: Any) -> Any:
    return client.get(f"/api/v1/referrals/{referral}{path}", query).json()


def test_versions_tell_what_was_said_when_and_when_we_knew_it(ours: Program, referral: UUID, start: datetime) -> None:
    items = ours.get(f"/referrals/{referral}/versions").json()["items"]
    assert [(each["ordinal"], each["format"], each["stands"]) for each in items] == [
        (3, "lea-json", True),
        (2, "cybertipline-xml", True),
        (1, "lea-json", False),
    ]
    assert [datetime.fromisoformat(each["known_at"]) for each in items] == [start + timedelta(hours=hours) for hours in (3, 2, 1)]
    assert datetime.fromisoformat(items[0]["said_at"]) == rich().received_at
    assert items[2]["replaced_at"] == items[0]["known_at"]
    assert (items[0]["corrects"], items[0]["corrected"]) == (1, ["person.first_name"])
    assert (items[1]["corrects"], items[1]["corrected"]) == (None, [])
    assert [each["ordinal"] for each in ours.get(f"/referrals/{referral}").json()["versions"]] == [3, 2, 1]


def test_versions_as_we_knew_them_and_page_by_page(ours: Program, referral: UUID, start: datetime) -> None:
    then = (start + timedelta(minutes=150)).isoformat()
    known = ours.get(f"/referrals/{referral}/versions", at=then).json()["items"]
    assert [(each["ordinal"], each["stands"]) for each in known] == [(2, True), (1, True)]
    seen: list[int] = []
    after = ""
    while after or not seen:
        page = ours.get(f"/referrals/{referral}/versions", limit=1, after=after).json()
        seen += [each["ordinal"] for each in page["items"]]
        after = page["after"]
    assert seen == [3, 2, 1]


def test_each_version_says_what_it_says_to_who_took_the_referral(ours: Program, alice: Person, bob: Person, referral: UUID) -> None:
    assert ours.get(f"/referrals/{referral}/versions/1").json()["says"] is None
    client = taken(alice, referral)
    names = {number: said(client, referral, f"/versions/{number}")["says"]["persons"][0]["fields"]["first_name"] for number in (1, 2, 3)}
    assert names == {1: rich().accounts[0].given, 2: "Zoe", 3: "Zoe"}
    assert said(client, referral, "/versions/2")["says"]["format"] == "cybertipline-xml"
    assert said(bob.client, referral, "/versions/1")["says"] is None
    for number in ("0", "4", "9" * 30):
        assert ours.get(f"/referrals/{referral}/versions/{number}").status_code == 404


def test_contradictions_with_both_sources(ours: Program, alice: Person, referral: UUID, start: datetime) -> None:
    assert ours.get(f"/referrals/{referral}").json()["contradictions"] == 1
    standing, settled = said(taken(alice, referral), referral, "/contradictions")["items"]
    assert (standing["field"], standing["stands"], standing["until"]) == ("ip.port", True, None)
    assert standing["of"][0] == "reported 1"
    assert (standing["older"]["version"], standing["newer"]["version"]) == (2, 3)
    assert (standing["older"]["format"], standing["newer"]["format"]) == ("cybertipline-xml", "lea-json")
    assert (standing["older"]["says"], len(standing["newer"]["says"])) == (["1023"], 1)
    assert datetime.fromisoformat(standing["since"]) == start + timedelta(hours=2)
    assert (settled["field"], settled["stands"], settled["older"]["version"]) == ("person.first_name", False, 1)
    assert datetime.fromisoformat(settled["until"]) == start + timedelta(hours=3)
    then = (start + timedelta(minutes=150)).isoformat()
    assert [each["stands"] for each in ours.get(f"/referrals/{referral}/contradictions", at=then).json()["items"]] == [True, True]


def test_who_has_not_taken_the_referral_is_told_no_value(ours: Program, bob: Person, referral: UUID) -> None:
    for items in (
        ours.get(f"/referrals/{referral}/contradictions").json()["items"],
        said(bob.client, referral, "/contradictions")["items"],
    ):
        assert [(each["of"], each["older"]["says"], each["newer"]["says"]) for each in items] == [(["reported 1"], None, None)] * 2


def test_contradictions_page_by_page(ours: Program, referral: UUID) -> None:
    address = f"/referrals/{referral}/contradictions"
    first = ours.get(address, limit=1).json()
    second = ours.get(address, limit=1, after=first["after"]).json()
    assert [each["items"][0]["field"] for each in (first, second)] == ["ip.port", "person.first_name"]
    assert second["after"] == ""
    for key in ("x", "-1", "9" * 19, str(10**17)):
        assert ours.get(address, after=key).status_code == 422


def test_another_unit_reaches_none_of_it_and_every_look_is_written_down(
    hill_unit: Unit, charlie: Person, ours: Program, referral: UUID
) -> None:
    theirs = program(hill_unit)
    for path in ("versions", "versions/1", "contradictions"):
        assert theirs.get(f"/referrals/{referral}/{path}").status_code == 404
        assert charlie.client.get(f"/api/v1/referrals/{referral}/{path}").status_code == 404
        ours.get(f"/referrals/{referral}/{path}")
    assert [each.denied for each in ledger.page(actor=theirs.actor)] == [True] * 3
    assert {each.act for each in ledger.page(actor=ours.actor)} == {"referral.versions", "referral.read"}
