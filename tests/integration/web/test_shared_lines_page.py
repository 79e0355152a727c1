"""The page of shared lines: who administers puts a list in force, who reads sees it, and what is wrong is told with its line."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grace.accounts.models import Unit
from grace.links.models import SharedLines
from tests.support import floods
from tests.support.jobs import run_due_jobs
from tests.support.people import Person

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/shared-lines/"
LIST = "cgnat, 203.0.113.0/24, Example Mobile\n"


def put(person: Person, text: str, seen: int = 0, note: str = "because", **more: object) -> int:
    sent = {"text": text, "seen": seen, "note": note, **more}
    return int(person.client.post(f"{ADDRESS}put/", sent).status_code)


def shown(person: Person, **asked: int) -> str:
    return person.client.get(ADDRESS, asked).content.decode()


def test_a_list_is_put_in_force_by_who_administers_and_read_by_all(alice: Person, dora: Person, eve: Person) -> None:
    assert "No list is in force" in shown(alice)
    assert put(alice, LIST) == 403
    assert put(dora, LIST) == 302
    assert "Version 1, in force" in shown(alice)
    assert LIST.strip() in shown(alice)
    assert "<textarea" not in shown(alice)
    assert "Dora" in shown(dora)
    assert "Dora" not in shown(alice), "she may be of another unit"
    assert eve.client.get(ADDRESS).status_code == 403
    assert alice.client.get(f"{ADDRESS}1/").content.decode() == LIST
    assert alice.client.get(f"{ADDRESS}7/").status_code == 404


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(dora: Person) -> None:
    answer = dora.client.post(f"{ADDRESS}put/", {"text": "vpn, nonsense", "seen": 0, "note": "because"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "line 1: “nonsense” is no address and no network" in page
    assert ">vpn, nonsense</textarea>" in page
    assert put(dora, LIST, note=" ") == 400
    assert put(dora, LIST) == 302
    assert put(dora, "", seen=0) == 400, "another list came into force meanwhile"
    assert put(dora, "", seen=1, file=SimpleUploadedFile("l.csv", b"\xff\xfe")) == 400
    assert put(dora, "", seen=1, file=SimpleUploadedFile("l.csv", b"mail, example.net\n")) == 302
    assert SharedLines.objects.get(number=2).entries == [["mail", "example.net", ""]]
    assert "Version 1, no longer in force" in shown(dora, version=1)


def test_how_far_it_is_shows(alice: Person, dora: Person, harbour_unit: Unit) -> None:
    floods.take_in(harbour_unit, [floods.tip(701, "u-1", address="203.0.113.7")], name="report.zip")
    put(dora, LIST)
    assert "0 % of the identifiers are looked through." in shown(alice)
    run_due_jobs()
    assert "looked through" not in shown(alice)
    assert "waits to be linked anew" not in shown(alice)
