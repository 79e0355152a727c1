"""A text with identifiers in a real browser: marked where they stand, called found, readable for everybody."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from tests.browser.conftest import axe_everywhere
from tests.support.deliveries import hand_in
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SCREENSHOTS", "")
TEXT = """Kite flyer from the coast. Mail kite@example.org or kite (at) example (dot) org, insta: @blue.kite, my snap is kite_77.
Call +49 30 1234567 on 01.02.2025; log-in from 192.0.2.14:51522, app version 4.3.2.1, see https://example.org/kite.
DE89 3704 0044 0532 0130 00, order 4711-0815."""


@pytest.fixture
def told(live_site: str, enter: Callable[[Officer], None]) -> UUID:
    unit = make_unit("Harbour Unit")
    enter(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    document = {
        "reportId": "7",
        "reportedInformation": {"reportingEsp": {"espName": "Example"}, "additionalInformations": [{"value": TEXT}]},
    }
    (receipt,) = hand_in(unit, json.dumps(document).encode())
    return receipt.referrals[0]


def test_a_text_shows_what_was_found_in_it(page: Page, told: UUID) -> None:
    page.goto(f"/referrals/{told}/")
    expect(page.locator("mark")).to_have_count(0)
    page.keyboard.press("t")
    expect(page.locator(".texts mark")).to_have_count(8)
    expect(page.locator(".texts").get_by_text("found in text")).to_be_visible()
    expect(page.locator(".texts mark", has_text="4.3.2.1")).to_have_count(0)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/identifiers-in-text.png", full_page=True)
    assert axe_everywhere(page) == []
