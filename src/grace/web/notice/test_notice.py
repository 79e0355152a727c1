"""A provider without software gives a notice: by link, form and receipt; and what does not come in."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from grace.accounts.models import Throttle
from grace.accounts.secrets import digest_of
from grace.accounts.viewer import operator
from grace.evidence import vault
from grace.intake.formats import cybertipline, dsa_notice, lea_json
from grace.intake.models import Document, NoticeLink
from grace.kernel import clock
from grace.kernel.errors import Missing, Refused
from grace.pipeline import notices as pipeline
from grace.referrals.models import Referral
from grace.web.notice import uploads, views
from tests.support.people import Person, make_unit

pytestmark = pytest.mark.django_db

NEEDED = {"urls": "https://files.example.net/a/1", "suspicion": "An invented explanation.", "contact": "desk@hosting.example.net"}


@pytest.fixture
def word() -> str:
    return pipeline.add_link(operator(), "Example Hosting", make_unit("Harbour Unit"), timedelta(days=30))[1]


@pytest.fixture
def provider(word: str) -> Client:
    """A browser that has opened the link, and checks CSRF as a real one must."""
    visitor = Client(enforce_csrf_checks=True)
    assert visitor.get(f"/notice/{word}/", follow=True).status_code == 200
    return visitor


def token(visitor: Client) -> str:
    page = visitor.get("/notice/").text
    return page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


def test_a_notice_becomes_a_referral_and_the_provider_keeps_a_receipt(provider: Client) -> None:
    answer = provider.post("/notice/", {"csrfmiddlewaretoken": token(provider), **NEEDED, "reference": "N-17", "states_victim": "NL"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/notice/receipt/")
    document = Document.objects.get()
    assert (document.way, document.format, document.state, document.name) == ("notice-form", "dsa-notice", "read", "notice.json")
    referral = Referral.objects.get()
    assert referral.unit.name == "Harbour Unit"
    page = provider.get("/notice/receipt/").text
    assert str(document.id) in page
    assert bytes(document.sha256).hex() in page
    text = provider.get("/notice/receipt/?text")
    assert "attachment" in text.headers["Content-Disposition"]
    assert bytes(document.sha256).hex() in text.text


def test_files_come_with_it_in_a_zip_and_the_same_again_is_known(provider: Client) -> None:
    for _ in range(2):
        files = [SimpleUploadedFile("../card.txt", b"Hello world"), SimpleUploadedFile("card.txt", b"Good morning")]
        assert provider.post("/notice/", {"csrfmiddlewaretoken": token(provider), **NEEDED, "files": files}).status_code == 302
    document = Document.objects.get()
    with vault.open(document.object_id) as stream, zipfile.ZipFile(io.BytesIO(stream.read())) as archive:
        assert archive.namelist() == ["notice.json", "1-card.txt", "2-card.txt"]
        assert archive.read("2-card.txt") == b"Good morning"


def test_nonsense_is_told_and_nothing_typed_is_lost(provider: Client) -> None:
    answer = provider.post(
        "/notice/", {"csrfmiddlewaretoken": token(provider), **NEEDED, "ips": "300.1.2.3", "content_text": "Two <b>lines</b>\nof text"}
    )
    assert answer.status_code == 400
    page = unescape(answer.text)
    for text in ("The notice was not sent.", "no IP address", "300.1.2.3", "An invented explanation.", "Two <b>lines</b>\nof text"):
        assert text in page
    assert "<b>lines</b>" not in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert not Document.objects.exists()


def test_files_that_are_too_large_cost_nothing_typed(provider: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    answer = provider.post(
        "/notice/", {"csrfmiddlewaretoken": token(provider), "files": [SimpleUploadedFile("a.bin", bytes(5000))], **NEEDED}
    )
    assert answer.status_code == 400
    assert "larger than" in answer.text
    assert "An invented explanation." in answer.text
    assert not Document.objects.exists()


def test_another_site_cannot_send_it(provider: Client) -> None:
    assert provider.post("/notice/", NEEDED).status_code == 403
    assert not Document.objects.exists()


def test_the_sender_is_the_link_s_whatever_is_typed(provider: Client) -> None:
    provider.post("/notice/", {"csrfmiddlewaretoken": token(provider), **NEEDED, "name": "NCMEC", "issuer": "NCMEC"})
    assert Referral.objects.get().issuer == "Example Hosting"


def test_no_file_is_taken_for_a_report_of_another_sender(provider: Client) -> None:
    examples = [example for each in (cybertipline.FORMAT, dsa_notice.FORMAT, lea_json.FORMAT) for example in each.examples()]
    files = [SimpleUploadedFile(name, content) for example in examples for name, content in example.items()]
    answer = provider.post("/notice/", {"csrfmiddlewaretoken": token(provider), **NEEDED, "reference": "N-17", "files": files[:20]})
    assert answer.status_code == 302
    assert Document.objects.get().format == "dsa-notice"
    assert [(each.issuer, each.external) for each in Referral.objects.all()] == [("Example Hosting", "N-17")]


def test_nothing_is_read_from_whoever_has_no_link(db: None) -> None:
    body = {**NEEDED, "files": [SimpleUploadedFile("a.bin", bytes(5000))]}
    request = RequestFactory().post("/notice/", body)
    request.session = Client().session
    with pytest.raises(Missing):
        views.notice(request)
    assert not hasattr(request, "_post")


@pytest.mark.parametrize("way", ["unknown", "over", "revoked"])
def test_a_link_that_is_no_more_opens_nothing(way: str, word: str, provider: Client) -> None:
    link = NoticeLink.objects.get()
    if way == "over":
        NoticeLink.objects.update(expires_at=clock.now())
    if way == "revoked":
        pipeline.revoke_link(operator(), link.id)
    fresh = Client()
    answer = fresh.get("/notice/made-up/" if way == "unknown" else f"/notice/{word}/")
    assert answer.status_code == 404
    assert fresh.get("/notice/").status_code == 404
    if way != "unknown":
        assert provider.get("/notice/").status_code == 404


def test_the_word_stays_in_no_address_and_not_in_the_database(word: str) -> None:
    answer = Client().get(f"/notice/{word}/")
    assert answer.headers["Location"] == "/notice/"
    assert bytes(NoticeLink.objects.get().digest) == digest_of(word)


def test_a_link_rests_after_many_notices_and_nothing_typed_is_lost(provider: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grace.intake.notice_links.MOST_AN_HOUR", 2)
    answers = [
        provider.post("/notice/", {"csrfmiddlewaretoken": token(provider), **NEEDED, "reference": f"N-{place}"}) for place in range(3)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "An invented explanation." in answers[2].text


def test_guessing_links_rests_by_address(word: str) -> None:
    stranger = Client()
    assert {stranger.get(f"/notice/made-up-{place}/").status_code for place in range(30)} == {404}
    assert stranger.get(f"/notice/{word}/").status_code == 403
    Throttle.objects.all().delete()
    assert stranger.get(f"/notice/{word}/").status_code == 302


def test_it_opens_nothing_else(provider: Client) -> None:
    for address in ("/queue/", "/", "/api/v1/referrals"):
        assert provider.get(address).status_code in {302, 401}


def test_only_whoever_administers_makes_links(alice: Person, dora: Person) -> None:
    unit = make_unit("Harbour Unit")
    with pytest.raises(Refused):
        pipeline.add_link(alice.viewer, "Example Hosting", unit, timedelta(days=1))
    link, _ = pipeline.add_link(dora.viewer, "Example Hosting", unit, timedelta(days=1))
    with pytest.raises(Refused):
        pipeline.revoke_link(alice.viewer, link.id)
    assert pipeline.revoke_link(dora.viewer, link.id).revoked_at is not None
