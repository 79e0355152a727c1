"""The directory: whom two persons enrolled, and nobody else; ended at once; one contact point a state."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from grace.accounts.viewer import operator
from grace.agencies import card as cards
from grace.agencies import directory
from grace.agencies.keys import grouped
from grace.agencies.models import Agency, Enrolment
from grace.custody.ledger import page
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.pipeline import agencies
from tests.support.agencies import Installation, administrators, enrol, write_key
from tests.support.people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def east(tmp_path: Path, north: Installation) -> Installation:
    return Installation("Example Police East", "PL", tmp_path / "east", north.unit)


def test_a_card_says_who_it_is_and_cannot_be_changed(east: Installation) -> None:
    text = east.card()
    assert cards.read(text).fingerprint == east.keys().public.fingerprint(east.agency)
    told = json.loads(text)
    for key in ("name", "state", "address", "signing", "sealing", "agency"):
        changed = {**told, key: {"address": "https://elsewhere.example", "state": "DE"}.get(key, told["signature"])}
        with pytest.raises(Invalid):
            cards.read(json.dumps(changed))
    for wrong in ("", "{}", text + text, json.dumps({**told, "more": 1}), "x" * 20_000):
        with pytest.raises(Invalid):
            cards.read(wrong)


def test_one_person_is_not_two(north: Installation, east: Installation, alice: Person) -> None:
    first, second = administrators(north.unit)
    with north.at_home():
        waiting = agencies.propose(first, east.card())
        assert directory.in_force(east.agency) is None
        for viewer in (first, operator(), alice.viewer):
            with pytest.raises(Refused):
                agencies.confirm(viewer, waiting.id, waiting.fingerprint)
        assert page(limit=1)[0].denied
        with pytest.raises(Invalid, match="differs"):
            agencies.confirm(second, waiting.id, "0" * 64)
        agencies.confirm(second, waiting.id, grouped(waiting.fingerprint).upper())
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.update(confirmed_by=first.actor)


def test_new_keys_take_the_place_of_the_old_ones(north: Installation, east: Installation) -> None:
    with north.at_home():
        enrol(east, north.unit)
        before = directory.in_force(east.agency)
        write_key(east.key, east.agency)
        enrol(east, north.unit)
        after = directory.in_force(east.agency)
    assert before is not None
    assert after is not None
    assert before.fingerprint != after.fingerprint
    assert Enrolment.objects.get(id=before.id).ended_because == "replaced"


def test_nothing_is_proposed_twice_and_nobody_proposes_us(north: Installation, east: Installation) -> None:
    first, _ = administrators(north.unit)
    with north.at_home():
        with pytest.raises(Invalid, match="this installation itself"):
            agencies.propose(first, north.card())
        agencies.propose(first, east.card())
        with pytest.raises(Conflict):
            agencies.propose(first, east.card())
        agencies.reject(first, Enrolment.objects.get().id, "A wrong number.")
        enrol(east, north.unit)
        with pytest.raises(Conflict, match="in force"):
            agencies.propose(first, east.card())


def test_a_revoked_agency_receives_nothing(north: Installation, east: Installation, alice: Person) -> None:
    first, _ = administrators(north.unit)
    with north.at_home():
        enrol(east, north.unit)
        assert [each.agency.name for each in directory.recipients(alice.viewer)] == [east.name]
        agencies.revoke(first, east.agency, "The key was lost.")
        assert directory.recipients(alice.viewer) == []
        assert directory.was_known(east.agency)
        with pytest.raises(Missing):
            agencies.revoke(first, east.agency, "again")


def test_a_state_has_one_contact_point(north: Installation, east: Installation, tmp_path: Path) -> None:
    west = Installation("Example Police West", "PL", tmp_path / "west", north.unit)
    first, _ = administrators(north.unit)
    with north.at_home():
        for each in (east, west):
            enrol(each, north.unit)
            agencies.make_contact_point(first, each.agency)
        point = directory.contact_point("PL")
        assert point is not None
        assert point.id == west.agency
        agencies.revoke(first, west.agency, "gone")
        assert directory.contact_point("PL") is None
    assert Agency.objects.filter(is_contact_point=True).count() == 1


def test_only_administrators_see_and_change_the_directory(north: Installation, east: Installation, alice: Person, eve: Person) -> None:
    with north.at_home():
        for viewer in (alice.viewer, eve.viewer, replace(alice.viewer, via="token")):
            for attempt in (lambda v=viewer: agencies.entries(v), lambda v=viewer: agencies.propose(v, east.card())):
                with pytest.raises(Refused):
                    attempt()
        with pytest.raises(Refused):
            directory.recipients(eve.viewer)
