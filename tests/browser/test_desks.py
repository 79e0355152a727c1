"""The desks in a real browser: quarantine, rules, ledger, lists."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.custody import ledger
from grace.pipeline import rules
from tests.browser.conftest import axe_everywhere
from tests.support.deliveries import hand_in, sample, unreadable
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit, viewer_for
from tests.support.rule_bodies import lifted

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SCREENSHOTS", "")


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{SHOTS}/{name}-{scheme}.png", full_page=True)


@pytest.fixture
def alice(live_site: str, enter: Callable[[Officer], None]) -> Officer:
    officer = make_officer("Alice", make_unit("Harbour Unit"), EVERYTHING_BUT_ACCOUNTS)
    enter(officer)
    return officer


def test_the_quarantine_by_keyboard(page: Page, alice: Officer) -> None:
    hand_in(alice.unit, unreadable(1), unreadable(2), name="invented-name.json")
    page.goto("/quarantine/")
    assert axe_everywhere(page) == []
    shoot(page, "quarantine")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_text("invented-name.json")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "quarantine-document")
    page.get_by_label("Why does nobody have to read it?").fill("sent by mistake")
    page.get_by_role("button", name="Put aside").click()
    expect(page.get_by_text("The document is put aside")).to_be_visible()
    page.get_by_role("link", name="put aside").click()
    expect(page.locator("tr[data-row]")).to_have_count(1)


def test_rules_from_editing_to_publishing(page: Page, alice: Officer, enter: Callable[[Officer], None]) -> None:
    hand_in(alice.unit, *(sample(f"d{number}") for number in range(1, 6)))
    page.goto("/rules/")
    assert axe_everywhere(page) == []
    shoot(page, "rules")
    page.get_by_role("link", name="Edit the rules").click()
    page.get_by_role("button", name="Add a floor").click()
    row = page.locator("li.rule").nth(3)
    row.get_by_label("words for the officer").fill("text is there")
    row.get_by_label("signal").select_option("text.present")
    row.get_by_label("value").fill("true")
    page.get_by_role("button", name="Preview the effect").first.click()
    expect(page.locator("#effect")).to_contain_text("floors gained")
    assert axe_everywhere(page) == []
    shoot(page, "rules-edit")
    page.get_by_role("button", name="Save the draft").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Draft: version 2")
    assert axe_everywhere(page) == []
    shoot(page, "rules-draft")
    enter(make_officer("Bob", alice.unit, EVERYTHING_BUT_ACCOUNTS))  # whoever drafted does not publish
    page.reload()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 2 is in force").first).to_be_visible()
    page.get_by_role("link", name="Version 1").click()
    expect(page.get_by_role("button", name="Make a draft like this version")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "rules-version")


def test_a_faulty_rule_says_so_beside_its_line(page: Page, alice: Officer) -> None:
    rules.edit_rules(viewer_for(alice), lifted(), "for the test")
    page.goto("/rules/edit/")
    page.locator("li.rule").first.get_by_label("floor").fill("1000")
    page.get_by_role("button", name="Save the draft").first.click()
    expect(page.locator("li.rule.faulty")).to_have_count(1)
    assert axe_everywhere(page) == []


def test_the_ledger_page_and_one_entry(page: Page, alice: Officer) -> None:
    hand_in(alice.unit, sample("d1"), sample("d2"))
    ledger.sequence()
    page.goto("/custody/")
    assert axe_everywhere(page) == []
    shoot(page, "custody")
    page.get_by_label("Kind").select_option("COLLECTION")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("tr[data-row]")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_text("RFC 6962")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "custody-entry")


def test_a_list_is_loaded_and_taken_out(page: Page, alice: Officer) -> None:
    page.goto("/lists/")
    lines = b"algorithm,value,category,source,note\nmd5,%s,known,,\nmd5,short,known,,\n" % (b"0" * 32)
    page.get_by_label("File", exact=True).set_input_files({"name": "invented.csv", "mimeType": "text/csv", "buffer": lines})
    page.get_by_label("Name of the list").fill("Invented list")
    page.get_by_label("Source", exact=True).fill("a test")
    page.get_by_role("button", name="Load", exact=True).click()
    expect(page.get_by_text("Line 3")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "lists")
    page.get_by_role("button", name="Take out Invented list").click()
    page.get_by_role("button", name="Yes, take it out").click()
    expect(page.get_by_text("it held 1 entries")).to_be_visible()
