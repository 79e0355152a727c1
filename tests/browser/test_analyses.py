"""Analysis on demand in a real browser, by keyboard: from a referral to the order, its progress, and what was found; without a barrier."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.referrals.models import Attachment
from grace.sdk.analysis import Cost, Finding, Takes
from grace.sdk.signals import Basis
from tests.browser.conftest import axe_everywhere
from tests.browser.test_match import keep
from tests.integration.web import story
from tests.support.analysers import always, info, saying
from tests.support.jobs import run_due_jobs
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser

COLOUR = Finding("picture.colours", "blue", Basis.MODEL, "box:0.1,0.1,0.5,0.5", 0.8, {"share": "0.6"})


def test_from_a_referral_to_what_was_found(page: Page, live_site: str, enter: Callable[[Officer], None]) -> None:
    unit = make_unit("Harbour Unit")
    enter(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    referral, *_ = story.with_files(unit)
    run_due_jobs()
    gives = {"picture.colours": "the colours that cover most of a picture"}
    with saying((info("colours", cost=Cost.DEAR, takes=Takes.PICTURE, gives=gives), always(COLOUR))):
        page.goto(f"/referrals/{referral}/")
        page.locator("#files").get_by_role("link", name="Analyse", exact=True).press("Enter")
        expect(page.get_by_role("checkbox")).to_be_checked()
        expect(page.get_by_text("the colours that cover most of a picture")).to_be_visible()
        assert axe_everywhere(page) == []
        keep(page, "analyse")
        page.get_by_role("button", name="Analyse", exact=True).press("Enter")
        expect(page.get_by_role("status").filter(has_text="waits")).to_be_visible()
        assert axe_everywhere(page) == []
        keep(page, "analysis-waits")
        run_due_jobs()
        expect(page.get_by_role("status").filter(has_text="done")).to_be_visible(timeout=15_000)
    picture = Attachment.objects.filter(referral_id=referral, file__media_type__startswith="image/").first()
    assert picture is not None
    page.goto(f"/files/{picture.file_id}/")
    expect(page.locator("#findings")).to_contain_text("blue")
    expect(page.locator("#findings")).to_contain_text("model 80")
    assert axe_everywhere(page) == []
    keep(page, "file-findings")
    page.goto(f"/analyses/new/?file={picture.file_id}")
    page.locator("main").get_by_role("link", name="Analyses").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert axe_everywhere(page) == []
    keep(page, "analyses")
