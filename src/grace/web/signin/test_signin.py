from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from grace.accounts.models import Officer, Session, Unit
from grace.accounts.sessions import digest_of_key
from grace.accounts.whence import address_of
from grace.kernel import clock
from grace.pipeline import accounts as pipeline
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, PASSWORD, Person, make_officer, present_code

pytestmark = pytest.mark.django_db


def post_door(client: Client, **typed: str) -> int:
    return client.post(reverse("sign-in"), {"name": "alice", "password": PASSWORD, **typed}).status_code


def test_every_page_leads_to_the_door_and_back(client: Client) -> None:
    answer = client.get("/settings/")
    assert answer.headers["Location"] == "/sign-in/?next=%2Fsettings%2F"


def test_password_alone_opens_nothing_for_an_enrolled_officer(client: Client, alice: Person) -> None:
    assert client.post(reverse("sign-in"), {"name": "alice", "password": PASSWORD}).headers["Location"] == reverse("second-factor")
    for name in ("home", "settings", "accounts"):
        assert client.get(reverse(name)).headers["Location"].startswith(reverse("second-factor"))
    assert client.get(reverse("enrol")).status_code == 302
    client.post(reverse("second-factor"), {"code": present_code(alice.officer)})
    assert client.get(reverse("settings")).status_code == 200


def test_who_needs_no_second_factor_goes_straight_in(client: Client, harbour_unit: Unit) -> None:
    make_officer("Finn", harbour_unit, enrolled=False)
    assert client.post(reverse("sign-in"), {"name": "finn", "password": PASSWORD, "next": "/settings/"}).headers["Location"] == "/settings/"


def test_who_needs_one_is_led_to_enrol_and_told_what_rests(client: Client, harbour_unit: Unit) -> None:
    make_officer("Finn", harbour_unit, EVERYTHING_BUT_ACCOUNTS, enrolled=False)
    assert client.post(reverse("sign-in"), {"name": "finn", "password": PASSWORD}).headers["Location"] == reverse("enrol")
    assert "Resting until a second factor is set up: Open files" in client.get(reverse("settings")).text


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_the_way_onward_never_leads_elsewhere(client: Client, harbour_unit: Unit, elsewhere: str) -> None:
    make_officer("Finn", harbour_unit, enrolled=False)
    assert client.post(reverse("sign-in"), {"name": "finn", "password": PASSWORD, "next": elsewhere}).headers["Location"] == "/"


def test_the_session_key_changes_at_every_step(client: Client, alice: Person) -> None:
    keys = [client.session.session_key]
    post_door(client)
    keys.append(client.session.session_key)
    client.post(reverse("second-factor"), {"code": present_code(alice.officer)})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3


def test_the_table_holds_no_key_that_would_open_a_session(alice: Person) -> None:
    key = alice.client.session.session_key or ""
    assert not Session.objects.filter(session_key=key).exists()
    row = Session.objects.get(session_key=digest_of_key(key))
    assert row.officer_id == alice.officer.id
    thief = Client()
    thief.cookies["session"] = row.session_key
    assert thief.get(reverse("settings")).status_code == 302


def test_an_idle_session_ends_and_an_active_one_does_not(alice: Person) -> None:
    began = clock.now()
    for minutes in (20, 40, 60):
        with clock.held(began + timedelta(minutes=minutes)):
            assert alice.client.get(reverse("settings")).status_code == 200
    with clock.held(began + timedelta(minutes=91)):
        assert alice.client.get(reverse("settings")).status_code == 302
    assert not Session.objects.filter(officer=alice.officer).exists()


def test_no_session_outlives_the_day(alice: Person) -> None:
    began = clock.now()
    for minutes in range(20, 12 * 60, 20):
        with clock.held(began + timedelta(minutes=minutes)):
            assert alice.client.get(reverse("settings")).status_code == 200
    with clock.held(began + timedelta(hours=12, seconds=1)):
        assert alice.client.get(reverse("settings")).status_code == 302


def test_signing_out_ends_the_session_and_is_no_link(alice: Person) -> None:
    assert alice.client.get(reverse("sign-out")).status_code == 405
    alice.client.post(reverse("sign-out"))
    assert not Session.objects.filter(officer=alice.officer).exists()


def test_a_part_of_a_page_is_told_to_load_the_door_whole(client: Client) -> None:
    answer = client.get(reverse("settings"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in/")


def test_no_page_is_kept_by_the_browser_and_none_takes_scripts_from_elsewhere(alice: Person) -> None:
    answer = alice.client.get(reverse("settings"))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", answer.text)


def test_a_form_needs_its_token(alice: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = alice.client.cookies
    answer = strict.post(reverse("theme"), {"theme": "dark"})
    assert answer.status_code == 403
    assert "nothing was changed" in answer.text


def test_the_first_administrator_page(client: Client) -> None:
    link = reverse("open-link", args=[pipeline.invite_first_administrator()])
    assert client.get(link).headers["Location"] == reverse("welcome")
    typed = {"unit": "Harbour Unit", "display_name": "Dora Example", "name": "dora", "password": PASSWORD, "again": PASSWORD}
    assert "differ" in client.post(reverse("welcome"), {**typed, "again": "other"}).text
    assert client.post(reverse("welcome"), typed).headers["Location"] == reverse("enrol")
    assert Officer.objects.get().capabilities == ["administer"]
    assert Client().get(link).status_code == 404


def test_a_made_up_link_is_refused_calmly(client: Client) -> None:
    answer = client.get(reverse("open-link", args=["made-up"]))
    assert answer.status_code == 404
    assert "works once" in answer.text
    assert client.get(reverse("welcome")).status_code == 404


def test_only_a_named_proxy_is_believed(settings: Settings) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.7")
    assert address_of(request) == "192.0.2.1"
    settings.GRACE_TRUSTED_PROXIES = ("192.0.2.1",)
    assert address_of(request) == "198.51.100.7"
