"""The desks in German, whose words are longer: nothing is cut off or pushed over the edge, and reasons are in German too."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from grace.accounts.models import Officer
from grace.evidence.models import Fingerprint
from grace.matching.models import Match
from tests.browser.test_desks import shoot
from tests.browser.test_lists import put_films
from tests.integration.web import story
from tests.support import relisting
from tests.support.jobs import run_due_jobs
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit

pytestmark = pytest.mark.browser

_TOO_WIDE = """() => [...document.querySelectorAll("button, .btn, .badge, .chip, th, dt, h1, h2, .reasons li, header")]
  .filter((each) => each.checkVisibility() && !each.closest(".vh, .scroll") && each.clientWidth && each.scrollWidth > each.clientWidth + 1)
  .map((each) => `${each.tagName}: ${each.textContent.trim()}`)"""


@pytest.fixture
def context(browser: Browser, live_site: str) -> Iterator[BrowserContext]:
    """A private window of somebody who reads German."""
    made = browser.new_context(base_url=live_site, viewport={"width": 1280, "height": 860}, locale="de-DE")
    yield made
    made.close()


def test_german_fits_on_the_desks(page: Page, enter: Callable[[Officer], None]) -> None:
    unit = make_unit("Hafen")
    enter(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    urgent = story.urgent(unit)
    story.with_files(unit)
    for address in ("/", f"/referrals/{urgent}/", "/rules/", "/rules/edit/", "/quarantine/", "/lists/", "/custody/", "/settings/"):
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", "de")
        assert page.evaluate(_TOO_WIDE) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
    run_due_jobs()
    kept = Fingerprint.objects.filter(quality__gte=50).order_by("id")[0]
    relisting.load([("pdq", relisting.flipped(bytes(kept.value), 3))])
    run_due_jobs()
    for address in (f"/files/{kept.file_id}/", f"/matches/{Match.objects.order_by('id')[0].id}/"):
        page.goto(address)
        expect(page.locator("#main")).to_contain_text("Abstand")
        assert page.evaluate(_TOO_WIDE) == [], address
    films = put_films()
    video = films.videos.order_by("id")[0].id
    match = Match.objects.order_by("id")[0].id
    for address in (
        f"/lists/{films.id}/",
        f"/lists/{films.id}/entries/?only=videos",
        f"/lists/videos/{video}/",
        f"/lists/videos/{video}/files/",
        f"/matches/{match}/files/",
        f"/matches/{match}/referrals/",
    ):
        page.goto(address)
        assert page.evaluate(_TOO_WIDE) == [], address
        shoot(page, "de" + address.split("?")[0].replace("/", "-"))
    page.goto(f"/referrals/{urgent}/")
    expect(page.locator("#why")).to_contain_text("Absender eskalierte")
    expect(page.locator("#why")).not_to_contain_text("sender escalated")
