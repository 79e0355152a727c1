"""Order and pace in a real browser: stated by keyboard, shown on the queue, led to what it counts; second looks told afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.casework.discipline import Stated
from grace.casework.discipline_models import Answer, SecondLook
from grace.kernel import clock
from grace.pipeline import discipline as pipeline
from tests.browser.conftest import axe_everywhere
from tests.browser.test_groups import shoot
from tests.support.deliveries import hand_in, sample
from tests.support.desks import closed, waiting
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_officer, make_unit, sign_in, viewer_for

pytestmark = pytest.mark.browser

STATED = {"capacity": 1, "officers": 2, "patience": 24, "bound": 30, "second": 50, "seeded": 10, "hidden": 100, "most_a_day": 2}


def test_order_and_pace_is_stated_shown_and_led_to(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    unit = make_unit("Harbour Unit")
    officer = make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS)
    enter(officer)
    officer.languages = ["de"]
    officer.save(update_fields=["languages"])
    pipeline.add_skill(viewer_for(officer), "journeys", ["travel"])
    waiting(unit, 40, first=1, days=40, score=9_000)
    waiting(unit, 70, first=100, days=40, score=1_000)
    waiting(unit, 3, first=200, language="ro")
    waiting(unit, 2, first=300, incident_kind="travel")
    page.goto("/rules/")
    page.get_by_role("link", name="Order and pace").click()
    expect(page.get_by_role("heading", name="Order and pace")).to_be_visible()
    page.get_by_label("Referrals that an officer reads in a day").fill("1")
    page.get_by_label("Officers on duty on a day").fill("2")
    page.get_by_label("Officers on duty on a day").press("Enter")
    expect(page.get_by_text("This holds from now on.")).to_be_visible()
    expect(page.get_by_text("who reads Romanian")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "pace")
    page.goto("/queue/")
    expect(page.get_by_text("stay unread for 60 days")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "pace-queue")
    page.goto("/pace/")
    page.get_by_role("listitem").filter(has_text="who reads Romanian").get_by_role("link").press("Enter")
    expect(page.locator("#total")).to_have_text("3")
    page.goto("/settings/")
    page.get_by_label("Two letters each, such as de, en, ro").fill("de, ro")
    page.get_by_label("Two letters each, such as de, en, ro").press("Enter")
    expect(page.get_by_text("Your languages are stated.")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "pace-settings")
    page.goto("/pace/")
    expect(page.get_by_text("who reads Romanian")).to_have_count(0)


def test_an_administrator_states_what_an_officer_reads(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    from grace.accounts.capabilities import Capability

    unit = make_unit("Harbour Unit")
    enter(make_officer("Dora", unit, frozenset({Capability.ADMINISTER})))
    bob = make_officer("Bob", unit, EVERYTHING_BUT_ACCOUNTS)
    pipeline.add_skill(viewer_for(bob), "journeys", ["travel"])
    page.goto("/accounts/")
    page.get_by_role("button", name="More Bob Example").press("Enter")
    page.get_by_label("Reads: two letters each").locator("visible=true").fill("ro")
    page.get_by_label("journeys").locator("visible=true").check()
    assert axe_everywhere(page) == []
    page.get_by_role("button", name="State it Bob Example").press("Enter")
    expect(page.get_by_text("What Bob Example reads and can do is stated.")).to_be_visible()
    bob.refresh_from_db()
    assert (bob.languages, bob.skills) == (["ro"], ["journeys"])


def test_a_second_look_is_told_of_afterwards(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    unit = make_unit("Harbour Unit")
    alice, bob = (make_officer(name, unit, EVERYTHING_BUT_ACCOUNTS) for name in ("Alice", "Bob"))
    enter(bob)
    referral = hand_in(unit, sample("d5"))[0].referrals[0]
    closed(Person(alice, sign_in(alice)), [referral])
    pipeline.state(viewer_for(alice), Stated(STATED))
    now = clock.now()
    SecondLook.objects.create(
        unit=unit, referral_id=referral, officer=bob, kind="double", expected="nothing", drawn_at=now - timedelta(days=2), given_at=now
    )
    page.goto(f"/referrals/{referral}/")
    expect(page.get_by_text("Taken by you")).to_be_visible()
    assert axe_everywhere(page) == []
    page.keyboard.press("x")
    page.get_by_label("Reason").locator("visible=true").fill("nothing to go on")
    page.get_by_role("button", name="Duplicate", exact=True).locator("visible=true").last.click()
    confirmed = page.get_by_role("button", name="Duplicate, I am sure")
    if confirmed.count():
        confirmed.click()
    expect(page.get_by_text("This was a second look")).to_be_visible()
    assert Answer.objects.get().answered == "known"
    shoot(page, "second-look")
