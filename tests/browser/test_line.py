"""The line in a real browser: the audit set, a line put in force, all readable by everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.pipeline.line import set_audit
from tests.browser.conftest import axe_everywhere
from tests.browser.test_groups import shoot
from tests.integration.test_line import decided
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_officer, make_unit, sign_in, viewer_for

pytestmark = pytest.mark.browser


def test_a_line_is_put_in_force_and_read(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    unit = make_unit("Harbour Unit")
    officer = make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS)
    enter(officer)
    set_audit(viewer_for(officer), 1000, 100)
    found = [each.referrals[0] for each in hand_in(unit, *floods.reports(64, viral=False))]
    decided(Person(officer, sign_in(officer)), found[4:], found[:4])
    page.goto("/rules/")
    page.get_by_role("link", name="The line").click()
    expect(page.get_by_role("heading", name="No line is in force")).to_be_visible()
    expect(page.get_by_text("In the long run")).to_be_visible()
    assert axe_everywhere(page) == []
    page.get_by_label("Reason").first.fill("the night is short")
    page.get_by_label("Reason").first.press("Enter")
    expect(page.get_by_role("heading", name="The line in force", exact=True)).to_be_visible()
    expect(page.get_by_text("no sign of drift")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "line")
    page.get_by_role("link", name="1 %", exact=True).click()
    expect(page.get_by_text("This cannot be promised yet.").first).to_be_visible()
