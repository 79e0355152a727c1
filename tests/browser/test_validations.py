"""Validations in a real browser: found from the settings, opened by keyboard, read in both schemes."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.pipeline.validation import keep_report
from tests.browser.conftest import axe_everywhere
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit
from tests.support.validations import signed

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SCREENSHOTS", "")


def test_a_validation_is_found_and_read(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    officer = make_officer("Alice", make_unit("Harbour Unit"), EVERYTHING_BUT_ACCOUNTS)
    keep_report(officer.unit_id, signed(), actor="operator:0")
    enter(officer)
    page.goto("/settings/")
    page.get_by_role("link", name="Validations of this installation").click()
    expect(page.get_by_role("heading", name="Validations", exact=True)).to_be_visible()
    axe_everywhere(page)
    _shoot(page, "validations")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_text("document 37")).to_be_visible()
    expect(page.get_by_text("with this installation's key")).to_be_visible()
    axe_everywhere(page)
    _shoot(page, "validation")


def _shoot(page: Page, name: str) -> None:
    if SHOTS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{SHOTS}/{name}-{scheme}.png", full_page=True)
