"""Bring the index up to date with the table of entries, make it anew from that table, and compare the two."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from grace.kernel.ids import new_id
from grace.matching import indexed
from grace.matching.index.layout import Ids, Words
from grace.matching.index.store import WIDTHS, Store, Writer
from grace.matching.models import Change, Indexed

CHUNK = 500_000
"""Changes that are brought into the index at once."""

# Two values a kind of change: no object is made for each row.
_CHANGES = """
SELECT algorithm, came, string_agg(value, ''::bytea ORDER BY id), array_agg(entry ORDER BY id)
FROM matching_change WHERE id = ANY(%s) AND algorithm = ANY(%s) GROUP BY algorithm, came ORDER BY came DESC, algorithm
"""
_NEXT = "SELECT array_agg(id) FROM (SELECT id FROM matching_change ORDER BY id LIMIT %s) chunk"
_WAITING = (
    "SELECT string_agg(value, ''::bytea ORDER BY id), array_agg(entry ORDER BY id) FROM matching_change WHERE algorithm = %s AND came = %s"
)
_COPY = "COPY (SELECT id, value FROM matching_entry WHERE algorithm = %s ORDER BY id) TO STDOUT (FORMAT binary)"
_LOCK, _UNLOCK = (f"SELECT pg_advisory_{word}(hashtext('matching_indexed'))" for word in ("lock", "unlock"))
_COPY_HEAD, _COPY_TAIL = 19, 2


@dataclass(frozen=True, slots=True)
class Followed:
    """What was brought into the index."""

    came: int = 0
    went: int = 0

    def __add__(self, other: Followed) -> Followed:
        return Followed(self.came + other.came, self.went + other.went)


@dataclass(frozen=True, slots=True)
class Difference:
    """How the index of one kind differs from the table: entries that it lacks, and pairs that it has too many."""

    algorithm: str
    lacking: int
    surplus: int


def follow(progress: Callable[[Followed], None] = lambda _: None) -> Followed:
    """Bring every change that is committed into the index, then merge what is due. To be called outside a transaction.

    May be broken off at any moment, and run by several processes: each change is brought in at least once before it is
    deleted, and once more does no harm.
    """
    done = Followed()
    with _alone(), _writers(_origin()) as writers:
        while ids := _next():
            done += _apply(writers, ids)
            progress(done)
        for writer in writers.values():
            while writer.merge():
                pass
    return done


def tend() -> None:
    """Bring the index up to date where changes wait, and make it anew where it is not there. Costs one query where nothing is due."""
    if lost():
        rebuild()
    if Change.objects.exists():
        follow()


def rebuild() -> int:
    """Make the index anew from the table of entries; how many it holds. To be called outside a transaction."""
    with _alone():
        before, origin, held = indexed.origin_now(), new_id(), 0
        # Read before the entries: a change that commits in between is in both, and bringing it in once more does no harm.
        known = list(Change.objects.values_list("id", flat=True))
        with _writers(origin) as writers:
            for algorithm, writer in writers.items():
                words, ids = _entries(writer.store, algorithm)
                writer.replace(words, ids)
                held += len(ids)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM matching_change WHERE id = ANY(%s)", [known])
            cursor.execute(
                "INSERT INTO matching_indexed VALUES (true, %s) ON CONFLICT (one) DO UPDATE SET origin = excluded.origin", [origin]
            )
        if before:
            shutil.rmtree(indexed.folder(before), ignore_errors=True)
    return held


def compare() -> list[Difference]:
    """Where the index, with the changes that wait, is not what the table holds; nothing where the two are equal."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:  # one moment for all that is read
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        origin = indexed.origin_now()
        return [found for algorithm in WIDTHS if (found := _difference(origin, algorithm)).lacking or found.surplus]


def damaged() -> list[str]:
    """The segments that are not as they were written."""
    origin = indexed.origin_now()
    if origin is None or lost():
        return []
    return [f"{algorithm}/{name}" for algorithm in WIDTHS for name in indexed.store(origin, algorithm).check()]


