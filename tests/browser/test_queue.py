"""The queue by keyboard, in a real browser: walked, searched, taken from, and told of what is new."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer, Unit
from grace.casework.models import QueueRow
from tests.browser.conftest import axe_everywhere
from tests.browser.test_accounts import code_of
from tests.integration.web import story
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, PASSWORD, make_officer, make_unit

pytestmark = pytest.mark.browser


@pytest.fixture
def unit(live_site: str) -> Unit:
    return make_unit("Harbour Unit")


@pytest.fixture
def alice(unit: Unit) -> Officer:
    return make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS)


@pytest.fixture
def waiting(unit: Unit) -> list[str]:
    """Five referrals, one of them urgent, as the queue names them, in rank order."""
    story.samples(unit, "d1", "d2", "d3", "d5")
    story.urgent(unit)
    rows = QueueRow.objects.order_by("-floor", "-score", "-referral_id")
    return [str(row.referral_id) for row in rows]


def test_signs_in_reads_the_queue_by_keyboard_and_opens_a_referral(page: Page, alice: Officer, waiting: list[str]) -> None:
    page.goto("/")
    page.keyboard.type("alice")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Code from your device")).to_be_visible()
    page.keyboard.type(code_of(alice))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Waiting")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr[aria-selected=true] td.rank")).to_have_text(re.compile("2$"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(waiting[1]))
    page.keyboard.press("q")
    expect(page).to_have_url(re.compile("/queue/$"))


def test_t_takes_the_selected_row_and_n_the_next_free_one(
    page: Page, enter: Callable[[Officer], None], alice: Officer, waiting: list[str]
) -> None:
    enter(alice)
    page.goto("/queue/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("t")
    expect(page.get_by_text("You have taken this referral.")).to_be_visible()
    expect(page).to_have_url(re.compile(waiting[1]))
    page.goto("/queue/")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(waiting[0]))
    taken = set(QueueRow.objects.filter(officer=alice).values_list("referral_id", flat=True))
    assert {str(each) for each in taken} == set(waiting[:2])


def test_lanes_and_filters_change_the_list_without_a_new_page(
    page: Page, enter: Callable[[Officer], None], alice: Officer, waiting: list[str]
) -> None:
    enter(alice)
    page.goto("/queue/")
    page.evaluate("window.same = true")
    page.get_by_role("link", name=re.compile("^Closed")).click()
    expect(page.get_by_text("No referral is closed yet.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Waiting")).click()
    expect(page.locator("tr[data-row]")).to_have_count(5)
    page.get_by_role("button", name="Any kind").click()
    page.get_by_role("link", name="Travel report").click()
    expect(page.get_by_text("No referral fits these filters.")).to_be_visible()
    assert page.evaluate("window.same") is True
    page.go_back()
    expect(page.locator("tr[data-row]")).to_have_count(5)


def test_the_search_is_one_key_away(page: Page, enter: Callable[[Officer], None], alice: Officer, waiting: list[str]) -> None:
    enter(alice)
    page.goto("/queue/")
    number = QueueRow.objects.get(referral_id=waiting[2]).number
    page.keyboard.press("/")
    page.keyboard.type(f"r-{number}")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.locator(f"a[href*='{waiting[2]}'][data-open]")).to_be_visible()


def test_a_new_urgent_referral_shows_on_an_open_page_within_ten_seconds(
    page: Page, enter: Callable[[Officer], None], alice: Officer, unit: Unit
) -> None:
    (referral,) = story.samples(unit, "d1")
    enter(alice)
    page.goto(f"/referrals/{referral}/")
    expect(page.locator("#urgent")).to_be_hidden()
    page.wait_for_timeout(1_000)
    story.urgent(unit)
    expect(page.locator("#urgent")).to_have_text("1 urgent now", timeout=10_000)
    expect(page.locator("#urgent-said")).to_have_text("A new urgent referral has come in.")
    page.locator("#urgent").click()
    expect(page.locator("tr[data-row]")).to_have_count(1)


def test_the_queue_stands_in_nobodys_way(page: Page, enter: Callable[[Officer], None], alice: Officer, waiting: list[str]) -> None:
    enter(alice)
    for address in ("/queue/", "/queue/?q=nothing-of-the-sort", "/queue/?status=closed"):
        page.goto(address)
        page.wait_for_timeout(300)
        assert axe_everywhere(page) == [], address


def test_the_queue_works_without_a_script(page: Page, enter: Callable[[Officer], None], alice: Officer, waiting: list[str]) -> None:
    assert page.context.browser is not None
    enter(alice)
    bare = page.context.browser.new_context(java_script_enabled=False, base_url=page.url if page.url.startswith("http") else None)
    bare.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # the same shape read as written
    quiet = bare.new_page()
    quiet.goto(f"{_site(page)}/queue/?urgent=1")
    quiet.get_by_role("button", name=re.compile("^Take next")).click()
    expect(quiet.get_by_text("You have taken this referral.", exact=False).or_(quiet.get_by_role("heading", level=1))).to_be_visible()
    assert waiting[0] in quiet.url
    bare.close()


def _site(page: Page) -> str:
    page.goto("/queue/")
    return page.url.partition("/queue/")[0]
