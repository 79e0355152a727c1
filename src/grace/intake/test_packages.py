import hashlib
import io
import os
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from grace.intake.formats.lea_json import FORMAT
from grace.intake.packages import Limits, open_package, original, pack_folder, package_of
from grace.intake.registry import read
from grace.sdk.intake import Member, Unreadable


def zipped(contents: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    stream.seek(0)
    return stream


def content_of(member: Member) -> bytes:
    with member.open() as stream:
        return stream.read()


def unpack(source: Path | io.BytesIO, limits: Limits) -> list[bytes]:
    with open_package(source, limits=limits) as package:
        return [content_of(member) for member in package.values()]


def refusal(source: Path | io.BytesIO, limits: Limits | None = None) -> str:
    with pytest.raises(Unreadable) as refused:
        unpack(source, limits or Limits())
    return refused.value.code


def test_a_document_is_a_package_of_one(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"{}")
    with open_package(path) as package:
        assert list(package) == ["report.json"]
        assert package["report.json"].size == 2
        assert content_of(package["report.json"]) == content_of(package["report.json"]) == b"{}"


def test_a_stream_is_read_from_where_it_stands() -> None:
    stream = io.BytesIO(b"before{}")
    stream.seek(6)
    with open_package(stream, name="x.json") as package:
        assert content_of(package["x.json"]) == b"{}"


def test_a_stream_that_cannot_seek_is_held_in_memory() -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as sink:
        sink.write(zipped({"a.txt": b"one"}).getvalue())
    with os.fdopen(reader, "rb") as stream, open_package(stream) as package:
        assert content_of(package["a.txt"]) == b"one"


def test_a_zip_gives_its_members_counted() -> None:
    with open_package(zipped({"sub/a.txt": b"one" * 1000, "b.txt": b""})) as package:
        assert {name: member.size for name, member in package.items()} == {"sub/a.txt": 3000, "b.txt": 0}
        assert isinstance(package["b.txt"], Member)
        assert package.notes == ()


def test_a_folder_gives_its_files_and_follows_no_link(tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "secret.txt"
    (folder / "sub").mkdir(parents=True)
    outside.write_bytes(b"not for you")
    (folder / "sub" / "a.txt").write_bytes(b"one")
    (folder / "link.txt").symlink_to(outside)
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    with open_package(folder) as package:
        assert list(package) == ["sub/a.txt"]
        assert [(note.code, note.path) for note in package.notes] == [("link-skipped", name) for name in ("link.txt", "linked", "pipe")]


def test_a_file_that_becomes_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one")
    with open_package(tmp_path) as package:
        (tmp_path / "a.txt").unlink()
        (tmp_path / "a.txt").symlink_to("/etc/hostname")
        with pytest.raises(Unreadable) as refused:
            package["a.txt"].open()
    assert refused.value.code == "unreachable"


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/x", "C:/x", "C:\\x", "..\\x", "\\x", "a/..", "..", "x" * 2000, "/".join("a" * 40)]
)
def test_names_that_lead_out_are_refused(name: str) -> None:
    assert refusal(zipped({name: b"one"})) == "unsafe-name"


def test_a_name_with_nul_is_refused() -> None:
    raw = zipped({"a_b.txt": b"one"}).getvalue().replace(b"a_b.txt", b"a\x00b.txt")
    assert refusal(io.BytesIO(raw)) == "unsafe-name"


def test_two_files_whose_names_differ_in_no_text_are_both_kept(tmp_path: Path) -> None:
    for name, content in ((b"a\xff.txt", b"one"), (b"a\xfe.txt", b"two")):
        (tmp_path / os.fsdecode(name)).write_bytes(content)
    with open_package(tmp_path) as package:
        assert {name: content_of(member) for name, member in package.items()} == {"a\ufffd.txt": b"two", "a\ufffd.txt (2)": b"one"}
        assert [note.code for note in package.notes] == ["duplicate-member"]
    with pack_folder(tmp_path) as stream, open_package(stream) as package:
        assert {content_of(member) for member in package.values()} == {b"one", b"two"}


def test_a_name_that_is_no_text_is_shown_as_one(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"a\xff.json")
    path.write_bytes(b"{}")
    for source in (path, io.BytesIO(b"{}")):
        with open_package(source, name="a\udcff.json") as package:
            assert list(package) == ["a\ufffd.json"]


def test_backslashes_are_folders_with_a_note() -> None:
    with open_package(zipped({"sub\\a.txt": b"one"})) as package:
        assert list(package) == ["sub/a.txt"]
        assert [note.code for note in package.notes] == ["backslash-name"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_are_all_kept() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for content in (b"one", b"two", b"three"):
            archive.writestr("a.txt", content)
    stream.seek(0)
    with open_package(stream) as package:
        assert {name: content_of(member) for name, member in package.items()} == {
            "a.txt": b"one",
            "a.txt (2)": b"two",
            "a.txt (3)": b"three",
        }
        assert {note.code for note in package.notes} == {"duplicate-member"}


def test_links_in_a_zip_are_left_out_with_a_note() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("a.txt", "one")
    stream.seek(0)
    with open_package(stream) as package:
        assert list(package) == ["a.txt"]
        assert [note.code for note in package.notes] == ["link-skipped"]


def test_an_encrypted_member_is_noted_and_the_rest_is_read() -> None:
    raw = bytearray(zipped({"a.txt": b"one", "b.txt": b"two"}, zipfile.ZIP_STORED).getvalue())
    raw[6] |= 1  # the flag in the local header of the first member
    raw[raw.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    with open_package(io.BytesIO(bytes(raw))) as package:
        assert [(note.code, note.path) for note in package.notes] == [("encrypted-member", "a.txt")]
        assert content_of(package["b.txt"]) == b"two"
        with pytest.raises(Unreadable) as refused:
            package["a.txt"].open()
    assert refused.value.code == "encrypted"


def test_other_ways_of_packing_are_not_read() -> None:
    assert refusal(zipped({"a.txt": b"one" * 100}, zipfile.ZIP_LZMA)) == "unknown-compression"
    assert refusal(zipped({"a.txt": b"one" * 100}, zipfile.ZIP_BZIP2)) == "unknown-compression"


def test_ten_thousand_members_are_refused() -> None:
    assert refusal(zipped({f"{number}.txt": b"" for number in range(10_000)}, zipfile.ZIP_STORED)) == "too-many-members"


def test_a_directory_of_millions_is_refused_before_it_is_read() -> None:
    raw = bytearray(zipped({"a": b"one"}).getvalue())
    raw[-10:-6] = struct.pack("<L", 500_000_000)
    assert refusal(io.BytesIO(bytes(raw))) == "too-many-members"


def test_locked_members_hide_no_report() -> None:
    raw = bytearray(zipped({"locked.json": b"{}", **FORMAT.examples()[0]}, zipfile.ZIP_STORED).getvalue())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    with open_package(io.BytesIO(bytes(raw))) as package:
        (reading,) = read(package, (FORMAT,))
    assert [note.code for note in reading.report.notes] == ["encrypted-member"]


def test_a_package_with_nothing_but_locked_members_says_so() -> None:
    raw = bytearray(zipped({"report.json": b"{}"}, zipfile.ZIP_STORED).getvalue())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    with open_package(io.BytesIO(bytes(raw))) as package, pytest.raises(Unreadable) as refused:
        read(package, (FORMAT,))
    assert refused.value.code == "encrypted"


def test_a_link_given_by_the_caller_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"{}")
    (tmp_path / "link.json").symlink_to(tmp_path / "a.json")
    with open_package(tmp_path / "link.json") as package:
        assert content_of(package["link.json"]) == b"{}"


def test_ten_thousand_files_in_a_folder_are_refused(tmp_path: Path) -> None:
    for number in range(51):
        (tmp_path / f"{number}.txt").touch()
    assert refusal(tmp_path, Limits(members=50)) == "too-many-members"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert refusal(zipped({"zeros": bytes(40 * 1024**2)})) == "zip-bomb"


def test_sizes_have_limits() -> None:
    assert refusal(zipped({"a": b"x" * 1000}), Limits(member_bytes=999)) == "too-large"
    assert refusal(zipped({"a": b"x" * 600, "b": b"x" * 600}), Limits(total_bytes=1000)) == "too-large"
    assert refusal(io.BytesIO(b"x" * 1000), Limits(memory_bytes=999)) == "too-large"


def test_a_lie_about_a_size_ends_in_a_refusal() -> None:
    raw = bytearray(zipped({"a": b"x" * 5000}).getvalue())
    directory = raw.index(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = struct.pack("<L", 100)
    assert refusal(io.BytesIO(bytes(raw))) == "damaged-zip"


def test_members_that_share_bytes_are_refused() -> None:
    raw = bytearray(zipped({"a": b"x" * 500, "b": b"y" * 500}, zipfile.ZIP_STORED).getvalue())
    second = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
    raw[second + 42 : second + 46] = struct.pack("<L", 0)
    assert refusal(io.BytesIO(bytes(raw))) in {"zip-bomb", "not-a-zip"}


def test_a_zip_cut_off_or_damaged_anywhere_is_read_or_refused() -> None:
    raw = zipped({"report.json": b'{"a": 1}' * 50, "b.bin": bytes(range(256))}).getvalue()
    for cut in range(4, len(raw), 3):
        assert refusal(io.BytesIO(raw[:cut])) in {"not-a-zip", "damaged-zip"}
    for place in range(len(raw)):
        damaged = raw[:place] + bytes([raw[place] ^ 0xFF]) + raw[place + 1 :]
        try:
            unpack(io.BytesIO(damaged), Limits())
        except Unreadable:
            continue  # most are refused, some are read, and nothing else may come


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"PK\x05\x06" + bytes(18), "empty"), (b"PK\x03\x04nothing", "not-a-zip")])
def test_nothing_to_read(content: bytes, code: str) -> None:
    assert refusal(io.BytesIO(content)) == code


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "missing") == "unreachable"
    (tmp_path / "empty").mkdir()
    assert refusal(tmp_path / "empty") == "empty"


