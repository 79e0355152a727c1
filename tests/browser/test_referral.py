"""A referral in a real browser: taken, decided with a reason, asked again where a floor was hit; a picture held and let go."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer, Unit
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.evidence import files
from grace.evidence.files import Keep
from grace.pipeline.analyse import analyse_now
from grace.referrals.models import Attachment
from tests.browser.conftest import axe_everywhere
from tests.browser.test_match import keep
from tests.integration.web import story
from tests.support.films import film, scenes
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser


@pytest.fixture
def unit(live_site: str) -> Unit:
    return make_unit("Harbour Unit")


@pytest.fixture
def alice(unit: Unit, enter: Callable[[Officer], None]) -> Officer:
    officer = make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS)
    enter(officer)
    return officer


@pytest.fixture
def urgent(unit: Unit) -> UUID:
    return story.urgent(unit)


@pytest.fixture
def picture(unit: Unit) -> Attachment:
    story.with_files(unit)
    found = Attachment.objects.select_related("file").filter(file__media_type__startswith="image/").first()
    assert found is not None
    return found


def test_taking_uncovers_identifiers_by_one_key(page: Page, alice: Officer, urgent: UUID) -> None:
    page.goto(f"/referrals/{urgent}/")
    expect(page.get_by_text("covered until taken")).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_text("open, logged")).to_be_visible()
    expect(page.locator(".c")).to_have_count(0)


def test_known_is_asked_twice_where_a_floor_was_hit_and_can_be_taken_back(page: Page, alice: Officer, urgent: UUID) -> None:
    page.goto(f"/referrals/{urgent}/")
    page.get_by_role("button", name="Known", exact=True).click()
    page.get_by_role("dialog", name="Known").get_by_label("Reason").fill("every file is worked")
    page.keyboard.press("Tab")
    page.get_by_role("dialog", name="Known").get_by_role("button", name="Known").click()
    expect(page.get_by_role("heading", name="A floor holds this referral up")).to_be_visible()
    assert QueueRow.objects.get().status == "open"
    assert axe_everywhere(page) == []
    page.get_by_role("button", name=re.compile("I am sure")).click()
    expect(page.get_by_text("closed: known")).to_be_visible()
    page.keyboard.press("u")
    page.keyboard.type("one file is new")
    page.get_by_role("dialog", name="Take back").get_by_role("button", name="Take back").click()
    expect(page.get_by_text("The last decision is taken back.")).to_be_visible()
    assert QueueRow.objects.get().status == "open"


def test_a_reason_is_asked_by_key_and_escape_goes_back(page: Page, alice: Officer, urgent: UUID) -> None:
    page.goto(f"/referrals/{urgent}/")
    page.keyboard.press("e")
    page.keyboard.type("talk to the lead")
    expect(page.get_by_role("dialog", name="Escalate").get_by_label("Reason")).to_have_value("talk to the lead")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Escalate")).to_be_hidden()
    page.keyboard.press("h")
    page.get_by_label("Unit or agency").fill("Hill Unit")
    page.get_by_label("Reason", exact=True).fill("their state")
    page.get_by_role("button", name="Record, and close").click()
    expect(page.get_by_text("closed: handed over")).to_be_visible()
    expect(page.get_by_text("Hill Unit")).to_be_visible()


def test_a_picture_is_seen_while_it_is_held_and_no_longer(page: Page, alice: Officer, picture: Attachment) -> None:
    page.goto(f"/referrals/{picture.referral_id}/")
    page.get_by_role("link", name=re.compile(r"^File f\d\d: ")).first.click()
    cover = page.get_by_role("button", name=re.compile("^Covered preview"))
    expect(cover.locator("img")).to_have_count(0)
    cover.hover()
    page.mouse.down()
    expect(cover.locator("img")).to_have_count(1, timeout=15_000)
    assert page.locator(".cover img").evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    page.mouse.up()
    expect(cover.locator("img")).to_have_count(0)
    assert [each.act for each in ledger.page(actor=f"officer:{alice.id}")].count("file.look") == 1


def test_a_video_is_seen_as_a_contact_sheet_by_keyboard(page: Page, alice: Officer, unit: Unit) -> None:
    """Held with the space bar: one sheet of its shots, and their times in words, which stay when it is covered again."""
    (video,) = files.keep_many([Keep(unit.id, film(scenes(7, 6)), "received")])
    analyse_now([video.id])
    page.goto(f"/files/{video.id}/")
    times = page.get_by_role("list", name="Times of its pictures")
    expect(times).to_have_text("told when you look")
    assert axe_everywhere(page) == []
    cover = page.get_by_role("button", name=re.compile("^Covered preview"))
    cover.focus()
    page.keyboard.down(" ")
    expect(cover.locator("img")).to_have_count(1, timeout=15_000)
    assert page.locator(".cover img").evaluate("sheet => sheet.decode().then(() => sheet.naturalWidth)") > 0
    keep(page, "contact-sheet")
    page.keyboard.up(" ")
    expect(cover.locator("img")).to_have_count(0)
    assert times.get_by_role("listitem").count() > 1
    expect(times.get_by_role("listitem").first).to_have_text("0:00")
    assert axe_everywhere(page) == []
    assert [each.act for each in ledger.page(actor=f"officer:{alice.id}")].count("file.look") == 1


def test_without_the_right_to_open_files_there_is_nothing_to_hold(
    page: Page, enter: Callable[[Officer], None], unit: Unit, picture: Attachment
) -> None:
    enter(make_officer("Frank", unit, EVERYTHING_BUT_ACCOUNTS - {"open_files"}))
    page.goto(f"/files/{picture.file_id}/")
    expect(page.get_by_text("opening files is not given to you")).to_be_visible()
    expect(page.locator("[data-preview]")).to_have_count(0)


def test_no_page_of_a_referral_stands_in_anybodys_way(page: Page, alice: Officer, urgent: UUID, picture: Attachment) -> None:
    for address in (
        f"/referrals/{urgent}/",
        f"/referrals/{urgent}/document/",
        f"/referrals/{urgent}/versions/1/1/",
        f"/referrals/{picture.referral_id}/",
        f"/files/{picture.file_id}/?referral={picture.referral_id}",
    ):
        page.goto(address)
        page.wait_for_timeout(300)
        assert axe_everywhere(page) == [], address
    page.goto(f"/referrals/{urgent}/")
    page.keyboard.press("t")
    expect(page.get_by_text("open, logged")).to_be_visible()
    page.locator("summary").evaluate_all("all => all.forEach(one => one.click())")
    page.keyboard.press("x")
    assert axe_everywhere(page) == []
