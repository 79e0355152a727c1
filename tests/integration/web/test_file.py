from __future__ import annotations

import json
from uuid import UUID

import pytest
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.casework.decide import Wish
from grace.custody import ledger
from grace.evidence.decoding.port import NotDecoded, Reason
from grace.evidence.models import File
from grace.pipeline.analyse import analyse_now
from grace.pipeline.decide import decide
from grace.pipeline.examine import examine_and_score
from grace.referrals.models import Attachment
from grace.sdk.analysis import Finding
from grace.sdk.signals import Basis
from tests.integration.web import story
from tests.support.analysers import always, info, saying
from tests.support.people import Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(harbour_unit: Unit) -> Attachment:
    """A picture that came with a referral of Alice's unit."""
    story.with_files(harbour_unit)
    found = Attachment.objects.select_related("file").filter(file__media_type__startswith="image/").first()
    assert found is not None
    return found


def page_of(picture: Attachment) -> str:
    return reverse("file", args=[picture.file_id])


def preview_of(picture: Attachment) -> str:
    return reverse("file-preview", args=[picture.file_id])


def acts(picture: Attachment) -> list[tuple[str, bool]]:
    assert picture.file is not None
    return [(each.act, each.denied) for each in ledger.history(f"file:{bytes(picture.file.sha256).hex()}", 50)]


def test_the_page_shows_digests_and_holding_and_is_one_consultation(alice: Person, picture: Attachment) -> None:
    assert picture.file is not None
    before = len(acts(picture))
    text = alice.client.get(page_of(picture)).text
    for digest in (picture.file.sha256, picture.file.sha1, picture.file.md5):
        assert bytes(digest).hex() in text
    assert "not examined yet" in text
    assert acts(picture)[: len(acts(picture)) - before] == [("file.read", False)]


def test_an_examined_picture_says_its_size_and_quality(alice: Person, picture: Attachment) -> None:
    assert picture.file_id is not None
    examine_and_score([picture.file_id])
    text = alice.client.get(page_of(picture)).text
    assert "decoded by" in text
    assert "of 100" in text


def test_the_name_is_covered_until_the_referral_is_taken(alice: Person, picture: Attachment) -> None:
    name = picture.original_name or picture.name
    assert name
    address = f"{page_of(picture)}?referral={picture.referral_id}"
    assert name not in alice.client.get(address).text
    decide(alice.viewer, picture.referral_id, Wish("take"))
    assert name in alice.client.get(address).text


def test_a_referral_that_does_not_name_it_is_no_way_in(alice: Person, picture: Attachment, harbour_unit: Unit) -> None:
    (other,) = story.samples(harbour_unit, "d1")
    assert alice.client.get(f"{page_of(picture)}?referral={other}").status_code == 404
    assert alice.client.get(f"{page_of(picture)}?referral=x").status_code == 400


def test_an_officer_looks_through_the_gate_and_it_is_written_down(alice: Person, picture: Attachment) -> None:
    seen = alice.client.post(preview_of(picture), {"purpose": "triage"})
    assert seen.status_code == 200
    assert seen.headers["Content-Type"] == "image/jpeg"
    assert "no-store" in seen.headers["Cache-Control"]
    assert seen.content[:3] == b"\xff\xd8\xff"
    assert acts(picture)[0] == ("file.look", False)


@pytest.mark.parametrize("purpose", ["", "curiosity"])
def test_without_a_good_purpose_it_stays_covered_and_says_why(alice: Person, picture: Attachment, purpose: str) -> None:
    refused = alice.client.post(preview_of(picture), {"purpose": purpose})
    assert refused.status_code == 403
    assert "for a stated purpose only" in json.loads(refused.content)["message"]
    assert acts(picture)[0] == ("file.look", True)


def test_without_the_capability_it_stays_covered(picture: Attachment, harbour_unit: Unit) -> None:
    reader = make_person("Frank", harbour_unit, frozenset({Capability.READ}))
    assert "opening files is not given to you" in reader.client.get(page_of(picture)).text
    assert "data-preview" not in reader.client.get(page_of(picture)).text
    assert reader.client.post(preview_of(picture), {"purpose": "triage"}).status_code == 403
    assert acts(picture)[0] == ("file.look", True)


def test_another_unit_reaches_neither_page_nor_picture(charlie: Person, picture: Attachment) -> None:
    assert charlie.client.get(page_of(picture)).status_code == 404
    refused = charlie.client.post(preview_of(picture), {"purpose": "triage"})
    assert refused.status_code == 404
    assert b"\xff\xd8" not in refused.content
    denied = [each for each in ledger.page(actor=charlie.viewer.actor) if each.denied]
    assert [each.act for each in denied] == ["file.look", "file.read"]


def test_a_picture_is_never_fetched_by_a_plain_address(alice: Person, picture: Attachment) -> None:
    assert alice.client.get(preview_of(picture)).status_code == 405


def test_the_same_bytes_in_two_units_are_two_holdings(alice: Person, charlie: Person, harbour_unit: Unit, hill_unit: Unit) -> None:
    story.with_files(harbour_unit)
    story.with_files(hill_unit)
    shared = File.objects.first()
    assert shared is not None
    mine = Attachment.objects.filter(file=shared, referral__unit=harbour_unit).first()
    assert mine is not None
    theirs: set[UUID] = set(Attachment.objects.filter(file=shared, referral__unit=hill_unit).values_list("referral_id", flat=True))
    text = alice.client.get(reverse("file", args=[shared.id])).text
    assert str(mine.referral_id) in text
    assert not any(str(each) in text for each in theirs)
    assert charlie.client.get(f"{reverse('file', args=[shared.id])}?referral={mine.referral_id}").status_code == 404


def test_what_analysers_saw_is_told_with_its_basis_and_covered_where_it_speaks_of_somebody(alice: Person, picture: Attachment) -> None:
    place = Finding("gps", "51.5, -0.1", Basis.OBSERVED, "bytes:10,20", None, {"datum": "WGS-84"})
    kind = Finding("picture.kind", "screenshot", Basis.MODEL, confidence=0.8)
    assert picture.file_id is not None
    with saying((info("places"), always(place)), (info("looks", "3"), always(kind)), (info("lost"), lambda *_: NotDecoded(Reason.DAMAGED))):
        analyse_now([picture.file_id])
    address = f"{page_of(picture)}?referral={picture.referral_id}"
    covered = alice.client.get(address).text
    assert "51.5, -0.1" not in covered
    assert "WGS-84" not in covered
    for told in ("bytes 10 to 20", "screenshot", "model 80 %", "damaged or cut short"):
        assert told in covered
    decide(alice.viewer, picture.referral_id, Wish("take"))
    uncovered = alice.client.get(address).text
    assert "51.5, -0.1" in uncovered
    assert "WGS-84" in uncovered