def test_a_folder_packs_to_the_same_bytes_whatever_its_times(tmp_path: Path) -> None:
    digests: list[bytes] = []
    for folder, names in ((tmp_path / "one", ["b.txt", "a/ä.txt"]), (tmp_path / "two", ["a/ä.txt", "b.txt"])):
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(name.encode() * 1000)
            os.utime(folder / name, (len(digests) * 1000, 0))
        with pack_folder(folder) as stream:
            digests.append(hashlib.sha256(stream.read()).digest())
    assert digests[0] == digests[1]


def test_a_packed_folder_opens_as_the_same_package(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    contents = {"a.txt": b"", "sub/b.bin": os.urandom(3_000_000)}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    with pack_folder(tmp_path) as stream, open_package(stream) as package:
        assert {name: content_of(member) for name, member in package.items()} == contents


def test_packing_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one")
    before = sorted(tmp_path.rglob("*"))
    with pack_folder(tmp_path) as stream:
        stream.read()
    assert sorted(tmp_path.rglob("*")) == before
    with pytest.raises(Unreadable):
        pack_folder(tmp_path / "missing")


def test_a_large_document_in_a_stream_is_read_by_each_from_its_beginning() -> None:
    content = os.urandom(3_000_000)
    with open_package(io.BytesIO(b"before" + content[1:]), name="a.bin") as package:
        assert package["a.bin"].size == len(content) + 5
        with package["a.bin"].open() as one, package["a.bin"].open() as other:
            assert one.read(10) + other.read(10) + one.read(10) == b"before" + content[1:5] + b"before" + content[1:15]
            assert one.read() == content[15:]


def test_the_original_of_a_path_is_its_bytes_or_its_folder_packed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(b"{}")
    with original(tmp_path / "in" / "a.json") as stream:
        assert stream.read() == b"{}"
    with original(tmp_path / "in") as stream, open_package(stream) as package:
        assert list(package) == ["a.json"]


@pytest.mark.parametrize("name", ["link", "linked", "pipe", "missing", "empty"])
def test_an_original_is_a_plain_file_or_a_folder_with_files(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.json").write_bytes(b"{}")
    (tmp_path / "link").symlink_to(tmp_path / "a.json")
    (tmp_path / "linked").symlink_to(tmp_path)
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unreadable) as refused:
        original(tmp_path / name)
    assert refused.value.code == ("empty" if name == "empty" else "unreachable")


def test_a_package_in_memory() -> None:
    with package_of({"a": b"one"}) as package:
        assert package["a"].size == 3
