"""A vault in a folder of the test, and pictures of nothing in particular, held by a unit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from grace.accounts.models import Unit
from grace.cli import house
from grace.evidence import files, vault
from grace.evidence.decoding.testing import fractal, written
from grace.evidence.files import Held, Keep
from grace.evidence.vault.folder import FolderStore
from grace.evidence.vault.keys import AgencyKey, ring_of


@pytest.fixture
def place(tmp_path: Path) -> Iterator[vault.Place]:
    """The vault in use during the test."""
    with vault.standing_in(vault.Place(FolderStore(tmp_path / "vault"), ring_of(AgencyKey("main", b"k" * 32)))) as stand_in:
        yield stand_in


def held_picture(unit: Unit, width: int = 320) -> Held:
    """A fractal, held by the unit; each width is another file."""
    return files.keep_many([Keep(unit.id, written(fractal(width)).getvalue(), "received")])[0]


def stored_files(place: vault.Place) -> list[Path]:
    """All files of the vault's folder."""
    assert isinstance(place.store, FolderStore)
    return sorted(path for path in place.store.root.rglob("*") if path.is_file())


@pytest.fixture
def open_house(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands use the test's own database rather than open the house."""
    monkeypatch.setattr(house, "open_house", nullcontext)
