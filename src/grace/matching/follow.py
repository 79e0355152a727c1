"""Bring an index up to date with its table, make it anew from that table, and compare the two."""

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
from grace.matching import due, indexed
from grace.matching.index.layout import Ids, Words
from grace.matching.index.store import WIDTHS, Store, Writer
from grace.matching.indexed import HELD, LISTS, Source
from grace.matching.models import Indexed

CHUNK = 500_000
"""Changes that are brought into the index at once."""

# Two values a kind of change: no object is made for each row.
_CHANGES = """
SELECT algorithm, came, string_agg(value, ''::bytea ORDER BY id), array_agg(entry ORDER BY id)
FROM {log} WHERE id = ANY(%s) AND algorithm = ANY(%s) GROUP BY algorithm, came ORDER BY came DESC, algorithm
"""
_NEXT = "SELECT array_agg(id) FROM (SELECT id FROM {log} ORDER BY id LIMIT %s) chunk"
_WAITING = "SELECT string_agg(value, ''::bytea ORDER BY id), array_agg(entry ORDER BY id) FROM {log} WHERE algorithm = %s AND came = %s"
_COPY = "COPY (SELECT id, value FROM {table} WHERE algorithm = %s ORDER BY id) TO STDOUT (FORMAT binary)"
_LOCK = "SELECT pg_advisory_lock(hashtext('matching_indexed'), hashtext(%s))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtext('matching_indexed'), hashtext(%s))"
_NAME = "INSERT INTO matching_indexed (name, origin) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET origin = excluded.origin"
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


def follow(progress: Callable[[Followed], None] = lambda _: None, source: Source = LISTS) -> Followed:
    """Bring every change that is committed into the index, then merge what is due. To be called outside a transaction.

    May be broken off at any moment, and run by several processes: each change is brought in at least once before it is
    deleted, and once more does no harm.
    """
    done = Followed()
    with _alone(source), _writers(source, _origin(source)) as writers:
        while ids := _next(source):
            done += _apply(source, writers, ids)
            progress(done)
        for writer in writers.values():
            while writer.merge():
                pass
    return done


def tend() -> None:
    """Bring both indexes up to date where changes wait, and make anew what is not there. Costs two queries each where nothing is due."""
    for source in (LISTS, HELD):
        if lost(source):
            rebuild(source)
            if source is LISTS:
                due.ask_everything()  # what was asked meanwhile was not checked
        if waiting(source):
            follow(source=source)


def rebuild(source: Source = LISTS) -> int:
    """Make the index anew from its table; how many values it holds. To be called outside a transaction."""
    with _alone(source):
        before, origin, held = indexed.origin_now(source), new_id(), 0
        known = _known(source)  # read before the values: a change that commits in between is in both, and once more does no harm
        with _writers(source, origin) as writers:
            for algorithm, writer in writers.items():
                words, ids = _entries(source, writer.store, algorithm)
                writer.replace(words, ids)
                held += len(ids)
        with transaction.atomic(), connection.cursor() as cursor:
            _forget(source, known)
            cursor.execute(_NAME, [source.name, origin])
        if before:
            shutil.rmtree(indexed.folder(before), ignore_errors=True)
    return held


def compare(source: Source = LISTS) -> list[Difference]:
    """Where the index, with the changes that wait, is not what the table holds; nothing where the two are equal."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:  # one moment for all that is read
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        origin = indexed.origin_now(source)
        found = (_difference(source, origin, algorithm) for algorithm in source.kinds)
        return [each for each in found if each.lacking or each.surplus]


def damaged(source: Source = LISTS) -> list[str]:
    """The segments that are not as they were written."""
    origin = indexed.origin_now(source)
    if origin is None or lost(source):
        return []
    return [f"{source.name}/{algorithm}/{name}" for algorithm in source.kinds for name in indexed.store(source, origin, algorithm).check()]


def lost(source: Source = LISTS) -> bool:
    """Whether the database names an index that is not in the data folder."""
    origin = indexed.origin_now(source)
    return origin is not None and not all((indexed.folder(origin) / algorithm).is_dir() for algorithm in source.kinds)


def waiting(source: Source = LISTS) -> bool:
    """Whether a change waits to be brought in."""
    with connection.cursor() as cursor:
        cursor.execute(source.sql("SELECT EXISTS (SELECT FROM {log})"))
        found: bool = cursor.fetchone()[0]
    return found


@contextmanager
def _alone(source: Source) -> Iterator[None]:
    """Whoever changes the index is alone, on whatever machine; the database frees the lock of one that dies."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [source.name])
        try:
            yield
        finally:
            cursor.execute(_UNLOCK, [source.name])


