"""The ledger's page, as an auditor uses it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.custody import ledger
from tests.support.deliveries import hand_in, sample
from tests.support.ledgers import looked_at, received, write
from tests.support.people import Person, make_person

pytestmark = pytest.mark.django_db


def test_entries_tell_who_why_what_and_their_leaf(alice: Person, harbour_unit: Unit) -> None:
    hand_in(harbour_unit, sample("d1"))
    alice.client.get(reverse("quarantine"))
    ledger.sequence()
    alice.client.get(reverse("rules"))
    page = alice.client.get(reverse("custody"))
    assert "Alice Example" in page.text
    assert "quarantine.list" in page.text
    assert "document.receive" in page.text
    assert "not yet sequenced" in page.text
    assert f"<dd>{ledger.size()}</dd>" in page.text


def test_reading_is_itself_an_entry(alice: Person, bob: Person) -> None:
    alice.client.get(reverse("custody"))
    assert [each.act for each in ledger.page(actor=alice.viewer.actor)] == ["ledger.read"]
    assert "ledger.read" in bob.client.get(reverse("custody")).text


def test_filters_narrow_and_wrong_ones_are_told(alice: Person) -> None:
    write(received(1), looked_at(2))
    only = alice.client.get(reverse("custody"), {"kind": "COLLECTION"}).text
    assert "referral.receive" in only
    assert "referral.read" not in only
    subject = looked_at(2).subjects[0]
    assert "referral.receive" not in alice.client.get(reverse("custody"), {"subject": subject}).text
    assert "No entry fits" in alice.client.get(reverse("custody"), {"actor": "officer:nobody"}).text
    assert alice.client.get(reverse("custody"), {"kind": "READING"}).status_code == 404
    assert alice.client.get(reverse("custody"), {"before": "x"}).status_code == 404


def test_pages_follow_by_key_and_keep_the_filter(alice: Person) -> None:
    write(*(received(number) for number in range(1, 61)))
    page = alice.client.get(reverse("custody"), {"kind": "COLLECTION"})
    assert page.context["older"].startswith("kind=COLLECTION&before=")
    older = alice.client.get(f"{reverse('custody')}?{page.context['older']}")
    shown = [row["entry"].id for each in (page, older) for row in each.context["rows"]]
    assert len(shown) == len(set(shown)) == 60
    assert older.context["older"] == ""


def test_an_entry_shows_its_proof_once_it_has_a_leaf(alice: Person) -> None:
    entry = write(looked_at(1))[0]
    assert "Not yet sequenced" in alice.client.get(reverse("ledger-entry", args=[entry])).text
    ledger.sequence()
    page = alice.client.get(reverse("ledger-entry", args=[entry])).text
    assert ledger.prove_inclusion(entry).digest.hex() in page
    assert alice.client.get(reverse("ledger-entry", args=[uuid4()])).status_code == 404


def test_denied_attempts_are_marked(alice: Person, eve: Person) -> None:
    eve.client.get(reverse("custody"))
    assert "denied" in alice.client.get(reverse("custody"), {"actor": eve.viewer.actor}).text


def test_only_auditors_read_it(eve: Person, harbour_unit: Unit) -> None:
    reader = make_person("Finn", harbour_unit, frozenset(Capability) - {Capability.AUDIT})
    entry = write(looked_at(1))[0]
    for person in (eve, reader):
        assert person.client.get(reverse("custody")).status_code == 403
        assert person.client.get(reverse("ledger-entry", args=[entry])).status_code == 403
        assert person.client.post(reverse("export-ledger"), {"recipient": "authority:x", "purpose": "check"}).status_code == 403
        assert {each.denied for each in ledger.page(actor=person.viewer.actor)} == {True}


def test_an_export_needs_a_recipient_that_can_stand_in_the_ledger(alice: Person) -> None:
    answer = alice.client.post(reverse("export-ledger"), {"recipient": "Mrs Example, a person", "purpose": "check"})
    assert answer.status_code == 400
    assert "recipient" in answer.text


def test_the_verifier_can_be_taken_along(alice: Person) -> None:
    program = b"".join(alice.client.get(reverse("ledger-verifier")))
    assert b"def verify" in program
