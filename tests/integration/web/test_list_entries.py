"""The pages of entries: whose they are, what every number leads to, and that the last page costs what the first one does."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.custody import ledger
from grace.evidence.models import File, Fingerprint
from grace.kernel import clock
from grace.matching import hash_sharing, listed
from grace.matching.listed import PARTS, Which
from grace.matching.models import Entry, HashList, Hit, Match, Opinion, Proposal, SetAside
from grace.matching.proposals import Wanted
from grace.pipeline import list_entries, lists
from grace.pipeline.examine import examine_and_score
from grace.referrals.models import Attachment
from tests.integration.web import story
from tests.support import relisting
from tests.support.jobs import run_due_jobs
from tests.support.people import Person, make_person

pytestmark = pytest.mark.django_db

_VALUES = re.compile(r'<a class="go" data-open href="/lists/entries/(\d+)/">')
_NEXT = re.compile(r'href="([^"]+)" rel="next"')


def md5(number: int) -> str:
    return hashlib.md5(b"%d" % number, usedforsecurity=False).hexdigest()


def csv(rows: Iterable[tuple[str, str]]) -> bytes:
    return "\n".join(["algorithm,value,category,source,note", *(f"{name},{value},A,Example Agency," for name, value in rows)]).encode()


@pytest.fixture
def theirs(alice: Person) -> HashList:
    """A list of Alice's unit: 60 of one kind, and two of another."""
    rows = [("md5", md5(number)) for number in range(60)] + [("sha1", "1" * 40), ("sha1", "2" * 40)]
    lists.import_list(alice.viewer, io.BytesIO(csv(rows)), "Theirs", source="hotline", unit_id=alice.officer.unit_id)
    return HashList.objects.get(name="Theirs")


def text(person: Person, address: str) -> str:
    answer = person.client.get(address)
    assert answer.status_code == 200, address
    return answer.text.replace("&amp;", "&")


def shown(page: str) -> list[int]:
    return [int(each) for each in _VALUES.findall(page)]


def walked(person: Person, address: str) -> list[int]:
    """All entries of all pages, in their order."""
    found: list[int] = []
    while True:
        page = text(person, address)
        found += shown(page)
        onward = _NEXT.search(page)
        if onward is None:
            return found
        address = onward[1]


def test_every_entry_is_on_one_page_the_newest_first(alice: Person, theirs: HashList) -> None:
    at = reverse("list-entries", args=[theirs.id])
    newest = list(Entry.objects.order_by("-id").values_list("id", flat=True))
    assert walked(alice, at) == newest
    assert walked(alice, reverse("all-entries")) == newest
    page = text(alice, at)
    value = bytes(Entry.objects.get(id=newest[0]).value).hex()
    for said in (value, "MD5", "SHA-1", "Example Agency", "counts", "Entries of Theirs"):
        assert said in page
    entry = ledger.page(actor=alice.viewer.actor)[0]
    assert (entry.act, entry.kind) == ("list.entries", "CONSULTATION")
    assert {f"list:{theirs.id}", f"sha1:{value}"} <= set(entry.subjects)


def test_the_numbers_of_algorithms_lead_to_their_entries(alice: Person, theirs: HashList) -> None:
    for page in (text(alice, reverse("lists")), text(alice, reverse("hash-list", args=[theirs.id]))):
        for label, name in (("60 MD5", "md5"), ("2 SHA-1", "sha1")):
            (address,) = re.findall(rf'href="([^"]+)">{label}<', page)
            assert walked(alice, address) == list(Entry.objects.filter(algorithm=name).order_by("-id").values_list("id", flat=True))
    assert re.search(r'href="/lists/entries/">62 entries on these lists<', text(alice, reverse("lists")))


