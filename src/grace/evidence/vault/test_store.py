from __future__ import annotations

import stat
from pathlib import Path

import pytest

from grace.evidence.vault.folder import FolderStore
from grace.evidence.vault.memory import MemoryStore
from grace.evidence.vault.port import Store
from grace.evidence.vault.testing import StoreContract
from grace.kernel.ids import new_id


class TestFolderStore(StoreContract):
    def make(self) -> Store:
        return FolderStore(self.folder / "vault")


class TestMemoryStore(StoreContract):
    def make(self) -> Store:
        return MemoryStore()


def test_folders_and_files_are_for_their_owner_only(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "vault")
    store.put(new_id(), [b"x"])
    store.put_many([(new_id(), b"y")])
    for path in [store.root, *store.root.rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected


def test_a_half_written_batch_leaves_no_unfinished_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path / "vault")

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        store.put_many([(new_id(), b"x") for _ in range(5)])
    monkeypatch.undo()
    assert not [path for path in store.root.rglob("*") if path.is_file()]


def test_what_a_crash_left_unfinished_is_not_listed(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "vault")
    object_id = new_id()
    store.put(object_id, [b"x"])
    unfinished = next(store.root.rglob(object_id.hex)).parent / f"{new_id().hex}.part"
    unfinished.write_bytes(b"half")
    assert list(store.list()) == [object_id]
    assert store.sweep(older_than=60) == 0
    assert store.sweep(older_than=-1) == 1
    assert not unfinished.exists()


def test_counts_the_wait_for_the_disk(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "vault")
    store.put_many([(new_id(), b"x") for _ in range(5)])
    assert store.sync_seconds > 0
