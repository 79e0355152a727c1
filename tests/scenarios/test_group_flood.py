"""A flood in the night: one file in many reports, one danger among them; what the officers find in the morning."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from grace.accounts.models import Unit
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.links.models import Group
from tests.support import floods
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def opened(text: str) -> list[str]:
    """Where the rows of a queue page lead, in their order."""
    return re.findall(r'<a href="([^"]+)" data-open', text)


def test_the_morning_after_a_flood(alice: Person, bob: Person, charlie: Person, harbour_unit: Unit) -> None:
    floods.define(harbour_unit, viral={"threshold": 10})
    documents = floods.reports(31, urgent=1)
    floods.take_in(harbour_unit, documents[:-1])
    group = Group.objects.get()
    home = reverse("group", args=[group.id])

    queue = alice.client.get("/queue/").text
    assert len(opened(queue)) == 1, "thirty reports are one line"
    assert opened(queue) == [home]
    assert "30 referrals" in queue

    (danger,) = floods.take_in(harbour_unit, documents[-1:])
    queue = alice.client.get("/queue/").text
    assert opened(queue) == [reverse("referral", args=[danger]), home], "the one danger stands above the line, by itself"
    assert "in a group of 31" in queue

    some = QueueRow.objects.filter(is_line=False)[3]
    found = bob.client.get(f"/queue/?q={some.number}").text
    assert reverse("referral", args=[some.referral_id]) in opened(found), "every subject is found"
    assert "Groups" in bob.client.get(reverse("referral", args=[some.referral_id])).text
    assert charlie.client.get(home).status_code == 404

    page = alice.client.get(home).text
    assert floods.VIRAL in page
    assert "<img" not in page
    decide = reverse("decide-group", args=[group.id])
    asked = alice.client.post(decide, {"act": "known", "reason": "an old picture, worked last year"})
    assert asked.status_code == 409
    alice.client.post(decide, {"act": "known", "reason": "an old picture, worked last year", "urgent": "spare"})
    assert QueueRow.objects.get(referral_id=danger).status == "open"
    assert QueueRow.objects.filter(status="closed").count() == 30
    assert any(entry.act == "group.known" for entry in ledger.history(f"referral:{some.referral_id}", 50))

    split = reverse("split-group", args=[group.id, danger])
    assert bob.client.post(split, {"reason": "it is about the child, not the picture"}).status_code == 302
    bob.client.post(decide, {"act": "take_back", "reason": "the desk wants to look again"})
    assert QueueRow.objects.filter(status="open").count() == 31
    assert opened(alice.client.get("/queue/").text)[0] == reverse("referral", args=[danger])
    with_members = alice.client.get("/queue/?every=1").text
    assert len(opened(with_members)) == 31
