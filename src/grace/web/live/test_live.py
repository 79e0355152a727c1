from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from grace.kernel import clock
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def test_tells_a_number_and_nothing_else(alice: Person) -> None:
    answer = alice.client.get(reverse("urgent-now"))
    assert answer.json() == {
        "urgent": {"count": 0, "text": "0 urgent now", "said": "A new urgent referral has come in.", "newest": 0},
        "kept-hits": {"count": 0, "text": "0 searches hit", "said": "A kept search has a new hit.", "newest": 0},
        "urgent-packages": {
            "count": 0,
            "text": "0 urgent packages",
            "said": "A new urgent package of another agency has come in.",
            "newest": 0,
        },
    }


def test_is_for_those_who_read(eve: Person) -> None:
    assert eve.client.get(reverse("urgent-now")).status_code == 403


def test_asking_keeps_no_unattended_session_alive(alice: Person) -> None:
    began = clock.now()
    for minutes in range(1, 30, 5):
        with clock.held(began + timedelta(minutes=minutes)):
            assert alice.client.get(reverse("urgent-now")).status_code == 200
    with clock.held(began + timedelta(minutes=31)):
        assert alice.client.get(reverse("urgent-now")).status_code == 401
