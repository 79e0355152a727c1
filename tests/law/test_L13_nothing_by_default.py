"""LED Article 20: by default nobody sees anything."""

from __future__ import annotations

import uuid

import pytest
from django.urls import URLPattern, reverse
from django.urls.converters import IntConverter

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer, Unit
from grace.accounts.officers import create_officer
from grace.accounts.viewer import operator
from grace.custody.ledger import page
from grace.web.frame import PLACES, places_for
from grace.web.urls import urlpatterns
from tests.support.people import Person, viewer_for

pytestmark = pytest.mark.django_db

OWN = {
    "home", "sign-in", "second-factor", "enrol", "sign-out", "welcome", "open-link", "settings", "change-password",
    "change-device", "new-recovery-codes", "end-sessions", "choose-keys", "choose-languages", "theme", "purpose",
}  # fmt: skip
"""What concerns nobody but the officer who asks."""


def test_a_new_officer_holds_nothing(harbour_unit: Unit) -> None:
    assert Officer().capabilities == []
    officer = create_officer(operator(), harbour_unit, "finn", "Finn Example")
    assert viewer_for(officer).capabilities == frozenset()
    assert places_for(viewer_for(officer)) == []


@pytest.mark.parametrize(
    "route", [each for each in urlpatterns if isinstance(each, URLPattern) and each.name not in OWN], ids=lambda each: each.name
)
def test_who_was_given_nothing_is_shown_nothing(eve: Person, route: URLPattern) -> None:
    address = reverse(str(route.name), kwargs={name: _made_up(name, kind) for name, kind in route.pattern.converters.items()})
    answers = {eve.client.get(address).status_code, eve.client.post(address).status_code}
    assert answers <= {403, 404, 405}, f"{route.name} answered {answers}"
    assert 403 in answers or 404 in answers


def test_the_start_says_so_calmly(eve: Person) -> None:
    assert "No screen is open to you yet" in eve.client.get("/").text


def test_the_attempt_is_in_the_ledger(eve: Person) -> None:
    eve.client.get(reverse("accounts"))
    entry = page(actor=eve.viewer.actor)[0]
    assert (entry.act, entry.denied) == ("accounts.list", True)


def test_every_place_asks_for_a_capability() -> None:
    assert {place.capability for place in PLACES} <= set(Capability)


def _made_up(name: str, kind: object) -> object:
    if isinstance(kind, IntConverter):
        return 1
    return uuid.uuid4() if name.endswith("_id") else "lock"