def lost() -> bool:
    """Whether the database names an index that is not in the data folder."""
    origin = indexed.origin_now()
    return origin is not None and not all((indexed.folder(origin) / algorithm).is_dir() for algorithm in WIDTHS)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one kind of value stands in the index: entries, parts, bytes on disk."""

    algorithm: str
    entries: int
    segments: int
    bytes: int


def standing() -> tuple[list[Standing], int]:
    """How the index stands, by kind, and how many changes wait for it."""
    origin = indexed.origin_now()
    found: list[Standing] = []
    if origin is None or lost():
        return found, Change.objects.count()
    for algorithm in WIDTHS:
        index = indexed.store(origin, algorithm)
        view = index.view()
        size = sum(path.stat().st_blocks * 512 for path in index.folder.rglob("*") if path.is_file())
        found.append(Standing(algorithm, view.entries, len(view.segments), size))
    return found, Change.objects.count()


@contextmanager
def _alone() -> Iterator[None]:
    """Whoever changes the index is alone, on whatever machine; the database frees the lock of one that dies."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        try:
            yield
        finally:
            cursor.execute(_UNLOCK)


def _origin() -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO matching_indexed VALUES (true, %s) ON CONFLICT (one) DO NOTHING", [new_id()])
    return Indexed.objects.get().origin


@contextmanager
def _writers(origin: UUID) -> Iterator[dict[str, Writer]]:
    with ExitStack() as stack:
        writers = {algorithm: stack.enter_context(indexed.store(origin, algorithm).writing()) for algorithm in sorted(WIDTHS)}
        for writer in writers.values():
            writer.sweep()
        yield writers


def _next() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [CHUNK])
        return cursor.fetchone()[0] or []


def _apply(writers: dict[str, Writer], changes: list[int]) -> Followed:
    done = Followed()
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [changes, list(writers)])
        rows = cursor.fetchall()
    for algorithm, came, values, entries in rows:
        writer = writers[algorithm]
        words, ids = _read(writer.store, values), np.array(entries, np.int64)
        if came:
            writer.add(words, ids)
            done += Followed(came=len(ids))
        else:
            done += Followed(went=writer.remove(words, ids))
    for writer in writers.values():
        writer.sync()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM matching_change WHERE id = ANY(%s)", [changes])
    return done


def _read(store: Store, values: bytes) -> Words:
    return store.words_of(np.frombuffer(values, np.uint8).reshape(-1, WIDTHS[store.kind]))


def _entries(store: Store, algorithm: str) -> tuple[Words, Ids]:
    """All entries of the table, in the database's own binary form: every row has the same length."""
    width = WIDTHS[algorithm]
    record = np.dtype([("fields", ">u2"), ("eight", ">u4"), ("id", ">i8"), ("width", ">u4"), ("value", "u1", (width,))])
    raw = bytearray()
    connection.ensure_connection()
    with connection.cursor() as cursor, cursor.cursor.copy(_COPY, [algorithm]) as copy:
        for piece in copy:
            raw += piece
    rows: npt.NDArray[np.void] = np.frombuffer(memoryview(raw)[_COPY_HEAD : len(raw) - _COPY_TAIL], record)
    return store.words_of(rows["value"]), rows["id"].astype(np.int64)


def _difference(origin: UUID | None, algorithm: str) -> Difference:
    index = indexed.store(origin or new_id(), algorithm)
    held = _pairs(*index.left())
    for came in (True, False):
        with connection.cursor() as cursor:
            cursor.execute(_WAITING, [algorithm, came])
            values, entries = cursor.fetchone()
        if entries:
            waiting = _pairs(_read(index, values), np.array(entries, np.int64))
            held = np.union1d(held, waiting) if came else np.setdiff1d(held, waiting)
    wanted = _pairs(*_entries(index, algorithm))
    return Difference(algorithm, len(np.setdiff1d(wanted, held)), len(np.setdiff1d(held, wanted)))


def _pairs(words: Words, ids: Ids) -> npt.NDArray[np.void]:
    """Each entry with its value as one item, to be compared as sets."""
    both = np.concatenate([ids.astype(np.uint64)[:, None], words], axis=1)
    return np.ascontiguousarray(both).view(np.dtype((np.void, both.itemsize * both.shape[1]))).ravel()
