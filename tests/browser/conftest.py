"""A real browser on a real server: ``page`` looks at ``live_site``; ``axe`` says what stands in the way of people with impairments."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from grace.accounts.models import Officer
from tests.support.people import sign_in

CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))), "")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for the tests of this folder, which a process runs one after the other.

    Playwright keeps an event loop running in this thread, which Django would otherwise refuse to share, and beside which other
    tests could not start theirs: it ends with the folder.
    """
    if not CHROMIUM:
        pytest.skip("No Chromium on this machine: install it, then the browser tests run.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context(browser: Browser, live_site: str) -> Iterator[BrowserContext]:
    """A private window of 1280 by 860, in light."""
    made = browser.new_context(base_url=live_site, viewport={"width": 1280, "height": 860}, color_scheme="light", locale="en-GB")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page; the test fails where the content policy or a script complained.

    Keys wait for the scripts that hear them: an officer never presses one before a page that is being read has ended, a test does.
    """
    made = context.new_page()
    press = made.keyboard.press

    def press_when_read(key: str) -> None:
        made.wait_for_load_state("domcontentloaded")
        press(key)

    monkeypatch.setattr(made.keyboard, "press", press_when_read)
    complaints: list[str] = []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
    yield made
    assert complaints == []


def _is_complaint(message: ConsoleMessage) -> bool:
    return message.type == "error" and "Failed to load resource" not in message.text  # a refused request is for the test to judge


@pytest.fixture
def enter(context: BrowserContext, live_site: str) -> Callable[[Officer], None]:
    """Let an officer into the browser without the door."""

    def let_in(officer: Officer) -> None:
        cookie = sign_in(officer).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_site}])

    return let_in


AXE = Axe()
"""Half a megabyte of script, read once."""
COLOURS = ("color-contrast", "link-in-text-block")
"""The only rules whose answer changes with the colours: the others say the same in light and in dark."""


def axe(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong, one line each: rule, element, help; by all rules, or by those named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    violations = page.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [f"{each['id']}: {node['target']} {each['help']}" for each in violations for node in each["nodes"]]


def axe_everywhere(page: Page) -> list[str]:
    """The same in light, in dark, and zoomed to 200 % (half the width, double the density)."""
    found = [f"light: {line}" for line in axe(page)]
    size = page.viewport_size or {"width": 1280, "height": 860}
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {line}" for line in axe(page, *COLOURS)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": size["width"] // 2, "height": size["height"] // 2})
    found += [f"zoomed: {line}" for line in axe(page)]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("zoomed: the page scrolls sideways")
    page.set_viewport_size(size)
    return found
