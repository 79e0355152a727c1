from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from grace.accounts import totp
from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer
from grace.kernel import clock
from grace.pipeline import accounts as pipeline
from tests.browser.conftest import axe, axe_everywhere
from tests.support.people import DEVICE_SECRET, EVERYTHING_BUT_ACCOUNTS, PASSWORD, make_officer, make_unit

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SCREENSHOTS", "")


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{SHOTS}/{name}-{scheme}.png")
        size = page.viewport_size or {"width": 1280, "height": 860}
        page.set_viewport_size({"width": 640, "height": 430})
        page.screenshot(path=f"{SHOTS}/{name}-zoom.png", full_page=True)
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")


def code_of(officer: Officer) -> str:
    officer.refresh_from_db()
    return totp.code_at(DEVICE_SECRET, max(totp.step_at(clock.now()), officer.totp_last_step + 1))


def test_signs_in_by_keyboard_with_the_second_factor(page: Page, live_site: str) -> None:
    alice = make_officer("Alice", make_unit("Harbour Unit"), EVERYTHING_BUT_ACCOUNTS)
    page.goto("/settings/")
    expect(page).to_have_url(f"{live_site}/sign-in/?next=%2Fsettings%2F")
    shoot(page, "door")
    page.keyboard.type("alice")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Code from your device")).to_be_visible()
    shoot(page, "second-factor")
    page.keyboard.type(code_of(alice))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_site}/settings/")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    shoot(page, "settings")


def test_the_first_administrator_comes_in_by_a_link_and_enrols(page: Page) -> None:
    page.goto(f"/welcome/{pipeline.invite_first_administrator()}/")
    shoot(page, "first-administrator")
    assert axe_everywhere(page) == []
    page.get_by_label("Unit").fill("Harbour Unit")
    page.get_by_label("Your name").fill("Dora Example")
    page.get_by_label("Name to sign in with").fill("dora")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    shoot(page, "enrol")
    assert axe_everywhere(page) == []
    secret = pipeline.begin_enrolment(Officer.objects.get(username="dora"))
    page.get_by_label("six digits").fill(totp.code_at(secret, totp.step_at(clock.now())))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    shoot(page, "recovery-codes")
    assert axe_everywhere(page) == []
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Accounts", exact=True)).to_be_visible()


def test_no_page_of_the_shell_stands_in_anybodys_way(page: Page, enter: Callable[[Officer], None], live_site: str) -> None:
    harbour, hill = make_unit("Harbour Unit"), make_unit("Hill Unit")
    dora = make_officer("Dora", harbour, frozenset({Capability.ADMINISTER}))
    make_officer("Alice", harbour, EVERYTHING_BUT_ACCOUNTS)
    make_officer("Bob", harbour, frozenset({Capability.READ, Capability.DECIDE, Capability.OPEN_FILES}), enrolled=False)
    make_officer("Charlie", hill, EVERYTHING_BUT_ACCOUNTS)
    page.goto("/sign-in/")
    assert axe_everywhere(page) == []
    enter(dora)
    found = {}
    for name, address in {"accounts": "/accounts/", "settings": "/settings/", "nothing": "/no-such-page/"}.items():
        page.goto(address)
        shoot(page, name)
        found[name] = axe_everywhere(page)
    assert found == {name: [] for name in found}
    page.goto("/accounts/")
    page.get_by_role("button", name="looks for").click()
    shoot(page, "menu")
    assert axe(page) == []


def test_single_keys_open_the_list_of_keys_and_can_be_switched_off(page: Page, enter: Callable[[Officer], None]) -> None:
    dora = make_officer("Dora", make_unit("Harbour Unit"), frozenset({Capability.ADMINISTER}))
    enter(dora)
    page.goto("/accounts/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    shoot(page, "keys")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("tr[aria-selected=true]")).to_have_count(1)
    page.goto("/settings/")
    page.get_by_label("Single keys act").uncheck()
    page.get_by_role("button", name="Keep these keys").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
