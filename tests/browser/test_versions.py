"""Versions in a real browser: the contradictions, two versions chosen and compared by keyboard alone, the state of an earlier moment."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer, Unit
from grace.kernel import clock
from grace.simulate.forms import plant as planted
from grace.simulate.plan import Form
from tests.browser.conftest import axe_everywhere
from tests.integration.test_contradictions import rich, take_in
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
    """JSON, then XML that says something else in three fields, then the JSON corrected in one of them."""
    start = clock.now() - timedelta(hours=9)
    other, corrected = rich(), rich()
    for field in ("person.first_name", "ip.port", "file.viewed"):
        other = planted(other, field) or other
    corrected = planted(corrected, "person.first_name") or corrected
    for hours, report, form in ((1, rich(), Form.LEA_JSON), (2, other, Form.TIP_FOLDER), (3, corrected, Form.LEA_JSON)):
        with clock.held(start + timedelta(hours=hours)):
            (found,) = take_in(unit, report, form).referrals
    return found


def _keep(page: Page, name: str) -> None:
    """A picture for the eyes, where a folder for it is given."""
    folder = os.environ.get("KEEP_SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_contradictions_are_found_and_two_versions_compared_by_keyboard(page: Page, alice: Officer, referral: UUID) -> None:
    page.goto("/queue/")
    expect(page.get_by_role("link", name="2 contradictions")).to_be_visible()
    _keep(page, "queue")
    page.goto(f"/referrals/{referral}/")
    page.keyboard.press("t")
    expect(page.get_by_text("open, logged")).to_be_visible()
    _keep(page, "referral")
    page.keyboard.press("v")
    expect(page.get_by_role("heading", name="2 contradictions")).to_be_visible()
    expect(page.get_by_text("corrects version 1: First name")).to_be_visible()
    expect(page.get_by_text("1 contradiction that a later document settled")).to_be_visible()
    page.wait_for_timeout(300)
    _keep(page, "versions")
    assert axe_everywhere(page) == []
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="version 2 beside 3")).to_be_visible()
    expect(page.get_by_role("heading", name="2 fields say something else")).to_be_visible()
    page.wait_for_timeout(300)
    _keep(page, "compare")
    assert axe_everywhere(page) == []
    page.keyboard.press("v")
    expect(page.get_by_role("heading", name="What was said, and when we knew it")).to_be_visible()


def test_the_state_of_an_earlier_moment(page: Page, alice: Officer, referral: UUID) -> None:
    page.goto(f"/referrals/{referral}/versions/")
    page.get_by_label("As we knew it at").fill((clock.now() - timedelta(hours=6, minutes=30)).strftime("%Y-%m-%dT%H:%M:%S"))
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="3 contradictions")).to_be_visible()
    expect(page.get_by_role("link", name="Version 3", exact=True)).to_have_count(0)
