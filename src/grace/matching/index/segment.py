"""A segment: a folder of arrays that is written once, checked by digests, and mapped into every process that asks.

Only ``removed.bin`` changes: one byte for each entry, set when the entry leaves its list, and seen by all at once because all
map the same page. Everything else is as it was written, so that a reader needs no lock.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from grace.host import files
from grace.kernel.errors import Unavailable
from grace.matching.index.engine import Engine
from grace.matching.index.layout import BLOCKS, KEYS, SEED, Blocks, Ids, Rows, Tags, Words
from grace.matching.index.tables import Table, pairs

VERSION = 2
BLOCKED = 1 << 16
"""Rows from which on the blocks pay: below, a scan is as quick."""
_NAMES = {"words": np.uint64, "starts": np.uint32, "ids": np.int64, "removed": np.uint8}
_BLOCK_NAMES = {"keys": np.uint32, "tags": np.uint16, "order": np.uint32}


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as mapped; ``blocks`` is there for fingerprints of many rows."""

    folder: Path
    table: Table
    removed: npt.NDArray[np.uint8]
    blocks: Blocks | None

    @property
    def entries(self) -> int:
        """Entries that are not removed."""
        return len(self.table.ids) - int(np.count_nonzero(self.removed))

    def left(self) -> tuple[Words, Ids]:
        """All pairs but the removed ones."""
        return pairs([(self.table, self.removed.astype(np.bool_) if self.removed.any() else None)])

    def holders(self, rows: Rows | Ids) -> tuple[Ids, Ids]:
        """The entries that hold the values of rows, but the removed ones; and for each the place in ``rows`` that it belongs to."""
        if len(self.table.ids) == len(self.table):  # each value is held by one entry, as nearly always
            kept = (self.removed[rows] == 0).nonzero()[0]
            return self.table.ids[rows[kept]], kept
        starts = self.table.starts[rows].astype(np.int64)
        many = self.table.starts[rows + 1] - starts
        places = np.repeat(np.arange(len(starts)), many)
        at = np.arange(len(places)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(starts, many)
        kept = self.removed[at] == 0
        return self.table.ids[at[kept]], places[kept]

    def remove(self, row: int, entry: int) -> bool:
        """Mark an entry as removed; whether it was there."""
        start, end = int(self.table.starts[row]), int(self.table.starts[row + 1])
        place = start + int(np.searchsorted(self.table.ids[start:end], entry))
        if place == end or self.table.ids[place] != entry or self.removed[place]:
            return False
        self.removed[place] = 1
        return True


def write(folder: Path, made: Table, *, blocked: bool, engine: Engine) -> None:
    """Write a segment, whole or not at all: made beside its place and moved there."""
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    files.private_folder(draft)
    arrays: dict[str, npt.NDArray[Any]] = {"words": made.words, "starts": made.starts, "ids": made.ids}
    blocked = blocked and len(made) >= BLOCKED
    if blocked:
        arrays |= dict(zip(_BLOCK_NAMES, _blocks(made.words, engine), strict=True))
    digests = {name: _write(draft / f"{name}.bin", array) for name, array in arrays.items()}
    _write(draft / "removed.bin", np.zeros(len(made.ids), np.uint8))
    about = {
        "version": VERSION,
        "permutation": SEED,
        "rows": len(made),
        "words": int(made.words.shape[1]),
        "entries": len(made.ids),
        "blocked": blocked,
        "sha256": digests,
    }
    (draft / "about.json").write_text(json.dumps(about), encoding="ascii")
    files.sync(draft / "about.json")
    files.sync(draft)
    draft.rename(folder)
    files.sync(folder.parent)


def read(folder: Path, *, writable: bool = False) -> Segment:
    """Map a segment. Raises :class:`Unavailable` where it is of another layout or cut short."""
    about = _about(folder)
    names = _NAMES | (_BLOCK_NAMES if about["blocked"] else {})
    mapped = {name: _map(folder / f"{name}.bin", kind, writable=writable and name == "removed") for name, kind in names.items()}
    try:
        mapped["words"] = mapped["words"].reshape(about["rows"], about["words"])
    except ValueError:
        raise _broken(folder) from None
    table = Table(mapped["words"], mapped["starts"], mapped["ids"])
    if len(table.starts) != about["rows"] + 1 or len(table.ids) != about["entries"] or len(mapped["removed"]) != about["entries"]:
        raise _broken(folder)
    return Segment(folder, table, mapped["removed"], _mapped_blocks(folder, about, mapped))


def _mapped_blocks(folder: Path, about: dict[str, Any], mapped: dict[str, npt.NDArray[Any]]) -> Blocks | None:
    if not about["blocked"]:
        return None
    keys, tags, order = (mapped[name] for name in _BLOCK_NAMES)
    if len(keys) != BLOCKS * (KEYS + 1) or len(tags) != BLOCKS * about["rows"] or len(order) != len(tags):
        raise _broken(folder)
    return keys.reshape(BLOCKS, KEYS + 1), tags, order


def check(folder: Path) -> bool:
    """Whether every array is as it was written."""
    return all(_digest(folder / f"{name}.bin") == digest for name, digest in _about(folder)["sha256"].items())


def _about(folder: Path) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads((folder / "about.json").read_bytes())
    except (OSError, ValueError):
        raise _broken(folder) from None
    if (about.get("version"), about.get("permutation")) != (VERSION, SEED):
        raise _broken(folder)
    return about


def _broken(folder: Path) -> Unavailable:
    return Unavailable(
        f"The index segment {folder.name} cannot be used.", remedy="Run grace index rebuild: it is made anew from the database."
    )


def _blocks(words: Words, engine: Engine) -> tuple[Rows, Tags, Rows]:
    """For each block where each key's run starts, and the tags and the rows in the order of their keys."""
    rows = len(words)
    keys = np.zeros((BLOCKS, KEYS + 1), np.uint32)
    tags, order = np.empty(rows * BLOCKS, np.uint16), np.empty(rows * BLOCKS, np.uint32)
    for block, starts in enumerate(keys):
        counts = np.zeros(KEYS, np.uint32)
        engine.count_keys(words, block, counts)
        np.cumsum(counts, out=starts[1:])
        here = slice(block * rows, (block + 1) * rows)
        engine.place_rows(words, block, starts[:-1].copy(), tags[here], order[here])
    return keys.ravel(), tags, order


def _write(path: Path, array: npt.NDArray[Any]) -> str:
    with path.open("wb") as stream:
        stream.write(np.ascontiguousarray(array).data if array.size else b"")
        stream.flush()
        os.fsync(stream.fileno())
    return _digest(path)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _map(path: Path, kind: npt.DTypeLike, *, writable: bool) -> npt.NDArray[Any]:
    try:
        with path.open("r+b" if writable else "rb") as stream:
            if not os.fstat(stream.fileno()).st_size:
                return np.empty(0, kind)
            return np.frombuffer(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ), kind)
    except (OSError, ValueError):
        raise _broken(path.parent) from None
