"""The pages of one list and of one entry: by officers who may, and nobody sees another unit's."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.custody import ledger
from grace.matching.models import Entry, Feed, HashList, Opinion, Proposal, Reader, SetAside, Sharing
from grace.pipeline import list_entries, lists, senders
from tests.support.people import Person, make_person
from tests.support.programs import program

pytestmark = pytest.mark.django_db

MD5 = "d41d8cd98f00b204e9800998ecf8427e"


@pytest.fixture
def entry(alice: Person) -> Entry:
    content = f"algorithm,value,category,source,note\nmd5,{MD5},A,,a note\n".encode()
    lists.import_list(alice.viewer, io.BytesIO(content), "Theirs", source="hotline", unit_id=alice.officer.unit_id)
    return Entry.objects.get()


def send(person: Person, route: str, *at: object, **typed: str) -> str:
    return person.client.post(reverse(route, args=at), typed, follow=True).text


def test_the_page_says_what_a_list_is_and_keeps_what_is_said_of_it(alice: Person, charlie: Person, entry: Entry) -> None:
    at = entry.hash_list_id
    page = alice.client.get(reverse("hash-list", args=[at])).text
    assert "Theirs" in page
    assert "alert list" in page
    assert "may not be passed on" in page
    page = send(
        alice, "describe-list", at, licence="for police", conditions="keep it", may_pass_on="1", noisy_referrals="50", noisy_days="2"
    )
    assert "for police" in page
    assert HashList.objects.values_list("may_pass_on", "noisy_referrals", "noisy_days").get() == (True, 50, 2)
    assert "a whole number from 2" in send(alice, "describe-list", at, noisy_referrals="1").lower()
    assert charlie.client.get(reverse("hash-list", args=[at])).status_code == 404
    assert charlie.client.post(reverse("describe-list", args=[at])).status_code == 404


def test_a_list_is_saved_as_a_file(alice: Person, entry: Entry) -> None:
    at = reverse("export-list", args=[entry.hash_list_id])
    typed = {"format": "vics-2.0", "recipient": "agency:north"}
    assert alice.client.post(at, typed).status_code == 403
    HashList.objects.update(may_pass_on=True)
    assert "recipient" in alice.client.post(at, typed | {"recipient": "Some One"}).text
    answer = alice.client.post(at, typed)
    assert answer.status_code == 200, answer.text
    assert answer["Content-Disposition"].endswith('.json"')
    assert json.loads(answer.getvalue())["value"][0]["MD5"] == MD5.upper()


def test_an_entry_is_found_confirmed_set_aside_restored_and_taken_out(alice: Person, bob: Person, entry: Entry) -> None:
    found = alice.client.get(reverse("find-entry"), {"hash": MD5.upper()}).text
    at = reverse("list-entry", args=[entry.id])
    assert at in found
    page = alice.client.get(at).text
    for said in (MD5, "a note", "hotline", "Nobody has said anything yet"):
        assert said in page
    assert "disputed" in send(bob, "entry-act", entry.id, act="dispute", reason="a blank picture")
    assert "A reason is needed" in send(bob, "entry-act", entry.id, act="confirm", reason="")
    assert Opinion.objects.count() == 1
    assert "count for nothing" in send(alice, "entry-act", entry.id, act="set-aside", reason="to be looked at")
    assert "to be looked at" in alice.client.get(reverse("lists")).text
    assert "restored it" in send(alice, "entry-act", entry.id, act="restore", reason="right after all")
    assert SetAside.objects.get().restored_at
    assert "taken out" in send(alice, "entry-act", entry.id, act="remove", reason="wrong")
    gone = alice.client.get(reverse("find-entry"), {"hash": MD5}).text
    assert "No list holds it" in gone
    assert "wrong" in gone
    assert alice.client.get(at).status_code == 404


def test_whoever_reads_sees_an_entry_and_decides_nothing_about_it(charlie: Person, eve: Person, harbour_unit: Unit, entry: Entry) -> None:
    reader = make_person("Finn", harbour_unit, frozenset({Capability.READ}))
    at = reverse("list-entry", args=[entry.id])
    page = reader.client.get(at)
    assert page.status_code == 200
    assert 'value="dispute"' not in page.text
    assert 'value="remove"' not in page.text
    assert reader.client.post(reverse("entry-act", args=[entry.id]), {"act": "dispute", "reason": "x"}).status_code == 403
    assert eve.client.get(at).status_code == 403
    assert charlie.client.get(at).status_code == 404
    assert "hexadecimal" in reader.client.get(reverse("find-entry"), {"hash": "nonsense"}).text


def test_two_officers_fill_a_list_of_their_own(alice: Person, bob: Person) -> None:
    page = send(alice, "make-list", name="Ours", source="Harbour Unit", meaning="negative", serves="unit", category="blank")
    made = HashList.objects.get()
    assert (made.is_own, made.meaning, made.unit_id) == (True, "negative", alice.officer.unit_id)
    assert "Propose an entry" in page
    assert "second officer" in send(alice, "propose-entry", made.id, md5=MD5, reason="a blank picture", kind="image")
    assert "You proposed it" in alice.client.get(reverse("lists")).text
    proposal = Proposal.objects.get()
    assert "Two officers" in send(alice, "decide-proposal", proposal.id, act="approve")
    assert "a blank picture" in bob.client.get(reverse("lists")).text
    assert "It is on the list" in send(bob, "decide-proposal", proposal.id, act="approve")
    assert Entry.objects.get().category == "blank"
    send(alice, "propose-entry", made.id, md5="0" * 32, reason="again", kind="image")
    assert "put aside" in send(bob, "decide-proposal", Proposal.objects.get(state="waiting").id, act="reject", reason="no")


def test_a_list_is_served_and_readers_come_and_go(alice: Person, harbour_unit: Unit) -> None:
    made = list_entries.make_own(operator(), "Ours", "us", "alert", harbour_unit.id, "A")
    senders.add_login(operator(), "north", "Agency North", harbour_unit, "agency")
    assert "letters, digits and hyphens" in send(alice, "serve-list", made.id, name="No Name")
    assert "/hash-sharing/ours" in send(alice, "serve-list", made.id, name="ours")
    assert "Agency North" in send(alice, "list-reader", made.id, login="north", act="enrol")
    assert "no such login" in send(alice, "list-reader", made.id, login="south")
    assert "may read the list already" in send(alice, "list-reader", made.id, login="north")
    send(alice, "list-reader", made.id, login="north", act="dismiss")
    assert Reader.objects.get().ended_at
    send(alice, "serve-list", made.id, name="")
    assert not Sharing.objects.exists()
    assert {each.act for each in ledger.history(f"list:{made.id}", 50)} >= {"list.serve", "list.enrol", "list.dismiss"}


def test_a_list_is_fetched_and_no_longer(alice: Person, entry: Entry, tmp_path: Path, settings: LazySettings) -> None:
    settings.GRACE_LIST_SECRETS = str(tmp_path)
    at, address = entry.hash_list_id, "https://lists.example.org/x"
    assert "cannot be read" in send(alice, "list-feed", at, act="add", address=address, secret="north", every="5")
    (tmp_path / "north.secret").write_text("a:b")
    assert "begins with https" in send(alice, "list-feed", at, act="add", address="http://lists.example.org", secret="north")
    assert "not fetched yet" in send(alice, "list-feed", at, act="add", address=address, secret="north", every="5")
    feed = Feed.objects.get()
    assert (feed.every_minutes, feed.due_at - feed.hash_list.changed_at > timedelta(0)) == (5, True)
    send(alice, "list-feed", at, act="now")
    assert "ended" in send(alice, "list-feed", at, act="end")


def test_a_vics_file_is_loaded_by_its_content_and_what_is_left_out_is_told(alice: Person) -> None:
    records = [{"MD5": MD5, "Category": 1}, {"MD5": "0" * 32, "Category": 0}, {"MD5": "x"}]
    file = SimpleUploadedFile("a.bin", json.dumps({"value": records}).encode())
    page = alice.client.post(reverse("import-list"), {"file": file, "name": "V", "source": "s"}).text
    for said in ("vics", "1 left out", "whose meaning was not said", "Line 3", "not a hash of its kind"):
        assert said in page


def test_a_program_loads_and_saves_a_list(harbour_unit: Unit) -> None:
    ours = program(harbour_unit, frozenset({Capability.MANAGE_LISTS}))
    content = json.dumps({"value": [{"MD5": MD5, "Category": 0}, {"MD5": "0" * 32, "Category": 1}]}).encode()
    told = ours.post("/lists/import?name=V&source=s&zero=not-pertinent", content).json()
    assert (told["format"], told["added"], told["left_out"]) == ("vics", 1, {"category 0, which is not pertinent": 1})
    assert ours.get(f"/lists/{told['id']}/export", format="csv", recipient="agency:north").status_code == 403
    HashList.objects.update(may_pass_on=True)
    answer = ours.get(f"/lists/{told['id']}/export", format="icse", recipient="agency:north")
    assert answer.getvalue().startswith(b"MD5;SHA1;")
    assert ours.get(f"/lists/{told['id']}/export", format="exe", recipient="agency:north").status_code == 422
    (shown,) = ours.get("/lists").json()
    assert (shown["meaning"], shown["may_pass_on"], shown["is_own"]) == ("alert", True, False)
    full = ours.post("/lists/import?name=V&source=s&mode=full&most_removed=1", json.dumps({"value": [{"MD5": MD5}]}).encode()).json()
    assert (full["added"], full["removed"]) == (1, 1)