def test_what_is_thought_and_done_is_found_by_its_number(alice: Person, bob: Person, theirs: HashList) -> None:
    first, second, third = Entry.objects.order_by("id")[:3]
    for person, stance in ((alice, "dispute"), (bob, "dispute")):
        list_entries.say(person.viewer, first.id, stance, "a blank picture")
    list_entries.say(alice.viewer, second.id, "confirm", "seen")
    list_entries.set_aside(alice.viewer, third.id, "to be looked at")
    SetAside.objects.create(entry=first, hash_list=theirs, why="noisy", referrals=7, set_by="system:lists")
    list_entries.remove(alice.viewer, Entry.objects.order_by("id")[5].id, "wrong")
    at = reverse("list-entries", args=[theirs.id])
    wanted = {"disputed": [first.id], "confirmed": [second.id], "noisy": [first.id], "aside": [third.id, first.id], "gone": []}
    for page in (text(alice, at), text(alice, reverse("hash-list", args=[theirs.id]))):
        for name, ids in wanted.items():
            assert f'href="{at}?only={name}"' in page
            assert walked(alice, f"{at}?only={name}") == ids
    assert "disputed by 2" in text(alice, f"{at}?only=disputed")
    assert "wrong" in text(alice, f"{at}?only=gone")
    assert re.search(r'only=aside">All 2<', text(alice, reverse("lists")))
    list_entries.restore(alice.viewer, third.id, "right after all")
    assert walked(alice, f"{at}?only=aside") == [first.id]


def test_proposals_are_decided_where_all_of_them_are(alice: Person, bob: Person) -> None:
    made = list_entries.make_own(alice.viewer, "Ours", "Harbour Unit", "alert", alice.officer.unit_id, "B")
    list_entries.propose(alice.viewer, made.id, Wanted({"md5": md5(1)}, "", "seen"))
    at = reverse("list-entries", args=[made.id])
    for address in (f"{at}?only=proposed", f"{reverse('all-entries')}?only=proposed"):
        assert reverse("decide-proposal", args=[Proposal.objects.get().id]) in text(bob, address)
        assert "You proposed it" in text(alice, address)
    assert re.search(r'only=proposed">All 1<', text(bob, reverse("lists")))


def test_what_a_load_added_is_shown_alone(alice: Person, theirs: HashList) -> None:
    rows = [("md5", md5(number)) for number in range(50, 70)]
    file = SimpleUploadedFile("more.csv", csv(rows) + b"\nmd5,short,A,,", "text/csv")
    page = alice.client.post(reverse("import-list"), {"file": file, "name": "Theirs", "source": "hotline"}).text.replace("&amp;", "&")
    (address,) = re.findall(r'href="([^"]+)">10</a>', page)
    assert walked(alice, address) == list(Entry.objects.order_by("-id").values_list("id", flat=True)[:10])
    assert 'href="#refused">1</a>' in page
    assert 'id="refused"' in page


def test_another_units_list_is_not_there(
    alice: Person, bob: Person, charlie: Person, eve: Person, harbour_unit: Unit, theirs: HashList
) -> None:
    at, entry = reverse("list-entries", args=[theirs.id]), Entry.objects.order_by("id")[0]
    reader = make_person("Finn", harbour_unit, frozenset({Capability.READ}))
    assert [each.client.get(at).status_code for each in (alice, bob, charlie, reader, eve)] == [200, 200, 404, 403, 403]
    assert ledger.page(actor=charlie.viewer.actor)[0].denied
    assert walked(charlie, reverse("all-entries")) == []
    assert "Theirs" not in text(charlie, reverse("all-entries"))
    for route in ("entry-matches", "entry-referrals"):
        address = reverse(route, args=[entry.id])
        assert [each.client.get(address).status_code for each in (alice, reader, charlie, eve)] == [200, 200, 404, 403]
    assert alice.client.get(reverse("list-entries", args=[uuid4()])).status_code == 404
    lists.import_list(charlie.viewer, io.BytesIO(csv([("md5", md5(1))])), "The agency's", source="hotline")
    common = HashList.objects.get(name="The agency's")
    assert [len(walked(each, reverse("list-entries", args=[common.id]))) for each in (alice, charlie)] == [1, 1]


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=" + "9" * 30, "above=%00", "only=proposed&after=1", "only=" + "x" * 50])
def test_an_address_made_by_hand_is_refused(alice: Person, theirs: HashList, query: str) -> None:
    assert alice.client.get(f"{reverse('list-entries', args=[theirs.id])}?{query}").status_code == 400
    assert alice.client.get(f"{reverse('entry-matches', args=[Entry.objects.order_by('id')[0].id])}?after=x").status_code == 400
    assert walked(alice, f"{reverse('list-entries', args=[theirs.id])}?only=strange") == []


