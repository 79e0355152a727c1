"""The reporting interface as providers use it: a whole report, what real clients send, and every answer that is documented."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grace.accounts.models import Unit
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.evidence import vault
from grace.evidence.models import File, SealedObject
from grace.intake.models import Document, IncomingFile, IncomingReport
from grace.kernel import clock
from grace.pipeline import reporting
from grace.pipeline.receive import read_again
from grace.referrals.models import Attachment, Person, Referral, Version
from grace.referrals.read import canonical_of
from tests.support.people import Person as Officer
from tests.support.reporting import PERSON, REPORT, REPORTER, SUMMARY, Provider, details, provider
from tests.support.sealed import stored_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


@pytest.fixture
def chat(harbour_unit: Unit) -> Provider:
    """A provider that reports to Alice's unit."""
    return provider(harbour_unit)


def test_a_whole_report_becomes_a_referral(chat: Provider, harbour_unit: Unit) -> None:
    assert chat.get("status").code == 0
    number = chat.open()
    key = chat.upload(number, b"Hello world", "holiday card.txt")
    assert chat.post("fileinfo", details(number, key)).code == 0
    done = chat.finish(number)
    assert (done.code, done.number, done.root.tag) == (0, number, "reportDoneResponse")
    assert [each.text for each in done.root.iter("fileId")] == [key]
    referral = Referral.objects.get()
    assert (referral.unit_id, referral.issuer, referral.external) == (harbour_unit.id, "grace.localhost", str(number))
    assert referral.sender.name == "Chat Example"
    assert referral.sender.kind == "unknown"
    assert QueueRow.objects.get(referral_id=referral.id).status == "open"
    said = canonical_of(Version.objects.get())
    assert said["referral"]["issuer"] == "grace.localhost"
    assert said["referral"]["received"]["zone"] == "stated"
    attachment = Attachment.objects.get()
    assert (attachment.state, attachment.sender_file_id, attachment.file_id, File.objects.get().size) == (
        "present",
        key,
        File.objects.get().id,
        11,
    )


def test_the_answer_to_an_upload_names_the_file_as_every_client_reads_it(chat: Provider) -> None:
    number = chat.open()
    answer = chat.form("upload", id=number, file=SimpleUploadedFile("a.txt", b"Hello"))
    key = answer.text("fileId") or ""
    assert (len(key), key.isdecimal()) == (32, True)
    assert str(float(key)) != key.lstrip("0")
    assert key[-1] != "0"
    assert answer.text("hash") == hashlib.md5(b"Hello", usedforsecurity=False).hexdigest()


def test_a_file_is_sealed_once_and_lies_in_the_package(chat: Provider, place: vault.Place, django_capture_on_commit_callbacks: Any) -> None:
    content = b"x" * 3_000_000
    with django_capture_on_commit_callbacks(execute=True):
        number = chat.open()
        chat.upload(number, content)
        uploaded = IncomingFile.objects.get().object_id
        assert chat.finish(number).code == 0
    assert File.objects.get().object_id == uploaded
    assert SealedObject.objects.count() == len(stored_files(place)) == 2
    with vault.open(Document.objects.get().object_id) as stream:
        assert content in stream.read()