def _origin(source: Source) -> UUID:
    Indexed.objects.bulk_create([Indexed(name=source.name, origin=new_id())], ignore_conflicts=True)
    return Indexed.objects.get(name=source.name).origin


@contextmanager
def _writers(source: Source, origin: UUID) -> Iterator[dict[str, Writer]]:
    with ExitStack() as stack:
        writers = {algorithm: stack.enter_context(indexed.store(source, origin, algorithm).writing()) for algorithm in sorted(source.kinds)}
        for writer in writers.values():
            writer.sweep()
        yield writers


def _next(source: Source) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(source.sql(_NEXT), [CHUNK])
        return cursor.fetchone()[0] or []


def _apply(source: Source, writers: dict[str, Writer], changes: list[int]) -> Followed:
    done = Followed()
    with connection.cursor() as cursor:
        cursor.execute(source.sql(_CHANGES), [changes, list(writers)])
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
    _forget(source, changes)
    return done


def _known(source: Source) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(source.sql("SELECT id FROM {log}"))
        return [row[0] for row in cursor.fetchall()]


def _forget(source: Source, changes: list[int]) -> None:
    """Take these changes off the log. What came to a list is to be asked about all that is stored, in the same transaction."""
    if source is LISTS:
        due.take_over(changes)
        return
    with connection.cursor() as cursor:
        cursor.execute(source.sql("DELETE FROM {log} WHERE id = ANY(%s)"), [changes])


def _read(store: Store, values: bytes) -> Words:
    return store.words_of(np.frombuffer(values, np.uint8).reshape(-1, WIDTHS[store.kind]))


def _entries(source: Source, store: Store, algorithm: str) -> tuple[Words, Ids]:
    """All values of the table, in the database's own binary form: every row has the same length."""
    width = WIDTHS[algorithm]
    record = np.dtype([("fields", ">u2"), ("eight", ">u4"), ("id", ">i8"), ("width", ">u4"), ("value", "u1", (width,))])
    raw = bytearray()
    connection.ensure_connection()
    with connection.cursor() as cursor, cursor.cursor.copy(source.sql(_COPY), [algorithm]) as copy:
        for piece in copy:
            raw += piece
    rows: npt.NDArray[np.void] = np.frombuffer(memoryview(raw)[_COPY_HEAD : len(raw) - _COPY_TAIL], record)
    return store.words_of(rows["value"]), rows["id"].astype(np.int64)


def _difference(source: Source, origin: UUID | None, algorithm: str) -> Difference:
    index = indexed.store(source, origin or new_id(), algorithm)
    held = _pairs(*index.left())
    for came in (True, False):
        with connection.cursor() as cursor:
            cursor.execute(source.sql(_WAITING), [algorithm, came])
            values, entries = cursor.fetchone()
        if entries:
            told = _pairs(_read(index, values), np.array(entries, np.int64))
            held = np.union1d(held, told) if came else np.setdiff1d(held, told)
    wanted = _pairs(*_entries(source, index, algorithm))
    return Difference(algorithm, len(np.setdiff1d(wanted, held)), len(np.setdiff1d(held, wanted)))


def _pairs(words: Words, ids: Ids) -> npt.NDArray[np.void]:
    """Each entry with its value as one item, to be compared as sets."""
    both = np.concatenate([ids.astype(np.uint64)[:, None], words], axis=1)
    return np.ascontiguousarray(both).view(np.dtype((np.void, both.itemsize * both.shape[1]))).ravel()