def test_matches_and_referrals_of_an_entry_are_those_of_the_unit(
    alice: Person, charlie: Person, harbour_unit: Unit, hill_unit: Unit
) -> None:
    story.with_files(harbour_unit)
    examine_and_score(list(File.objects.values_list("id", flat=True)))
    picture = Fingerprint.objects.filter(quality__gte=50).order_by("id")[0]
    relisting.load([("pdq", relisting.flipped(bytes(picture.value), 7))])
    run_due_jobs()
    entry, match = Entry.objects.get(), Match.objects.get(value=picture.value)
    referral: UUID = Attachment.objects.filter(file_id=picture.file_id)[0].referral_id
    Hit.objects.get_or_create(entry=entry, referral_id=referral, defaults={"at": clock.now()})
    page = text(alice, reverse("list-entry", args=[entry.id]))
    at = reverse("entry-matches", args=[entry.id])
    assert f'href="{at}">{Match.objects.filter(entry=entry).count()}</a>' in page
    assert reverse("match", args=[match.id]) in text(alice, at)
    assert "distance 7" in text(alice, at)
    at = reverse("entry-referrals", args=[entry.id])
    assert f'href="{at}">' in page
    assert reverse("referral", args=[referral]) in text(alice, at)
    assert f'href="{at}">' not in text(charlie, reverse("list-entry", args=[entry.id]))
    for route in ("entry-matches", "entry-referrals"):
        assert "Nothing." in text(charlie, reverse(route, args=[entry.id])), "what another unit holds is not told"


def test_a_match_says_when_its_entry_came_and_is_never_older(alice: Person, harbour_unit: Unit) -> None:
    story.with_files(harbour_unit)
    value = bytes(Attachment.objects.exclude(md5=None)[0].md5 or b"")
    with clock.held(clock.now() + clock.now().resolution * 60_000_000):  # another machine's clock is a minute ahead
        relisting.load([("md5", value)])
    run_due_jobs()
    match = Match.objects.select_related("entry").get()
    assert match.found_at == match.entry.added_at
    page = text(alice, reverse("match", args=[match.id]))
    assert "Entry added" in page


def test_without_the_extra_the_page_says_what_to_install(alice: Person, theirs: HashList, monkeypatch: pytest.MonkeyPatch) -> None:
    at = reverse("hash-list", args=[theirs.id])
    monkeypatch.setattr(hash_sharing, "is_installed", lambda: False)
    assert "pip install" in text(alice, at)
    assert 'name="address"' not in text(alice, at)
    monkeypatch.setattr(hash_sharing, "is_installed", lambda: True)
    assert "pip install" not in text(alice, at)
    assert 'name="address"' in text(alice, at)


def plan(viewer: Any, which: Which) -> tuple[int, str]:
    """The blocks that the walk of a page reads, and its plan."""
    with CaptureQueriesContext(connection) as asked:
        listed.page(viewer, None, which)
    (walk,) = [each["sql"] for each in asked if "LATERAL" in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {walk}")
        told = cursor.fetchone()[0]
    tree = (told if isinstance(told, list) else json.loads(told))[0]["Plan"]
    return tree["Shared Hit Blocks"] + tree["Shared Read Blocks"], json.dumps(tree)


def test_a_page_walks_an_index_and_the_last_costs_what_the_first_does(alice: Person) -> None:
    rows = [("md5", md5(number)) for number in range(4000)]
    lists.import_list(alice.viewer, io.BytesIO(csv(rows)), "Long", source="hotline")
    hash_list = HashList.objects.get(name="Long")
    ids = list(Entry.objects.order_by("id").values_list("id", flat=True))
    moment = clock.now()
    SetAside.objects.bulk_create([SetAside(entry_id=each, hash_list=hash_list, why="noisy", set_by="system:lists") for each in ids[::2]])
    Opinion.objects.bulk_create(
        [Opinion(entry_id=each, hash_list=hash_list, actor="a", stance=stance, reason="r", at=moment) for each, stance in _opinions(ids)]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE matching_entry, matching_setaside, matching_opinion")
    for only in ("", "md5", "aside", "noisy", "disputed", "confirmed"):
        first, tree = plan(alice.viewer, Which(only))
        last, _tree = plan(alice.viewer, Which(only, after=str(ids[200])))
        assert "_newest" in tree, only
        assert "Seq Scan" not in tree
        assert last <= first + 10, only
        assert first < 120, only
    for only in PARTS:
        assert "Seq Scan" not in plan(alice.viewer, Which(only))[1]


def _opinions(ids: Iterable[int]) -> list[tuple[int, str]]:
    return [(each, ("confirm", "dispute")[place % 2]) for place, each in enumerate(ids)]
