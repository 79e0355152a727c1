import base64
import json
from typing import Any

import pytest

from grace.intake.formats.lea_json import FORMAT as LEA
from grace.intake.formats.xarf import FORMAT, evidence
from grace.intake.formats.xarf.examples import CONDUCT, MATERIAL
from grace.intake.understand import understood
from grace.sdk.fields import stated
from grace.sdk.intake import Kind, Reading, Role, Unreadable
from grace.sdk.testing import package


def read(document: Any, **others: bytes) -> Reading:
    return FORMAT.read(package({"xarf.json": json.dumps(document).encode(), **others}))[0]


def codes(document: Any) -> set[str]:
    return {note.code for note in read(document).report.notes}


def test_what_a_report_on_material_says() -> None:
    report = read(MATERIAL).report
    assert (report.issuer, report.number, report.sender) == ("Example Safety Service", MATERIAL["report_id"], "Example Safety Service")
    assert (report.incident_type, report.incident_at) == ("content/csam", "2026-11-01T21:10:09Z")
    assert report.prior_numbers == ("210000901",)
    assert report.annotations == ("example:card",)
    assert (report.facts["detection_method"], report.facts["confidence"], report.facts["content_removed"]) == ("hash_match", "0.95", "true")
    source, url = report.claims
    assert (source.kind, source.value, source.port, source.at) == (Kind.IP, "192.0.2.7", "51600", "2026-11-01T21:10:09Z")
    assert (url.kind, url.value) == (Kind.URL, "https://files.example.net/a/1")
    content, card = report.attachments
    assert content.digests == {"md5": "3e25960a79dbc69b674cd4ec67a72c62", "photodna": "an invented value"}
    assert (content.classification, content.viewed) == ("baseline", None)
    assert (card.name, card.digests) == ("evidence-1.txt", {"md5": "3e25960a79dbc69b674cd4ec67a72c62"})
    assert [(person.role, person.fields["organisation"]) for person in report.persons] == [
        (Role.SENDER, "Example Safety Service"),
        (Role.SENDER, "Example Relay"),
    ]
    assert not report.notes


def test_what_a_report_on_conduct_says() -> None:
    report = read(CONDUCT).report
    assert report.incident_type == "content/csem solicitation"
    reported = report.persons[0]
    assert reported.role is Role.REPORTED
    assert [(claim.kind, claim.value) for claim in reported.claims] == [(Kind.USER_ID, "u-4711"), (Kind.IP, "198.51.100.4")]
    assert [passage.text for passage in reported.passages] == ["Writes about benches."]
    assert report.facts["reporting_obligations"] == "local_law_enforcement"
    assert report.attachments == ()


def test_it_carries_no_more_than_its_reports_can_say() -> None:
    both = stated(read(MATERIAL).report) | stated(read(CONDUCT).report)
    whole = {**MATERIAL, "hash_values": {"md5": "0", "sha1": "0", "sha256": "0"}}
    assert both | stated(read(whole).report) == FORMAT.carries


def test_evidence_inside_the_document_is_a_file_of_the_package() -> None:
    with understood("xarf.json", json.dumps(MATERIAL).encode()) as found:
        (card,) = found.files
        with card.open() as stream:
            assert (card.name, stream.read()) == ("evidence-1.txt", b"Hello world")
        assert found.format == "xarf"


def test_a_name_that_the_package_has_is_not_taken_twice() -> None:
    reading = read(MATERIAL, **{"evidence-1.txt": b"another"})
    assert [member.name for member in reading.files] == ["evidence-1 (2).txt"]
    assert reading.report.attachments[1].name == "evidence-1 (2).txt"


def test_a_long_payload_is_shown_as_the_file_that_it_became() -> None:
    payload = base64.b64encode(b"x" * 100_000).decode()
    reading = read({**MATERIAL, "evidence": [{"content_type": "image/png", "payload": payload}]})
    (leaf,) = (leaf for leaf in reading.report.leaves if leaf.path == "$.evidence[0].payload")
    assert leaf.value == f"{len(payload)} characters of base64: the file evidence-1.png"
    assert reading.files[0].size == 100_000


@pytest.mark.parametrize("payload", ["no base64!", "AAA", "héllo", 7.5])
def test_a_payload_that_is_no_base64_stays_a_text(payload: object) -> None:
    reading = read({**MATERIAL, "evidence": [{"content_type": "text/plain", "payload": payload}]})
    assert reading.files == ()
    assert "bad-payload" in {note.code for note in reading.report.notes}


def test_evidence_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_ITEMS", 2)
    reading = read({**MATERIAL, "evidence": [{"content_type": "text/plain", "payload": "AAAA"}] * 5})
    assert len(reading.files) == 2
    assert "too-much-evidence" in {note.code for note in reading.report.notes}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"category": "messaging", "type": "spam"}, "other-category"),
        ({"type": "phishing"}, "other-category"),
        ({"category": None}, "other-category"),
        ({"xarf_version": "3"}, "other-version"),
        ({"xarf_version": 5}, "other-version"),
    ],
)
def test_other_reports_are_known_and_set_aside(change: dict[str, Any], code: str) -> None:
    document = json.dumps({**MATERIAL, **change}).encode()
    assert FORMAT.recognises(package({"a.json": document})) == 1
    with understood("a.json", document) as found:
        assert (found.reason_code, list(found.reads)) == (code, [])


def test_other_reports_beside_ours_hide_nothing() -> None:
    spam = json.dumps({**MATERIAL, "category": "messaging", "type": "spam"}).encode()
    readings = FORMAT.read(package({"a.json": spam, "b.json": json.dumps(MATERIAL).encode()}))
    assert [reading.documents for reading in readings] == [("b.json",)]


def test_early_drafts_call_the_category_a_class() -> None:
    draft = {key: value for key, value in MATERIAL.items() if key != "category"}
    assert read({**draft, "class": "content"}).report.incident_type == "content/csam"


def test_further_keys_are_allowed_and_kept() -> None:
    reading = read({**MATERIAL, "weather": "fair"})
    assert [leaf.path for leaf in reading.report.leaves if not leaf.known] == ["$.weather"]
    assert not reading.report.notes
    assert codes({**MATERIAL, "classification": "C9"}) == {"unlisted-value"}


def test_it_reads_nothing_of_others() -> None:
    ours = json.dumps(MATERIAL).encode()
    assert FORMAT.recognises(package({"a.json": LEA.examples()[0]["report.json"]})) == 0
    assert LEA.recognises(package({"a.json": ours})) < 1
    with pytest.raises(Unreadable):
        FORMAT.read(package({"a.json": json.dumps({"a": MATERIAL}).encode()}))
