"""Values in order, each once, with the entries that hold it: what a segment is made of, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grace.matching.index.layout import Ids, Rows, Words


@dataclass(frozen=True, slots=True)
class Table:
    """``words[row]`` is held by the entries ``ids[starts[row]:starts[row + 1]]``; both ascend."""

    words: Words
    starts: Rows
    ids: Ids

    def __len__(self) -> int:
        return len(self.words)


def table(words: Words, ids: Ids) -> Table:
    """The table of pairs in any order, in which a pair may stand twice."""
    order = _order(words, ids)
    words, ids = words[order], ids[order]
    fresh = np.ones(len(words), np.bool_)
    fresh[1:] = (words[1:] != words[:-1]).any(axis=1)
    kept = fresh.copy()
    kept[1:] |= ids[1:] != ids[:-1]
    if not kept.all():
        words, ids, fresh = words[kept], ids[kept], fresh[kept]
    starts = np.append(np.flatnonzero(fresh), len(ids)).astype(np.uint32)
    return Table(words[fresh] if len(starts) <= len(ids) else words, starts, ids)


def pairs(parts: Sequence[tuple[Table, npt.NDArray[np.bool_] | None]]) -> tuple[Words, Ids]:
    """All pairs of tables but those whose place is marked as removed."""
    words, ids = [], []
    for part, removed in parts:
        each = np.repeat(part.words, part.starts[1:] - part.starts[:-1], axis=0) if len(part.words) < len(part.ids) else part.words
        words.append(each if removed is None else each[~removed])
        ids.append(part.ids if removed is None else part.ids[~removed])
    return np.concatenate(words), np.concatenate(ids)


def _order(words: Words, ids: Ids) -> npt.NDArray[np.int64]:
    """The order by value, then by entry. Sorted by the first word, which settles most; then only what is equal there."""
    order = np.argsort(words[:, 0])
    first = words[order, 0]
    same = np.zeros(len(order), np.bool_)
    same[1:] = first[1:] == first[:-1]
    same[:-1] |= same[1:].copy()
    tied = order[same]
    keys = [ids[tied], *(words[tied, word] for word in reversed(range(words.shape[1])))]
    order[same] = tied[np.lexsort(keys)]
    return order
