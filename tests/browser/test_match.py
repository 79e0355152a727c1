"""A match in a real browser: from the file to the two fingerprints and back, without a barrier, in German too."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.evidence.models import Fingerprint
from tests.browser.conftest import axe_everywhere
from tests.integration.web import story
from tests.support import relisting
from tests.support.jobs import run_due_jobs
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser


def keep(page: Page, name: str) -> None:
    """Pictures for the eyes, light, dark and at twice the size, where a folder for them is given."""
    folder = os.environ.get("KEEP_SCREENSHOTS")
    if not folder:
        return
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=f"{folder}/{name}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 640, "height": 430})
    page.screenshot(path=f"{folder}/{name}-twice.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 860})


def test_from_a_file_to_its_match_and_back(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    unit = make_unit("Harbour Unit")
    enter(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    story.with_files(unit)
    run_due_jobs()
    kept = Fingerprint.objects.filter(quality__gte=50).order_by("id")
    first, second = kept[0], kept[1]
    Fingerprint.objects.filter(id=second.id).update(value=relisting.flipped(bytes(first.value), 12))
    relisting.load([("pdq", relisting.flipped(bytes(first.value), 19))])
    run_due_jobs()
    page.goto(f"/files/{first.file_id}/")
    expect(page.locator("#alike")).to_contain_text("distance 12")
    assert axe_everywhere(page) == []
    keep(page, "file-alike")
    page.locator("#lists").get_by_role("link", name="distance 19").click()
    expect(page.get_by_role("img", name="Difference: 19 of 256 bits differ")).to_be_visible()
    expect(page.locator("svg.bits")).to_have_count(3)
    assert axe_everywhere(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    keep(page, "match")
    for name in ("files", "referrals"):
        address = page.url
        page.get_by_role("link", name=f"1 {name.removesuffix('s')}", exact=True).click()
        expect(page.get_by_text("These are all.")).to_be_visible()
        assert axe_everywhere(page) == []
        keep(page, f"match-{name}")
        page.keyboard.press("q")
        expect(page).to_have_url(address)
    page.locator("#held").get_by_role("link").first.click()
    expect(page.locator("#alike")).to_be_visible()
    page.goto("/lists/")
    expect(page.locator("#index")).to_contain_text("The index is up to date")
    assert axe_everywhere(page) == []
    keep(page, "lists")
