"""The page of near-duplicates: the unit's files as covered tiles, its numbers, what is written down; nothing of another unit."""

from __future__ import annotations

import pytest
from django.urls import reverse

from grace.accounts.models import Unit
from grace.analysis.models import Clustered
from grace.custody import ledger
from grace.evidence.models import File
from grace.pipeline import cluster_page
from grace.referrals.models import Attachment
from grace.sdk.analysis import Finding
from grace.sdk.signals import Basis
from tests.integration.web import story
from tests.support.analysers import always, info, saying
from tests.support.jobs import run_due_jobs
from tests.support.looks import GIVES, kept, look
from tests.support.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def test_the_file_leads_to_its_near_duplicates_and_these_stay_covered(alice: Person, harbour_unit: Unit) -> None:
    files = kept(harbour_unit, b"bridge 1", b"bridge 2", b"bridge 3")
    (alone,) = kept(harbour_unit, b"boat 1")
    page = alice.client.get(reverse("file", args=[files[0]])).text
    assert "not compared" in page
    run_due_jobs()
    address = reverse("cluster", args=[files[0]])
    assert f'href="{address}">2 in your holdings' in alice.client.get(reverse("file", args=[files[0]])).text
    assert "none in your holdings" in alice.client.get(reverse("file", args=[alone])).text
    page = alice.client.get(address).text
    assert page.count('class="cover"') == 3
    assert "the others are near it" in page
    assert "data-preview" not in page
    assert str(alone) not in page
    for file in files:
        digest = str(File.objects.get(id=file))
        assert digest[:8] in page
        assert [each.act for each in ledger.history(f"file:{digest}", 1)] == ["cluster.read"]


def test_it_is_told_in_pages(alice: Person, harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    files = kept(harbour_unit, *(b"bridge %d" % number for number in range(5)))
    run_due_jobs()
    monkeypatch.setattr(cluster_page, "A_PAGE", 2)
    address = reverse("cluster", args=[files[4]])
    first = alice.client.get(address).text
    assert "1 to 2 of 5" in first
    assert 'rel="prev"' not in first
    last = alice.client.get(f"{address}?start=4").text
    assert last.count('class="cover"') == 1
    assert 'rel="next"' not in last
    assert alice.client.get(f"{address}?start=5").status_code == 404
    assert alice.client.get(f"{address}?start=-1").status_code == 400


def test_another_unit_finds_nothing_there(charlie: Person, harbour_unit: Unit) -> None:
    (file, *_) = kept(harbour_unit, b"bridge 1", b"bridge 2")
    run_due_jobs()
    assert charlie.client.get(reverse("cluster", args=[file])).status_code == 404


def test_its_numbers_are_those_of_the_referrals_and_the_wall_says_how_many(alice: Person, harbour_unit: Unit) -> None:
    length = Finding("duration", "42400", Basis.OBSERVED)
    described = (info("embedding", gives=GIVES), always(*look(b"bridge 1")))
    with saying(described, (info("metadata", gives={"duration": "how long"}), always(length))):
        referrals = story.with_files(harbour_unit)
        run_due_jobs()
    attachment = Attachment.objects.filter(referral_id=referrals[0], file__isnull=False).first()
    assert attachment is not None
    size = Clustered.objects.count()
    assert size > 2
    page = alice.client.get(reverse("cluster", args=[attachment.file_id])).text
    named = Attachment.objects.filter(file__isnull=False).exclude(state="report").values("referral_id").distinct().count()
    assert f"{named} referrals" in page
    assert reverse("referral", args=[referrals[0]]) in page
    wall = alice.client.get(reverse("referral", args=[referrals[0]])).text
    assert f"{size - 1} like it" in wall
    assert "0:42" in wall
    assert "1 finding" in wall
    assert "JPEG" in wall
