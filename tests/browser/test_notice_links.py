"""Links for notices in a real browser: made by keyboard, shown once, ended; axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer
from grace.intake.models import NoticeLink
from tests.browser.conftest import axe_everywhere
from tests.browser.test_groups import shoot
from tests.support.people import make_officer, make_unit

pytestmark = pytest.mark.browser


def test_a_link_is_made_by_keyboard_shown_once_and_ended(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    enter(make_officer("Dora", make_unit("Harbour Unit"), frozenset({Capability.ADMINISTER})))
    page.goto("/accounts/")
    page.get_by_role("link", name="Links for notices").click()
    expect(page.get_by_text("There is no link.")).to_be_visible()
    assert axe_everywhere(page) == []
    page.get_by_label("Sender, as officers will see it").fill("Example Hosting")
    page.get_by_label("Days that it works").fill("30")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Link for Example Hosting")).to_be_visible()
    expect(page.get_by_text(f"{live_site}/notice/")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "notice-links")
    page.goto("/notice-links/")
    expect(page.get_by_text(f"{live_site}/notice/")).to_have_count(0)
    page.get_by_role("button", name="Make void Example Hosting").press("Enter")
    expect(page.get_by_text("The link of “Example Hosting” is void.")).to_be_visible()
    assert NoticeLink.objects.get().revoked_at is not None
