"""Scenario 6: manage, access and view reports: an officer's morning, and what a stranger sees of it."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.urls import reverse

from grace.accounts.models import Unit
from grace.casework.models import Decision, QueueRow
from grace.custody import ledger
from tests.integration.web import story
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def test_an_officers_morning(alice: Person, bob: Person, charlie: Person, harbour_unit: Unit) -> None:
    urgent = story.urgent(harbour_unit)
    quiet, meta = story.samples(harbour_unit, "d6", "d2")

    queue = alice.client.get(reverse("queue")).text
    order = re.findall(r"/referrals/([0-9a-f-]{36})/", queue)
    assert order[0] == str(urgent), "the urgent one stands first"
    assert "sender escalated" in queue

    page = reverse("referral", args=[meta])
    covered = alice.client.get(page).text
    assert "max@example.net" not in covered
    alice.client.post(reverse("decide", args=[meta]), {"act": "take"})
    assert "max@example.net" in alice.client.get(page).text
    assert "max@example.net" not in bob.client.get(page).text, "who has not taken it sees it covered"

    found = alice.client.get(reverse("queue") + "?q=" + quote("MAX@Example.net")).text
    assert str(meta) in found
    assert str(quiet) not in found

    alice.client.post(reverse("decide", args=[meta]), {"act": "not_actionable", "reason": "the address log has ended"})
    assert QueueRow.objects.get(referral_id=meta).status == "closed"
    bob.client.post(reverse("decide", args=[meta]), {"act": "take_back", "reason": "a second look is due"})
    assert QueueRow.objects.get(referral_id=meta).status == "taken"
    assert [each.act for each in Decision.objects.order_by("decided_at")] == ["take", "not_actionable", "take_back"]

    acts = {entry.act for entry in ledger.history(f"referral:{meta}")}
    assert {"document.receive", "referral.score", "queue.list", "referral.read", "referral.take", "referral.not_actionable"} <= acts


def test_a_stranger_reaches_nothing_and_the_ledger_knows(charlie: Person, harbour_unit: Unit) -> None:
    urgent = story.urgent(harbour_unit)
    for address in (reverse("referral", args=[urgent]), reverse("document", args=[urgent])):
        assert charlie.client.get(address).status_code == 404
    assert charlie.client.post(reverse("decide", args=[urgent]), {"act": "take"}).status_code == 404
    assert str(urgent) not in charlie.client.get(reverse("queue")).text
    assert str(urgent) not in charlie.client.get(reverse("queue") + "?q=u-991").text
    denied = [entry for entry in ledger.page(actor=charlie.viewer.actor, limit=50) if entry.denied]
    assert len(denied) >= 3
    assert QueueRow.objects.get(referral_id=urgent).status == "open"
