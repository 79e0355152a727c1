"""The search page: any spelling, how it was read, what was found, and nothing of what is another unit's."""

from __future__ import annotations

import base64
import re
from datetime import UTC
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grace.accounts.models import Unit
from grace.casework.decide import Wish
from grace.casework.models import QueueRow
from grace.casework.search_narrow import Narrow
from grace.custody import ledger
from grace.evidence.models import File, Fingerprint
from grace.pipeline.decide import decide
from grace.pipeline.examine import examine_and_score
from grace.pipeline.search import search
from grace.referrals.models import Attachment, Sighting
from tests.integration.web import story
from tests.support.people import Person

pytestmark = pytest.mark.django_db

SEARCH = "/search/"


def found(person: Person, text: str, **narrow: str) -> list[str]:
    """The referrals that the page shows, in their order."""
    answer = person.client.get(SEARCH, {"q": text, **narrow})
    assert answer.status_code == 200, answer.content[:300]
    return re.findall(r'<a href="/referrals/([0-9a-f-]+)/" data-open', answer.text)


def read_as(person: Person, text: str) -> str:
    told = re.search(r'id="readings">(.*?)</p>', person.client.get(SEARCH, {"q": text}).text, re.DOTALL)
    assert told is not None
    return told[1]


def facet(person: Person, text: str, name: str) -> dict[str, int]:
    """What a facet counts, by its label."""
    page = person.client.get(SEARCH, {"q": text}).text
    counted = re.findall(rf'>([^<>]+)<span class="count" data-facet="{name}">(\d+)<', page)
    return {label: int(number) for label, number in counted}


def value_of(referral: UUID, kind: str) -> str:
    sighting = Sighting.objects.filter(referral_id=referral, identifier__kind=kind).select_related("identifier").first()
    assert sighting is not None
    return sighting.identifier.value


def test_nothing_is_searched_for_nothing(alice: Person, harbour_unit: Unit) -> None:
    story.samples(harbour_unit, "d1")
    page = alice.client.get(SEARCH).text
    assert "Type what you have in hand" in page
    assert "data-row" not in page


@pytest.mark.parametrize("status", ["open", "taken", "closed"])
def test_any_spelling_finds_it_whatever_became_of_it(alice: Person, harbour_unit: Unit, status: str) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    if status != "open":
        decide(alice.viewer, referral, Wish("take") if status == "taken" else Wish("known", "seen before"))
    row = QueueRow.objects.select_related("referral").get(referral_id=referral)
    mail, address = value_of(referral, "email"), value_of(referral, "ip")
    for text in (mail.upper(), f" {mail} ", mail[:8], address, str(row.number), f"R-26-{row.number}", row.referral.external[:5].lower()):
        assert found(alice, text) == [str(referral)], text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Person@EXAMPLE.net", 'e-mail address</b> <span class="mono break">person@example.net'),
        ("+44 (0)20 7946 0018", 'telephone number</b> <span class="mono break">+442079460018'),
        ("0044 20 7946 0018", "telephone number"),
        ("192.000.2.7", 'IP address</b> <span class="mono break">192.0.2.7'),
        ("R-26-77 777", 'number of a referral</b> <span class="mono break">77777'),
        ("d41d8cd98f00b204e9800998ecf8427e", "MD5 of a file"),
        ("1B2M2Y8AsgTpgAmY7PhCfg==", 'MD5 of a file</b> <span class="mono break">d41d8cd98f00b204e9800998ecf8427e'),
        ("harbour", "Read as the beginning of any identifier or report number, and as words."),
    ],
)
def test_the_page_says_how_it_read_what_was_typed(alice: Person, text: str, told: str) -> None:
    assert told in read_as(alice, text)


def test_what_others_typed_or_wrote_stays_text(alice: Person) -> None:
    page = alice.client.get(SEARCH, {"q": '<script>"&'}).text
    assert "<script>&quot;" not in page
    assert '<script>"' not in page
    assert "&lt;script&gt;&quot;&amp;" in page


def test_words_are_found_whatever_their_case_and_accents(alice: Person, charlie: Person, harbour_unit: Unit) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    for text in ("ilse fictitia", "FICTITIA", '"Ilse Fictitia"', "Ílse", "fictitia -lighthouse", "lighthouse or fictitia"):
        assert found(alice, text) == [str(referral)], text
        assert found(charlie, text) == [], text
    assert found(alice, '"Fictitia Ilse"') == []
    assert found(alice, "ilse -fictitia") == []
    assert found(alice, "-lighthouse") == [str(referral)]
    assert found(charlie, "-lighthouse") == []
    assert found(alice, "?! :") == []


def test_a_digest_finds_what_names_it_and_the_file_that_is_held(alice: Person, charlie: Person, harbour_unit: Unit) -> None:
    story.with_files(harbour_unit)
    picture = Attachment.objects.filter(file__media_type__startswith="image/").select_related("file").first()
    assert picture is not None
    assert picture.file is not None
    for name in ("md5", "sha1", "sha256"):
        value = bytes(getattr(picture.file, name))
        for text in (value.hex(), value.hex(":").upper(), f"{name}:{value.hex()}", base64.b64encode(value).decode()):
            assert str(picture.referral_id) in found(alice, text), text
            assert f"/files/{picture.file_id}/" in alice.client.get(SEARCH, {"q": text}).text
            stranger = charlie.client.get(SEARCH, {"q": text}).text
            assert "data-row" not in stranger
            assert "Files of your unit" not in stranger


