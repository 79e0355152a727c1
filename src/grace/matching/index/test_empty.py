"""An index of nothing answers without its compiled loops: who loads no list pays for none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from grace.matching import indexed
from grace.matching.index.store import Store

PROGRAM = """
import sys
from pathlib import Path
from grace.matching.index.store import Store
for kind, width in (("pdq", 32), ("md5", 16)):
    store = Store(Path(sys.argv[1]) / kind, kind)
    print(len(store.find([bytes(width)]).ids), len(store.near([bytes(width)]).ids), "numba" in sys.modules)
"""


def test_nothing_is_loaded_to_find_nothing(tmp_path: Path) -> None:
    told = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=True)
    assert told.stdout.split("\n")[:2] == ["0 0 False"] * 2


def test_a_first_entry_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grace.host.environment.read", lambda: SimpleNamespace(home=tmp_path))
    store = Store(tmp_path / "index" / "0" / "md5", "md5")
    assert not indexed.holds_anything()
    assert len(store.find([b"x" * 16]).ids) == 0
    with store.writing() as writer:
        writer.add(store.words([b"x" * 16]), np.array([7]))
    assert indexed.holds_anything()
    assert store.find([b"x" * 16]).ids.tolist() == [7]
