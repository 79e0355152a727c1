"""The unit page and the backlog laboratory in a real browser, by keyboard, readable by everybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer, Unit
from grace.casework.decide import Wish
from grace.casework.laboratory import running
from grace.casework.models import QueueRow, Trial
from grace.kernel import clock
from grace.pipeline.decide import decide
from grace.pipeline.laboratory import play
from tests.browser.conftest import axe_everywhere
from tests.browser.test_groups import shoot
from tests.integration.test_escalations import escalated
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit, viewer_for

pytestmark = pytest.mark.browser


@pytest.fixture
def head(live_site: str, enter: Callable[[Officer], None]) -> Officer:
    """Whoever heads a unit in which referrals of all ages wait."""
    unit = make_unit("Harbour Unit")
    officer = make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS)
    fill(unit, officer)
    enter(officer)
    return officer


def fill(unit: Unit, officer: Officer) -> None:
    (document,) = floods.reports(1, viral=False)
    now = clock.now()
    for place, days in enumerate((0, 3, 10, 20, 40, 80)):
        with clock.held(now - timedelta(days=days, hours=1)):
            hand_in(unit, *(floods.renumbered(document, 1000 + 10 * place + more) for more in range(1 + place)), escalated(place))
    for row in QueueRow.objects.order_by("received_at")[:3]:
        decide(viewer_for(officer), row.referral_id, Wish("take"))


def test_the_head_of_a_unit_sees_how_it_stands_and_opens_what_starves(page: Page, head: Officer) -> None:
    page.goto("/unit/")
    expect(page.get_by_role("heading", name="How the unit stands")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "unit")
    page.get_by_role("link", name="Open the list").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Waiting · more than 60 days")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "unit-referrals")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="How the unit stands")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Waiting · less than a day")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/referrals/[0-9a-f-]{36}/"))


def test_a_setting_is_tried_and_compared_with_another(page: Page, head: Officer) -> None:
    page.goto("/unit/")
    page.get_by_role("link", name="The backlog laboratory").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Try a setting")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "laboratory")
    for name, order in (("Oldest first", "first in, first out"), ("As here", "score first, a share out of turn (as here)")):
        page.goto("/unit/laboratory/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Referrals a day").fill("9")
        page.get_by_label("with the weekends and floods").set_checked(False)
        page.get_by_label("Urgent, in per cent").fill("5")
        page.get_by_label("Officers").first.fill("1")
        page.locator("select[name=week_0]").select_option("all")
        page.locator("select[name=policy]").select_option(label=order)
        page.get_by_label("Out of turn, in per cent").fill("20")
        page.get_by_label("Courses").fill("4")
        page.get_by_label("Courses").press("Enter")
        expect(page.get_by_text("0 of 4 courses")).to_be_visible()
        if name == "As here":
            assert axe_everywhere(page) == []
        for trial in running():
            for _course in range(4):
                play(trial)
        expect(page.get_by_role("heading", name="What it came to")).to_be_visible(timeout=15_000)
    assert Trial.objects.count() == 2
    expect(page.get_by_text("more comes than can be read")).to_be_visible()
    page.locator("select[name=beside]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Difference")).to_be_visible()
    expect(page.get_by_text("clearly more here").first).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "trial")
    page.get_by_role("link", name="Try it with a change").click()
    expect(page.get_by_label("Name")).to_have_value("As here")
    page.get_by_label("Quality of the score (AUC)").fill("7")
    page.get_by_label("Quality of the score (AUC)").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("From 0.5, which is chance")
    assert axe_everywhere(page) == []
