"""What a table of values holds, asked of its index in the data folder and of the changes that the index does not know of yet.

There are two: the entries of lists, and the fingerprints of files that are held. Index and changes together are always what the
asking transaction sees: changes are read first, so that one which is brought into the index meanwhile is found in one of the
two. What left the table needs no look here: its row is gone, and answers are read from rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.db import connection

from grace.host import environment
from grace.kernel.errors import Unavailable
from grace.kernel.sql import fill
from grace.matching.index import layout, segment
from grace.matching.index.hits import NOTHING, Hits, joined
from grace.matching.index.store import FINGERPRINT, WIDTHS, Store

MOST_PENDING = 20_000
"""Changes that a question looks through itself; a longer import becomes known when the index has been brought up to date."""

LAYOUT = f"{segment.VERSION}.{layout.SEED}"
"""Names how values lie in an index: the form of its files and the permutation of bits."""

_STANDING = """
SELECT i.origin, c.algorithm, c.entry, c.value
FROM (SELECT 1) AS one LEFT JOIN matching_indexed i ON i.name = %s
LEFT JOIN (SELECT algorithm, entry, value FROM {log} WHERE came AND algorithm = ANY(%s) ORDER BY id LIMIT %s) c ON true
"""


class Lost(Unavailable):
    """The index that the database names is not in the data folder: it is being made anew."""

    def __init__(self) -> None:
        super().__init__("The index is being made anew.", remedy="Try again in a minute.")


@dataclass(frozen=True, slots=True)
class Source:
    """What an index is of: its name, the table of values, the log of what came and went, and the kinds of values."""

    name: str
    table: str
    log: str
    kinds: tuple[str, ...]

    def sql(self, text: str) -> str:
        """A statement over this table and its log."""
        return fill(text, table=self.table, log=self.log)


LISTS = Source("lists", "matching_entry", "matching_change", tuple(WIDTHS))
HELD = Source("held", "matching_held", "matching_held_change", (FINGERPRINT,))


@dataclass(frozen=True, slots=True)
class Index:
    """Which index answered: its name (None before there is one), its layout, and how many changes of its parts it had seen."""

    origin: UUID | None = None
    layout: str = LAYOUT
    generation: int = 0


class Found(NamedTuple):
    """Entries that answer a question, nearest first. A tuple, since half a batch may be known and each answer makes one."""

    ids: layout.Ids
    distances: layout.Distances

    def entries(self, start: int, most: int) -> list[tuple[int, int]]:
        """``(entry, distance)``, at most so many from a place on."""
        part = slice(start, start + most)
        return list(zip(self.ids[part].tolist(), self.distances[part].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Told:
    """What was found of one kind of value, by value: those that nothing is held of are left out. And the index that was asked."""

    found: Mapping[bytes, Found]
    index: Index


def ask(questions: Mapping[str, Sequence[bytes]], limit: int = layout.NEAR, source: Source = LISTS) -> dict[str, Told]:
    """What the table holds of these values, by algorithm: exactly them, or for a fingerprint what is within ``limit`` bits.

    Values must be different, and have their algorithm's length. Raises :class:`Lost`.
    """
    origin, pending = _standing(source, list(questions))
    told: dict[str, Told] = {}
    for algorithm, values in questions.items():
        index = store(source, origin, algorithm) if origin else None
        found = _indexed(index, values, limit) if index else NOTHING
        fresh = _fresh(algorithm, pending[algorithm], values, limit) if algorithm in pending else NOTHING
        hits = joined([found, fresh]) if len(fresh.ids) else found
        by_value = {values[question]: Found(ids, distances) for question, ids, distances in hits.by_question()}
        told[algorithm] = Told(by_value, Index(origin, LAYOUT, index.view().generation if index else 0))
    return told


def folder(origin: UUID) -> Path:
    """Where the index of a name lies."""
    return environment.read().home / "index" / str(origin)


def holds_anything() -> bool:
    """Whether any index in the data folder has an entry. Asks no database."""
    kept = (environment.read().home / "index").glob("*/*/manifest.json")
    return any(Store(each.parent, each.parent.name).view() for each in kept if each.parent.name in WIDTHS)


_open: dict[tuple[str, str], tuple[UUID, Store]] = {}


def store(source: Source, origin: UUID, algorithm: str) -> Store:
    """The view that this process has of one kind of value. Only the newest origin is kept open."""
    at, held = _open.get((source.name, algorithm), (None, None))
    if held is None or at != origin:
        held = Store(folder(origin) / algorithm, algorithm)
        _open[source.name, algorithm] = origin, held
    return held


def origin_now(source: Source = LISTS) -> UUID | None:
    """The name of the index, None before there is one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT origin FROM matching_indexed WHERE name = %s", [source.name])
        row = cursor.fetchone()
    return row[0] if row else None


def _indexed(index: Store, values: Sequence[bytes], limit: int) -> Hits:
    if not index.folder.is_dir():
        raise Lost
    return index.near(values, limit) if index.kind == FINGERPRINT else index.find(values)


def _standing(source: Source, algorithms: Sequence[str]) -> tuple[UUID | None, dict[str, list[tuple[int, bytes]]]]:
    with connection.cursor() as cursor:
        cursor.execute(source.sql(_STANDING), [source.name, list(algorithms), MOST_PENDING])
        rows = cursor.fetchall()
    pending: dict[str, list[tuple[int, bytes]]] = {}
    for _origin, algorithm, entry, value in rows:
        if algorithm is not None:
            pending.setdefault(algorithm, []).append((entry, bytes(value)))
    return rows[0][0], pending


def _fresh(algorithm: str, entries: Sequence[tuple[int, bytes]], values: Sequence[bytes], limit: int) -> Hits:
    """What the changes that wait answer: looked through one by one, as they are few."""
    lines: list[tuple[int, int, int]] = []
    if algorithm == FINGERPRINT and entries:
        words = np.frombuffer(b"".join(value for _, value in entries), np.uint64).reshape(-1, WIDTHS[FINGERPRINT] // 8)
        for place, value in enumerate(values):
            apart = np.bitwise_count(words ^ np.frombuffer(value, np.uint64)).sum(axis=1, dtype=np.int64)
            lines += [(place, entries[hit][0], int(apart[hit])) for hit in np.flatnonzero(apart <= limit).tolist()]
    else:
        places = {value: place for place, value in enumerate(values)}
        lines += [(places[value], entry, 0) for entry, value in entries if value in places]
    columns = np.array(lines, np.int64).reshape(-1, 3)
    return joined([Hits(columns[:, 0], columns[:, 1], columns[:, 2].astype(np.uint16))])
