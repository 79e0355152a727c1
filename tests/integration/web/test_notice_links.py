"""Links for notices on a page: Dora makes, sees and ends them; who does not administer makes none, and the attempt is written down."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.intake.models import NoticeLink
from grace.kernel import clock
from tests.support.deliveries import hand_in, sample
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_person

pytestmark = pytest.mark.django_db

HOME = "/notice-links/"
_LINK = re.compile(r"http://testserver(/notice/[^/<]+/)")


def make(who: Person, unit: Unit, **said: str) -> str:
    """The page that answers, with the link on it where one was made."""
    told = {"sender": "Example Hosting", "unit": unit.slug, "days": "90", **said}
    return str(who.client.post(HOME, told).text)


def test_a_link_is_made_shown_once_used_listed_and_ended(dora: Person, harbour_unit: Unit) -> None:
    shown = make(dora, harbour_unit)
    (path,) = set(_LINK.findall(shown))
    assert "Link for Example Hosting" in shown
    visitor = Client()
    assert visitor.get(path).status_code == 302
    assert "Example Hosting" in visitor.get("/notice/").text
    listed = dora.client.get(HOME).text
    assert "Example Hosting" in listed
    assert path.split("/")[2] not in listed
    link = NoticeLink.objects.get()
    assert link.expires_at - link.created_at == timedelta(days=90)
    ended = dora.client.post(reverse("revoke-notice-link", args=[link.id]), follow=True)
    assert "The link of “Example Hosting” is void." in ended.text
    assert Client().get(path).status_code == 404
    acts = [each.act for each in ledger.history(f"link:{link.id}", 9)]
    assert {"notices.link.add", "notices.link.revoke", "notices.link.list"} == set(acts)


def test_what_was_typed_badly_is_told_and_kept(dora: Person, harbour_unit: Unit) -> None:
    for wrong in ({"sender": " "}, {"days": "0"}, {"days": "900"}, {"days": "x"}, {"unit": "nowhere"}, {"sender": "two\nlines"}):
        told = {"sender": "Example Hosting", "unit": harbour_unit.slug, "days": "90", **wrong}
        answer = dora.client.post(HOME, told)
        assert answer.status_code == 400, wrong
        assert 'role="alert"' in answer.text
        assert "sender" in wrong or 'value="Example Hosting"' in answer.text
    assert not NoticeLink.objects.exists()


def test_a_link_that_is_over_says_so_and_cannot_be_ended_again(dora: Person, harbour_unit: Unit) -> None:
    make(dora, harbour_unit, days="1")
    assert "Make void" in dora.client.get(HOME).text
    NoticeLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert "Make void" not in dora.client.get(HOME).text


def test_only_whoever_administers_makes_and_ends_links(dora: Person, alice: Person, charlie: Person, harbour_unit: Unit) -> None:
    make(dora, harbour_unit)
    link = NoticeLink.objects.get()
    for who in (alice, charlie):
        assert who.client.get(HOME).status_code == 403
        assert who.client.post(HOME, {"sender": "Another", "unit": harbour_unit.slug, "days": "9"}).status_code == 403
        assert who.client.post(reverse("revoke-notice-link", args=[link.id])).status_code == 403
        denied = [each.act for each in ledger.page(actor=who.viewer.actor) if each.denied]
        assert sorted(denied) == ["notices.link.add", "notices.link.list", "notices.link.revoke"]
    link.refresh_from_db()
    assert (NoticeLink.objects.count(), link.revoked_at) == (1, None)
    assert dora.client.post(reverse("revoke-notice-link", args=[uuid4()])).status_code == 404


def test_the_page_is_reached_from_accounts_and_from_a_sender(harbour_unit: Unit, dora: Person) -> None:
    assert 'href="/notice-links/"' in dora.client.get("/accounts/").text
    both = make_person("Bea", harbour_unit, EVERYTHING_BUT_ACCOUNTS | {Capability.ADMINISTER})
    hand_in(harbour_unit, sample("d1"))
    row = QueueRow.objects.select_related("sender").get()
    address = f"/notice-links/?{urlencode({'sender': row.sender.name}, quote_via=quote)}"
    assert f'href="{address}"' in both.client.get(f"/senders/{row.sender_id}/").text
    assert f'value="{row.sender.name}"' in both.client.get(address).text
