"""Archives in a real browser: from a referral's tiles to what came in an archive, out to the archive and page by page through it, by keyboard; without a barrier."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.evidence.decoding.testing import fractal, written
from grace.simulate.world import zipped
from tests.browser.conftest import axe_everywhere
from tests.browser.test_match import keep
from tests.support.analysers import saying
from tests.support.deliveries import hand_in, sample
from tests.support.jobs import run_due_jobs
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser


def test_through_an_archive_by_keyboard(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    unit = make_unit("Harbour Unit")
    enter(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    many = {f"{number:02}.txt": f"invented words {number}".encode() for number in range(60)}
    content = zipped({"boat.png": written(fractal()).getvalue(), "locked.zip": b"PK\x03\x04 and no more", **many})
    with saying():
        (receipt,) = hand_in(unit, zipped({"report.json": sample("d1"), "holiday.zip": content}), name="report.zip")
        run_due_jobs()
    page.goto(f"/referrals/{receipt.referrals[0]}/")
    page.keyboard.press("f")
    page.locator("#files").focus()
    page.keyboard.press("ArrowRight")
    tiles = page.locator("#files .wall a.cover")
    expect(tiles.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tiles.nth(1)).to_be_focused()
    expect(tiles.nth(1)).to_contain_text("in f03")
    assert axe_everywhere(page) == []
    keep(page, "archive-wall")
    page.keyboard.press("Enter")
    came = page.get_by_role("row", name="Came in").get_by_role("link")
    expect(came).to_be_visible()
    assert axe_everywhere(page) == []
    keep(page, "member")
    came.press("Enter")
    expect(page.locator("#members")).to_contain_text("62 files came out of it")
    assert axe_everywhere(page) == []
    keep(page, "archive")
    page.keyboard.press("m")
    expect(page.locator("#members")).to_be_in_viewport()
    assert page.locator("#members li").count() == 50
    page.keyboard.press("]")
    expect(page.locator("#members li").first).to_contain_text("51")
    assert page.locator("#members li").count() == 12
    page.keyboard.press("[")
    expect(page.locator("#members li").first).to_contain_text("1")
    page.locator("#members li a").nth(1).press("Enter")
    expect(page.locator("#members")).to_contain_text("not unpacked: damaged or cut short")
    assert axe_everywhere(page) == []
    page.keyboard.press("q")
    expect(page.locator("#files")).to_be_visible()
