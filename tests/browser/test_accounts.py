from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer
from grace.accounts.purposes import Purpose
from grace.kernel import clock
from grace.accounts import totp
from grace.pipeline import accounts as pipeline
from tests.browser.conftest import axe, axe_everywhere
from tests.support.people import DEVICE_SECRET, EVERYTHING_BUT_ACCOUNTS, PASSWORD, make_officer, make_unit

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SCREENSHOTS", "")


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{SHOTS}/{name}-{scheme}.png")
        size = page.viewport_size
        page.set_viewport_size({"width": 640, "height": 430})
        page.screenshot(path=f"{SHOTS}/{name}-zoom.png", full_page=True)
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")
