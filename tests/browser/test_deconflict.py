"""Asking who else works on the same, in a real browser: by keyboard from the referral to the answer, without a barrier."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.casework.decide import Wish
from grace.pipeline.decide import decide
from tests.browser.conftest import axe_everywhere
from tests.support import floods
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_person, make_unit

pytestmark = pytest.mark.browser


def test_a_question_is_asked_and_answered_by_keyboard(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    unit, other = make_unit("Harbour Unit"), make_unit("Hill Unit")
    enter(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    charlie = make_person("Charlie", other, EVERYTHING_BUT_ACCOUNTS)
    [mine] = floods.take_in(unit, [floods.tip(701, "account-7000001", md5="ab" * 16)], name="mine.zip")
    [theirs] = floods.take_in(other, [floods.tip(702, "account-7000002", md5="ab" * 16)], name="theirs.zip")
    decide(charlie.viewer, theirs, Wish("take"))
    page.goto(f"/referrals/{mine}/")
    page.keyboard.press("o")
    expect(page.get_by_text("Not checked: nobody has asked yet.")).to_be_visible()
    assert axe_everywhere(page) == []
    page.get_by_label("Reason").fill("two houses, one file")
    page.get_by_label("Reason").press("Tab")
    page.keyboard.press("Enter")
    answer = page.locator("#answers tbody tr")
    expect(answer).to_have_count(1)
    expect(answer).to_contain_text("Hill Unit")
    expect(answer).to_contain_text("yes")
    expect(answer).to_contain_text("file")
    assert axe_everywhere(page) == []
    page.goto("/elsewhere/")
    expect(page.get_by_text("Nobody.")).to_be_visible()
    assert axe_everywhere(page) == []
