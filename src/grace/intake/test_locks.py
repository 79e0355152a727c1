from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
import pyzipper

from grace.intake import locks, passwords
from grace.intake.packages import Limits, Opened, open_package
from grace.intake.registry import choose
from grace.sdk.intake import Unreadable
from tests.support.locked import aes, zip_crypto

GOOD, OTHER = "seven quiet lighthouses", "the bench is green"
REPORT = b'{"reportId": 210000971, "reportedInformation": {"reportingEsp": {"espName": "Example Provider"}}}'
CONTENTS = {"report.json": REPORT, "sub/card.txt": b"Hello world" * 500}

Locked = Callable[[Mapping[str, bytes], str], bytes]
WAYS = pytest.mark.parametrize("locked", [aes, zip_crypto])


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Write the operator's list."""

    def write(*lines: str) -> None:
        (tmp_path / "passwords").write_text("\n".join(lines) + "\n", encoding="utf-8")
        monkeypatch.setenv("GRACE_PASSWORDS_FILE", str(tmp_path / "passwords"))

    monkeypatch.delenv("GRACE_PASSWORDS_FILE", raising=False)
    return write


def opened(content: bytes, limits: Limits | None = None) -> Opened:
    return open_package(io.BytesIO(content), limits=limits or Limits())


def contents(package: Opened) -> dict[str, bytes]:
    found = {}
    for name, member in package.items():
        with member.open() as stream:
            found[name] = stream.read()
        assert member.size == len(found[name])
    return found


def refused(content: bytes) -> str:
    with opened(content) as package, pytest.raises(Unreadable) as refusal:
        choose(package)
    return refusal.value.code


@WAYS
def test_a_listed_password_opens(locked: Locked, listed: Callable[..., None]) -> None:
    listed("wrong one", "", GOOD)
    with opened(locked(CONTENTS, GOOD)) as package:
        assert package.notes == ()
        assert contents(package) == CONTENTS
        assert choose(package).name == "lea-json"


@WAYS
@pytest.mark.parametrize("lines", [(), ("wrong one",), ("",), ("SEVEN quiet lighthouses",)])
def test_without_the_right_one_it_reads_encrypted(locked: Locked, listed: Callable[..., None], lines: tuple[str, ...]) -> None:
    if lines:
        listed(*lines)
    content = locked(CONTENTS, GOOD)
    assert refused(content) == "encrypted"
    with opened(content) as package:
        assert [note.code for note in package.notes] == ["encrypted-member"] * 2
        with pytest.raises(Unreadable) as refusal:
            package["report.json"].open()
        assert refusal.value.code == "encrypted"


@pytest.mark.parametrize("compression", [pyzipper.ZIP_STORED, pyzipper.ZIP_DEFLATED])
@pytest.mark.parametrize("strength", [128, 192, 256])
def test_every_strength_and_packing(listed: Callable[..., None], compression: int, strength: int) -> None:
    listed(GOOD)
    with opened(aes(CONTENTS, GOOD, compression, strength)) as package:
        assert contents(package) == CONTENTS


@pytest.mark.parametrize("compression", [pyzipper.ZIP_LZMA, pyzipper.ZIP_BZIP2])
def test_another_packing_is_not_read(listed: Callable[..., None], compression: int) -> None:
    listed(GOOD)
    with opened(aes(CONTENTS, GOOD, compression)) as package, pytest.raises(Unreadable) as refusal:
        package["report.json"].open()
    assert refusal.value.code == "unknown-compression"


