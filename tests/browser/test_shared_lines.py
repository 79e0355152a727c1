"""Shared lines in a real browser: put in force by keyboard, read, an older version put in force again, without a barrier."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer
from tests.browser.conftest import axe_everywhere
from tests.browser.test_groups import shoot
from tests.support.people import make_officer, make_unit

pytestmark = pytest.mark.browser


def test_a_list_is_put_in_force_and_an_older_one_again(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    enter(make_officer("Dora", make_unit("Harbour Unit"), frozenset(Capability)))
    page.goto("/settings/")
    page.get_by_role("link", name="Shared lines").press("Enter")
    expect(page.get_by_role("heading", name="No list is in force")).to_be_visible()
    assert axe_everywhere(page) == []
    page.get_by_label("Entries, one a line").fill("vpn, nonsense")
    page.get_by_label("Why it changes").fill("the first")
    page.get_by_label("Why it changes").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("line 1")
    assert axe_everywhere(page) == []
    page.get_by_label("Entries, one a line").fill("cgnat, 203.0.113.0/24, Example Mobile\nmail, requests.example.net\n")
    page.get_by_label("Why it changes").press("Enter")
    expect(page.get_by_role("heading", name="Version 1, in force")).to_be_visible()
    page.get_by_label("Entries, one a line").fill("")
    page.get_by_label("Why it changes").fill("nobody told us so")
    page.get_by_label("Why it changes").press("Enter")
    expect(page.get_by_role("heading", name="Version 2, in force")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "shared-lines")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Version 1, no longer in force")).to_be_visible()
    page.get_by_label("Why it changes").fill("somebody did")
    page.get_by_label("Why it changes").press("Enter")
    expect(page.get_by_role("heading", name="Version 3, in force")).to_be_visible()
    expect(page.get_by_text("Example Mobile")).to_be_visible()
