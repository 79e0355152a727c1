"""LED Article 29(2): control of users (d) and of their access to data (e), by a second factor and by capabilities that are given one by one."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from grace.accounts.capabilities import NEEDS_SECOND_FACTOR, Capability
from grace.accounts.models import Officer, Unit
from grace.accounts.viewer import operator, usable_capabilities, viewer_of
from grace.custody.ledger import history
from grace.kernel.errors import Refused
from grace.pipeline import accounts
from tests.support.people import PASSWORD, Person, make_officer, present_code, sign_in

pytestmark = pytest.mark.django_db


def test_opening_files_and_administering_need_a_second_factor() -> None:
    assert {Capability.OPEN_FILES, Capability.ADMINISTER} <= NEEDS_SECOND_FACTOR


@pytest.mark.parametrize("capability", sorted(NEEDS_SECOND_FACTOR))
def test_without_it_the_capability_cannot_be_used(harbour_unit: Unit, capability: Capability) -> None:
    officer = make_officer("Finn", harbour_unit, frozenset({capability}), enrolled=False)
    browser = sign_in(officer, second_factor=False)
    viewer = viewer_of(browser.get(reverse("settings")).wsgi_request)
    with pytest.raises(Refused):
        viewer.require(capability)
    assert browser.get(reverse("accounts")).status_code == 403


def test_a_password_alone_opens_nothing_to_an_enrolled_officer(alice: Person) -> None:
    assert usable_capabilities(alice.officer, second_factor=False) == frozenset()
    browser = sign_in(alice.officer, second_factor=False)
    assert browser.get(reverse("settings")).status_code == 302


def test_shown_in_one_session_it_counts_in_no_other(alice: Person) -> None:
    browser = Client()
    browser.post(reverse("sign-in"), {"name": "alice", "password": PASSWORD})
    assert browser.get(reverse("settings")).status_code == 302
    browser.post(reverse("second-factor"), {"code": present_code(alice.officer)})
    assert browser.get(reverse("settings")).status_code == 200
    assert sign_in(alice.officer, second_factor=False).get(reverse("settings")).status_code == 302


def test_there_is_no_default_password(harbour_unit: Unit) -> None:
    assert not Officer.objects.exists()
    officer, _word = accounts.create_officer(operator(), harbour_unit, "finn", "Finn Example")
    assert not officer.has_usable_password()


def test_taking_a_capability_holds_at_the_next_request(alice: Person, dora: Person) -> None:
    accounts.set_capabilities(dora.viewer, alice.officer.id, [])
    assert viewer_of(alice.client.get(reverse("settings")).wsgi_request).capabilities == frozenset()


def test_who_gave_what_to_whom_can_be_shown(alice: Person, dora: Person) -> None:
    accounts.set_capabilities(dora.viewer, alice.officer.id, [Capability.READ])
    entry = history(f"officer:{alice.officer.id}")[0]
    assert (entry.actor, entry.act) == (dora.viewer.actor, "accounts.capabilities")


def test_failed_sign_ins_are_in_the_ledger(alice: Person) -> None:
    with pytest.raises(Refused):
        accounts.sign_in("alice", "wrong", "192.0.2.7")
    assert history(f"officer:{alice.officer.id}")[0].denied
