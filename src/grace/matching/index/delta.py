"""A delta: entries that came since the last merge, in one file of fixed size that every process maps.

The writer puts a row down first and raises the count last; a reader looks at rows below the count only, so that neither waits.
What a crash cuts short lies above the count and is written over.
"""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from grace.kernel.errors import Unavailable
from grace.matching.index.engine import Engine
from grace.matching.index.layout import Ids, Rows, Words

CAPACITY = 1 << 16
"""Rows; looking at all of them takes less time than the plan of one question does."""
_PAGE = 4096
_SLOTS = 4 * CAPACITY


@dataclass(frozen=True, slots=True)
class Delta:
    """A delta as mapped. ``previous`` leads from a row to the one before it with the same value, plus one."""

    path: Path
    head: npt.NDArray[np.uint64]
    words: Words
    ids: Ids
    previous: Rows
    slots: Rows
    removed: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return int(self.head[0])

    @property
    def entries(self) -> int:
        """Entries that are not removed."""
        return len(self) - int(np.count_nonzero(self.removed[: len(self)]))

    def append(self, words: Words, ids: Ids, engine: Engine) -> int:
        """Add what there is room for; how many that were."""
        start = len(self)
        end = min(start + len(ids), CAPACITY)
        self.words[start:end] = words[: end - start]
        self.ids[start:end] = ids[: end - start]
        self.removed[start:end] = 0
        engine.link(self.words, self.previous, self.slots, start, end)
        self.head[0] = end
        return end - start

    def left(self) -> tuple[Words, Ids]:
        """All pairs but the removed ones."""
        kept = self.removed[: len(self)] == 0
        return self.words[: len(self)][kept], self.ids[: len(self)][kept]


def make(path: Path, width: int) -> None:
    """An empty delta of values of ``width`` words."""
    with path.open("xb") as stream:
        stream.truncate(_size(width))
    path.chmod(0o600)


def read(path: Path, width: int, *, writable: bool = False) -> Delta:
    """Map a delta. Raises :class:`Unavailable` where the file is not one."""
    try:
        with path.open("r+b" if writable else "rb") as stream:
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ)
    except (OSError, ValueError):
        mapped = None
    if mapped is None or len(mapped) != _size(width):
        raise Unavailable(
            f"The index delta {path.name} cannot be used.", remedy="Run grace index rebuild: it is made anew from the database."
        )
    place = _PAGE
    parts: list[npt.NDArray[Any]] = []
    for kind, many in _regions(width):
        parts.append(np.frombuffer(mapped, kind, many, place))
        place += parts[-1].nbytes
    words, ids, previous, slots, removed = parts
    found = Delta(path, np.frombuffer(mapped, np.uint64, 1), words.reshape(CAPACITY, width), ids, previous, slots, removed)
    if writable:
        _mend(found)
    return found


def _mend(found: Delta) -> None:
    """Take out of the slots what a crash left there above the count."""
    count = len(found)
    for place in np.flatnonzero(found.slots > count):
        row = int(found.slots[place])
        while row > count:
            row = int(found.previous[row - 1])
        found.slots[place] = row


def _regions(width: int) -> list[tuple[Any, int]]:
    return [(np.uint64, CAPACITY * width), (np.int64, CAPACITY), (np.uint32, CAPACITY), (np.uint32, _SLOTS), (np.uint8, CAPACITY)]


def _size(width: int) -> int:
    return _PAGE + sum(int(np.dtype(kind).itemsize) * many for kind, many in _regions(width))
