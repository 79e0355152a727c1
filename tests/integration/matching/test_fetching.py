"""We fetch what others serve, through the field's own client: page by page, from where we stood, whatever a server does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from grace.accounts.viewer import operator
from grace.custody import ledger
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid
from grace.matching import hash_sharing
from grace.matching.formats.item import Item
from grace.matching.formats.ncmec import Entry as Told
from grace.matching.formats.ncmec import tell
from grace.matching.hash_sharing import Access, fetch
from grace.matching.load import How, load
from grace.matching.models import Entry, Feed, HashList
from grace.pipeline import feeds, list_entries, lists
from tests.support.hash_lists import BEGINNING, Stand, csv, gone, image, md5, needs_client, page, reader, say, serve


@pytest.fixture
def secrets(tmp_path: Path, settings: LazySettings) -> Path:
    settings.GRACE_LIST_SECRETS = str(tmp_path)
    (tmp_path / "north.secret").write_text("north:an invented secret\n")
    return tmp_path


def theirs(address: str) -> HashList:
    """A list that is fetched from an address with the secret ``north``."""
    lists.import_list(operator(), io.BytesIO(b"algorithm,value,category,source,note\n"), "Theirs", source="Agency north")
    made = HashList.objects.get(name="Theirs")
    feeds.add(operator(), made.id, address, "north", 5)
    return made


@needs_client
class TestFetched:
    """Both directions at once: what we serve, fetched by our own client through the package."""

    def test_a_list_goes_over_whole_and_then_what_changed(self, live_site: str, secrets: Path) -> None:
        source = serve(*range(1100))
        (secrets / "north.secret").write_text(f"north:{reader(source)}")
        made = theirs(f"{live_site}/hash-sharing/ours")
        with clock.held(clock.now() + timedelta(seconds=6)):
            first = feeds.fetch_page(made.id)
        assert first is not None
        assert first.goes_on
        feeds.fetch_for_a_while(made.id)
        assert made.entries.count() == 1100
        feed = Feed.objects.get()
        assert (feed.pages, feed.items, feed.following, feed.failures) == (2, 1100, "", 0)
        assert feed.until is not None
        entry = made.entries.get(value=bytes.fromhex(md5(7)))
        assert (entry.category, entry.item, entry.source) == ("A1", f"1:md5:{md5(7)}", "Agency north")
        lists.import_list(operator(), csv(*range(1, 1101), category="A1"), "Ours", source="x", how=How(mode="full"))
        with clock.held(clock.now() + timedelta(seconds=20)):
            feeds.fetch_for_a_while(made.id)
        assert {bytes(each).hex() for each in made.entries.values_list("value", flat=True)} == {md5(each) for each in range(1, 1101)}
        told = [each.detail for each in ledger.history(f"list:{made.id}", 50) if each.act == "list.fetch"]
        assert {word: sum(int(each[word]) for each in told) for word in ("added", "removed", "refused")} == {
            "added": 1101,
            "removed": 1,
            "refused": 0,
        }


@pytest.fixture
def stand() -> Iterator[Stand]:
    made = Stand()
    yield made
    made.close()


@needs_client
@pytest.mark.django_db
class TestReading:
    """What a server may do to us, and where the reading goes on."""

    def test_pages_and_tombstones_are_followed(self, stand: Stand, secrets: Path) -> None:
        made = theirs(stand.address)
        stand.answers = [
            say(200, page(image("a", 1), image("b", 2), following="/v2/entries?start=2&amp;size=2&amp;max=4")),
            say(200, page(image("c", 3), gone("a"))),
        ]
        feeds.fetch_for_a_while(made.id)
        assert {bytes(each).hex() for each in Entry.objects.values_list("value", flat=True)} == {md5(2), md5(3)}
        assert stand.asked[0].startswith("/v2/entries?to=")
        assert stand.asked[1] == "/v2/entries?start=2&size=2&max=4"
        feed = Feed.objects.get()
        assert feed.until is not None
        with clock.held(clock.now() + timedelta(hours=1)):
            feeds.fetch_page(made.id)
        since = (feed.until - timedelta(minutes=1)).strftime("%Y-%m-%dT%H%%3A%M%%3A%SZ")
        assert f"from={since}" in stand.asked[2]

    def test_a_round_that_broke_off_goes_on_where_it_was(self, stand: Stand, secrets: Path) -> None:
        made = theirs(stand.address)
        stand.answers = [say(200, page(image("a", 1), following="/v2/entries?start=2")), say(418), say(200, page(image("b", 2)))]
        feeds.fetch_for_a_while(made.id)
        feed = Feed.objects.get()
        assert (feed.failures, feed.until, Entry.objects.count()) == (1, None, 1)
        assert "418" in feed.failed_because
        assert feed.due_at > clock.now()
        feeds.fetch_for_a_while(made.id)
        assert stand.asked[1] == stand.asked[2] == "/v2/entries?start=2"
        feed.refresh_from_db()
        assert (feed.failures, feed.failed_because, feed.pages, Entry.objects.count()) == (0, "", 2, 2)
        assert feed.until is not None

    def test_a_page_that_is_old_is_not_believed_any_more(self, stand: Stand, secrets: Path) -> None:
        made = theirs(stand.address)
        stand.answers = [say(200, page(image("a", 1), following="/v2/entries?start=2"))]
        feeds.fetch_page(made.id)
        with clock.held(clock.now() + timedelta(hours=13)):
            feeds.fetch_page(made.id)
        assert "start=2" not in stand.asked[1]

    def test_a_page_that_cannot_be_had_is_given_up_and_the_round_begins_anew(self, stand: Stand, secrets: Path) -> None:
        made = theirs(stand.address)
        stand.answers = [say(200, page(image("a", 1), following="/v2/entries?start=2")), *[say(410)] * 3]
        for _ in range(4):
            feeds.fetch_page(made.id)
        feeds.fetch_page(made.id)
        assert "start=2" not in stand.asked[-1]

    HOSTILE = (
        ("elsewhere", say(302, Location="http://127.0.0.1:1/v2/entries")),
        ("next page elsewhere", say(200, page(image("a", 1), following="@example.org/v2/entries?x"))),
        ("next page absolute", say(200, page(image("a", 1), following="http://example.org/v2/entries?x"))),
        ("no XML", say(200, b"hello")),
        ("other XML", say(200, b"<html/>")),
        (
            "bomb",
            say(
                200,
                b'<!DOCTYPE a [<!ENTITY b "cccccccccc">'
                + b"".join(f'<!ENTITY b{each} "{"&b;" * 10}">'.encode() for each in range(3))
                + b"]><queryResult>&b2;</queryResult>",
            ),
        ),
        ("an entry without member", say(200, page("<image><id>x</id></image>"))),
        ("not let in", say(401)),
        ("away", say(404)),
    )

    @pytest.mark.parametrize("answer", [each for _name, each in HOSTILE], ids=[name for name, _each in HOSTILE])
    def test_an_odd_answer_changes_nothing_and_is_told(self, stand: Stand, secrets: Path, answer: Any) -> None:
        made = theirs(stand.address)
        stand.answers = [answer]
        feeds.fetch_page(made.id)
        assert not Entry.objects.exists() or stand.asked
        feed = Feed.objects.get()
        assert len(stand.asked) == 1
        if feed.failures:
            assert feed.failed_because
            assert ledger.history(f"list:{made.id}")[0].act == "list.fetch-failed"
        assert not Entry.objects.exists()

    def test_an_answer_of_any_length_is_cut_off(self, stand: Stand, secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(hash_sharing, "MOST_ANSWER", 1000)
        made = theirs(stand.address)
        stand.answers = [say(200, page(*(image(f"i{each}", each) for each in range(100))))]
        feeds.fetch_page(made.id)
        assert "longer than" in Feed.objects.get().failed_because

    def test_proxies_of_the_environment_are_not_used(self, stand: Stand, secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        made = theirs(stand.address)
        stand.answers = [say(200, page(image("a", 1)))]
        feeds.fetch_page(made.id)
        assert Entry.objects.count() == 1

    def test_a_server_that_is_away_is_tried_again_later_and_later(self, secrets: Path) -> None:
        made = theirs("http://127.0.0.1:1")
        pauses = []
        for _ in range(4):
            feeds.fetch_page(made.id)
            feed = Feed.objects.get()
            assert feed.tried_at is not None
            pauses.append((feed.due_at - feed.tried_at).total_seconds() / 60)
        assert pauses == [1, 2, 5, 15]
        assert [each.detail["failures"] for each in ledger.history(f"list:{made.id}", 4)] == ["4", "3", "2", "1"]

    def test_an_unsafe_address_or_a_missing_secret_is_refused(self, secrets: Path) -> None:
        load(csv(1), "Theirs", source="x")
        made = HashList.objects.get()
        for address, secret in (
            ("http://example.org", "north"),
            ("https://example.org", "south"),
            ("https://example.org", "../x"),
            ("ftp://x", "north"),
        ):
            with pytest.raises(Invalid):
                feeds.add(operator(), made.id, address, secret)
        (secrets / "empty.secret").write_text("no colon")
        with pytest.raises(Invalid, match="cannot be read"):
            feeds.add(operator(), made.id, "https://example.org", "empty")
        with pytest.raises(Conflict):
            feeds.add(operator(), list_entries.make_own(operator(), "Own", "x", "alert", None).id, "https://example.org", "north")
        with pytest.raises(Invalid):
            fetch(Access("http://example.org", "a", "b"), BEGINNING, clock.now())

    def test_what_is_no_longer_fetched_is_left_alone(self, stand: Stand, secrets: Path) -> None:
        made = theirs(stand.address)
        feeds.end(operator(), made.id)
        assert feeds.fetch_page(made.id) is None
        assert stand.asked == []


def test_a_hash_that_is_none_is_counted_and_the_rest_is_taken(db: None) -> None:
    told = list(tell(1, Told("1", "M", "image", "a", False, "A1", {"md5": "x", "sha1": "0" * 40})))
    assert [type(each).__name__ for each in told] == ["Fault", "Item"]
    assert isinstance(told[1], Item)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hash_sharing, "is_installed", lambda: False)
    with pytest.raises(Invalid) as fault:
        fetch(Access("https://lists.example.org", "a", "b"), BEGINNING, clock.now())
    assert "hashsharing" in fault.value.remedy
