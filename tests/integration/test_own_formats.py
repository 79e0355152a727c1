"""Our own JSON, X-ARF and notices by the ways that senders use: the API, a ZIP, a mail, the page of the documentation."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import jsonschema
import pytest
from django.test import Client

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.evidence.models import File
from grace.intake.formats import dsa_notice, grace_json, xarf
from grace.intake.formats.grace_json import description
from grace.intake.formats.xarf.examples import MATERIAL
from grace.intake.models import Document
from grace.intake.understand import understood
from grace.pipeline import accounts as pipeline
from grace.pipeline.notices import packed
from grace.pipeline.receive import Delivery, Intake, Outcome, receive
from grace.referrals.models import Attachment, Referral
from grace.sdk.intake import Bytes
from tests.support.source import ROOT

pytestmark = pytest.mark.django_db


def token(unit: Unit) -> str:
    return pipeline.issue_token(operator(), unit, "sender", [Capability.RECEIVE], timedelta(days=1))[1]


def zipped(example: dict[str, bytes]) -> bytes:
    return packed([Bytes(name, content) for name, content in example.items()])


def take(unit: Unit, name: str, data: bytes) -> Outcome:
    return receive(Intake(unit.id, "cli", "system:cli"), [Delivery(name, data)])[0].outcome


def test_the_example_of_the_page_keeps_the_schema_and_is_read() -> None:
    page = (ROOT / "docs" / "how-to" / "report-in-json.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    document: dict[str, Any] = json.loads(block)
    jsonschema.Draft202012Validator(description.schema()).validate(document)
    with understood("report.json", block.encode()) as found:
        (read,) = found.reads
        assert (found.format, read.report.number, read.report.notes) == ("grace-json", "2026-000017", ())


@pytest.mark.parametrize("each", [grace_json.FORMAT, xarf.FORMAT, dsa_notice.FORMAT], ids=lambda each: each.name)
def test_every_example_comes_in_by_the_api_as_a_zip(each: Any, harbour_unit: Unit, client: Client) -> None:
    word = token(harbour_unit)
    for place, example in enumerate(each.examples()):
        answer = client.post(
            f"/api/v1/referrals?name={place}.zip",
            zipped(example),
            content_type="application/octet-stream",
            headers={"Authorization": f"Bearer {word}"},
        )
        assert (answer.status_code, answer.json()["outcome"]) == (201, "new")
    assert set(Document.objects.values_list("format", flat=True)) == {each.name}


def test_a_later_document_with_the_number_is_a_version(harbour_unit: Unit) -> None:
    document = {"grace_report": 1, "sender": "Example Hotline", "number": "17"}
    assert take(harbour_unit, "a.json", json.dumps(document).encode()) is Outcome.NEW
    assert take(harbour_unit, "b.json", json.dumps({**document, "escalated": "Please read this first."}).encode()) is Outcome.VERSION
    assert Referral.objects.count() == 1


def test_evidence_of_an_xarf_report_is_held_as_a_file(harbour_unit: Unit) -> None:
    take(harbour_unit, "xarf.json", json.dumps(MATERIAL).encode())
    held = File.objects.get()
    assert held.size == len(b"Hello world")
    assert {each.file_id for each in Attachment.objects.all()} == {held.id}


def test_an_xarf_report_attached_to_a_mail_is_read(harbour_unit: Unit) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "desk@safety.example.org", "unit@agency.example", "X-ARF"
    mail.set_content("A report is attached.")
    mail.add_attachment(json.dumps(MATERIAL).encode(), maintype="application", subtype="json", filename="xarf.json")
    assert take(harbour_unit, "mail.eml", mail.as_bytes()) is Outcome.NEW
    assert Document.objects.get().format == "xarf"
    assert Referral.objects.get().issuer == "Example Safety Service"


def test_xarf_about_other_abuse_waits_in_quarantine(harbour_unit: Unit) -> None:
    spam = {**MATERIAL, "category": "messaging", "type": "spam"}
    assert take(harbour_unit, "xarf.json", json.dumps(spam).encode()) is Outcome.QUARANTINED
    assert Document.objects.get().reason_code == "other-category"
