"""Our lists are fetched by the field's own client, unchanged; and whoever is no reader gets nothing."""

from __future__ import annotations

import base64
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from typing import Any

import pytest

from grace.accounts.capabilities import Capability
from grace.accounts.tokens import issue
from grace.accounts.viewer import operator
from grace.custody import ledger
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.matching import served
from grace.matching.lists import About
from grace.matching.load import How, load
from grace.matching.models import Entry, HashList, Opinion, Sharing
from grace.matching.served import Span
from grace.pipeline import list_entries as entries
from grace.pipeline import lists, senders, sharing
from tests.support.hash_lists import BEGINNING, api, csv, everything, md5, needs_client, reader, serve
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_person, make_unit


@needs_client
class TestServed:
    def test_the_client_says_who_it_is(self, live_site: str) -> None:
        client = api(live_site, reader(serve(1)))
        me = client.status()
        assert me.esp_name == "Agency north"
        assert me.esp_id > 1
        assert [(each.esp_id == 1, each.esp_name) for each in client.members()] == [(True, "GRACE"), (False, "Agency north")]

    def test_the_client_fetches_all_pages(self, live_site: str) -> None:
        made = serve(*range(2500))
        client = api(live_site, reader(made))
        pages = list(client.get_entries_iter())
        assert [len(page.updates) for page in pages] == [1000, 1000, 500]
        assert pages[0].estimated_entries_in_range >= 2000
        found = [update for page in pages for update in page.updates]
        assert {each.fingerprints["md5"] for each in found} == {md5(each) for each in range(2500)}
        assert {(each.member_id, each.classification, each.deleted, each.entry_type.value) for each in found} == {(1, "A1", False, "image")}
        told = [each for each in ledger.history(f"list:{made.id}", 50) if each.act == "list.read"]
        assert [(each.kind, each.detail["entries"]) for each in told] == [
            ("DISCLOSURE", "500"),
            ("DISCLOSURE", "1000"),
            ("DISCLOSURE", "1000"),
        ]

    def test_what_changes_later_is_told_and_what_is_gone_too(self, live_site: str) -> None:
        made = serve(1, 2)
        client = api(live_site, reader(made))
        until = int(time.time())
        assert len(everything(client, 0, until)) == 2
        assert everything(client, until, until + 1) == []
        lists.import_list(operator(), csv(3, category="A2"), "Ours", source="Example Agency")
        lists.import_list(operator(), csv(2, 3, category="A2"), "Ours", source="Example Agency", how=How(mode="full", most_removed=1))
        later = int(time.time()) + 2
        time.sleep(1)
        told = {each.id: (each.deleted, each.classification, each.fingerprints) for each in everything(client, until + 1, later)}
        assert told == {
            f"md5:{md5(1)}": (True, None, {}),
            f"md5:{md5(2)}": (False, "A2", {"md5": md5(2)}),
            f"md5:{md5(3)}": (False, "A2", {"md5": md5(3)}),
        }

    def test_the_whole_exchange_of_the_package_works_too(self, live_site: str, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("faiss", reason="the package's signal types need faiss")
        from threatexchange.exchanges.impl.ncmec_api import NCMECCollabConfig, NCMECSignalExchangeAPI

        made = serve(*range(1200))
        client = api(live_site, reader(made))
        exchange = NCMECSignalExchangeAPI(NCMECCollabConfig(name="x", environment=None), "north", "x")
        monkeypatch.setattr(exchange, "get_client", lambda _environment: client)
        held: dict[str, Any] = {}
        for delta in exchange.fetch_iter([], None):
            held |= delta.updates
        assert len(held) == 1200

    def test_set_aside_is_gone_and_restored_is_back(self, live_site: str) -> None:
        made = serve(1)
        client = api(live_site, reader(made))
        entry = Entry.objects.get()
        alice = make_person("Alice", make_unit("Harbour Unit"), EVERYTHING_BUT_ACCOUNTS).viewer
        entries.set_aside(alice, entry.id, "noisy")
        assert [each.deleted for each in everything(client)] == [True]
        entries.restore(alice, entry.id, "right")
        time.sleep(1.1)
        assert [each.deleted for each in everything(client)] == [False]

    def test_a_reader_confirms_and_disputes(self, live_site: str) -> None:
        from threatexchange.exchanges.clients.ncmec.hash_api import FeedbackType, FingerprintType

        client = api(live_site, reader(serve(1)))
        (update,) = everything(client)
        client.submit_upvote(1, update.id, FingerprintType.md5)
        assert [each.stance for each in Opinion.objects.all()] == ["confirm"]
        reasons = client.feedback_reasons(FingerprintType.md5)
        guid = next(key for key, name in reasons.items() if "too many" in name)
        client.submit_feedback(1, update.id, FingerprintType.md5, FeedbackType.downvote, guid)
        opinion = Opinion.objects.get()
        assert (opinion.stance, opinion.reason) == ("dispute", reasons[guid])
        assert opinion.actor.startswith("sender:")


def ask(address: str, login: str = "", secret: str = "", method: str = "GET", body: bytes | None = None) -> tuple[int, str]:
    """Status and text of an answer."""
    headers = {"Authorization": "Basic " + base64.b64encode(f"{login}:{secret}".encode()).decode()} if secret else {}
    request = urllib.request.Request(address, body, headers, method=method)  # noqa: S310 - our own site on loopback
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - the same
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


class TestDoors:
    def test_nobody_reads_but_readers_of_this_list(self, live_site: str) -> None:
        secret = reader(serve(1))
        row = senders.add_login(operator(), "south", "Agency south", make_unit("Harbour Unit"), "agency")
        _secret, other = senders.add_secret(operator(), row, timedelta(days=1))
        at = f"{live_site}/hash-sharing/ours/v2/entries"
        assert ask(at)[0] == 401
        assert ask(at, "north", "wrong")[0] == 401
        assert ask(at, "south", other)[0] == 401
        assert ask(at.replace("ours", "theirs"), "north", secret)[0] == 401
        assert ask(at, "north", secret)[0] == 200
        assert ask(at, "north", secret, "POST", b"")[0] == 405
        made = HashList.objects.get()
        sharing.dismiss(operator(), made.id, "north")
        assert ask(at, "north", secret)[0] == 401
        denied = [each for each in ledger.page() if each.denied]
        assert {(each.act, each.detail["way"]) for each in denied} == {("list.read", "hash-sharing")}

    def test_a_program_reads_by_its_token(self, live_site: str) -> None:
        made = serve(1)
        unit, other = make_unit("Harbour Unit"), make_unit("Hill Unit")
        at = f"{live_site}/hash-sharing/ours/v2/entries"
        _token, word = issue(operator(), unit, "reads", [Capability.MANAGE_LISTS], timedelta(days=1))
        _token, wrong = issue(operator(), unit, "reads not", [Capability.READ], timedelta(days=1))
        assert ask(at, "token", word)[0] == 200
        assert ask(at, "token", wrong)[0] == 401
        HashList.objects.filter(id=made.id).update(unit=other)
        assert ask(at, "token", word)[0] == 401

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("from=2026-01-01T00:00:00Z", 200),
            ("from=2026-01-01T00:00:00.000Z&to=2026-01-02T00:00:00.000Z", 200),
            ("from=yesterday", 400),
            ("start=-1", 400),
            ("start=99999999999999999999999", 400),
            ("size=0", 200),
            ("size=100000", 200),
            ("max=x", 400),
            ("to=2999-01-01T00:00:00Z", 400),
            ("from=0001-01-01T00:00:00Z", 200),
        ],
    )
    def test_odd_questions_are_answered_plainly(self, live_site: str, query: str, status: int) -> None:
        secret = reader(serve(1))
        told = ask(f"{live_site}/hash-sharing/ours/v2/entries?{query}", "north", secret)
        assert told[0] == status, told
        if "2999" in query:
            assert "in the future" in told[1]
            assert "time zone" in told[1]

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<x/>",
            b'<!DOCTYPE a [<!ENTITY b "c">]><feedbackSubmission/>',
            b"<feedbackSubmission><negative/></feedbackSubmission>",
            b"x" * 9000,
        ],
    )
    def test_odd_feedback_is_refused(self, live_site: str, body: bytes) -> None:
        secret = reader(serve(1))
        at = f"{live_site}/hash-sharing/ours/v2/entries/1/md5:{md5(1)}/MD5/feedback"
        assert ask(at, "north", secret, "PUT", body)[0] == 400
        good = b"<feedbackSubmission><affirmative/></feedbackSubmission>"
        assert ask(at.replace(md5(1), md5(2)), "north", secret, "PUT", good)[0] == 404
        assert ask(at.replace("/1/", "/2/"), "north", secret, "PUT", good)[0] == 404
        assert ask(at.replace("/MD5/", "/NETCLEAN/"), "north", secret, "PUT", good)[0] == 404
        assert not Opinion.objects.exists()


