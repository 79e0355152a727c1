from __future__ import annotations

import os
import re
from uuid import UUID

import pytest
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.custody import ledger
from grace.evidence.models import File, Fingerprint
from grace.matching.models import Match
from grace.pipeline import match_page
from grace.pipeline.examine import examine_and_score
from grace.referrals.models import Attachment
from tests.integration.web import story
from tests.support import relisting
from tests.support.deliveries import hand_in, sample
from tests.support.jobs import run_due_jobs
from tests.support.people import Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(harbour_unit: Unit) -> Fingerprint:
    """The fingerprint of a picture that came with a referral of Alice's unit."""
    story.with_files(harbour_unit)
    examine_and_score(list(File.objects.values_list("id", flat=True)))
    return Fingerprint.objects.filter(quality__gte=50).select_related("file").order_by("id")[0]


@pytest.fixture
def match(picture: Fingerprint) -> Match:
    """It is seven bits away from an entry of the agency's list."""
    relisting.load([("pdq", relisting.flipped(bytes(picture.value), 7))])
    run_due_jobs()
    return Match.objects.get(value=picture.value)


def page_of(match: Match) -> str:
    return reverse("match", args=[match.id])


def referral_of(picture: Fingerprint) -> UUID:
    return Attachment.objects.filter(file=picture.file)[0].referral_id


def test_the_page_shows_both_fingerprints_and_no_picture(alice: Person, picture: Fingerprint, match: Match) -> None:
    text = alice.client.get(page_of(match)).text
    for words in ("distance 7", "Known", "hotline", "7 of 256 bits differ", " of 256 bits are set", "1, of ", "generation "):
        assert words in text
    assert text.count('<svg class="bits') == 3
    assert bytes(picture.value).hex() in text
    assert relisting.flipped(bytes(picture.value), 7).hex() in text
    assert "data-preview" not in text
    assert "<img" not in text


def test_links_lead_both_ways(alice: Person, picture: Fingerprint, match: Match) -> None:
    file, referral = reverse("file", args=[picture.file_id]), reverse("referral", args=[referral_of(picture)])
    text = alice.client.get(page_of(match)).text
    assert file in text
    assert referral in text
    assert page_of(match) in alice.client.get(file).text
    assert page_of(match) in alice.client.get(referral).text


def test_it_says_what_the_match_changes(alice: Person, picture: Fingerprint, match: Match) -> None:
    assert "near-duplicates of known files" in alice.client.get(page_of(match)).text


def test_it_is_one_consultation(alice: Person, picture: Fingerprint, match: Match) -> None:
    alice.client.get(page_of(match))
    entry = ledger.page(actor=alice.viewer.actor)[0]
    assert (entry.act, entry.kind, entry.purpose) == ("match.read", "CONSULTATION", "triage")
    assert f"digest:{bytes(match.value).hex()}" in entry.subjects
    assert f"file:{bytes(picture.file.sha256).hex()}" in entry.subjects
    assert f"list:{match.entry.hash_list_id}" in entry.subjects


def test_who_may_see_it(alice: Person, bob: Person, charlie: Person, eve: Person, match: Match, harbour_unit: Unit) -> None:
    reader = make_person("Frank", harbour_unit, frozenset({Capability.READ}))
    assert [each.client.get(page_of(match)).status_code for each in (alice, bob, reader)] == [200] * 3
    assert charlie.client.get(page_of(match)).status_code == 404
    assert eve.client.get(page_of(match)).status_code == 403
    assert ledger.page(actor=charlie.viewer.actor)[0].denied
    assert alice.client.get(reverse("match", args=[match.id + 1])).status_code == 404
    assert alice.client.get(reverse("match", args=[10**30])).status_code == 404


def test_the_same_digest_in_two_units_shows_each_its_own(
    alice: Person, charlie: Person, match: Match, picture: Fingerprint, hill_unit: Unit
) -> None:
    theirs = story.with_files(hill_unit)
    text = charlie.client.get(page_of(match)).text
    assert str(referral_of(picture)) not in text
    assert any(str(each) in text for each in theirs)
    assert not any(str(each) in alice.client.get(page_of(match)).text for each in theirs)


def test_what_is_more_than_shown_is_counted(
    alice: Person, match: Match, picture: Fingerprint, harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_page, "MOST_SHOWN", 1)
    other = Fingerprint.objects.exclude(file__in=Attachment.objects.filter(referral_id=referral_of(picture)).values("file")).order_by("id")[
        0
    ]
    Fingerprint.objects.filter(id=other.id).update(value=picture.value, quality=90)
    text = alice.client.get(page_of(match)).text
    assert "2 files" in text
    assert "2 referrals" in text
    assert text.count(">All 2<") == 2
    subjects = ledger.page(actor=alice.viewer.actor)[0].subjects
    assert len([each for each in subjects if each.startswith(("file:", "referral:"))]) == 2, "what is shown is what was consulted"


def walked(person: Person, address: str, row: str) -> list[str]:
    """What each page of a list links to by ``row``, in its order."""
    found: list[str] = []
    while address:
        text = person.client.get(address).text
        found += re.findall(rf'data-open href="({row}[^"]*)"', text)
        onward = re.search(r'href="([^"]+)" rel="next"', text)
        address = onward[1] if onward else ""
    return found


