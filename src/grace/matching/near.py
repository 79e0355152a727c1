"""Which PDQ entries are near a fingerprint: a plain scan that is right by its simplicity.

Entries are kept in an array of 40 bytes each and read again when the table's token has changed, so that every
process sees a change with its next question. An index for lists of many millions will stand behind the same class.
Distance 31 of 256 bits is the threshold that PDQ's authors recommend (ThreatExchange, "The TMK+PDQF video-hashing
algorithm and the PDQ image-hashing algorithm", 2019).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from grace.kernel.errors import Unavailable

NEAR = 31
_BLOCK = 1 << 15  # 32,768 entries of 32 bytes: one mebibyte, which stays in a core's cache while it is scanned
_CHUNK = 200_000
MOST_ENTRIES = 20_000_000  # 800 MB

# string_agg hands a chunk over as two values: no object per row is ever made.
_READ = """
SELECT string_agg(value, ''::bytea ORDER BY id), array_agg(id ORDER BY id)
FROM (SELECT id, value FROM matching_entry WHERE algorithm = 'pdq' AND id > %s ORDER BY id LIMIT %s) chunk
"""
_REVISION = "SELECT token FROM matching_revision"

Words = npt.NDArray[np.uint64]
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Near:
    """An entry within the distance, in bits of 256."""

    entry_id: int
    distance: int


class PdqScan:
    """All PDQ entries of the table, as of the last question."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._token: UUID | None = None
        self._words, self._ids = _joined([], [])

    def near(self, values: Sequence[bytes], distance: int = NEAR) -> list[list[Near]]:
        """For each 32-byte value the entries at most ``distance`` away, nearest first."""
        words, ids = self._fresh()
        return [sorted(_scan(words, ids, value, distance), key=lambda found: (found.distance, found.entry_id)) for value in values]

    def _fresh(self) -> tuple[Words, Ids]:
        with self._lock:
            token = _token()
            if token is None or token != self._token:
                # The token is read first: a change that commits in between is read now and once more at the next question.
                self._words, self._ids = _read_entries()
                self._token = token
            return self._words, self._ids


def _scan(words: Words, ids: Ids, value: bytes, distance: int) -> Iterator[Near]:
    asked = np.frombuffer(value, np.uint64)
    for start in range(0, len(ids), _BLOCK):
        first, second, third, fourth = np.bitwise_count(words[:, start : start + _BLOCK] ^ asked[:, None])
        apart = np.add(first + second + third, fourth, dtype=np.uint16)  # 192 bits fit a byte, 256 do not
        for place in np.flatnonzero(apart <= distance):
            yield Near(int(ids[start + place]), int(apart[place]))


def _token() -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(_REVISION)
        row = cursor.fetchone()
    return row[0] if row else None


def _read_entries() -> tuple[Words, Ids]:
    words: list[Words] = []
    ids: list[Ids] = []
    for value, numbers in _chunks():
        words.append(np.frombuffer(value, np.uint64).reshape(-1, 4).T)
        ids.append(np.array(numbers, np.int64))
        if sum(map(len, ids)) > MOST_ENTRIES:
            raise Unavailable(f"The lists hold more than {MOST_ENTRIES:,} PDQ entries, more than a scan can bear.", remedy="Remove a list.")
    return _joined(words, ids)


def _joined(words: Sequence[Words], ids: Sequence[Ids]) -> tuple[Words, Ids]:
    """Four rows of 64-bit words, one column for each entry, and the entries' ids."""
    return np.ascontiguousarray(np.concatenate([np.empty((4, 0), np.uint64), *words], axis=1)), np.concatenate(
        [np.empty(0, np.int64), *ids]
    )


def _chunks() -> Iterator[tuple[bytes, list[int]]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [last, _CHUNK])
            value, numbers = cursor.fetchone()
        if not numbers:
            return
        yield value, numbers
        last = numbers[-1]


PDQ_ENTRIES = PdqScan()
"""The scan of this process."""
