from __future__ import annotations

import pytest
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer, Unit
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def test_shows_every_officer_to_an_administrator(dora: Person, charlie: Person) -> None:
    page = dora.client.get(reverse("accounts"))
    assert page.status_code == 200
    assert "Charlie Example" in page.text


def test_is_closed_to_everybody_else(alice: Person, eve: Person) -> None:
    for person in (alice, eve):
        assert person.client.get(reverse("accounts")).status_code == 403


def test_gives_and_takes_capabilities(dora: Person, alice: Person) -> None:
    answer = dora.client.post(reverse("set-capabilities", args=[alice.officer.id]), {"capability": ["read", "audit"]}, follow=True)
    alice.officer.refresh_from_db()
    assert alice.officer.held_capabilities == {Capability.READ, Capability.AUDIT}
    assert "Alice Example: given" in answer.text


def test_adds_an_officer_and_shows_the_link_once(dora: Person, harbour_unit: Unit) -> None:
    answer = dora.client.post(reverse("add-officer"), {"display_name": "Finn Example", "name": "Finn", "unit": harbour_unit.slug})
    assert "/welcome/" in answer.text
    assert not Officer.objects.get(username="finn").has_usable_password()
    assert "/welcome/" not in dora.client.get(reverse("accounts")).text


def test_keeps_the_last_administrator(dora: Person) -> None:
    answer = dora.client.post(reverse("officer-act", args=[dora.officer.id, "lock"]))
    assert answer.status_code == 409
    assert "last administrator" in answer.text


def test_locking_ends_sessions_at_once(dora: Person, alice: Person) -> None:
    dora.client.post(reverse("officer-act", args=[alice.officer.id, "lock"]))
    assert alice.client.get(reverse("settings")).status_code == 302
