"""The pages of hash lists in a browser: by keyboard, without barriers, loading with its progress, two officers and an entry's life."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

from grace.accounts.models import Officer
from grace.accounts.viewer import operator
from grace.matching.lists import About
from grace.matching.models import Entry, HashList, ListedVideo, SetAside
from grace.matching.proposals import Wanted
from grace.pipeline import list_entries, listed_videos, lists
from tests.browser.conftest import axe_everywhere
from tests.browser.test_desks import shoot
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_person, make_unit

pytestmark = pytest.mark.browser

MD5 = "d41d8cd98f00b204e9800998ecf8427e"
FILMS = {"Holiday at the harbour: the second summer; part 1 of 3; as it was sent": range(1, 61), "Short": range(60, 64)}


@pytest.fixture
def alice(live_site: str) -> Person:
    return make_person("Alice", make_unit("Harbour Unit"), EVERYTHING_BUT_ACCOUNTS)


@pytest.fixture
def known(alice: Person) -> Entry:
    content = f"algorithm,value,category,source,note\nmd5,{MD5},A,,a note\nsha1,{'1' * 40},B,,\n".encode()
    lists.import_list(operator(), io.BytesIO(content), "Known", source="hotline")
    return Entry.objects.get(algorithm="md5")


def put_films() -> HashList:
    """Two videos, one of which has a long name, with a picture in common."""
    pictures = [f"pdq,{number:064x},A,,,{label}" for label, some in FILMS.items() for number in some]
    content = "\n".join(["algorithm,value,category,source,note,video", *pictures]).encode()
    return HashList.objects.get(id=lists.import_list(operator(), io.BytesIO(content), "Films", source="hotline").list_id)


def test_every_page_is_without_barriers(page: Page, enter: Callable[[Officer], None], alice: Person, known: Entry) -> None:
    made = list_entries.make_own(operator(), "Ours", "Harbour Unit", "alert", alice.officer.unit_id, "A")
    lists.describe(operator(), known.hash_list_id, About(licence="for police", conditions="keep it\nask first", may_pass_on=True))
    list_entries.say(alice.viewer, known.id, "dispute", "a blank picture")
    list_entries.set_aside(alice.viewer, known.id, "to be looked at")
    list_entries.propose(alice.viewer, made.id, Wanted({"md5": "0" * 32}, "", "seen"))
    enter(alice.officer)
    pages = {
        "lists": "/lists/",
        "list": f"/lists/{known.hash_list_id}/",
        "list-own": f"/lists/{made.id}/",
        "list-entry": f"/lists/entries/{known.id}/",
        "list-find": f"/lists/find/?hash={MD5}",
        "list-entries": f"/lists/{known.hash_list_id}/entries/",
        "list-entries-all": "/lists/entries/?only=aside",
        "list-entries-proposed": f"/lists/{made.id}/entries/?only=proposed",
        "list-entry-matches": f"/lists/entries/{known.id}/matches/",
        "list-entry-referrals": f"/lists/entries/{known.id}/referrals/",
    }
    look_at(page, pages)


def test_the_pages_of_videos_are_without_barriers(page: Page, enter: Callable[[Officer], None], alice: Person) -> None:
    films = put_films()
    video = ListedVideo.objects.order_by("id")[0]
    listed_videos.set_aside(alice.viewer, video.id, "to be looked at")
    enter(alice.officer)
    pages = {
        "list-one-with-videos": f"/lists/{films.id}/",
        "list-videos": f"/lists/{films.id}/entries/?only=videos",
        "list-videos-all": "/lists/entries/?only=videos",
        "list-video": f"/lists/videos/{video.id}/",
        "list-video-files": f"/lists/videos/{video.id}/files/",
        "list-video-entries": f"/lists/{films.id}/entries/",
        "list-video-entry": f"/lists/entries/{Entry.objects.filter(algorithm='pdq').order_by('id')[0].id}/",
    }
    look_at(page, pages)


def look_at(page: Page, pages: Mapping[str, str]) -> None:
    """Nothing stands in the way, in light, dark and at twice the size; and a picture of each, where a folder is given."""
    for name, address in pages.items():
        page.goto(address)
        assert axe_everywhere(page) == [], address
        shoot(page, name)
        page.set_viewport_size({"width": 640, "height": 430})  # as at twice the size
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
        shoot(page, f"{name}-twice")
        page.set_viewport_size({"width": 1280, "height": 860})


def test_a_list_is_walked_by_keyboard(page: Page, enter: Callable[[Officer], None], alice: Person, known: Entry) -> None:
    enter(alice.officer)
    page.goto("/lists/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Known", level=1)).to_be_visible()
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Hash lists", level=1)).to_be_visible()


def test_entries_are_walked_by_keyboard_from_their_number_to_one_and_back(
    page: Page, enter: Callable[[Officer], None], alice: Person
) -> None:
    content = "\n".join(["algorithm,value,category,source,note", *(f"md5,{number:032x},A,," for number in range(120))]).encode()
    lists.import_list(operator(), io.BytesIO(content), "Long", source="hotline")
    enter(alice.officer)
    page.goto("/lists/")
    page.get_by_role("link", name="120 MD5").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Entries of Long", level=1)).to_be_visible()
    page.keyboard.press("]")
    expect(page.get_by_role("link", name="To the newest")).to_be_visible()
    page.keyboard.press("]")
    expect(page.get_by_text("These are all.")).to_be_visible()
    assert page.locator("tbody tr").count() == 20
    assert axe_everywhere(page) == []
    page.keyboard.press("j")
    value = page.locator("tr[aria-selected=true] a[data-open]").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_text(value)).to_be_visible()
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Long", level=1)).to_be_visible()
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Hash lists", level=1)).to_be_visible()


def test_a_file_is_sent_with_its_progress_and_what_became_of_it_is_told(
    page: Page, enter: Callable[[Officer], None], alice: Person
) -> None:
    enter(alice.officer)
    page.goto("/lists/")
    records = [{"MD5": f"{number:032x}", "Category": 1} for number in range(500)] + [{"MD5": "x"}]
    content = json.dumps({"value": records}).encode()
    page.get_by_label("File", exact=True).set_input_files({"name": "any.name", "mimeType": "application/octet-stream", "buffer": content})
    page.get_by_label("Name of the list; an existing one is added to").fill("National")
    page.get_by_label("Source", exact=True).fill("example police")
    page.get_by_role("button", name="Load", exact=True).click()
    expect(page.get_by_role("heading", name="Loaded")).to_be_visible()
    expect(page.get_by_text("not a hash of its kind")).to_be_visible()
    assert HashList.objects.get().coverage.get().entries == 500
    page.get_by_role("link", name="National").click()
    expect(page.get_by_role("heading", name="National", level=1)).to_be_visible()


def test_an_entry_is_disputed_set_aside_and_restored(page: Page, enter: Callable[[Officer], None], alice: Person, known: Entry) -> None:
    enter(alice.officer)
    page.goto("/lists/")
    page.get_by_label("Find an entry by its hash").fill(MD5)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Known: A").click()
    panel = page.get_by_role("region", name="What is thought of it")
    panel.get_by_label("Reason").fill("a blank picture")
    panel.get_by_role("button", name="Dispute").click()
    expect(page.get_by_text("a blank picture")).to_be_visible()
    panel = page.get_by_role("region", name="What to do about it")
    panel.get_by_label("Reason").fill("to be looked at")
    panel.get_by_role("button", name="Set it aside").click()
    expect(page.get_by_text("Its matches are shown and count for nothing.")).to_be_visible()
    panel.get_by_label("Reason").fill("it is right")
    panel.get_by_role("button", name="Let it count again").click()
    expect(page.get_by_text("Alice Example restored it: it is right")).to_be_visible()
    assert SetAside.objects.get().restored_at


def test_a_video_is_found_set_aside_restored_and_taken_out_by_keyboard(page: Page, enter: Callable[[Officer], None], alice: Person) -> None:
    put_films()
    enter(alice.officer)
    page.goto("/lists/")
    page.get_by_role("link", name="2 videos").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Videos of Films", level=1)).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Short", level=1)).to_be_visible()
    panel = page.get_by_role("region", name="What to do about it")
    panel.get_by_label("Reason").fill("to be looked at")
    panel.get_by_role("button", name="Set it aside").press("Enter")
    expect(page.get_by_text("What matches it is shown and counts for nothing.")).to_be_visible()
    panel.get_by_label("Reason").fill("it is right")
    panel.get_by_role("button", name="Let it count again").press("Enter")
    expect(page.get_by_text("Alice Example restored it: it is right")).to_be_visible()
    panel.get_by_label("Reason").fill("not what it says")
    panel.get_by_role("button", name="Take it off the list").press("Enter")
    asks = page.get_by_role("dialog", name="Take it off the list")
    expect(asks.get_by_text("their matches: 3. Pictures that stay")).to_be_visible()
    assert axe_everywhere(page) == []
    shoot(page, "list-video-ask")
    asks.get_by_role("button", name="No", exact=True).press("Enter")
    expect(asks).to_be_hidden()
    panel.get_by_role("button", name="Take it off the list").press("Enter")
    asks.get_by_role("button", name="Yes, take it out").press("Enter")
    expect(page.get_by_role("heading", name="Films", level=1)).to_be_visible()
    expect(page.get_by_text("1 video", exact=True)).to_be_visible()
    assert ListedVideo.objects.count() == 1
