"""Archives as people and as enemies make them: each member or each archive gets a verdict, and nothing is believed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import secrets
import tarfile
import zipfile
from collections.abc import Callable

import pytest
import pyzipper

from grace.evidence.decoding.port import Reason, Unpacked, Unpacking
from grace.evidence.decoding.program import zips
from grace.evidence.decoding.program.archives import portions
from grace.evidence.decoding.program.pictures import Unfit
from tests.support.locked import zip_crypto

FILES = {"a.txt": b"invented words", "folder/b.bin": bytes(range(256)) * 40}
USUAL = Unpacking()
SMALL = Unpacking(free_bytes=1 << 20, most_ratio=50)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def locked(password: bytes) -> bytes:
    stream = io.BytesIO()
    with pyzipper.AESZipFile(stream, "w", compression=zipfile.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password)
        for name, content in FILES.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(files: dict[str, bytes], *others: tarfile.TarInfo) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for other in others:
            archive.addfile(other)
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def link(name: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


def all_of(content: bytes, *passwords: str, limits: Unpacking = USUAL, first: int = 0) -> list[Unpacked]:
    return [each for portion in portions(content, first, passwords, limits, 0) for each in portion]


def told(content: bytes, *passwords: str, limits: Unpacking = USUAL) -> dict[str, bytes | Reason]:
    return {each.name: each.failed or each.content for each in all_of(content, *passwords, limits=limits)}


def refused(content: bytes, limits: Unpacking = USUAL) -> Reason:
    with pytest.raises(Unfit) as caught:
        all_of(content, limits=limits)
    return caught.value.reason


@pytest.mark.parametrize(
    "content",
    [
        zipped(FILES),
        zipped(FILES, zipfile.ZIP_STORED),
        tarred(FILES),
        gzip.compress(tarred(FILES)),
        bz2.compress(tarred(FILES)),
        lzma.compress(tarred(FILES)),
    ],
    ids=["zip", "stored", "tar", "tar.gz", "tar.bz2", "tar.xz"],
)
def test_members_come_whole_in_their_order_in_portions_of_any_size_from_any_place(content: bytes) -> None:
    assert told(content) == FILES
    for limits in (Unpacking(portion_members=1), Unpacking(portion_bytes=1)):
        one_by_one = list(portions(content, 0, (), limits, 0))
        assert [[(each.place, each.name)] for (each,) in one_by_one] == [[each] for each in enumerate(FILES)]
        assert [each for (each,) in one_by_one] == all_of(content)
    assert all_of(content, first=1) == all_of(content)[1:]
    assert all_of(content, first=2) == []


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_single_packed_file_is_one_member_without_a_name(pack: Callable[[bytes], bytes]) -> None:
    assert told(pack(b"words" * 500)) == {"": b"words" * 500}


def test_the_head_of_a_gzip_may_tell_a_name() -> None:
    stream = io.BytesIO()
    with gzip.GzipFile("folder/table.csv", "wb", fileobj=stream) as packed:
        packed.write(b"a,b")
    assert told(stream.getvalue()) == {"table.csv": b"a,b"}


def test_names_are_told_and_never_used_and_links_are_not_followed() -> None:
    names = {"../../up.txt": b"1", "/root.txt": b"2", "C:\\x.txt": b"3", "n" * 3000: b"4"}
    assert [each.content for each in all_of(zipped(names))] == [b"1", b"2", b"3", b"4"]
    others = (link("soft", tarfile.SYMTYPE), link("hard", tarfile.LNKTYPE), link("pipe", tarfile.FIFOTYPE), link("disk", tarfile.BLKTYPE))
    soft, hard, *found = all_of(tarred(names, *others))
    assert [(each.name, each.content, each.failed) for each in (soft, hard)] == [(name, b"", Reason.LINK) for name in ("soft", "hard")]
    assert [(each.name[:12], each.content) for each in found] == [(name[:12], content) for name, content in names.items()]
    assert max(len(each.name) for each in found) == 1000


def test_a_link_in_a_zip_is_told_as_one() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo("soft")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("twice", b"one")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("twice", b"two")
    assert [(each.name, each.failed or each.content) for each in all_of(stream.getvalue())] == [
        ("soft", Reason.LINK),
        ("twice", b"one"),
        ("twice", b"two"),
    ]


@pytest.mark.parametrize("mark", ["[Content_Types].xml", "META-INF/manifest.xml"])
def test_of_a_document_its_pictures_come_and_not_its_markup(mark: str) -> None:
    """What only calls itself markup comes too: nothing hides behind a name."""
    files = {
        mark: b"<?xml version='1.0'?><Types/>",
        "word/a.xml": b"\xef\xbb\xbf <w/>",
        "word/media/1.png": b"\x89PNG",
        "word/b.xml": b"PK\x03\x04",
    }
    told = {each.name: each.failed or each.content for each in all_of(zipped(files))}
    assert told == {mark: Reason.PART, "word/a.xml": Reason.PART, "word/media/1.png": b"\x89PNG", "word/b.xml": b"PK\x03\x04"}
    assert [each.failed for each in all_of(zipped({"a.xml": b"<a/>"}))] == [None]


def test_locked_members_open_by_a_listed_password_or_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    content = locked("sieben Böte".encode("cp1252"))
    assert told(content) == dict.fromkeys(FILES, Reason.LOCKED)
    assert told(content, "six boats", "sieben Böte") == FILES
    assert told(content, "six boats") == dict.fromkeys(FILES, Reason.LOCKED)
    monkeypatch.setattr(zips, "MOST_TRIES", 2)
    assert told(content, "one", "two", "sieben Böte") == dict.fromkeys(FILES, Reason.LOCKED)


def test_old_locks_open_too_within_a_limit_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zip_crypto(FILES, "seven boats")
    wrong = [f"word {number}" for number in range(600)]  # some pass the check of one byte
    assert told(content, *wrong, "seven boats") == FILES
    monkeypatch.setattr(zips, "MOST_OLD_BYTES", 100)
    assert told(content, "seven boats") == {"a.txt": FILES["a.txt"], "folder/b.bin": Reason.LOCKED}


def test_damage_below_a_proven_lock_is_damage() -> None:
    content = bytearray(locked(b"seven boats"))
    content[content.index(b"folder/b.bin") + 60] ^= 0xFF
    assert told(bytes(content), "seven boats") == FILES | {"folder/b.bin": Reason.DAMAGED}


@pytest.mark.parametrize("make", [lambda zeros: zipped({"z": zeros}), gzip.compress, lambda zeros: gzip.compress(tarred({"z": zeros}))])
def test_what_grows_too_much_stops(make: Callable[[bytes], bytes]) -> None:
    found = all_of(make(bytes(64 << 20)), limits=SMALL)
    assert {(each.content, each.failed) for each in found} == {(b"", Reason.BOMB)}


def test_one_member_too_large_hides_no_other() -> None:
    files = {"large": bytes(2000), "small": b"words"}
    for content in (zipped(files), tarred(files)):
        assert told(content, limits=Unpacking(most_member_bytes=1000)) == {"large": Reason.BYTES, "small": b"words"}


def test_one_that_grows_too_much_hides_no_other() -> None:
    found = told(zipped({"zeros": bytes(64 << 20), "small": b"words"}), limits=SMALL)
    assert found == {"zeros": Reason.BOMB, "small": b"words"}


def test_what_comes_of_all_together_has_a_limit() -> None:
    files = {str(place): secrets.token_bytes(1000) for place in range(5)}
    limits = Unpacking(most_total_bytes=2500)
    assert [each.failed for each in all_of(zipped(files), limits=limits)] == [None, None, Reason.BYTES, Reason.BYTES, Reason.BYTES]
    assert {each.failed for portion in portions(zipped(files), 0, (), limits, 2500) for each in portion} == {Reason.BYTES}


def test_of_too_many_members_the_first_come() -> None:
    files = {str(place): b"" for place in range(10_000)}
    for content in (zipped(files), tarred(files)):
        found = all_of(content)
        assert [each.failed for each in found] == [None] * 5_000 + [Reason.MEMBERS]
        assert found[-1].name == ""


def test_a_directory_too_long_is_refused_unread() -> None:
    files = {"n" * 60_000 + str(place): b"" for place in range(20)}
    assert refused(zipped(files), Unpacking(most_members=10)) is Reason.MEMBERS


def test_a_sparse_file_of_nothing_is_too_large() -> None:
    info = tarfile.TarInfo("hole")
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 512
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    head[386:398], head[398:410] = b"%011o\0" % 0, b"%011o\0" % 512
    head[483:495] = b"%011o\0" % (5 << 30)
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    content = bytes(head) + bytes(512) + bytes(1024)
    assert {each.failed for each in all_of(content)} == {Reason.BYTES}


def test_members_that_share_bytes_are_refused() -> None:
    """As in the quilted bombs: many entries of the directory that point at one body."""
    content = zipped({"a": b"words", "b": b"words"}, zipfile.ZIP_STORED)
    second = content.rfind(b"PK\x01\x02")
    shared = bytearray(content)
    shared[second + 42 : second + 46] = bytes(4)
    assert refused(bytes(shared)) is Reason.BOMB


@pytest.mark.parametrize("content", [zipped(FILES), gzip.compress(tarred(FILES)), tarred(FILES), lzma.compress(tarred(FILES))])
def test_cut_anywhere_it_gets_a_verdict(content: bytes) -> None:
    for length in {*range(0, len(content), max(1, len(content) // 60)), len(content) - 1}:
        try:
            found = all_of(content[:length])
        except Unfit:
            continue
        assert all(each.failed or each.content == FILES.get(each.name, each.content) for each in found)


def test_what_is_no_archive_is_told() -> None:
    assert (refused(b""), refused(b"words" * 500), refused(b"PK\x03\x04words")) == (Reason.EMPTY, Reason.FORMAT, Reason.DAMAGED)
