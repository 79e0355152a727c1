"""L15, Article 29(2): what is kept cannot be read from the disk or the database alone, and damage is found."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from grace.accounts.models import Unit
from grace.evidence import examine, files, vault
from grace.evidence.files import Keep
from grace.evidence.scrub import scrub
from tests.support.people import Person
from tests.support.sealed import held_picture, stored_files

pytestmark = pytest.mark.django_db

MARK = b"A sentence that must be found nowhere but in the open."


def test_law_L15_encryption_at_rest(place: vault.Place) -> None:
    vault.seal(io.BytesIO(MARK * 50_000))
    vault.seal_many([MARK, MARK])
    for path in stored_files(place):
        content = path.read_bytes()
        assert not any(MARK[start : start + 8] in content for start in range(len(MARK) - 8))


def test_law_L15_the_database_holds_no_content_and_no_key(place: vault.Place, harbour_unit: Unit) -> None:
    files.keep_many([Keep(harbour_unit.id, MARK, "received")])
    secret = place.keys.present.secret
    with connection.cursor() as cursor:
        for rows in (
            "SELECT o::text FROM evidence_object o",
            "SELECT f::text FROM evidence_file f",
            "SELECT h::text FROM evidence_holding h",
        ):
            cursor.execute(rows)
            for (row,) in cursor.fetchall():
                assert MARK.hex() not in row
                assert MARK.decode() not in row
                assert secret.hex() not in row


def test_law_L15_no_plaintext_media_on_disk(place: vault.Place, alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealing, fingerprinting and showing a picture opens no file for writing but the vault's own."""
    import builtins
    import os

    from grace.pipeline.look import look

    written: list[str] = []
    really_open = os.open

    def watched(path: str, flags: int, *rest: int, **named: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            written.append(str(path))
        return really_open(path, flags, *rest, **named)

    def refuse_writing(file: object, mode: str = "r", *rest: object, **named: object) -> io.IOBase:
        assert isinstance(file, int) or not set(mode) & set("wax+"), f"{file} is opened for writing"
        return opened(file, mode, *rest, **named)  # type: ignore[call-overload,no-any-return]  # passes on whatever open takes

    opened = builtins.open
    monkeypatch.setattr(os, "open", watched)
    monkeypatch.setattr(builtins, "open", refuse_writing)
    file = held_picture(alice.officer.unit)
    examine.fingerprint_files([file.id])
    look(alice.viewer, file.id, "triage")
    assert written
    assert all(path.startswith(str(tmp_path / "vault")) or path == os.devnull for path in written)


def test_law_L15_files_are_for_the_running_user_only(place: vault.Place) -> None:
    vault.seal_many([MARK])
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in stored_files(place))


def test_law_L15_the_agency_key_lies_in_a_private_file_outside_the_database() -> None:
    key = Path(settings.GRACE_AGENCY_KEY_PATH)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700


def test_law_L15_integrity_is_controlled(place: vault.Place) -> None:
    sealed = vault.seal_many([b"%d" % number for number in range(20)])
    victim = stored_files(place)[7]
    content = victim.read_bytes()
    victim.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert {object_id.hex for object_id in scrub().tampered} == {victim.name}
    assert len(sealed) == 20


def test_law_L15_erased_is_erased(place: vault.Place, harbour_unit: Unit, django_capture_on_commit_callbacks: object) -> None:
    (file,) = files.keep_many([Keep(harbour_unit.id, MARK, "received")])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django does not export the fixture's type
        assert files.release(harbour_unit.id, [file.id]) == [file.id]
    assert stored_files(place) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM evidence_object")
        assert cursor.fetchone() == (0,)
