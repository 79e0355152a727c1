"""Hostile and broken packages through the whole intake: refused or noted, kept sealed, and nothing written beside the vault."""

from __future__ import annotations

import io
import stat
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grace.accounts.models import Unit
from grace.evidence import vault
from grace.host import environment
from grace.intake.formats import lea_json
from grace.intake.models import Document
from grace.intake.packages import package_of
from grace.pipeline.receive import Delivery, Intake, Outcome, Receipt, receive
from grace.referrals.models import Attachment, Version
from grace.referrals.read import canonical_of
from tests.support.deliveries import hand_in, sample

pytestmark = pytest.mark.django_db


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive, warnings.catch_warnings(action="ignore"):
        for name, content in members:
            archive.writestr(name, content)
    return held.getvalue()


def deflated(content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.json", sample("d1"))
        archive.writestr("zeros.bin", content)
    return held.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def locked(raw: bytes) -> bytes:
    """The same with the flag of encryption on its second member."""
    told = bytearray(raw)
    second = told.index(b"PK\x03\x04", 4)
    told[second + 6] |= 1
    entry = told.index(b"PK\x01\x02", told.index(b"PK\x01\x02") + 4)
    told[entry + 8] |= 1
    return bytes(told)


REPORT = ("report.json", sample("d1"))
REFUSED = {
    "zip-bomb": deflated(bytes(64 << 20)),
    "unsafe-name": zipped(REPORT, ("../../outside.txt", b"out")),
    "too-many-members": zipped(*((f"{count}.txt", b"") for count in range(10_000))),
    "nested": zipped(("inner.zip", zipped(REPORT))),
    "not-a-zip": zipped(REPORT)[:-30],
    "damaged-zip": zipped(REPORT).replace(b"reportedInformation", b"reportedInformatiox"),
    "empty": zipped(),
    "encrypted": locked(zipped(("a.txt", b"a"), ("b.txt", b"b"))).replace(b"a.txt", b"a.tx_"),
}
NOTED = {
    "encrypted-member": locked(zipped(REPORT, ("locked.txt", b"locked"))),
    "damaged-member": zipped(REPORT, ("a.txt", b"as it was sent")).replace(b"as it was sent", b"as it came out"),
    "link-skipped": zipped(REPORT, (link("link.txt"), b"/etc/passwd")),
    "duplicate-member": zipped(REPORT, ("a.txt", b"one"), ("a.txt", b"two")),
}


def tree(*folders: Path) -> set[Path]:
    """Everything below these folders but the vault, and what the server and other workers of the session write."""
    found = environment.read()
    apart = (found.home / "postgres", found.home / "log", found.static, found.vault, found.home / "index")
    return {path for folder in folders for path in folder.rglob("*") if not any(path.is_relative_to(each) for each in apart)}


@pytest.fixture
def nothing_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Outside the vault, nothing is written: not below the home, not below the temporary folder, not where we stand."""
    for folder in ("temporary", "standing"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path / "standing")
    watched = (environment.read().home, tmp_path)
    before = tree(*watched)
    yield
    assert tree(*watched) == before


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("code", REFUSED)
@pytest.mark.parametrize("as_path", [False, True])
def test_hostile_packages_are_refused_and_kept_sealed(harbour_unit: Unit, code: str, as_path: bool) -> None:
    receipt = deliver(harbour_unit, REFUSED[code], as_path=as_path)
    assert (receipt.outcome, receipt.reason_code) == (Outcome.QUARANTINED, code)
    with vault.open(Document.objects.get(id=receipt.document_id).object_id) as kept:
        assert kept.read() == REFUSED[code]


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("code", NOTED)
@pytest.mark.parametrize("as_path", [False, True])
def test_odd_members_are_noted_and_the_report_is_read(harbour_unit: Unit, code: str, as_path: bool) -> None:
    receipt = deliver(harbour_unit, NOTED[code], as_path=as_path)
    assert receipt.outcome is Outcome.NEW
    notes = canonical_of(Version.objects.get(referral_id=receipt.referrals[0]))["notes"]
    assert code in {note["code"] for note in notes}
    extras = Attachment.objects.filter(referral_id=receipt.referrals[0], state="extra")
    assert {each.name for each in extras} == ({"a.txt", "a.txt (2)"} if code == "duplicate-member" else set())


@pytest.mark.usefixtures("nothing_written")
def test_a_file_with_another_md5_than_stated_is_told_as_changed(harbour_unit: Unit) -> None:
    (reading,) = lea_json.FORMAT.read(package_of({"report.json": sample("d1")}))
    name = reading.report.attachments[0].name
    assert name is not None
    receipt = deliver(harbour_unit, zipped(REPORT, (name, b"other bytes than stated")), as_path=False)
    states = set(Attachment.objects.filter(referral_id=receipt.referrals[0]).values_list("name", "state"))
    assert (name, "changed") in states


def deliver(unit: Unit, content: bytes, *, as_path: bool) -> Receipt:
    """Hand it in as bytes, or as a file in a folder that is gone afterwards."""
    if not as_path:
        return hand_in(unit, content, name="package.zip")[0]
    path = Path(tempfile.gettempdir()) / "package.zip"
    path.write_bytes(content)
    try:
        return receive(Intake(unit.id, "test", "system:test"), [Delivery(path.name, path)])[0]
    finally:
        path.unlink()
