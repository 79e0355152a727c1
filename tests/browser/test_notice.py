"""The form for notices in a real browser: by keyboard, in dark, zoomed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, Page, expect

from grace.accounts.viewer import operator
from grace.pipeline import notices
from tests.browser.conftest import axe_everywhere
from tests.browser.test_accounts import shoot
from tests.support.people import make_unit

pytestmark = pytest.mark.browser


def test_a_notice_by_keyboard_with_a_mistake_on_the_way(page: Page, live_site: str) -> None:
    _, word = notices.add_link(operator(), "Example Hosting", make_unit("Harbour Unit"), timedelta(days=30))
    page.goto(f"/notice/{word}/")
    expect(page).to_have_url(f"{live_site}/notice/")
    shoot(page, "notice")
    assert axe_everywhere(page) == []
    page.get_by_label("Addresses", exact=True).focus()
    page.keyboard.type("https://files.example.net/a/1")
    page.get_by_label("Date and time").fill("2026-11-01T21:10")
    page.get_by_label("Why you suspect").fill("An invented explanation.")
    page.get_by_label("IP addresses").fill("192.0.2.7 2026-11-01T20:10:09Z 51600")
    page.get_by_label("E-mail address for questions").fill("desk@hosting.example.net")
    page.get_by_label("Files of the content").set_input_files([FilePayload(name="card.txt", mimeType="text/plain", buffer=b"Hello world")])
    page.get_by_role("button", name="Send the notice").press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The notice was not sent.")
    shoot(page, "notice-faults")
    assert axe_everywhere(page) == []
    alert.get_by_role("link", name="Time zone of that time").press("Enter")
    zone = page.get_by_label("Time zone of that time")
    expect(zone).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Why you suspect")).to_have_value("An invented explanation.")
    zone.select_option("+01:00")
    page.get_by_role("button", name="Send the notice").press("Enter")
    expect(page.get_by_role("heading", name="Your notice is here")).to_be_visible()
    shoot(page, "notice-receipt")
    assert axe_everywhere(page) == []
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the receipt").click()
    assert "SHA-256: " in saved.value.path().read_text(encoding="utf-8")
