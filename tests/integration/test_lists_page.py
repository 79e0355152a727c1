"""The hash lists' page: what serves the unit, loading with the refused lines shown, taking out."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.custody import ledger
from grace.matching.models import HashList, ListedVideo
from tests.support.people import Person, make_person

pytestmark = pytest.mark.django_db

LINES = b"algorithm,value,category,source,note\nmd5,%s,known,,\nsha1,%s,known,,\nmd5,short,known,,\n" % (b"0" * 32, b"1" * 40)


def load(person: Person, content: bytes = LINES, **typed: str) -> str:
    file = SimpleUploadedFile("invented.csv", content, "text/csv")
    return person.client.post(reverse("import-list"), {"file": file, "name": "invented", "source": "a test", **typed}).text


def test_loading_shows_what_was_done_and_what_was_refused(alice: Person, bob: Person) -> None:
    page = load(alice)
    assert "Line 4" in page
    assert "32 hexadecimal digits" in page
    for person in (alice, bob):
        shown = person.client.get(reverse("lists")).text
        assert "invented" in shown
        assert "1 MD5" in shown
        assert "1 SHA-1" in shown
    assert ledger.page(actor=alice.viewer.actor)[0].act == "list.import"


def test_loading_again_changes_nothing(alice: Person) -> None:
    load(alice)
    load(alice)
    assert "1 MD5" in alice.client.get(reverse("lists")).text


def test_a_wrong_header_or_no_file_is_told(alice: Person) -> None:
    assert "no hash list of a form that is known" in load(alice, b"x\n")
    assert "Line 1 is not the header" in load(alice, b"x\n", format="csv")
    assert "No file was chosen" in alice.client.post(reverse("import-list"), {"name": "a", "source": "b"}).text
    assert not HashList.objects.exists()


def test_another_units_list_is_neither_shown_nor_touched(alice: Person, charlie: Person) -> None:
    load(alice)
    wanted = HashList.objects.get()
    assert "invented" not in charlie.client.get(reverse("lists")).text
    assert "serves another unit" in load(charlie)
    assert charlie.client.post(reverse("remove-list", args=[wanted.id])).status_code == 404
    assert HashList.objects.exists()


def test_the_agencys_list_serves_all(alice: Person, charlie: Person) -> None:
    load(alice, serves="agency")
    assert "the agency" in charlie.client.get(reverse("lists")).text


def test_a_list_is_taken_out(alice: Person) -> None:
    load(alice)
    assert "it held 2 entries" in alice.client.post(reverse("remove-list", args=[HashList.objects.get().id]), follow=True).text


def test_only_who_manages_lists(eve: Person, harbour_unit: Unit) -> None:
    reader = make_person("Finn", harbour_unit, frozenset({Capability.READ}))
    for person in (eve, reader):
        assert person.client.get(reverse("lists")).status_code == 403
        assert "Not open to you" in load(person)


def test_a_file_of_vpdq_is_a_video_called_as_its_file_unless_it_is_said(alice: Person) -> None:
    picture = f"0,100,{'ab' * 32},0.000\n".encode()
    load(alice, picture, category="known")
    load(alice, picture, category="known", video="Holiday, part 1")
    assert sorted(ListedVideo.objects.values_list("label", flat=True)) == ["Holiday, part 1", "invented.csv"]
    for page in (reverse("lists"), reverse("hash-list", args=[HashList.objects.get().id])):
        text = alice.client.get(page).text
        assert "1 PDQ" in text
        assert "2 videos" in text
