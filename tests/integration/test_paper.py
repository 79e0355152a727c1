"""PDFs, mails and locked ZIPs all the way: sealed, read, and one referral whatever form it comes in."""

from __future__ import annotations

import io
import json
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
import pyzipper
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen import canvas

from grace.accounts.models import Unit
from grace.custody import ledger
from grace.evidence import vault
from grace.intake.models import Document
from grace.pipeline.receive import Outcome, Receipt, read_again
from grace.referrals.models import Attachment, Referral, Version
from tests.support.deliveries import hand_in
from tests.support.people import Person

pytestmark = pytest.mark.django_db

NUMBER = "210000991"
PASSWORD = "seven quiet lighthouses"
LINES = (
    f"CyberTipline Report {NUMBER}",
    "Received by NCMEC on 03-05-2025 08:15:00 UTC",
    "Section A: Reported Information",
    "Submitter: Example Provider",
    "Incident Type: Misleading Domain Name",
    "Incident Time: 03-04-2025 21:10:09 UTC",
    "Suspect",
    "Email Address: ada.sample@post.example.net (Verified)",
    "IP Address: 192.0.2.19 (Login)",
    "Port: 51600",
    "03-04-2025 21:09:30 UTC",
    "Filename: card.txt",
    "MD5: 3e25960a79dbc69b674cd4ec67a72c62",
    "This concludes Section A",
)
JSON = json.dumps(
    {
        "reportId": int(NUMBER),
        "dateReceived": "2025-03-05T08:15:00Z",
        "reportedInformation": {
            "reportingEsp": {"espName": "Example Provider"},
            "incidentSummary": {"incidentType": "Misleading Domain Name", "incidentDateTime": "2025-03-04T21:10:09Z"},
        },
    }
).encode()


def pdf(*lines: str) -> bytes:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, invariant=True)
    for place, line in enumerate(lines):
        page.drawString(50, 800 - 12 * place, line)
    page.save()
    return stream.getvalue()


