"""Groups and bulk lanes in a real browser: one line, its members, a decision by keyboard, a lane opened and closed."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.casework.models import QueueRow
from grace.pipeline import groups
from tests.browser.conftest import axe_everywhere
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SCREENSHOTS", "")


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{SHOTS}/{name}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 640, "height": 430})
        page.screenshot(path=f"{SHOTS}/{name}-zoomed.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 860})


@pytest.fixture
def alice(live_site: str, enter: Callable[[Officer], None]) -> Officer:
    officer = make_officer("Alice", make_unit("Harbour Unit"), EVERYTHING_BUT_ACCOUNTS)
    enter(officer)
    floods.define(officer.unit, viral={"threshold": 6})
    documents = floods.reports(12, urgent=1)
    hand_in(officer.unit, *documents, *(floods.renumbered(documents[0], 7 + place) for place in range(2)))
    groups.connect_waiting(officer.unit_id)
    return officer


def test_a_group_is_one_line_and_is_decided_by_keyboard(page: Page, alice: Officer) -> None:
    page.goto("/queue/")
    expect(page.locator("tr[data-row]")).to_have_count(2)
    assert axe_everywhere(page) == []
    shoot(page, "queue")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Viral file: 14 referrals")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "group")
    lead = page.get_by_label("members").first
    number = lead.inner_text()
    lead.click()
    expect(page.locator("#total")).to_have_text(number)
    expect(page.get_by_role("heading", name="Of the group")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "group-state")
    page.get_by_role("link", name="About this group").click()
    expect(page.get_by_role("heading", name="Viral file: 14 referrals")).to_be_visible()
    page.keyboard.press("x")
    page.get_by_label("Reason").filter(visible=True).fill("the file is known and worked")
    page.get_by_role("dialog").filter(visible=True).get_by_role("button", name="Duplicates").click()
    expect(page.get_by_role("heading", name="A floor holds members of this group up")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "confirm")
    page.get_by_role("button", name="leave the urgent ones open").click()
    expect(page.get_by_text("left as it was").first).to_be_visible()
    shoot(page, "decided")
    assert QueueRow.objects.filter(status="closed").count() == 13
    page.goto("/groups/")
    assert axe_everywhere(page) == []
    shoot(page, "groups")
    page.goto("/groups/definition/")
    assert axe_everywhere(page) == []
    shoot(page, "definition")


def test_a_bulk_lane_is_opened_looked_at_and_closed(page: Page, alice: Officer) -> None:
    sender = QueueRow.objects.filter(floor=0)[0].sender_id
    page.goto(f"/queue/?sender={sender}")
    page.get_by_role("link", name="Open a bulk lane").click()
    assert axe_everywhere(page) == []
    page.get_by_label("Share that is read").fill("50")
    page.get_by_label("Reason").fill("hundreds an hour, all alike")
    page.get_by_role("button", name="Open the lane").click()
    expect(page.get_by_text("wait behind the rest")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "lane")
    page.goto("/queue/")
    expect(page.get_by_text("Bulk lane of")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "queue-lane")
    page.get_by_role("region", name="Backlog").get_by_role("link").last.click()
    page.wait_for_url("**/lanes/**")  # a key pressed before would be the queue's
    page.keyboard.press("x")
    page.get_by_label("Reason").filter(visible=True).fill("it is over")
    page.get_by_role("button", name="Close the lane").last.click()
    expect(page.get_by_text("When it was closed")).to_be_visible()
    assert not QueueRow.objects.filter(turn=0).exists()
