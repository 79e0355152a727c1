"""The exchange in a real browser: enrolling, handing over by keyboard, the inbox; axe finds nothing."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer
from grace.exchange.models import Dispatch
from grace.exchange.outbox import Order
from grace.pipeline import agencies, take_over
from grace.pipeline.hand_over import export, hand_over
from grace.referrals.models import Referral
from tests.browser.conftest import axe_everywhere
from tests.support.agencies import Installation, acquaint, administrators, enrol
from tests.support.deliveries import hand_in, sample
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, make_unit, viewer_for

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SCREENSHOTS", "")


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{SHOTS}/{name}-{scheme}.png", full_page=True)


@pytest.fixture
def two(live_site: str, tmp_path: Path) -> Iterator[tuple[Installation, Installation]]:
    """North's browser; South is known, and one agency overseas too."""
    north = Installation("Example Police North", "DE", tmp_path / "north", make_unit("Harbour Unit"))
    south = Installation("Example Police South", "FR", tmp_path / "south", make_unit("Hill Unit"))
    overseas = Installation("Example Police Overseas", "CA", tmp_path / "overseas", make_unit("Other Unit"))
    acquaint(north, south)
    with north.at_home():
        enrol(overseas, north.unit)
        agencies.make_contact_point(administrators(north.unit)[0], south.agency)
        yield north, south


def test_handing_over_by_keyboard(page: Page, two: tuple[Installation, Installation], enter: Callable[[Officer], None]) -> None:
    north, _south = two
    enter(make_officer("Alice", north.unit, EVERYTHING_BUT_ACCOUNTS))
    hand_in(north.unit, sample("d2"))
    referral = Referral.objects.get()
    page.goto(f"/referrals/{referral.id}/")
    page.keyboard.press("t")
    expect(page.get_by_text("Taken by you")).to_be_visible()
    page.keyboard.press("h")
    expect(page.get_by_role("heading", name="Hand over", exact=True)).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "hand-over")
    expect(page.get_by_role("radio", name="Example Police Overseas")).to_be_disabled()
    page.get_by_role("radio", name="Example Police South").check()
    page.get_by_label("No onward transfer").check()
    page.get_by_label("Reason; the recipient reads it").fill("The account is theirs.")
    page.get_by_role("button", name="Look at what leaves").click()
    expect(page.get_by_text("Nothing has left yet.")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "hand-over-preview")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("It waits to be carried to Example Police South by file.")).to_be_visible()
    expect(page.locator("#exchanged")).to_contain_text("Hand-over to Example Police South: waiting")
    assert axe_everywhere(page) == []
    shoot(page, "referral-handed-over")
    page.goto("/exchange/sent/")
    assert axe_everywhere(page) == []
    shoot(page, "exchange-sent")


def test_the_inbox_by_keyboard(
    page: Page, two: tuple[Installation, Installation], enter: Callable[[Officer], None], tmp_path: Path
) -> None:
    north, south = two
    hand_in(south.unit, sample("d5"))
    charlie = viewer_for(make_officer("Charlie", south.unit, EVERYTHING_BUT_ACCOUNTS))
    with south.at_home():
        order = Order(north.agency, "investigation", "They live there.", conditions=("ask-originator",), handling="Call first.")
        export(hand_over(charlie, Referral.objects.get().id, order).id, tmp_path / "package")
    take_over.receive_package(io.BytesIO((tmp_path / "package").read_bytes()))
    enter(make_officer("Alice", north.unit, EVERYTHING_BUT_ACCOUNTS))
    page.goto("/exchange/")
    assert axe_everywhere(page) == []
    shoot(page, "exchange")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hand-over from Example Police South")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "package")
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_text("Taken in. It stands in the queue")).to_be_visible()
    expect(page.locator("#exchanged")).to_contain_text("Ask the originator first")
    assert Dispatch.objects.filter(kind="answer").count() == 1


def test_the_second_person_types_what_was_read_out(
    page: Page, two: tuple[Installation, Installation], enter: Callable[[Officer], None], tmp_path: Path
) -> None:
    north, _south = two
    east = Installation("Example Police East", "PL", tmp_path / "east", make_unit("Mill Unit"))
    (tmp_path / "east.json").write_text(east.card())
    first, second = (make_officer(name, north.unit, frozenset({Capability.ADMINISTER})) for name in ("Dora", "Emil"))
    enter(first)
    page.goto("/agencies/")
    page.get_by_label("Card", exact=True).set_input_files(tmp_path / "east.json")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("You proposed it: another administrator has to confirm.")).to_be_visible()
    enter(second)
    page.goto("/agencies/")
    assert axe_everywhere(page) == []
    shoot(page, "agencies")
    page.get_by_label("Fingerprint, as it was read out").fill(east.keys().public.fingerprint(east.agency))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("The keys of Example Police East are in force.")).to_be_visible()