def test_all_files_and_referrals_of_a_match_are_on_their_pages(
    alice: Person, charlie: Person, match: Match, picture: Fingerprint, hill_unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_page, "PAGE", 2)
    Fingerprint.objects.filter(algorithm="pdq").update(value=picture.value, quality=90)
    held = Fingerprint.objects.filter(algorithm="pdq").values("file").distinct().count()
    text = alice.client.get(page_of(match)).text
    at = {name: reverse(f"match-{name}", args=[match.id]) for name in ("files", "referrals")}
    assert re.search(rf'href="{at["files"]}">{held} files<', text)
    files, referrals = walked(alice, at["files"], "/files/"), walked(alice, at["referrals"], "/referrals/")
    assert len(files) == len(set(files)) == held > 4
    pictures = Fingerprint.objects.filter(algorithm="pdq").values("file")
    named = set(Attachment.objects.filter(file__in=pictures).values_list("referral_id", flat=True))
    assert {reverse("referral", args=[each]) + "#why" for each in named} == set(referrals)
    assert len(referrals) == len(named)
    assert re.search(rf'href="{at["referrals"]}">{len(named)} referrals<', text)
    assert ledger.page(actor=alice.viewer.actor)[0].act == "match.referrals"
    for address in at.values():
        assert charlie.client.get(address).status_code == 404
        assert alice.client.get(f"{address}?after=x").status_code == 400
    theirs = story.with_files(hill_unit)
    assert len(walked(charlie, at["files"], "/files/")) == held
    assert not any(str(each) in "".join(walked(alice, at["referrals"], "/referrals/")) for each in theirs)


def test_another_units_list_is_no_way_in(alice: Person, charlie: Person, picture: Fingerprint, hill_unit: Unit) -> None:
    story.with_files(hill_unit)
    relisting.load([("sha256", bytes(picture.file.sha256))], unit=hill_unit)
    run_due_jobs()
    theirs = Match.objects.get(algorithm="sha256")
    assert charlie.client.get(page_of(theirs)).status_code == 200
    assert alice.client.get(page_of(theirs)).status_code == 404


def test_a_digest_that_is_only_named_has_its_page_too(alice: Person, harbour_unit: Unit) -> None:
    (referral,) = hand_in(harbour_unit, sample("d1"))[0].referrals
    named = Attachment.objects.filter(referral_id=referral, file=None).exclude(md5=None)[0]
    relisting.load([("md5", bytes(named.md5 or b""))])
    run_due_jobs()
    match = Match.objects.get()
    text = alice.client.get(page_of(match)).text
    assert "only the digest was named" in text
    assert "by digest only" in text
    assert "<svg" not in text.partition("<main")[2]
    assert page_of(match) in alice.client.get(reverse("referral", args=[referral])).text


def alike(person: Person, file: UUID | None) -> str:
    return person.client.get(reverse("file", args=[file])).text.partition('id="alike"')[2].partition("</section>")[0]


def test_files_that_look_alike_are_told_and_lead_to_each_other(
    alice: Person, charlie: Person, picture: Fingerprint, hill_unit: Unit
) -> None:
    assert "No other file of your unit looks like it" in alike(alice, picture.file_id)
    others = list(Fingerprint.objects.exclude(id=picture.id).order_by("id")[:3])
    for bits, other in zip((0, 31, 32), others, strict=True):
        Fingerprint.objects.filter(id=other.id).update(value=relisting.flipped(bytes(picture.value), bits), quality=90)
    text = alike(alice, picture.file_id)
    assert "same fingerprint" in text
    assert "distance 31" in text
    shown = [reverse("file", args=[each.file_id]) in text for each in others]
    assert shown == [True, True, False]
    assert reverse("file", args=[picture.file_id]) in alike(alice, others[1].file_id)
    subjects = ledger.page(actor=alice.viewer.actor)[0].subjects
    assert f"file:{bytes(picture.file.sha256).hex()}" in subjects
    story.with_files(hill_unit)
    assert reverse("file", args=[others[0].file_id]) in alike(charlie, picture.file_id), "the other unit holds the same files"


def test_what_another_unit_holds_is_not_told(alice: Person, picture: Fingerprint, hill_unit: Unit) -> None:
    other = Fingerprint.objects.exclude(id=picture.id).order_by("id")[0]
    Fingerprint.objects.filter(id=other.id).update(value=picture.value, quality=90)
    other.file.holdings.update(unit=hill_unit)
    assert "No other file of your unit looks like it" in alike(alice, picture.file_id)


def test_what_cannot_be_compared_says_so(alice: Person, picture: Fingerprint) -> None:
    Fingerprint.objects.filter(id=picture.id).update(quality=10)
    assert "quality too low" in alike(alice, picture.file_id)
    Fingerprint.objects.filter(id=picture.id).delete()
    assert "there is no fingerprint" in alike(alice, picture.file_id)


def test_the_lists_page_says_how_the_index_stands(alice: Person) -> None:
    relisting.load([("md5", os.urandom(16)), ("sha1", os.urandom(20))])
    assert "2 changes wait for the index" in alice.client.get(reverse("lists")).text
    run_due_jobs()
    text = alice.client.get(reverse("lists")).text
    assert "2 entries" in text
    assert "The index is up to date" in text