def test_a_fingerprint_finds_what_looks_like_it_by_distance(alice: Person, charlie: Person, harbour_unit: Unit) -> None:
    story.with_files(harbour_unit)
    pictures = list(File.objects.filter(media_type__startswith="image/"))
    examine_and_score([each.id for each in pictures])
    mine = Fingerprint.objects.filter(algorithm="pdq", quality__gte=50).first()
    assert mine is not None
    asked = bytearray(bytes(mine.value))
    asked[0] ^= 0b111
    page = alice.client.get(SEARCH, {"q": f"pdq:{asked.hex()}"}).text
    assert "fingerprint of a picture (PDQ)" in page
    assert f"/files/{mine.file_id}/" in page
    assert "distance 3 of 256 bits" in page
    assert "the look of a picture" in page
    assert str(Attachment.objects.filter(file_id=mine.file_id).values_list("referral_id", flat=True)[0]) in page
    assert "Files of your unit" not in charlie.client.get(SEARCH, {"q": f"pdq:{asked.hex()}"}).text


def test_a_picture_is_searched_by_and_not_kept(alice: Person, eve: Person, harbour_unit: Unit) -> None:
    story.with_files(harbour_unit)
    picture = Attachment.objects.filter(file__media_type__startswith="image/").first()
    assert picture is not None
    before = File.objects.count()
    sent = SimpleUploadedFile("note.txt", b"no picture", "image/png")
    answer = alice.client.post("/search/picture/", {"picture": sent})
    assert (answer.status_code, answer.headers["Location"][:20]) == (302, "/search/?q=sha256%3A"[:20])
    assert File.objects.count() == before
    assert ledger.page(actor=alice.viewer.actor)[0].act == "search.measure"
    assert alice.client.post("/search/picture/").status_code == 400
    assert eve.client.post("/search/picture/", {"picture": SimpleUploadedFile("a.png", b"x")}).status_code == 403
    assert [(each.act, each.denied) for each in ledger.page(actor=eve.viewer.actor)] == [("search.measure", True)]


def test_a_search_is_one_consultation_that_names_what_it_showed_and_not_what_was_asked(alice: Person, harbour_unit: Unit) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    mail = value_of(referral, "email")
    found(alice, mail)
    (entry,) = ledger.page(actor=alice.viewer.actor)
    assert (entry.act, entry.purpose, list(entry.subjects)) == ("search.ask", "triage", [f"referral:{referral}"])
    assert mail not in str(entry.detail)
    assert len(entry.detail["query"]) == 64


def test_who_was_given_nothing_is_refused_and_the_attempt_is_written_down(eve: Person, dora: Person) -> None:
    for nobody in (eve, dora):
        assert nobody.client.get(SEARCH, {"q": "harbour"}).status_code == 403
        assert [(each.act, each.denied) for each in ledger.page(actor=nobody.viewer.actor)] == [("search.ask", True)]


def test_facets_narrow_and_each_counts_what_it_would_leave(alice: Person, harbour_unit: Unit) -> None:
    referrals = story.samples(harbour_unit, "d1", "d2", "d5")
    decide(alice.viewer, referrals[0], Wish("take"))
    everything = "-lighthouse"
    assert facet(alice, everything, "status") == {"waiting": 2, "taken": 1}
    assert found(alice, everything, status="taken") == [str(referrals[0])]
    for name, field in (("sender", "sender_id"), ("kind", "incident_kind")):
        assert sum(facet(alice, everything, name).values()) == 3
        for key in set(QueueRow.objects.values_list(field, flat=True)):
            expected = {str(each) for each in QueueRow.objects.filter(**{field: key}).values_list("referral_id", flat=True)}
            assert set(found(alice, everything, **{name: str(key)})) == expected
    states = {state for each in QueueRow.objects.values_list("recipients", flat=True) for state in each}
    for state in states:
        expected = {str(each.referral_id) for each in QueueRow.objects.all() if state in each.recipients}
        assert set(found(alice, everything, state=state)) == expected
    assert set(facet(alice, everything, "state")) == {"Europol" if state == "europol" else state for state in states}
    assert facet(alice, everything, "received") == {"in 1 day": 3, "in 7 days": 3, "in 30 days": 3, "in 365 days": 3}
    day = str(QueueRow.objects.all()[0].received_at.astimezone(UTC).date())
    assert len(found(alice, everything, since=day, until=day)) == 3
    assert found(alice, everything, until="2001-01-01") == []
    files = facet(alice, everything, "files")
    assert files
    for label, key in (("any not checked", "unchecked"), ("any on no list", "new"), ("no files", "none")):
        assert len(found(alice, everything, files=key)) == files.get(label, 0), label


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=%00",
        "sender=nobody",
        "status=gone",
        "state=XX",
        "files=odd",
        "since=soon",
        "since=2026-02-02&until=2026-01-01",
        "q=%00",
    ],
)
def test_a_bad_address_is_told_calmly(alice: Person, query: str) -> None:
    assert alice.client.get(f"{SEARCH}?q=harbour&{query}" if not query.startswith("q") else f"{SEARCH}?{query}").status_code == 400


def test_pages_follow_each_other_by_key(alice: Person, harbour_unit: Unit) -> None:
    story.samples(harbour_unit, "d1", "d2", "d3", "d4", "d5")
    seen: list[UUID] = []
    after = ""
    while True:
        page = search(alice.viewer, "-lighthouse", Narrow(), after=after, most=2)
        seen += [each.row.referral_id for each in page.hits]
        assert page.total == (5, False)
        after = page.after
        if not after:
            break
    assert seen == list(QueueRow.objects.order_by("-received_at", "-referral_id").values_list("referral_id", flat=True))
