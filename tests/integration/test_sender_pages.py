"""Senders in figures: Alice sees what came to her unit and each number leads to what it counts; Charlie sees none of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from grace.accounts.models import Unit
from grace.casework.decide import Wish
from grace.casework.models import QueueRow, SenderDay, SenderTouched
from grace.intake.models import Sender
from grace.kernel import clock
from grace.pipeline import sender_pages
from grace.pipeline.decide import decide
from tests.integration.test_escalations import escalated
from tests.support import floods
from tests.support.deliveries import hand_in, sample, unreadable
from tests.support.people import Person
from tests.support.reporting import provider

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 7, 20, 12, tzinfo=UTC)
LINK = re.compile(r'<a class="n"[^>]*href="([^"]+)">([\d\u202f]+)</a>')
TOTAL = re.compile(r'data-total="(\d+)"')


def numbers_on(html: str) -> list[tuple[str, int]]:
    """Every number of a page that is a link: where it leads, and what it says."""
    return [(unescape(address), int(text.replace("\u202f", ""))) for address, text in LINK.findall(html)]


def counted_at(person: Person, address: str) -> int:
    """How many things the page at an address says that it lists."""
    answer = person.client.get(address)
    assert answer.status_code == 200, (address, answer.content[:200])
    found = TOTAL.search(answer.content.decode())
    return int(found[1]) if found else len(re.findall("data-row", answer.content.decode()))


@pytest.fixture
def world(harbour_unit: Unit, alice: Person) -> Any:
    """A month of one sender with a flood at its end, and other senders beside it."""
    documents = floods.reports(60, viral=False)
    for day in range(10):
        with clock.held(NOON - timedelta(days=10 - day)):
            hand_in(harbour_unit, *(floods.renumbered(documents[0], 1000 + 10 * day + place) for place in range(2)))
    with clock.held(NOON):
        hand_in(harbour_unit, *(floods.renumbered(documents[0], 5000 + place) for place in range(30)))
        receipts = hand_in(harbour_unit, sample("d1"), sample("d5"), *map(escalated, range(8)), unreadable())
        decide(alice.viewer, receipts[0].referrals[0], Wish("not_actionable", "no lead in it"))
        yield None


def flooder() -> Sender:
    return QueueRow.objects.filter(received_at=NOON, sender__isnull=False).order_by("number")[0].sender


@pytest.mark.parametrize("folded", [False, True])
def test_every_number_leads_to_exactly_what_it_counts(world: None, alice: Person, folded: bool) -> None:
    if folded:
        assert sender_pages.count_days() > 0
        assert not SenderTouched.objects.exists()
        assert SenderDay.objects.exists()
    pages = ["/senders/", *(f"/senders/{key}/" for key in Sender.objects.values_list("id", flat=True)), f"/senders/{flooder().id}/?days=90"]
    seen = 0
    for page in pages:
        for address, number in numbers_on(alice.client.get(page).content.decode()):
            if not address.startswith("/senders/") or "/referrals/" in address:
                assert counted_at(alice, address) == number, (page, address)
                seen += 1
    assert seen > 60


def test_a_flood_is_said_with_its_numbers_and_leads_to_the_bulk_lane(world: None, alice: Person) -> None:
    page = alice.client.get(f"/senders/{flooder().id}/").content.decode()
    assert "A flood today" in page
    assert "usually 2 a day (median of the 10 days before), and more than 20 is a flood" in page
    assert f"/lanes/open/{flooder().id}/" in page
    assert "flood</a>" in alice.client.get("/senders/").content.decode()


def test_a_unit_sees_only_what_came_to_it(world: None, alice: Person, charlie: Person) -> None:
    key = flooder().id
    assert flooder().name in alice.client.get("/senders/").content.decode()
    assert "Nobody has reported to your unit yet" in charlie.client.get("/senders/").content.decode()
    assert charlie.client.get(f"/senders/{key}/").status_code == 404
    assert charlie.client.get(f"/senders/{key}/referrals/").status_code == 404
    hand_in(Unit.objects.get(slug="hill-unit"), sample("d1"))
    for each in QueueRow.objects.filter(unit__slug="hill-unit"):
        page = charlie.client.get(f"/senders/{each.sender_id}/referrals/")
        assert page.status_code == 200
        assert counted_at(charlie, f"/senders/{each.sender_id}/referrals/") == 1


def test_who_may_not_read_sees_no_sender(world: None, eve: Person) -> None:
    assert eve.client.get("/senders/").status_code == 403
    assert eve.client.get(f"/senders/{flooder().id}/").status_code == 403


def test_escalations_over_the_share_of_today_lead_to_exactly_those(harbour_unit: Unit, alice: Person, bob: Person) -> None:
    with clock.held(NOON - timedelta(days=1)):
        hand_in(harbour_unit, *map(escalated, range(100, 110)))
    with clock.held(NOON):
        receipts = hand_in(harbour_unit, *map(escalated, range(20)))
        strip = alice.client.get("/queue/").content.decode()
        (address, number) = next(each for each in numbers_on(strip) if "over_share" in each[0])
        assert number == 17, "three count, the rest is over the share"
        assert counted_at(alice, address) == 17
        over = QueueRow.objects.filter(over_share_on=NOON.date())
        assert {each.referral_id for each in over} < {each.referrals[0] for each in receipts}
        decide(bob.viewer, over[0].referral_id, Wish("not_actionable", "nothing in it"))
        assert counted_at(alice, address) == 17, "a closed one is still among them"
        hand_in(harbour_unit, escalated(77))
        assert dict(numbers_on(alice.client.get("/queue/").content.decode()))[address] == counted_at(alice, address) == 18
    with clock.held(NOON + timedelta(days=1)):
        assert counted_at(alice, address) == 0
        assert "over_share" not in alice.client.get("/queue/").content.decode()


def test_logins_are_listed_without_their_secrets(harbour_unit: Unit, alice: Person, charlie: Person, hill_unit: Unit) -> None:
    chat = provider(harbour_unit)
    provider(hill_unit, "Cloud Example")
    page = alice.client.get(f"/senders/{chat.login.sender_id}/").content.decode()
    assert chat.login.name in page
    assert chat.secret not in page
    assert charlie.client.get(f"/senders/{chat.login.sender_id}/").status_code == 404
    assert "Cloud Example" not in alice.client.get("/senders/").content.decode()


def test_what_is_read_is_written_down(world: None, alice: Person) -> None:
    from grace.custody import ledger

    row = QueueRow.objects.filter(sender=flooder())[0]
    day = row.received_at.date()
    alice.client.get(f"/senders/{flooder().id}/referrals/?since={day}&until={day}&lacks=ip.port-missing")
    assert any(each.act == "sender.referrals" for each in ledger.history(f"sender:{flooder().id}", 10))


@pytest.mark.parametrize("query", ["since=x", "until=0001-01-01", "low=-1", "after=!", "after=AAAA", "format=%00", "high=9999"])
def test_an_address_made_by_hand_and_badly_is_refused(world: None, alice: Person, query: str) -> None:
    assert alice.client.get(f"/senders/{flooder().id}/referrals/?{query}").status_code == 400
