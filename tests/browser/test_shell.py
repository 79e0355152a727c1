"""The scripts that every page carries: the cover over pictures, and the pill that tells of urgent referrals."""

from __future__ import annotations

import io
import itertools
import json
import os
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from grace.accounts.models import Officer
from tests.browser.conftest import axe, axe_everywhere
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser

COVER = """
document.getElementById("main").insertAdjacentHTML("beforeend", `<button class="cover" id="c" aria-label="Covered picture" data-preview="/an-invented-preview/"
  data-failed="It stays covered."><span class="seen"></span><span class="fill"></span><span class="said" role="status"></span></button>
  <fieldset id="why" hidden><label><input type="radio" name="purpose" value="compare"> compare</label></fieldset>`);
document.getElementById("c").scrollIntoView();
"""


def picture() -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def asked(page: Page, enter: Callable[[Officer], None]) -> list[str]:
    """A page with a covered picture; what was asked of the server for it."""
    posted: list[str] = []

    def answer(route: Route) -> None:
        posted.append(f"{route.request.method} {route.request.post_data or ''}")
        route.fulfill(body=picture(), content_type="image/png", headers={"Cache-Control": "no-store"})

    page.route("**/an-invented-preview/", answer)
    enter(make_officer("Alice", make_unit("Harbour Unit"), EVERYTHING_BUT_ACCOUNTS))
    page.goto("/settings/")
    page.evaluate(COVER)
    page.locator("#c").evaluate("cover => { cover.style.height = '160px' }")
    return posted


def hold(page: Page) -> None:
    page.locator("#c").hover()
    page.mouse.down()


def test_nothing_is_fetched_until_the_hold_is_complete(page: Page, asked: list[str]) -> None:
    hold(page)
    page.wait_for_timeout(250)
    page.mouse.up()
    page.wait_for_timeout(700)
    assert asked == []


def test_holding_uncovers_and_letting_go_covers_at_once(page: Page, asked: list[str]) -> None:
    page.locator("#why").evaluate("e => e.remove()")
    hold(page)
    expect(page.locator("#c.open img")).to_be_visible()
    page.mouse.up()
    expect(page.locator("#c img")).to_have_count(0)
    assert asked == ["POST "]


def test_the_space_key_holds_too_and_blur_covers(page: Page, asked: list[str]) -> None:
    page.locator("#why").evaluate("e => e.remove()")
    page.locator("#c").focus()
    page.keyboard.down(" ")
    expect(page.locator("#c.open img")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#c img")).to_have_count(0)
    page.keyboard.up(" ")


def test_where_a_purpose_is_asked_it_goes_along_and_without_it_nothing_does(page: Page, asked: list[str]) -> None:
    page.locator("#why").evaluate("e => { e.hidden = false }")
    hold(page)
    page.wait_for_timeout(800)
    page.mouse.up()
    assert asked == []
    page.check("input[name=purpose]")
    hold(page)
    expect(page.locator("#c.open img")).to_be_visible()
    page.mouse.up()
    assert asked == ["POST purpose=compare"]


def test_a_refusal_is_told_and_the_picture_stays_covered(page: Page, asked: list[str]) -> None:
    page.locator("#why").evaluate("e => e.remove()")
    page.unroute("**/an-invented-preview/")
    page.route("**/an-invented-preview/", lambda route: route.fulfill(status=403, json={"message": "The unit does not hold it."}))
    hold(page)
    expect(page.locator("#c .said")).to_have_text("The unit does not hold it.")
    expect(page.locator("#c img")).to_have_count(0)
    page.mouse.up()


def test_a_new_urgent_referral_shows_on_an_open_page_within_ten_seconds(page: Page, enter: Callable[[Officer], None]) -> None:
    states = itertools.chain([(0, 0.0), (2, 1.0), (2, 1.0)], itertools.repeat((3, 2.0)))

    def answer(route: Route) -> None:
        count, newest = next(states)
        told = {"count": count, "text": f"{count} urgent now", "said": "A new urgent referral has come in.", "newest": newest}
        package = {"count": 1, "text": "1 urgent package", "said": "A new urgent package has come in.", "newest": 1.0}
        route.fulfill(body=json.dumps({"urgent": told, "urgent-packages": package}), content_type="application/json")

    page.route("**/live/urgent/", answer)
    enter(make_officer("Alice", make_unit("Harbour Unit"), EVERYTHING_BUT_ACCOUNTS))
    page.goto("/settings/")
    expect(page.locator("#urgent")).to_be_hidden()
    expect(page.locator("#urgent")).to_have_text("2 urgent now", timeout=10_000)
    assert axe(page) == []
    expect(page.locator("#urgent-said")).to_have_text("A new urgent referral has come in.", timeout=10_000)
    expect(page).to_have_title("(4) Settings · GRACE", timeout=10_000)
    expect(page.get_by_role("link", name="1 urgent package")).to_have_attribute("href", "/exchange/")
    assert axe_everywhere(page) == []
    if folder := os.environ.get("SCREENSHOTS"):
        for width in (1280, 640):
            page.set_viewport_size({"width": width, "height": 430})
            page.screenshot(path=f"{folder}/pills-{width}.png")