def test_a_file_that_is_here_already_is_held_and_not_kept_twice(
    chat: Provider, place: vault.Place, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            number = chat.open()
            chat.upload(number)
            chat.upload(number)
            assert chat.finish(number).code == 0
    assert File.objects.count() == 1
    assert len(stored_files(place)) == SealedObject.objects.count() == 3
    assert Referral.objects.count() == 2


def test_two_reports_of_the_same_words_are_two(chat: Provider) -> None:
    for _ in range(2):
        assert chat.finish(chat.open()).code == 0
    assert Referral.objects.count() == Document.objects.count() == 2


def test_files_of_one_name_are_told_apart_by_their_key(chat: Provider) -> None:
    number = chat.open()
    keys = [chat.upload(number, content, "image.txt") for content in (b"one", b"two")]
    for key in reversed(keys):
        assert chat.post("fileinfo", details(number, key, "<originalFileName>image.txt</originalFileName>")).code == 0
    chat.finish(number)
    held = {key: bytes(sha256) for key, sha256 in Attachment.objects.values_list("sender_file_id", "file__sha256")}
    assert held == {key: hashlib.sha256(content).digest() for key, content in zip(keys, (b"one", b"two"), strict=True)}


def test_what_is_said_of_a_file_again_replaces_what_was_said(chat: Provider) -> None:
    number = chat.open()
    key = chat.upload(number)
    for name in ("first.txt", "second.txt"):
        assert chat.post("fileinfo", details(number, key, f"<originalFileName>{name}</originalFileName>")).code == 0
    chat.finish(number)
    assert Attachment.objects.get().original_name == "second.txt"


def test_a_file_that_looks_like_a_report_stays_a_file(chat: Provider) -> None:
    number = chat.open()
    chat.upload(number, REPORT.encode(), "report.xml")
    chat.upload(number, b"<fileDetails><reportId>1</reportId><fileId>2</fileId></fileDetails>", "../fileDetails_0001.xml")
    assert chat.finish(number).code == 0
    assert Referral.objects.count() == 1
    assert Attachment.objects.filter(state="extra").count() == 2


def test_no_other_format_reads_what_a_provider_uploads(chat: Provider) -> None:
    number = chat.open()
    chat.upload(number, b"From: a@example.org\nTo: b@example.org\nSubject: Hello\nMIME-Version: 1.0\n\nHello\n", "letter.eml")
    chat.upload(number, b'{"reportedInformation": {"reportingEsp": "Other"}}', "report.json")
    assert chat.finish(number).code == 0
    assert Version.objects.get().format == "cybertipline-xml"
    assert Referral.objects.get().external == str(number)


@pytest.mark.parametrize("content_type", ["text/plain;charset=UTF-8", "text/xml", "application/xml", "application/octet-stream", ""])
def test_xml_comes_under_any_content_type(chat: Provider, content_type: str) -> None:
    assert chat.post("submit", REPORT, content_type).code == 0


def test_ends_come_as_forms_of_both_kinds(chat: Provider) -> None:
    assert chat.form("finish", id=chat.open()).code == 0
    assert chat.ask("finish", chat.open()).code == 0
    assert chat.form("retract", id=chat.open()).code == 0
    assert chat.ask("retract", chat.open()).code == 0


def test_the_id_may_stand_behind_the_file(chat: Provider) -> None:
    number = chat.open()
    answer = chat.form("upload", file=SimpleUploadedFile("a.txt", b"Hello"), id=number)
    assert (answer.code, answer.number) == (0, number)


NEWER = PERSON.replace("<espIdentifier>", "<ageless>yes</ageless><espIdentifier>")
TAKEN = {
    "empty annotations": REPORT.replace("<incidentDateTime>", "<reportAnnotations/><incidentDateTime>"),
    "a newer element": f"<report>{SUMMARY}{REPORTER}{NEWER}</report>",
    "a newer flag": REPORT.replace("<incidentDateTime>", "<reportAnnotations><informational/></reportAnnotations><incidentDateTime>"),
    "a flag as text": REPORT.replace("<incidentDateTime>", "<reportAnnotations><spam> 1 </spam></reportAnnotations><incidentDateTime>"),
    "the misspelt enticement": REPORT.replace("Misleading Domain Name", "Online Enticement of Children for Sexual Act"),
    "an older type": REPORT.replace("Misleading Domain Name", "Child Sexual Molestation (not by family member)"),
    "an account type elsewhere": REPORT.replace(
        "</ipCaptureEvent>", '</ipCaptureEvent><associatedAccount accountType="Linked"><firstName>A</firstName></associatedAccount>'
    ),
    "a schema location": REPORT.replace(
        "<report>",
        '<report xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="https://report.cybertip.org/ispws/xsd">',
    ),
}


@pytest.mark.parametrize("deviation", TAKEN)
def test_what_real_clients_send_is_taken(chat: Provider, deviation: str) -> None:
    number = chat.open(TAKEN[deviation])
    assert chat.finish(number).code == 0
    assert Document.objects.get().state == "read"


def test_a_newer_element_is_kept_and_noted(chat: Provider) -> None:
    chat.finish(chat.open(TAKEN["a newer element"]))
    said = canonical_of(Version.objects.get())
    assert [note["path"] for note in said["notes"] if note["code"] == "unknown-element"] == ["/report/personOrUserReported/ageless"]
    assert "yes" in {leaf["value"] for leaf in said["leaves"]}
    assert Person.objects.filter(role="reported").count() == 1


REFUSED = {
    "malformed": ("<report>", 4110, ""),
    "a DTD": ("<!DOCTYPE report [<!ENTITY x 'y'>]><report>&x;</report>", 4110, "DTD"),
    "empty": ("", 4110, ""),
    "another root": ("<fileDetails/>", 4100, "report"),
    "no reporter": (f"<report>{SUMMARY}</report>", 4100, "/report: reporter is missing"),
    "wrong order": (f"<report>{REPORTER}{SUMMARY}</report>", 4100, "incidentSummary must stand before reporter"),
    "twice": (f"<report>{SUMMARY}{SUMMARY}{REPORTER}</report>", 4100, "/report/incidentSummary[2]"),
    "no such type": (REPORT.replace("Misleading Domain Name", "Something"), 4100, "/report/incidentSummary/incidentType"),
    "no time": (REPORT.replace("2026-03-01T08:00:00Z", "yesterday"), 4100, "/report/incidentSummary/incidentDateTime"),
    "ahead": (REPORT.replace("2026-03-01T08:00:00Z", "2199-03-01T08:00:00Z"), 4100, "past"),
    "no email": (REPORT.replace("<email>trust@chat.example.com</email>", ""), 4100, "email"),
    "a port": (REPORT.replace("51600", "many"), 4100, "/port"),
    "too long": (REPORT.replace("Chat Example", "x" * 257), 4100, "256"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_report_that_breaks_a_rule_is_refused_with_what_and_where(chat: Provider, case: str) -> None:
    body, code, told = REFUSED[case]
    answer = chat.post("submit", body)
    assert (answer.http.status_code, answer.code) == (200, code)
    assert told in answer.said
    assert "trust@" not in answer.said
    assert not IncomingReport.objects.exists()


def test_a_file_that_is_described_wrongly_is_refused(chat: Provider) -> None:
    number = chat.open()
    key = chat.upload(number)
    for inside, told in (
        ("<exifViewedByEsp>true</exifViewedByEsp>", "fileViewedByEsp"),
        ("<fileViewedByEsp>no</fileViewedByEsp>", "true or false"),
    ):
        answer = chat.post("fileinfo", details(number, key, inside))
        assert (answer.code, told in answer.said) == (4100, True)


@pytest.mark.parametrize(
    "said", ["<industryClassification>A1</industryClassification>", "<fileAnnotations><potentialMeme/></fileAnnotations>"]
)
def test_a_supplemental_file_takes_no_mark_and_the_end_says_so(chat: Provider, said: str) -> None:
    number = chat.open()
    key = chat.upload(number)
    inside = f"<fileRelevance>Supplemental Reported</fileRelevance>{said}"
    inside = inside if "fileAnnotations" in said else f"<fileRelevance>Supplemental Reported</fileRelevance><fileAnnotations/>{said}"
    assert chat.post("fileinfo", details(number, key, inside)).code == 0
    answer = chat.finish(number)
    assert (answer.code, key in answer.said, answer.root.tag) == (4100, True, "reportDoneResponse")
    assert chat.post("fileinfo", details(number, key)).code == 0
    assert chat.finish(number).code == 0


def test_there_is_no_such_report_or_file(chat: Provider) -> None:
    number = chat.open()
    assert chat.finish(number + 1).code == 5001
    assert chat.ask("retract", 999).code == 5001
    assert chat.form("upload", id=7, file=SimpleUploadedFile("a", b"a")).code == 5001
    assert chat.form("upload", file=SimpleUploadedFile("a", b"a"), id=7).code == 5001
    assert chat.post("fileinfo", details(7, "1")).code == 5001
    assert chat.post("fileinfo", details(number, "1")).code == 5002
    assert [each.denied for each in ledger.history("report:7")] == [True, True, True]


def test_what_is_finished_or_retracted_says_so(chat: Provider) -> None:
    number = chat.open()
    assert chat.finish(number).code == 0
    assert {chat.finish(number).code, chat.ask("retract", number).code, chat.post("fileinfo", details(number, "1")).code} == {5102}
    other = chat.open()
    assert chat.ask("retract", other).code == 0
    assert {chat.finish(other).code, chat.ask("retract", other).code} == {5101}


@pytest.mark.parametrize("said", ["", "id=", "id=abc", "id=1&id=2", "number=1", "id=-1", f"id={'9' * 40}"])
def test_an_end_without_a_number_is_no_request(chat: Provider, said: str) -> None:
    assert chat.post("finish", said, "application/x-www-form-urlencoded").code == 4000


def test_other_addresses_and_methods(chat: Provider) -> None:
    assert (chat.get("reports").http.status_code, chat.get("reports").code) == (404, 1210)
    assert (chat.get("submit").http.status_code, chat.get("submit").code) == (405, 4000)


def test_a_retracted_report_is_erased_and_only_the_ledger_tells(
    chat: Provider, place: vault.Place, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        number = chat.open()
        chat.post("fileinfo", details(number, chat.upload(number)))
        assert stored_files(place)
        assert chat.ask("retract", number).code == 0
    assert stored_files(place) == []
    assert not SealedObject.objects.exists()
    assert not IncomingReport.objects.exists()
    entry = ledger.history(f"report:{number}")[0]
    assert (entry.kind, entry.act, entry.actor) == (Kind.ERASURE, "report.retract", f"sender:{chat.login.sender_id}")


def test_a_report_that_is_left_alone_goes_to_quarantine(chat: Provider, alice: Officer, charlie: Officer) -> None:
    begun = clock.now()
    number = chat.open()
    key = chat.upload(number)
    chat.post("fileinfo", details(number, key))
    with clock.held(begun + timedelta(hours=23, minutes=30)):
        assert chat.upload(number, b"late")
    with clock.held(begun + timedelta(hours=24, minutes=20)):
        assert reporting.set_unfinished_aside() == 0
        assert chat.upload(number, b"later still")
    with clock.held(begun + timedelta(hours=25, minutes=21)):
        assert chat.finish(number).code == 5001
        assert reporting.set_unfinished_aside() == 1
        assert reporting.set_unfinished_aside() == 0
        assert {chat.finish(number).code, chat.ask("retract", number).code} == {5001}
    document = Document.objects.get()
    assert (document.state, document.reason_code, document.unit_id) == ("quarantined", "unfinished", alice.viewer.unit_id)
    assert not Referral.objects.exists()
    assert not IncomingFile.objects.exists()
    receipt = read_again(alice.viewer, document.id)
    referral = Referral.objects.get(id=receipt.referrals[0])
    assert (referral.issuer, referral.external, referral.sender.name) == ("grace.localhost", str(number), "Chat Example")
    assert Attachment.objects.filter(state="present").count() == 1
    assert Attachment.objects.filter(state="extra").count() == 2


def test_an_unfinished_report_that_is_called_urgent_says_so_in_quarantine(chat: Provider) -> None:
    chat.open(REPORT.replace("<incidentDateTime>", "<escalateToHighPriority>now</escalateToHighPriority><incidentDateTime>"))
    with clock.held(clock.now() + timedelta(hours=25)):
        assert reporting.set_unfinished_aside() == 1
    assert "urgent" in Document.objects.get().reason


def test_one_report_that_cannot_be_packed_stops_no_other(chat: Provider, place: vault.Place) -> None:
    broken, sound = chat.open(), chat.open()
    held = IncomingReport.objects.get(number=broken).object_id
    assert held is not None
    place.store.delete(held)
    with clock.held(clock.now() + timedelta(hours=25)):
        assert reporting.set_unfinished_aside() == 1
    states = dict(IncomingReport.objects.values_list("number", "state"))
    assert states == {broken: "open", sound: "unfinished"}


def test_a_sender_never_reaches_anothers_report(chat: Provider, harbour_unit: Unit, hill_unit: Unit) -> None:
    number = chat.open()
    key = chat.upload(number)
    for stranger in (provider(harbour_unit, "Pix Example"), provider(hill_unit, "Chat Example")):
        answers = [
            stranger.finish(number),
            stranger.ask("retract", number),
            stranger.form("upload", id=number, file=SimpleUploadedFile("a", b"a")),
            stranger.post("fileinfo", details(number, key)),
        ]
        assert {each.code for each in answers} == {5001}
        never = stranger.finish(424242)
        assert (never.said, never.code) == (answers[0].said, answers[0].code)
    chat.ask("retract", number)
    assert provider(harbour_unit, "Pix Example").ask("retract", number).code == 5001


def test_every_step_is_in_the_ledger(chat: Provider) -> None:
    number = chat.open()
    key = chat.upload(number)
    chat.post("fileinfo", details(number, key))
    chat.finish(number)
    told = list(reversed(ledger.history(f"report:{number}")))
    assert [each.act for each in told] == ["report.submit", "report.upload", "report.describe", "report.finish"]
    assert {each.actor for each in told} == {f"sender:{chat.login.sender_id}"}
    assert f"document:{Document.objects.get().id}" in told[-1].subjects
    received = ledger.history(f"document:{Document.objects.get().id}")
    assert {each.act for each in received} == {"document.receive", "report.finish"}


def test_the_schema_is_ours(chat: Provider) -> None:
    answer = chat.get("xsd")
    assert answer.http.headers["Content-Type"] == "application/xml"
    assert b"grace.localhost" in answer.http.content
    assert b"NCMEC" not in answer.http.content
    assert b"ESP Web Services" not in answer.http.content
