"""What the lists hold, asked of the index in the data folder and of the changes that it does not know of yet.

The two together are always what the asking transaction sees: changes are read first, so that one which is brought into the
index meanwhile is found in one of the two. What left a list needs no look here: its row is gone, and answers are read from rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
from django.db import connection

from grace.host import environment
from grace.matching.index import layout
from grace.matching.index.hits import NOTHING, Hits, joined
from grace.matching.index.store import FINGERPRINT, WIDTHS, Store

MOST_PENDING = 20_000
"""Changes that a question looks through itself; a longer import becomes known when the index has been brought up to date."""

_STANDING = """
SELECT i.origin, c.algorithm, c.entry, c.value
FROM (SELECT 1) AS one LEFT JOIN matching_indexed i ON true
LEFT JOIN (SELECT algorithm, entry, value FROM matching_change WHERE came AND algorithm = ANY(%s) ORDER BY id LIMIT %s) c ON true
"""


class Lost(Exception):
    """The index that the database names is not in the data folder: it is being made anew."""


@dataclass(frozen=True, slots=True)
class Found:
    """Entries that answer a question, nearest first."""

    ids: layout.Ids
    distances: layout.Distances

    def entries(self, start: int, most: int) -> list[tuple[int, int]]:
        """``(entry, distance)``, at most so many from a place on."""
        part = slice(start, start + most)
        return list(zip(self.ids[part].tolist(), self.distances[part].tolist(), strict=True))


def ask(questions: Sequence[tuple[str, bytes]], limit: int = layout.NEAR) -> list[Found]:
    """For each ``(algorithm, value)`` what the lists hold: exactly it, or for a fingerprint what is within ``limit`` bits.

    Values must have their algorithm's length. Raises :class:`Lost`.
    """
    algorithms = sorted({algorithm for algorithm, _ in questions})
    origin, pending = _standing(algorithms)
    answers: dict[tuple[str, bytes], Found] = {}
    for algorithm in algorithms:
        values = list(dict.fromkeys(value for kind, value in questions if kind == algorithm))
        found = _indexed(origin, algorithm, values, limit) if origin else NOTHING
        fresh = _fresh(algorithm, pending.get(algorithm, []), values, limit)
        hits = joined([found, fresh]) if len(fresh.ids) else found
        for place, value in enumerate(values):
            answers[algorithm, value] = Found(*hits.of(place))
    return [answers[question] for question in questions]


def folder(origin: UUID) -> Path:
    """Where the index of a name lies."""
    return environment.read().home / "index" / str(origin)


_open: dict[str, Store] = {}


def store(origin: UUID, algorithm: str) -> Store:
    """The view that this process has of one kind of value. Only the newest origin is kept open."""
    place = folder(origin) / algorithm
    held = _open.get(algorithm)
    if held is None or held.folder != place:
        held = _open[algorithm] = Store(place, algorithm)
    return held


def origin_now() -> UUID | None:
    """The name of the index, None before there is one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT origin FROM matching_indexed")
        row = cursor.fetchone()
    return row[0] if row else None


def _indexed(origin: UUID, algorithm: str, values: Sequence[bytes], limit: int) -> Hits:
    index = store(origin, algorithm)
    if not index.folder.is_dir():
        raise Lost
    return index.near(values, limit) if algorithm == FINGERPRINT else index.find(values)


def _standing(algorithms: Sequence[str]) -> tuple[UUID | None, dict[str, list[tuple[int, bytes]]]]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [list(algorithms), MOST_PENDING])
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
