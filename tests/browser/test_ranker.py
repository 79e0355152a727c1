"""The ranker and the explanation in a real browser: from the queue by keyboard to why this one first, and a switch that is off at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.pipeline import rankers as pipeline
from tests.browser.conftest import axe_everywhere
from tests.browser.test_groups import shoot
from tests.integration.test_ranker import kept, rescore
from tests.support import floods
from tests.support.deliveries import hand_in, sample
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_officer, make_unit, sign_in, viewer_for

pytestmark = pytest.mark.browser


def test_from_the_queue_by_keyboard_to_why_this_one_first(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    unit = make_unit("Harbour Unit")
    hand_in(unit, sample("d1"), sample("d5"), sample("d6"), *floods.reports(20, viral=False))
    enter(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    page.goto("/queue/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="What makes the difference")).to_be_visible()
    expect(page.get_by_text("It comes first because")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "beside")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="Why it stands at rank 2")).to_be_visible()
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="What makes the difference")).to_be_visible()
    page.keyboard.press("q")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Why it stands at rank 1")).to_be_visible()


def test_a_ranker_goes_from_shadow_to_the_order_and_off_at_once(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    unit = make_unit("Harbour Unit")
    officer, second = (make_officer(name, unit, EVERYTHING_BUT_ACCOUNTS) for name in ("Alice", "Bob"))
    hand_in(unit, sample("d1"), sample("d5"), sample("d6"), *floods.reports(20, viral=False))
    row = kept(Person(officer, sign_in(officer)))
    enter(officer)
    page.goto("/rules/")
    page.get_by_role("link", name="Ranker").click()
    expect(page.get_by_role("heading", name="The rules order alone")).to_be_visible()
    page.get_by_role("button", name="Run in shadow 1").press("Enter")
    rescore(unit)
    page.goto("/ranker/")
    expect(page.get_by_role("heading", name="Ranker 1 runs in shadow")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "ranker-shadow")
    page.get_by_label("Reason").fill("better in shadow")
    page.get_by_role("button", name="Propose its promotion").press("Enter")
    expect(page.get_by_text("Another person has to promote it.").last).to_be_visible()
    pipeline.promote(viewer_for(second), row.number)
    rescore(unit)
    page.goto("/ranker/")
    expect(page.get_by_role("heading", name="Ranker 1 makes the order")).to_be_visible()
    page.get_by_role("link", name="What it rests on").click()
    expect(page.get_by_role("heading", name="What it never looks at")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "ranker-passport")
    page.goto("/queue/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The score, learned from outcomes")).to_be_visible()
    expect(page.get_by_role("heading", name="What changed it last")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "explained")
    page.goto("/ranker/")
    page.get_by_role("button", name="Switch it off").first.press("Enter")
    page.keyboard.type("it looks wrong")
    page.locator("#do-off").get_by_role("button", name="Switch it off").press("Enter")
    expect(page.get_by_role("heading", name="The rules order alone")).to_be_visible()
    assert axe_everywhere(page) == []