def locked_pdf(content: bytes, method: str = "AES-256") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(PASSWORD, algorithm=method)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def locked_zip(**contents: bytes) -> bytes:
    stream = io.BytesIO()
    with pyzipper.AESZipFile(stream, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(PASSWORD.encode())
        for name, content in contents.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


def mail(*attached: tuple[str, bytes], text: str = "The report is attached.") -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["Date"], made["Message-ID"] = (
        "desk@hotline.example.org",
        "Wed, 05 Mar 2025 09:00:00 +0000",
        "<1@hotline.example.org>",
    )
    made.set_content(text)
    for name, content in attached:
        made.add_attachment(content, "application", "octet-stream", filename=name)
    return made.as_bytes()


def hand_in_one(unit: Unit, content: bytes, name: str) -> Receipt:
    return hand_in(unit, content, name=name)[0]


@pytest.fixture
def passwords(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "passwords"
    file.write_text("another one\n")
    monkeypatch.setenv("GRACE_PASSWORDS_FILE", str(file))
    return file


def test_json_pdf_and_mail_of_one_report_are_versions_of_one_referral(harbour_unit: Unit) -> None:
    forms = [
        ("report.json", JSON),
        ("report.pdf", pdf(*LINES)),
        ("report.eml", mail(text="\n".join(LINES))),
        ("with-json.eml", mail((f"{NUMBER}.json", JSON))),
        ("with-pdf.eml", mail((f"{NUMBER}.pdf", pdf(*LINES)))),
    ]
    receipts = [hand_in_one(harbour_unit, content, name) for name, content in forms]
    assert [each.outcome for each in receipts] == [Outcome.NEW] + [Outcome.VERSION] * 4, receipts
    referral = Referral.objects.get(unit=harbour_unit)
    assert Version.objects.filter(referral=referral).count() == 5
    assert [Document.objects.get(id=each.document_id).format for each in receipts] == [
        "lea-json",
        "ncmec-pdf",
        "mail",
        "lea-json",
        "ncmec-pdf",
    ]


def test_a_pdf_beside_the_json_is_its_own_copy(harbour_unit: Unit) -> None:
    package = io.BytesIO()
    with pyzipper.ZipFile(package, "w") as archive:
        archive.writestr("report.json", JSON)
        archive.writestr(f"{NUMBER}.pdf", pdf(*LINES))
    receipt = hand_in_one(harbour_unit, package.getvalue(), "report.zip")
    assert Document.objects.get(id=receipt.document_id).format == "lea-json"
    assert list(Attachment.objects.values_list("state", flat=True)) == ["report"]
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("report.pdf", lambda: locked_pdf(pdf(*LINES))),
        ("report-old.pdf", lambda: locked_pdf(pdf(*LINES), "RC4-128")),
        ("report.zip", lambda: locked_zip(report__json=JSON)),
        ("report-with-pdf.zip", lambda: locked_zip(report__pdf=pdf(*LINES), card__txt=b"Hello world")),
        ("zip.eml", lambda: mail(("report.zip", locked_zip(report__json=JSON)))),
        ("pdf.eml", lambda: mail(("report.pdf", locked_pdf(pdf(*LINES))))),
    ],
)
def test_what_is_locked_waits_for_its_password(
    alice: Person, passwords: Path, name: str, make: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(make)
    receipt = hand_in_one(alice.officer.unit, make(), name)
    assert (receipt.outcome, receipt.reason_code) == (Outcome.QUARANTINED, "encrypted"), receipt
    assert read_again(alice.viewer, receipt.document_id).reason_code == "encrypted"
    passwords.write_text(f"another one\n{PASSWORD}\n")
    again = read_again(alice.viewer, receipt.document_id)
    assert (again.outcome, again.reason_code) == (Outcome.NEW, "")
    assert Referral.objects.get(unit=alice.officer.unit).external == NUMBER
    told = caplog.text + "".join(map(str, ledger.page())) + again.reason + receipt.reason
    assert PASSWORD not in told


def test_files_of_a_locked_zip_are_held(harbour_unit: Unit, passwords: Path) -> None:
    passwords.write_text(PASSWORD)
    hand_in_one(harbour_unit, locked_zip(report__pdf=pdf(*LINES), card__txt=b"Hello world"), "report.zip")
    (attachment,) = Attachment.objects.all()
    assert (attachment.name, attachment.state) == ("card.txt", "present")


def test_scans_and_other_pdfs_are_no_reports(harbour_unit: Unit) -> None:
    scan = io.BytesIO()
    page = canvas.Canvas(scan)
    page.rect(50, 50, 300, 300, fill=1)
    page.save()
    assert hand_in_one(harbour_unit, scan.getvalue(), "scan.pdf").reason_code == "no-text"
    assert (
        hand_in_one(harbour_unit, pdf("Dear colleague,", f"see CyberTipline Report {NUMBER}."), "letter.pdf").reason_code == "unrecognised"
    )
    assert hand_in_one(harbour_unit, pdf(*LINES)[:400], "cut.pdf").reason_code in {"malformed", "no-text"}


def test_a_mail_of_free_text_is_a_referral_with_its_files(harbour_unit: Unit) -> None:
    content = mail(
        ("letter.pdf", pdf("Dear colleague,")), ("card.txt", b"Hello world"), text="The page https://pages.example.net/1 shows the bench."
    )
    receipt = hand_in_one(harbour_unit, content, "in.eml")
    assert receipt.outcome is Outcome.NEW
    assert sorted(Attachment.objects.values_list("name", "state")) == [("card.txt", "extra"), ("letter.pdf", "extra")]
    document = Document.objects.get(id=receipt.document_id)
    with vault.open(document.object_id) as sealed:
        assert sealed.read() == content


def test_the_same_mail_twice_is_one(harbour_unit: Unit) -> None:
    content = mail(text="The bench.")
    assert [each.outcome for each in hand_in(harbour_unit, content, content, mail(text="The ferry."))] == [
        Outcome.NEW,
        Outcome.DOUBLE,
        Outcome.NEW,
    ]
