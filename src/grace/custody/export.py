r"""The whole ledger as one signed file of JSON Lines, for a supervisory authority, a court, or a copy elsewhere.

::

    {"format":"grace-ledger","made_at":"2026-11-22T17:46:33.000000Z","origin":"ledger.agency.example","size":3,"version":1}
    {"entry":{"act":…,"actor":…,…},"leaf":"<64 hex>","salt":"<32 hex>","seq":0}
    {"leaf":"<64 hex>","pruned":true,"seq":1}           an entry that was pruned when the log's legal period ended
    {"entry":…,"seq":2}
    {"checkpoint":"ledger.agency.example\n3\n…"}       each right after the last entry that it covers
    {"end":"ledger.agency.example/export\n3\n…"}       a note over the SHA-256 of everything above

Every line is in the canonical spelling, so there is one way only to write an export.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final

from django.db import connection, transaction

from grace.custody import checkpoints, notes
from grace.custody.canonical import COLUMNS, EntryRow, entry_bytes, moment, spelled
from grace.custody.models import Checkpoint
from grace.custody.reading import entries
from grace.kernel import clock

FORMAT: Final = "grace-ledger"
VERSION: Final = 1
PAGE: Final = 2_000
"""Leaves a query."""

_PAGE = f"""
SELECT l.seq, l.digest, {COLUMNS}
FROM custody_leaf l LEFT JOIN custody_entry e ON e.id = l.entry_id
WHERE l.seq >= %s AND l.seq < %s ORDER BY l.seq
"""  # noqa: S608 - made of constants


@contextmanager
def snapshot() -> Iterator[None]:
    """A transaction that sees the ledger as it stands at one moment, however long the reading takes."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def lines(by: checkpoints.Signer) -> Iterator[bytes]:
    """The lines of an export, one at a time, each with its line feed. To be called, and read to its end, inside :func:`snapshot`.

    Signs a checkpoint over all leaves first; entries that have no leaf yet are not in the export: sequence before.
    """
    _demand_snapshot()
    size = checkpoints.sign_checkpoint(by).size
    seen = sha256()
    for line in _unsigned(by.origin, size):
        seen.update(line)
        yield line
    note = notes.signed(notes.Statement(f"{by.origin}/export", size, seen.digest(), clock.now()), by.key)
    yield _line({"end": note})


def _unsigned(origin: str, size: int) -> Iterator[bytes]:
    yield _line({"format": FORMAT, "made_at": moment(clock.now()), "origin": origin, "size": size, "version": VERSION})
    start = 0
    for checkpoint in Checkpoint.objects.filter(size__lte=size).order_by("size", "id").iterator():
        yield from _leaves(start, checkpoint.size)
        start = checkpoint.size
        yield _line({"checkpoint": checkpoint.note})
    yield from _leaves(start, size)


def _leaves(start: int, end: int) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        for at in range(start, end, PAGE):
            cursor.execute(_PAGE, [at, min(at + PAGE, end)])
            yield from map(_leaf, cursor.fetchall())


def _leaf(row: tuple[Any, ...]) -> bytes:
    seq, leaf, *columns = row
    if columns[0] is None:
        return _line({"leaf": bytes(leaf).hex(), "pruned": True, "seq": seq})
    entry: EntryRow = next(entries([columns]))
    return b'{"entry":%b,"leaf":"%b","salt":"%b","seq":%d}\n' % (
        entry_bytes(entry),
        bytes(leaf).hex().encode(),
        bytes(entry.salt).hex().encode(),
        seq,
    )


def _line(value: dict[str, Any]) -> bytes:
    return spelled(value).encode() + b"\n"


def _demand_snapshot() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        if cursor.fetchone()[0] != "repeatable read":
            raise RuntimeError("an export is made inside export.snapshot(), or entries could change while it is written")
