"""A steward's way in a real browser, by keyboard: from the list to a model's card, its shadow run, what it computed, promotion, the stop; in German too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer
from grace.analysis.models import Model
from grace.analysis.register import keep
from grace.pipeline import models
from grace.pipeline.analyse import analyse_now
from grace.pipeline.texts import analyse_waiting
from tests.browser.conftest import axe_everywhere
from tests.browser.test_german import _TOO_WIDE
from tests.browser.test_match import keep as keep_picture
from tests.integration.analysis.test_models import RED, keep_files
from tests.integration.analysis.test_texts import arrived
from tests.support.agencies import Installation
from tests.support.models import OF_TEXTS, graph, graph_of_texts, picture, write_folder
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit, sign_in, viewer_for

pytestmark = pytest.mark.browser
STEWARD = frozenset({Capability.MANAGE_MODELS, Capability.READ, Capability.OPEN_FILES, Capability.AUDIT})


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation("Example Police North", "DE", tmp_path / "north", make_unit("Harbour Unit"))
    with installation.at_home():
        yield installation


def see(officer: Officer, files: int) -> None:
    analyse_now(keep_files(officer.unit, picture(RED, 500), *(picture((5 * n, 60, 90), n) for n in range(files))))


def test_from_the_card_to_promotion_and_the_stop(
    page: Page, live_site: str, enter: Callable[[Officer], None], here: Installation, tmp_path: Path
) -> None:
    steward = make_officer("Fred", here.unit, STEWARD)
    enter(steward)
    for number, content in enumerate((graph(), graph(turned=True)), 1):
        models.import_model(viewer_for(steward), write_folder(tmp_path / str(number), content, version=str(number)))
    page.goto("/models/")
    assert axe_everywhere(page) == []
    keep_picture(page, "models")
    page.get_by_role("link", name="colours 1").press("Enter")
    expect(page.get_by_role("heading", name="colours 1")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("Knows three colours.")
    assert axe_everywhere(page) == []
    _do(page, "Start its shadow run")
    models.begin_shadow(viewer_for(steward), Model.objects.get(version="2").id)
    see(steward, keep.LEAST_SHADOW)
    page.reload()
    page.get_by_role("link", name="21", exact=True).press("Enter")
    expect(page.locator("tbody tr")).to_have_count(21)
    assert axe_everywhere(page) == []
    keep_picture(page, "model-inferences")
    page.go_back()
    _do(page, "Promote")
    expect(page.locator(".badge.acc")).to_have_text("promoted, officers see what it says")
    keep_picture(page, "model")
    page.get_by_role("button", name="Compare").press("Enter")
    expect(page.get_by_role("heading", name="colours 1 beside colours 2")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("on the 21 files or texts that both have seen")
    assert axe_everywhere(page) == []
    keep_picture(page, "models-compared")
    page.go_back()
    _do(page, "Stop")
    expect(page.locator("#main")).to_contain_text("stopped, nothing that it said counts")
    assert axe_everywhere(page) == []


def test_german_fits(browser: Browser, live_site: str, here: Installation, tmp_path: Path) -> None:
    steward = make_officer("Fred", here.unit, STEWARD)
    context = browser.new_context(base_url=live_site, viewport={"width": 1280, "height": 860}, locale="de-DE")
    cookie = sign_in(steward).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_site}])
    page = context.new_page()
    made, _ = models.import_model(viewer_for(steward), write_folder(tmp_path / "one"))
    models.begin_shadow(viewer_for(steward), made.id)
    see(steward, 3)
    for address in ("/models/", f"/models/{made.id}/", f"/models/{made.id}/inferences/"):
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", "de")
        assert page.evaluate(_TOO_WIDE) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
    page.goto(f"/models/{made.id}/")
    keep_picture(page, "model-german")
    context.close()


def _do(page: Page, act: str) -> None:
    """Press the button, read what it means, press it again."""
    page.get_by_role("button", name=act, exact=True).first.press("Enter")
    page.get_by_role("dialog", name=act).get_by_role("button", name=act, exact=True).press("Enter")
    expect(page.get_by_text("Done.")).to_be_visible()


def test_what_a_model_says_of_a_text_stands_beside_it_and_is_called_wrong(
    page: Page, live_site: str, enter: Callable[[Officer], None], here: Installation, tmp_path: Path
) -> None:
    alice = make_officer("Alice", here.unit, EVERYTHING_BUT_ACCOUNTS)
    enter(alice)
    path = write_folder(tmp_path / "words", graph_of_texts(), name="words", made=OF_TEXTS)
    made, _ = models.import_model(viewer_for(alice), path)
    models.begin_shadow(viewer_for(alice), made.id)
    arrived(here.unit, *(f"a quiet hall at noon {number}" for number in range(keep.LEAST_SHADOW)), number="S-1")
    analyse_waiting(here.unit.id)
    models.promote(viewer_for(alice), made.id)
    referral = arrived(here.unit, "red red red", "a quiet hall at noon")
    analyse_waiting(here.unit.id)
    page.goto(f"/referrals/{referral}/")
    expect(page.locator(".texts")).to_contain_text("model.words 1")
    page.keyboard.press("t")
    finding = page.locator(".texts .finding").filter(has_text="class.colour.red")
    expect(finding.locator(".basis.model")).to_contain_text("model 100 %")
    finding.get_by_text("right or wrong?").press("Enter")
    finding.get_by_label("Instead, if you know").fill("an invented word")
    assert axe_everywhere(page) == []
    keep_picture(page, "text-findings")
    finding.get_by_role("button", name="Wrong").press("Enter")
    expect(page.locator(".texts")).to_contain_text("wrong, says your unit: an invented word")
    assert axe_everywhere(page) == []
