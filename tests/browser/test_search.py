"""The search by keyboard, in a real browser: typed from any page, read, narrowed, walked and opened."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer, Unit
from tests.browser.conftest import axe_everywhere
from tests.integration.web import story
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser


@pytest.fixture
def unit(live_site: str) -> Unit:
    return make_unit("Harbour Unit")


@pytest.fixture
def alice(unit: Unit) -> Officer:
    return make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS)


def test_from_any_page_to_the_referral_by_keyboard_alone(page: Page, enter: Callable[[Officer], None], alice: Officer, unit: Unit) -> None:
    first, *_rest = [str(each) for each in story.samples(unit, "d1", "d2", "d3")]
    enter(alice)
    page.goto("/settings/")
    page.keyboard.press("/")
    page.keyboard.type("ILSE.fictitia@Example.com")
    page.keyboard.press("Enter")
    expect(page.locator("#readings")).to_contain_text("e-mail address ilse.fictitia@example.com")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.locator("tr[data-row] .why")).to_have_text("an identifier")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(first))
    page.keyboard.press("/")
    page.keyboard.type("-lighthouse")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(3)
    page.evaluate("window.same = true")
    page.get_by_role("link", name=re.compile("^Google LLC")).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    assert page.evaluate("window.same") is True
    page.get_by_role("link", name="Take all filters away").focus()
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(3)


def test_nothing_stands_in_anybodys_way(page: Page, enter: Callable[[Officer], None], alice: Officer, unit: Unit) -> None:
    story.samples(unit, "d1", "d2")
    enter(alice)
    digest = "c8526368fb94cd3fbf7d3647b606ce00"  # a file that sample d1 names
    for address in ("/search/", "/search/?q=-lighthouse&status=open", f"/search/?q={digest}", "/search/?q=nothing-of-the-sort"):
        page.goto(address)
        assert axe_everywhere(page) == [], address
