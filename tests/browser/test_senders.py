"""Senders in a real browser: the list, a flood, what is missing, all by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.casework.models import QueueRow
from grace.intake.models import Sender
from grace.kernel import clock
from tests.browser.conftest import axe_everywhere
from tests.browser.test_groups import shoot
from tests.integration.test_escalations import escalated
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit
from tests.support.reporting import provider

pytestmark = pytest.mark.browser


@pytest.fixture
def flooder(live_site: str, enter: Callable[[Officer], None]) -> Sender:
    """A sender that sent two a day, and thirty today; another calls everything urgent."""
    unit = make_unit("Harbour Unit")
    enter(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    (document,) = floods.reports(1, viral=False)
    now = clock.now()
    for day in range(12):
        with clock.held(now - timedelta(days=12 - day)):
            hand_in(unit, *(floods.renumbered(document, 1000 + 10 * day + place) for place in range(2 + day % 3)))
    hand_in(unit, *(floods.renumbered(document, 5000 + place) for place in range(30)), *map(escalated, range(8)))
    provider(unit, QueueRow.objects.order_by("number")[0].sender.name)
    return QueueRow.objects.order_by("number")[0].sender


def test_a_flood_is_found_and_a_missing_field_followed_by_keyboard(page: Page, flooder: Sender) -> None:
    page.goto("/senders/")
    expect(page.get_by_role("heading", name="Senders", exact=True)).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "senders")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=flooder.name)).to_be_visible()
    expect(page.get_by_text("A flood today:")).to_be_visible()
    page.get_by_text("Day by day").click()
    assert axe_everywhere(page) == []
    shoot(page, "sender")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Referrals of {flooder.name}")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "sender-referrals")
    page.keyboard.press("r")
    expect(page.get_by_text("A flood today:")).to_be_visible()
    page.keyboard.press("x")
    expect(page.get_by_role("heading", name="Open a bulk lane")).to_be_visible()


def test_calls_of_urgency_over_the_share_lead_to_themselves(page: Page, flooder: Sender) -> None:
    page.goto("/queue/")
    number = page.locator(".strip a.n[href*=over_share]")
    expect(number).to_have_text("5")
    number.click()
    expect(page.get_by_role("heading", name="Called urgent over the daily share, today")).to_be_visible()
    expect(page.locator("tr[data-row]")).to_have_count(5)
    assert axe_everywhere(page) == []
    shoot(page, "over-share")
