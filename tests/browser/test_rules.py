"""The editor of rules in a real browser: drafted, previewed, published by a second officer, rolled back, shared; readable by everybody."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.pipeline import rules as pipeline
from grace.priority.rules import base_rules
from tests.browser.conftest import axe_everywhere
from tests.browser.test_groups import shoot
from tests.integration.test_escalations import URGENT
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.jobs import run_due_jobs
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit, viewer_for
from tests.support.rule_bodies import lifted

pytestmark = pytest.mark.browser


@pytest.fixture
def alice(live_site: str, enter: Callable[[Officer], None]) -> Officer:
    """Alice, with a queue of thirty and one urgent."""
    unit = make_unit("Harbour Unit")
    officer = make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS)
    hand_in(unit, URGENT, *floods.reports(30, viral=False))
    run_due_jobs()
    enter(officer)
    return officer


@pytest.fixture
def bob(alice: Officer) -> Officer:
    """Who may publish what Alice drafts."""
    return make_officer("Bob", alice.unit, EVERYTHING_BUT_ACCOUNTS)


def test_rules_are_drafted_and_previewed(page: Page, alice: Officer, bob: Officer) -> None:
    page.goto("/rules/")
    assert axe_everywhere(page) == []
    page.get_by_role("link", name="Edit the rules").click()
    page.get_by_role("button", name="Add a floor").click()
    floor = page.locator("li.rule").filter(has=page.locator("input[name='f3-id']"))
    floor.get_by_label("floor", exact=True).fill("40")
    floor.get_by_label("words for the officer").fill("contact that the sender verified")
    floor.get_by_label("signal").select_option("contact.account")
    page.get_by_role("button", name="Add a queue").click()
    own = page.locator("li.rule").filter(has=page.locator("input[name='q0-id']"))
    own.get_by_label("name of the queue").fill("called urgent")
    own.get_by_label("signal").select_option("sender.escalated")
    own.get_by_label("value").fill("true")
    page.get_by_label("Why, for those who read the versions later").first.fill("accounts first")
    page.locator("input[name='weight-urgency']").fill("40")
    page.get_by_role("button", name="Save the draft").first.click()
    expect(page.get_by_text("must sum to 100")).to_be_visible()
    page.locator("input[name='weight-urgency']").fill("45")
    page.get_by_role("button", name="Preview the effect").first.click()
    expect(page.get_by_role("heading", name="Effect on the present queue")).to_be_visible()
    page.get_by_role("button", name="floors gained or raised").click()
    expect(page.locator("#counted").get_by_role("heading", name="Floors gained or raised")).to_be_visible()
    page.locator("#counted").get_by_role("button", name="Next page").click()
    expect(page.get_by_text("page 2 of 2")).to_be_visible()
    assert page.locator("input[name='f3-text']").input_value() == "contact that the sender verified", "nothing typed is lost"
    assert axe_everywhere(page) == []
    shoot(page, "rules-editor")
    page.get_by_role("button", name="Save the draft").first.click()
    expect(page.get_by_role("heading", name="Draft: version 2")).to_be_visible()
    expect(page.get_by_text("a colleague who may publish rules reviews it")).to_be_visible()
    page.get_by_role("link", name="urgent ones, median wait").click()
    expect(page.locator("#counted").get_by_role("heading", name="Urgent ones, median wait")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "rules-draft")


def test_another_officer_publishes_and_either_takes_them_back(
    page: Page, enter: Callable[[Officer], None], alice: Officer, bob: Officer
) -> None:
    own = {"id": "hurry", "text": "called urgent", "when": [{"signal": "sender.escalated", "is": True}]}
    pipeline.edit_rules(viewer_for(alice), {**lifted(), "queues": [own]}, "a floor for all")
    enter(bob)
    page.goto("/rules/draft/")
    page.get_by_role("button", name="Publish, and score the queue anew").click()
    expect(page.get_by_role("heading", name="Version 2 is in force")).to_be_visible()
    expect(page.get_by_text("still stand where the version before put them")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "rules-page")
    run_due_jobs()
    page.get_by_role("link", name="called urgent").click()
    expect(page.locator("#total")).to_have_attribute("data-total", "1")
    assert axe_everywhere(page) == []
    page.goto("/rules/2/?with=1")
    expect(page.get_by_role("heading", name="What differs from version 1")).to_be_visible()
    assert axe_everywhere(page) == []

    page.goto("/rules/")
    page.keyboard.press("x")
    page.get_by_label("Reason").fill("too many on a floor")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Version 3 is in force")).to_be_visible()
    page.goto("/rules/2/")
    page.get_by_role("button", name="Make a draft like this version").click()
    expect(page.get_by_role("heading", name="Draft: version 4")).to_be_visible()


def test_rules_go_out_and_come_in_as_a_file(page: Page, alice: Officer, tmp_path: Path) -> None:
    page.goto("/rules/")
    with page.expect_download() as got:
        page.get_by_role("link", name="What is in force, as a file").click()
    told = json.loads(Path(got.value.path()).read_text(encoding="utf-8"))
    assert told["rules"] == base_rules()
    lowered = tmp_path / "lowered.json"
    lowered.write_text(json.dumps({**told, "rules": {**told["rules"], "floors": []}}), encoding="utf-8")
    page.get_by_label("Rules file of another unit or agency").set_input_files(lowered)
    page.get_by_role("button", name="Make a draft of it").click()
    expect(page.get_by_text("Held all the same")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "rules-held")
    assert pipeline.standing(viewer_for(alice)).published.number == 1
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    page.goto("/rules/")
    page.get_by_label("Rules file of another unit or agency").set_input_files(broken)
    page.get_by_role("button", name="Make a draft of it").click()
    expect(page.get_by_text("This is no rules file")).to_be_visible()
