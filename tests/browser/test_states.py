"""The states concerned in a real browser: read with their reasons, corrected by keyboard, followed into the queue."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer, Unit
from grace.routing.models import Route
from tests.browser.conftest import axe_everywhere
from tests.integration.test_routing import living_in, report
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser


@pytest.fixture
def unit(live_site: str) -> Unit:
    return make_unit("Harbour Unit")


@pytest.fixture
def alice(unit: Unit, enter: Callable[[Officer], None]) -> Officer:
    officer = make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS)
    enter(officer)
    return officer


@pytest.fixture
def referral(unit: Unit) -> UUID:
    report(unit, {"espUserId": "1"}, number=2)
    return report(unit, living_in("AT", "SE"))


def test_a_state_is_removed_and_another_added_without_a_mouse(page: Page, alice: Officer, referral: UUID) -> None:
    page.goto(f"/referrals/{referral}/")
    states = page.locator("#states")
    expect(states).to_contain_text("against it: SE: stated address of the reported account")
    states.get_by_role("button", name="Remove SE").press("Enter")
    page.keyboard.type("Moved away.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#states").get_by_role("button", name="Remove SE")).to_have_count(0)
    expect(page.locator("#states")).to_contain_text("1 correction")
    page.locator("#states").get_by_role("button", name="Add a state").press("Enter")
    page.keyboard.type("pt")
    page.get_by_role("textbox", name="Reason").last.fill("A witness.")
    page.get_by_role("dialog").get_by_role("button", name="Add a state").click()
    expect(page.locator("#states")).to_contain_text("added by Alice Example: A witness.")
    assert Route.objects.get(referral_id=referral).recipients == ["AT", "PT"]


def test_a_badge_leads_to_the_queue_of_its_state(page: Page, alice: Officer, referral: UUID) -> None:
    page.goto("/queue/")
    page.get_by_role("link", name="AT", exact=True).click()
    expect(page.locator("#total")).to_have_text("1")
    page.goto("/queue/?state=europol")
    expect(page.locator("#total")).to_have_text("1")
    expect(page.get_by_role("link", name="Europol", exact=True).first).to_be_visible()


@pytest.mark.parametrize("address", ["/queue/", "/referrals/{}/"])
def test_no_barrier(page: Page, alice: Officer, referral: UUID, address: str) -> None:
    page.goto(address.format(referral))
    assert axe_everywhere(page) == []
