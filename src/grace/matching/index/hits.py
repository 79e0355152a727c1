"""What a question of the index is answered with, put together from its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from grace.matching.index.layout import Distances, Ids

_MOST_SMALL = 0xFFFF
"""Numbers up to here are sorted in one step for each, whatever their number."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, a line each: the place of the question, the entry, its distance. By question, then the nearest first."""

    questions: Ids
    ids: Ids
    distances: Distances

    def of(self, question: int) -> tuple[Ids, Distances]:
        """The entries that answer one question, and their distances."""
        start, end = np.searchsorted(self.questions, (question, question + 1))
        return self.ids[start:end], self.distances[start:end]

    def by_question(self) -> Iterator[tuple[int, Ids, Distances]]:
        """The same for each question that anything answers, with its place, in their order."""
        places, starts = np.unique(self.questions, return_index=True)
        edges = [*starts.tolist(), len(self.ids)]
        for place, (start, end) in zip(places.tolist(), pairwise(edges), strict=True):
            yield place, self.ids[start:end], self.distances[start:end]


NOTHING = Hits(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.uint16))


def joined(parts: Sequence[Hits]) -> Hits:
    """All lines, by question, then the nearest first, equals as they stand in the parts; an entry that stands twice is told once."""
    parts = [part for part in parts if len(part.ids)]
    if not parts:
        return NOTHING
    if len(parts) == 1:  # within a part each stands once
        return _nearest_first(parts[0])
    both = together(parts)
    once = firsts(both.questions, both.ids)
    return _nearest_first(both if once.all() else Hits(both.questions[once], both.ids[once], both.distances[once]))


def together(parts: Sequence[Hits]) -> Hits:
    """The lines of all parts, one part after the other."""
    if len(parts) == 1:
        return parts[0]
    questions, ids, distances = zip(*((part.questions, part.ids, part.distances) for part in parts or [NOTHING]), strict=True)
    return Hits(np.concatenate(questions), np.concatenate(ids), np.concatenate(distances))


def firsts(questions: Ids, ids: Ids) -> npt.NDArray[np.bool_]:
    """Where each pair of question and entry stands first."""
    order = np.lexsort((ids, questions))
    fresh = np.ones(len(ids), np.bool_)
    fresh[order[1:]] = (ids[order[1:]] != ids[order[:-1]]) | (questions[order[1:]] != questions[order[:-1]])
    return fresh


def _nearest_first(part: Hits) -> Hits:
    """One part in order: two sorts by a small number each, for some pictures have 100,000 variants."""
    if len(part.ids) == 1:
        return part
    order = np.argsort(part.distances, kind="stable")
    if part.questions.min() != part.questions.max():
        small = np.uint16 if part.questions.max() <= _MOST_SMALL else np.int64
        order = order[np.argsort(part.questions[order].astype(small), kind="stable")]
    return Hits(part.questions[order], part.ids[order], part.distances[order])
