"""The limits of the reporting interface: how many, how large, and what breaks off."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from grace.accounts.models import Unit
from grace.evidence import vault
from grace.intake.models import IncomingFile
from tests.support.reporting import REPORT, Provider, details, provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


@pytest.fixture
def chat(harbour_unit: Unit) -> Provider:
    """A provider that reports to Alice's unit."""
    return provider(harbour_unit)


def test_limits(chat: Provider) -> None:
    number = chat.open()
    with override_settings(GRACE_MOST_OPEN_REPORTS=1):
        assert chat.post("submit", REPORT).code == 1100
    chat.upload(number)
    with override_settings(GRACE_MOST_REPORT_FILES=1):
        assert chat.form("upload", id=number, file=SimpleUploadedFile("a", b"a")).code == 1110
    with override_settings(GRACE_LARGEST_REPORT_FILE=1 << 20):
        assert chat.form("upload", id=number, file=SimpleUploadedFile("a", b"a" * (1 << 20))).code == 0
        assert chat.form("upload", id=number, file=SimpleUploadedFile("a", b"a" * (1 << 20) + b"a")).code == 1111
    assert chat.form("upload", id=number, file=SimpleUploadedFile("a", b"")).code == 4200
    assert chat.form("upload", id=number).code == 4200
    assert chat.post("submit", "<report>" + " " * (16 << 20)).code == 4000
    assert chat.form("finish", id=number, more=SimpleUploadedFile("a", b"a" * (64 << 10))).code == 4000
    key = chat.upload(number)
    assert chat.post("fileinfo", details(number, key, "<additionalInfo>a</additionalInfo>" * 2_001)).code == 4100
    long = f"<additionalInfo>{'a' * (9 << 20)}</additionalInfo>"
    assert [chat.post("fileinfo", details(number, each, long)).code for each in (key, key, chat.upload(number))] == [0, 0, 4100]


def test_a_file_that_breaks_off_is_not_taken(chat: Provider, place: vault.Place) -> None:
    number = chat.open()
    whole = (
        f'--edge\r\nContent-Disposition: form-data; name="id"\r\n\r\n{number}\r\n'
        '--edge\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nHello world\r\n--edge--\r\n'
    ).encode()
    assert chat.post("upload", whole, "multipart/form-data; boundary=edge").code == 0
    for cut in (20, 6, 3):
        assert chat.post("upload", whole[:-cut], "multipart/form-data; boundary=edge").code == 1111
    assert IncomingFile.objects.count() == 1
    for form in ("multipart/form-data", "text/plain", "multipart/form-data; boundary=other"):
        assert chat.post("upload", whole, form).code in {4000, 4200}
