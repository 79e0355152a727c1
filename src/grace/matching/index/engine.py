"""Which loops run: the compiled ones, or their twins in NumPy where numba is missing. The answers are the same."""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from grace.matching.index import arrays
from grace.matching.index.layout import SCATTER, Bits, Blocks, Found, Ids, Plan, Rows, Tags, Words


class Engine(Protocol):
    """What an index asks of its loops; told at each in :mod:`grace.matching.index.loops`."""

    def scatter(self, values: Bits, table: Words, words: Words, /) -> None: ...
    def scan(self, words: Words, end: int, asked: Words, limit: int, found: Found, /) -> int: ...
    def nearest(self, words: Words, blocks: Blocks, asked: Words, limit: int, most: int, scratch: Plan, found: Found, /) -> int: ...
    def find(self, words: Words, asked: Words, rows: Ids, /) -> None: ...
    def count_keys(self, words: Words, block: int, counts: Rows, /) -> None: ...
    def place_rows(self, words: Words, block: int, cursor: Rows, tags: Tags, order: Rows, /) -> None: ...
    def link(self, words: Words, previous: Rows, slots: Rows, start: int, end: int, /) -> None: ...
    def latest(self, words: Words, slots: Rows, asked: Words, rows: Ids, /) -> None: ...
    def hanging(self, previous: Rows, removed: Bits, count: int, rows: Ids, found: Found, /) -> int: ...


NUMPY: Engine = arrays


@cache
def usual() -> Engine:
    """The compiled loops where numba is at hand."""
    from grace.host import compiled
    from grace.matching.index import loops

    return loops if compiled.AVAILABLE else NUMPY


def warm() -> None:
    """Compile every loop for the arguments that it gets, so that no question waits for that."""
    from grace.host import compiled
    from grace.matching.index import loops

    words, rows, ids = np.empty((1, 4), np.uint64), np.empty(1, np.uint32), np.empty(1, np.int64)
    tags = np.empty(1, np.uint16)
    found: Found = (ids, rows, tags)
    mapped, mapped_rows, mapped_bits = _mapped(words), _mapped(rows), _mapped(np.empty(1, np.uint8))
    blocks = (_mapped(np.empty((1, 1), np.uint32)), _mapped(tags), mapped_rows)
    compiled.prepare(loops.scatter, _mapped(np.empty((1, 32), np.uint8)), SCATTER, words)
    compiled.prepare(loops.scan, mapped, 1, words, 1, found)
    compiled.prepare(loops.nearest, mapped, blocks, words, 1, 1, (ids, ids, ids, rows), found)
    compiled.prepare(loops.find, mapped, words, ids)
    compiled.prepare(loops.latest, mapped, mapped_rows, words, ids)
    compiled.prepare(loops.latest, words, rows, words, ids)
    compiled.prepare(loops.hanging, mapped_rows, mapped_bits, 1, ids, found)
    compiled.prepare(loops.hanging, rows, np.empty(1, np.uint8), 1, ids, found)
    compiled.prepare(loops.link, words, rows, rows, 1, 1)
    compiled.prepare(loops.count_keys, words, 1, rows)
    compiled.prepare(loops.place_rows, words, 1, rows, tags, rows)


def _mapped(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same as if it were mapped for reading."""
    seen = array.view()
    seen.flags.writeable = False
    return seen
