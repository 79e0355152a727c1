from __future__ import annotations

import pytest
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.accounts.viewer import viewer_of
from grace.custody.ledger import history, page
from grace.web.keys import ACTS, Keys
from tests.support.people import PASSWORD, Person, make_person, present_code, sign_in

pytestmark = pytest.mark.django_db


def test_the_theme_holds_on_every_page(alice: Person) -> None:
    alice.client.post(reverse("theme"), {"theme": "dark"})
    assert 'data-theme="dark"' in alice.client.get(reverse("settings")).text
    assert alice.client.post(reverse("theme"), {"theme": "pink"}).status_code == 400


def test_the_purpose_of_the_session_reaches_the_viewer(alice: Person) -> None:
    alice.client.post(reverse("purpose"), {"purpose": "investigation"})
    request = alice.client.get(reverse("settings")).wsgi_request
    assert viewer_of(request).purpose == "investigation"


def test_a_purpose_outside_the_list_is_refused_and_written_down(harbour_unit: Unit) -> None:
    finn = make_person("Finn", harbour_unit, frozenset({Capability.READ}))
    for purpose in ("curiosity", "audit"):
        assert finn.client.post(reverse("purpose"), {"purpose": purpose}).status_code == 403
    entry = page(actor=finn.viewer.actor)[0]
    assert (entry.act, entry.denied) == ("web.purpose", True)


def test_keys_can_be_changed_and_switched_off(alice: Person) -> None:
    typed = {f"key-{usual}": usual for usual in ACTS} | {"key-t": "ü", "on": "on"}
    alice.client.post(reverse("choose-keys"), typed)
    alice.officer.refresh_from_db()
    assert Keys.of(alice.officer.preferences).shown("t") == "ü"
    alice.client.post(reverse("choose-keys"), {})
    alice.officer.refresh_from_db()
    assert Keys.of(alice.officer.preferences).shown("t") == ""


@pytest.mark.parametrize("wrong", [{"key-t": "a", "on": "on"}, {"key-t": "tt", "on": "on"}])
def test_keys_that_clash_are_refused(alice: Person, wrong: dict[str, str]) -> None:
    assert alice.client.post(reverse("choose-keys"), wrong).status_code == 400


def test_changing_the_password_keeps_this_session_and_ends_the_others(alice: Person) -> None:
    other = sign_in(alice.officer)
    new = "eight loud foghorns"
    wrong = alice.client.post(reverse("change-password"), {"present": "wrong", "password": new, "again": new})
    assert (wrong.status_code, "Nothing was changed" in wrong.text) == (400, True)
    alice.client.post(reverse("change-password"), {"present": PASSWORD, "password": new, "again": new})
    assert alice.client.get(reverse("settings")).status_code == 200
    assert other.get(reverse("settings")).status_code == 302


def test_ending_other_sessions(alice: Person) -> None:
    other = sign_in(alice.officer)
    alice.client.post(reverse("end-sessions"))
    assert alice.client.get(reverse("settings")).status_code == 200
    assert other.get(reverse("settings")).status_code == 302


def test_changing_the_device_asks_for_the_present_one(alice: Person) -> None:
    assert alice.client.post(reverse("change-device"), {"code": "nonsense"}).status_code == 403
    alice.client.post(reverse("change-device"), {"code": present_code(alice.officer)})
    alice.officer.refresh_from_db()
    assert not alice.officer.is_enrolled


def test_new_recovery_codes_are_shown_once(alice: Person) -> None:
    answer = alice.client.post(reverse("new-recovery-codes"))
    assert answer.text.count("<li>") == 10
    assert history(f"officer:{alice.officer.id}")[0].act == "accounts.recovery_codes"
