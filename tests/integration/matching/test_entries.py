"""Single entries: opinions, setting aside, taking out, four eyes; by officers who may, each act in the ledger."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.accounts.viewer import Viewer, operator
from grace.custody import ledger
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.matching import noise
from grace.matching.digests import Digest
from grace.matching.export import Export
from grace.matching.lists import About
from grace.matching.load import load
from grace.matching.look_up import look_up
from grace.matching.models import Entry, HashList, Hit, Opinion, Proposal, Removed, SetAside
from grace.matching.proposals import Wanted
from grace.matching.weigh import weigh
from grace.pipeline import list_entries as entries
from grace.pipeline import lists
from tests.support.people import Person, make_person

pytestmark = pytest.mark.django_db

MD5, SHA1 = "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709"


@pytest.fixture
def entry(alice: Person) -> Entry:
    content = f"algorithm,value,category,source,note\nmd5,{MD5},A,,\n".encode()
    load(io.BytesIO(content), "Known", source="hotline", unit_id=alice.officer.unit_id)
    return Entry.objects.get()


@pytest.fixture
def own(alice: Person) -> HashList:
    return entries.make_own(alice.viewer, "Ours", "Harbour Unit", "alert", alice.officer.unit_id, "B")


def acts(subject: str) -> list[tuple[str, str]]:
    return [(each.act, each.actor) for each in ledger.history(subject)]


def wanted(md5: str = MD5, **more: str) -> Wanted:
    digests = {"md5": md5, "sha1": more.pop("sha1", "")}
    return Wanted(digests, more.pop("category", ""), more.pop("reason", "seen in R-26-1"), **more)


def test_officers_confirm_and_dispute_with_a_reason(alice: Person, bob: Person, entry: Entry) -> None:
    entries.say(alice.viewer, entry.id, "confirm", "seen")
    entries.say(bob.viewer, entry.id, "dispute", "a blank picture")
    entries.say(alice.viewer, entry.id, "dispute", "Bob is right")
    assert list(Opinion.objects.order_by("at").values_list("stance", "reason")) == [
        ("dispute", "a blank picture"),
        ("dispute", "Bob is right"),
    ]
    (answer,) = weigh(look_up([Digest("md5", bytes.fromhex(MD5))], [], unit_id=alice.officer.unit_id), alice.officer.unit_id)
    assert [(known.confirmed, known.disputed, known.aside) for known in answer.known] == [(0, 2, "")]
    assert [act for act, _actor in acts(f"md5:{MD5}")] == ["list.dispute", "list.dispute", "list.confirm"]


def test_only_an_officer_who_may_has_an_opinion(alice: Person, charlie: Person, eve: Person, entry: Entry) -> None:
    with pytest.raises(Missing):
        entries.say(charlie.viewer, entry.id, "dispute", "another unit's list")
    with pytest.raises(Refused):
        entries.say(eve.viewer, entry.id, "dispute", "may not")
    program = Viewer(uuid4(), alice.officer.unit_id, frozenset(Capability), "triage", "token")
    for who in (program, operator()):
        with pytest.raises(Refused, match="no program"):
            entries.say(who, entry.id, "dispute", "no person")
    with pytest.raises(Invalid, match="reason"):
        entries.say(alice.viewer, entry.id, "dispute", " ")
    with pytest.raises(Invalid):
        entries.say(alice.viewer, entry.id, "perhaps", "x")
    assert not Opinion.objects.exists()
    assert {each.denied for each in ledger.page(actor=eve.viewer.actor)} == {True}


def test_whoever_decides_about_referrals_may_dispute_but_not_remove(harbour_unit: Unit, entry: Entry) -> None:
    finn = make_person("Finn", harbour_unit, frozenset({Capability.READ, Capability.DECIDE}))
    entries.say(finn.viewer, entry.id, "dispute", "wrong")
    for act in (entries.remove, entries.set_aside, entries.restore):
        with pytest.raises(Refused):
            act(finn.viewer, entry.id, "may not")
    assert Entry.objects.exists()


def test_an_entry_is_set_aside_and_restored(alice: Person, entry: Entry) -> None:
    entries.set_aside(alice.viewer, entry.id, "to be looked at")
    with pytest.raises(Conflict):
        entries.set_aside(alice.viewer, entry.id, "again")
    entries.restore(alice.viewer, entry.id, "it is right")
    with pytest.raises(Conflict):
        entries.restore(alice.viewer, entry.id, "again")
    entries.set_aside(alice.viewer, entry.id, "after all")
    assert SetAside.objects.get().reason == "after all"
    assert [act for act, _actor in acts(f"md5:{MD5}")] == ["list.set-aside", "list.restore", "list.set-aside"]


def test_a_removed_entry_answers_no_more_and_is_remembered(alice: Person, charlie: Person, entry: Entry) -> None:
    with pytest.raises(Missing):
        entries.remove(charlie.viewer, entry.id, "another unit's")
    entries.remove(alice.viewer, entry.id, "a blank picture")
    assert look_up([Digest("md5", bytes.fromhex(MD5))], [], unit_id=alice.officer.unit_id)[0].known == ()
    gone = Removed.objects.get()
    assert (gone.entry_id, gone.why, gone.removed_by) == (entry.id, "a blank picture", alice.viewer.actor)
    found, removed = entries.find(alice.viewer, MD5.upper())
    assert (found, [each.why for each in removed]) == ([], ["a blank picture"])
    assert entries.find(charlie.viewer, MD5) == ([], [])
    with pytest.raises(Invalid):
        entries.find(alice.viewer, "no hash")


def test_an_entry_on_an_own_list_takes_two_officers(alice: Person, bob: Person, own: HashList) -> None:
    proposal = entries.propose(alice.viewer, own.id, wanted(sha1=SHA1))
    assert not Entry.objects.exists()
    with pytest.raises(Refused, match="another one"):
        entries.approve(alice.viewer, proposal.id)
    entries.approve(bob.viewer, proposal.id)
    assert {(each.algorithm, each.category, each.source, each.item) for each in Entry.objects.all()} == {
        ("md5", "B", "Harbour Unit", f"own:{proposal.id}"),
        ("sha1", "B", "Harbour Unit", f"own:{proposal.id}"),
    }
    assert acts(f"proposal:{proposal.id}") == [
        ("list.approve", bob.viewer.actor),
        ("list.approve", alice.viewer.actor),
        ("list.propose", alice.viewer.actor),
    ]
    assert [each.denied for each in ledger.history(f"proposal:{proposal.id}")] == [False, True, False]
    with pytest.raises(Conflict, match="decided"):
        entries.approve(bob.viewer, proposal.id)
    assert dict(own.coverage.values_list("algorithm", "entries")) == {"md5": 1, "sha1": 1}


def test_the_database_knows_of_four_eyes_too(alice: Person, own: HashList) -> None:
    proposal = entries.propose(alice.viewer, own.id, wanted())
    with pytest.raises(IntegrityError, match="four_eyes"):
        Proposal.objects.filter(id=proposal.id).update(state="approved", decided_by=proposal.proposed_by)


def test_another_unit_neither_proposes_nor_approves(alice: Person, charlie: Person, own: HashList) -> None:
    proposal = entries.propose(alice.viewer, own.id, wanted())
    with pytest.raises(Missing):
        entries.propose(charlie.viewer, own.id, wanted(md5="0" * 32))
    with pytest.raises(Missing):
        entries.approve(charlie.viewer, proposal.id)
    with pytest.raises(Missing):
        entries.reject(charlie.viewer, proposal.id, "no")


def test_who_may_not_manage_lists_proposes_and_does_not_approve(alice: Person, eve: Person, harbour_unit: Unit, own: HashList) -> None:
    finn = make_person("Finn", harbour_unit, frozenset({Capability.DECIDE}))
    proposal = entries.propose(finn.viewer, own.id, wanted())
    other = entries.propose(alice.viewer, own.id, wanted(md5="0" * 32))
    with pytest.raises(Refused):
        entries.approve(finn.viewer, other.id)
    with pytest.raises(Refused):
        entries.reject(finn.viewer, other.id, "not mine")
    with pytest.raises(Refused):
        entries.propose(eve.viewer, own.id, wanted(md5="1" * 32))
    assert entries.reject(finn.viewer, proposal.id, "taken back").state == Proposal.State.REJECTED


def test_what_is_there_or_waits_is_not_proposed_again(alice: Person, bob: Person, own: HashList) -> None:
    proposal = entries.propose(alice.viewer, own.id, wanted())
    with pytest.raises(Conflict, match="waits"):
        entries.propose(bob.viewer, own.id, wanted(sha1=SHA1))
    entries.approve(bob.viewer, proposal.id)
    with pytest.raises(Conflict, match="already"):
        entries.propose(bob.viewer, own.id, wanted())


@pytest.mark.parametrize("digests", [{}, {"md5": ""}, {"md5": "x"}, {"photodna": "00"}])
def test_a_proposal_needs_a_hash(digests: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        Wanted(digests, "A", "because")


def test_a_file_does_not_get_onto_an_own_list_past_the_second_officer(alice: Person, own: HashList) -> None:
    content = f"algorithm,value,category,source,note\nmd5,{MD5},A,,\n".encode()
    for who in (alice.viewer, operator()):
        with pytest.raises(Refused, match="two officers"):
            lists.import_list(who, io.BytesIO(content), own.name, source="x", unit_id=own.unit_id)
    with pytest.raises(Missing):
        entries.propose(alice.viewer, uuid4(), wanted())
    assert not Entry.objects.exists()


def hit(entry: Entry, number: int, days_ago: float = 0) -> None:
    noise.count({uuid4(): [entry.id] for _ in range(number)}, clock.now() - timedelta(days=days_ago))


def test_an_entry_that_matches_too_much_is_set_aside(alice: Person, entry: Entry) -> None:
    lists.describe(alice.viewer, entry.hash_list_id, About(noisy_referrals=5, noisy_days=3))
    hit(entry, 5)
    hit(entry, 9, days_ago=4)
    assert entries.set_noisy_aside() == []
    hit(entry, 1)
    (aside,) = entries.set_noisy_aside()
    assert (aside.entry_id, aside.why, aside.referrals) == (entry.id, "noisy", 6)
    assert acts(f"md5:{MD5}") == [("list.set-aside", "system:lists")]
    assert entries.set_noisy_aside() == []
    entries.restore(alice.viewer, entry.id, "it is known, and widespread")
    hit(entry, 50)
    assert entries.set_noisy_aside() == [], "an officer has looked"


def test_a_referral_counts_once_and_old_ones_are_forgotten(entry: Entry) -> None:
    referral = uuid4()
    noise.count({referral: [entry.id]}, clock.now())
    noise.count({referral: [entry.id]}, clock.now())
    hit(entry, 2, days_ago=8)
    assert Hit.objects.count() == 3
    assert noise.forget() == 2
    HashList.objects.update(noisy_referrals=None)
    hit(entry, 1)
    assert Hit.objects.count() == 1
    assert noise.forget() == 1


def test_what_a_list_is_can_be_said(alice: Person, charlie: Person, entry: Entry) -> None:
    about = About(licence="for law enforcement", conditions="no onward transfer\nask first", may_pass_on=True)
    found = lists.describe(alice.viewer, entry.hash_list_id, about)
    assert (found.licence, found.conditions, found.may_pass_on) == ("for law enforcement", "no onward transfer\nask first", True)
    with pytest.raises(Missing):
        lists.describe(charlie.viewer, entry.hash_list_id, about)
    with pytest.raises(Conflict, match="holds entries"):
        lists.describe(alice.viewer, entry.hash_list_id, About(meaning="negative"))
    for wrong in (
        About(noisy_referrals=1),
        About(noisy_days=91),
        About(licence="x" * 3000),
        About(conditions="\x00"),
    ):
        with pytest.raises(Invalid):
            lists.describe(alice.viewer, entry.hash_list_id, wrong)


def test_a_list_leaves_only_where_it_may_and_it_is_written_down_for_whom(alice: Person, eve: Person, entry: Entry) -> None:
    wish = Export("csv")
    with pytest.raises(Refused, match="passed on"):
        lists.export_list(alice.viewer, entry.hash_list_id, wish, "agency:north")
    lists.describe(alice.viewer, entry.hash_list_id, About(may_pass_on=True))
    with pytest.raises(Refused):
        lists.export_list(eve.viewer, entry.hash_list_id, wish, "agency:north")
    with pytest.raises(Invalid):
        lists.export_list(alice.viewer, entry.hash_list_id, wish, "Somebody, with a name")
    content = b"".join(lists.export_list(alice.viewer, entry.hash_list_id, wish, "agency:north"))
    assert content.splitlines()[1] == f"md5,{MD5},A,hotline,".encode()
    told = ledger.history(f"list:{entry.hash_list_id}")[0]
    assert (told.kind, told.act, told.recipient, told.detail) == ("DISCLOSURE", "list.export", "agency:north", {"format": "csv"})
