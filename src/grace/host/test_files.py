from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grace.host import files
from grace.host.errors import WrongSetting


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_kept_file_is_made_once_and_private(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "one"
    assert files.keep(file, lambda: b"first") == b"first"
    assert files.keep(file, lambda: b"second") == b"first"
    assert (mode(file), mode(file.parent)) == (0o600, 0o700)
    assert [path.name for path in file.parent.iterdir()] == ["one"]


def test_many_starters_agree_on_one_file(tmp_path: Path) -> None:
    def start(number: int) -> bytes:
        return files.keep(tmp_path / "keys" / "one", lambda: str(number).encode())

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(start, range(64)))) == 1


def test_a_folder_is_closed_to_others(tmp_path: Path) -> None:
    open_one = tmp_path / "open"
    open_one.mkdir(mode=0o755)
    assert mode(files.private_folder(open_one)) == 0o700


def test_a_link_is_no_folder_of_ours(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/tmp")
    with pytest.raises(WrongSetting, match="not a folder of our own"):
        files.private_folder(tmp_path / "link")


def test_a_missing_file_reads_as_nothing(tmp_path: Path) -> None:
    assert files.read(tmp_path / "none") == b""
