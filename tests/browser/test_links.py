"""The links of a referral in a real browser: by keyboard from the referral to the graph, a cut with its reason, without a barrier."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.referrals.models import Referral
from tests.browser.conftest import axe_everywhere
from tests.support import floods
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser


def test_a_link_is_followed_and_cut_by_keyboard(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    unit = make_unit("Harbour Unit")
    enter(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    documents = [floods.tip(701, "u-1", md5="ab" * 16), floods.tip(702, "u-1"), floods.tip(703, "u-3", md5="ab" * 16)]
    first, second, third = floods.take_in(unit, documents, name="report.zip")
    page.goto(f"/referrals/{first}/")
    page.keyboard.press("l")
    expect(page.locator("svg.graph a")).to_have_count(2)
    expect(page.locator("table.links tbody tr")).to_have_count(2)
    assert axe_everywhere(page) == []
    page.keyboard.press("j")
    row = page.locator("table.links tbody tr").first
    row.get_by_role("button", name="Cut or confirm").press("Enter")
    page.keyboard.type("two people use it")
    page.get_by_role("dialog").get_by_role("button", name="Cut", exact=True).press("Enter")
    expect(page.get_by_text("The link is cut")).to_be_visible()
    expect(page.locator("svg.graph .edge.cut")).to_have_count(1)
    assert axe_everywhere(page) == []
    page.get_by_label("Number").fill(str(Referral.objects.get(id=third).number))
    page.get_by_label("Number").press("Enter")
    expect(page.locator("ol.way li")).not_to_have_count(0)
    node = page.locator(f'svg.graph a[href="/referrals/{second}/links/"]')
    node.press("Enter")
    expect(page.locator("svg.graph a")).to_have_count(1)
