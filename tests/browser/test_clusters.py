"""Near-duplicates in a real browser: from tile to tile by arrow, to the file, to its near-duplicates and back, by keyboard; without a barrier."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.referrals.models import Attachment
from tests.browser.conftest import axe_everywhere
from tests.browser.test_match import keep
from tests.integration.web import story
from tests.support.analysers import always, info, saying
from tests.support.jobs import run_due_jobs
from tests.support.looks import GIVES, look
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser


def test_from_a_wall_of_tiles_to_near_duplicates(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    unit = make_unit("Harbour Unit")
    enter(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    with saying((info("embedding", gives=GIVES), always(*look(b"bridge 1")))):
        referral, *_ = story.with_files(unit)
        run_due_jobs()
    attachment = Attachment.objects.filter(referral_id=referral, file__isnull=False).order_by("ordinal").first()
    assert attachment is not None
    page.goto(f"/referrals/{referral}/")
    page.keyboard.press("f")
    page.locator("#files").focus()
    page.keyboard.press("ArrowRight")
    tiles = page.locator("#files .wall a.cover")
    expect(tiles.first).to_be_focused()
    expect(tiles.first).to_contain_text("like it")
    page.keyboard.press("ArrowRight")
    expect(tiles.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(tiles.first).to_be_focused()
    assert axe_everywhere(page) == []
    keep(page, "wall")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="in your holdings")
    expect(link).to_be_visible()
    assert axe_everywhere(page) == []
    link.press("Enter")
    expect(page.get_by_role("heading", name="Near-duplicates")).to_be_visible()
    assert page.locator("#files .wall a.cover").count() > 1
    assert page.locator("img").count() == 0
    assert axe_everywhere(page) == []
    keep(page, "cluster")
    page.get_by_role("link", name="referrals").first.press("Enter")
    expect(page.locator("#named")).to_be_in_viewport()
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="File f01")).to_be_visible()