@pytest.mark.django_db
class TestSpans:
    """No change is missed, whenever it comes."""

    def told(self, made: HashList, since: datetime, until: datetime, size: int = 1000) -> set[str]:
        served.stamp(made.id, until)
        found: set[str] = set()
        span: Span | None = Span(since, until, size=size)
        while span:
            page = served.page(made.id, span)
            found |= {each.name for each in page.changed}
            span = page.following
        return found

    def test_spans_that_follow_each_other_tell_everything_once(self) -> None:
        made = serve(1)
        start = clock.now().replace(microsecond=0)
        spans, since = [], BEGINNING
        for step in range(1, 6):
            with clock.held(start + timedelta(milliseconds=400 * step)):
                until = clock.now().replace(microsecond=0)
                spans.append(self.told(made, since, until))
                since = until
                lists.import_list(operator(), csv(100 + step), "Ours", source="x")
        with clock.held(start + timedelta(seconds=10)):
            spans.append(self.told(made, since, clock.now().replace(microsecond=0)))
        names = [each for span in spans for each in span]
        assert len(names) == len(set(names)) == 6

    def test_a_change_behind_a_span_of_a_fast_clock_is_told_in_the_next(self) -> None:
        made = serve(1)
        start = clock.now().replace(microsecond=0)
        with clock.held(start):
            ahead = start + timedelta(seconds=50)
            assert len(self.told(made, BEGINNING, ahead)) == 1
            lists.import_list(operator(), csv(2), "Ours", source="x")
            assert self.told(made, BEGINNING, start) == {f"md5:{md5(1)}"}
        with clock.held(start + timedelta(seconds=60)):
            assert self.told(made, ahead, start + timedelta(seconds=60)) == {f"md5:{md5(2)}"}
        with clock.held(start), pytest.raises(Invalid, match="future"):
            served.stamp(made.id, start + timedelta(minutes=5))

    def test_what_changes_between_two_pages_comes_with_the_next_span(self) -> None:
        made = serve(*range(5))
        until = clock.now().replace(microsecond=0)
        served.stamp(made.id, until)
        first = served.page(made.id, Span(BEGINNING, until, size=2))
        assert len(first.changed) == 2
        assert first.following is not None
        lists.import_list(operator(), csv(4, category="A2"), "Ours", source="x")
        rest = served.page(made.id, Span(BEGINNING, until, first.following.start, 10, first.following.last))
        assert len(rest.changed) == 2
        with clock.held(clock.now() + timedelta(seconds=2)):
            assert self.told(made, until, clock.now().replace(microsecond=0)) == {f"md5:{md5(4)}"}

    def test_only_a_list_of_our_own_or_one_that_may_be_passed_on_is_served(self) -> None:
        load(csv(1), "Theirs", source="x")
        theirs = HashList.objects.get()
        with pytest.raises(Conflict):
            sharing.serve(operator(), theirs.id, "theirs")
        lists.describe(operator(), theirs.id, About(may_pass_on=True))
        sharing.serve(operator(), theirs.id, "theirs")
        made = entries.make_own(operator(), "Ours", "Example Agency", "alert", None)
        with pytest.raises(Conflict, match="name"):
            sharing.serve(operator(), made.id, "theirs")
        with pytest.raises(Invalid):
            sharing.serve(operator(), made.id, "Not a name")
        lists.describe(operator(), theirs.id, About(may_pass_on=False))
        with pytest.raises(Missing):
            served.named("theirs")
        sharing.serve(operator(), theirs.id, "")
        assert not Sharing.objects.exists()
