"""Kept searches in a real browser: kept by keyboard, told on every page, read, changed and forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.pipeline import kept
from tests.browser.conftest import axe_everywhere
from tests.browser.test_groups import shoot
from tests.integration.web import story
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser


def test_a_search_is_kept_and_tells_what_hits_it(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    unit = make_unit("Harbour Unit")
    enter(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    page.goto("/search/?status=open&q=ilse.fictitia@example.com")
    page.get_by_role("button", name="Keep this search").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()
    assert axe_everywhere(page) == []
    page.keyboard.type("Ilse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ilse")).to_be_visible()
    expect(page.get_by_text("Nothing has hit it yet.")).to_be_visible()
    referral, *_rest = story.samples(unit, "d1", "d2")
    kept.match_waiting(unit.id)
    page.goto("/settings/")
    pill = page.locator("#kept-hits")
    expect(pill).to_have_text("1 search hit")
    expect(page).not_to_have_title(re.compile(r"^\(1\)"))
    pill.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kept searches")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "kept")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.locator("tr[data-row] .badge.acc")).to_have_text("new")
    assert axe_everywhere(page) == []
    shoot(page, "kept-one")
    page.get_by_role("button", name="Change").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Change the filters on the search page").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Take all filters away").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Let “Ilse” look for this")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "kept-change")
    page.get_by_role("button", name="Let “Ilse” look for this").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Ilse” is changed.")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(str(referral)))
    page.go_back()
    page.get_by_role("button", name="Forget").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Ilse” is forgotten.")).to_be_visible()
    expect(page.get_by_text("No search is kept.")).to_be_visible()