@pytest.mark.parametrize("compression", [pyzipper.ZIP_LZMA, pyzipper.ZIP_BZIP2])
def test_another_packing_is_not_even_unpacked_to_prove_a_password(
    listed: Callable[..., None], compression: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few hundred bytes of it may hold gigabytes."""
    listed(GOOD, OTHER)
    content = aes({"report.json": bytes(1 << 20)}, GOOD, compression)
    monkeypatch.setattr(pyzipper.zipfile.ZipExtFile, "read", lambda *_: pytest.fail("it was unpacked"))
    with opened(content) as package:
        assert [note.code for note in package.notes] == ["unreadable-member"]


@WAYS
def test_many_wrong_passwords_never_make_it_damaged(locked: Locked, listed: Callable[..., None]) -> None:
    """One byte in the head is all that ZipCrypto checks: of 600 wrong passwords two or three pass it."""
    wrong = [f"wrong {number}" for number in range(600)]
    listed(*wrong)
    assert refused(locked({"report.json": REPORT}, GOOD)) == "encrypted"
    listed(*wrong, GOOD)
    with opened(locked({"report.json": REPORT}, GOOD)) as package:
        assert contents(package) == {"report.json": REPORT}


def test_members_may_have_passwords_of_their_own(listed: Callable[..., None]) -> None:
    stream = io.BytesIO(aes({"report.json": REPORT}, GOOD))
    with pyzipper.AESZipFile(stream, "a", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(OTHER.encode())
        archive.writestr("card.txt", b"Hello world")
    listed(OTHER, GOOD)
    with opened(stream.getvalue()) as package:
        assert contents(package) == {"report.json": REPORT, "card.txt": b"Hello world"}
    listed(GOOD)
    with opened(stream.getvalue()) as package:
        assert [(note.code, note.path) for note in package.notes] == [("encrypted-member", "card.txt")]
        assert choose(package).name == "lea-json"


@pytest.mark.parametrize("code", ["utf-8", "cp1252"])
def test_passwords_with_accents(listed: Callable[..., None], code: str) -> None:
    word = "fünf ruhige Fähren"
    stream = io.BytesIO()
    with pyzipper.AESZipFile(stream, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(word.encode(code))
        archive.writestr("report.json", REPORT)
    listed(word)
    with opened(stream.getvalue()) as package:
        assert contents(package) == {"report.json": REPORT}


def test_damage_below_the_lock_is_damage(listed: Callable[..., None]) -> None:
    listed(GOOD)
    content = bytearray(aes(CONTENTS, GOOD))
    place = content.index(b"sub/card.txt") + len("sub/card.txt") + 40
    content[place] ^= 0xFF
    with opened(bytes(content)) as package:
        assert package["report.json"].size == len(REPORT)
        with pytest.raises(Unreadable) as refusal:
            assert package["sub/card.txt"].size
    assert refusal.value.code == "damaged-zip"


@WAYS
def test_limits_hold_below_the_lock(locked: Locked, listed: Callable[..., None]) -> None:
    listed(GOOD)
    bomb = locked({"bomb.txt": bytes(4 << 20)}, GOOD)
    for content, limits, code in (
        (bomb, Limits(ratio_from=1 << 20), "zip-bomb"),
        (bomb, Limits(member_bytes=1 << 20), "too-large"),
        (locked({"../x": b"one"}, GOOD), Limits(), "unsafe-name"),
        (locked({f"{number}.txt": b"" for number in range(5)}, GOOD), Limits(members=4), "too-many-members"),
    ):
        with pytest.raises(Unreadable) as refusal:
            opened(content, limits)
        assert refusal.value.code == code


def test_old_locks_have_a_limit_of_their_own(listed: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    listed(GOOD)
    monkeypatch.setattr(locks, "MOST_OLD_BYTES", 100)
    assert refused(zip_crypto({"report.json": secrets.token_bytes(200)}, GOOD)) == "encrypted"


def test_tries_have_a_limit(listed: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "MOST_TRIES", 3)
    listed("one", "two", "three", GOOD)
    assert refused(aes(CONTENTS, GOOD)) == "encrypted"


def test_cut_and_changed_ones_are_read_or_refused(listed: Callable[..., None]) -> None:
    listed(GOOD)
    for content in (aes(CONTENTS, GOOD), zip_crypto(CONTENTS, GOOD)):
        for place in range(0, len(content), 7):
            for broken in (content[:place], content[:place] + b"\xff\x00" + content[place + 2 :]):
                with suppress(Unreadable), opened(broken) as package:
                    contents(package)


def test_the_list_is_read_with_limits(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    file.write_bytes(b"\xef\xbb\xbfone\r\n\n  \ntwo words \none\n" + b"x" * 200 + b"\nlast")
    assert passwords.read_list(file) == ("one", "two words ", "last")
    file.write_text("\n".join(str(number) for number in range(5000)))
    assert len(passwords.read_list(file)) == passwords.MOST


def test_a_list_that_cannot_be_read_is_told_without_its_path(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert passwords.read_list(tmp_path / "missing") == ()
    assert "GRACE_PASSWORDS_FILE" in caplog.text
    assert str(tmp_path) not in caplog.text
