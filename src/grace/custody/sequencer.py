"""The sequencer: gives every committed entry its number and its leaf. One at a time, and no writer waits for it.

Writers only insert, into ``custody_entry`` and ``custody_pending``. Under an advisory lock that ends with the
transaction, a batch is taken from ``custody_pending`` and appended to ``custody_leaf``. An entry whose transaction is
still open is not seen and comes with a later batch: numbers are given out at sequencing, so they have no gap, and the
primary key on the number forbids a fork even to a program that ignores the lock.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from grace.custody import checkpoints, reading, tree
from grace.custody.canonical import COLUMNS, EntryRow, digest, entry_bytes, spelled
from grace.kernel.errors import GraceError

BATCH = 5_000
"""Entries a transaction: about 0.3 s of work, and never more than a few megabytes."""
LOCK = 0x47524143454C4544
"""The key of the advisory lock: "GRACELED" in ASCII."""
LONGEST_PAUSE = 10.0
"""Seconds between attempts while the database is away."""

_TAKE = f"""
WITH taken AS (
    DELETE FROM custody_pending WHERE entry_id IN (
        SELECT p.entry_id FROM custody_pending p JOIN custody_entry e ON e.id = p.entry_id ORDER BY p.entry_id LIMIT %s
    ) RETURNING entry_id
)
SELECT {COLUMNS}
FROM custody_entry e JOIN taken ON taken.entry_id = e.id ORDER BY e.id
"""  # noqa: S608 - made of constants
"""An id in ``custody_pending`` without its entry is tampering: it stays, its age is shown, and ``reconcile`` names it."""
_APPEND = """
INSERT INTO custody_leaf (seq, entry_id, digest)
SELECT seq, entry_id, digest FROM json_to_recordset(%s) AS leaf (seq bigint, entry_id uuid, digest bytea)
"""

_log = logging.getLogger(__name__)


def sequence(*, wait: bool = False) -> int:
    """Number and hash all committed entries that have no leaf yet; returns how many.

    While another sequencer is at work it returns 0, or with ``wait`` takes its turn after it. The one verb of the ledger
    that makes its own transactions, a batch each, so that nothing waits long; called inside a transaction it also takes
    the entries written there.
    """
    total = 0
    while done := _sequence_batch(wait=wait):
        total += done
        if done < BATCH:
            break
    return total


def oldest_unsequenced_age() -> float:
    """Seconds since the oldest entry without a leaf was written, by the database's clock; 0.0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp() - since) FROM custody_pending ORDER BY entry_id LIMIT 1")
        row = cursor.fetchone()
    return max(0.0, float(row[0])) if row else 0.0


def hold_lock() -> None:
    """Wait for the sequencer to pause and keep it waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def sequence_forever(stop: threading.Event, every: float = 0.5, checkpoint_every: float = 600.0) -> None:
    """Sequence every ``every`` seconds and sign a checkpoint every ``checkpoint_every`` until ``stop`` is set.

    Outlives the database going away: it closes its connection and tries again, at first after ``every`` seconds, then
    ever more slowly. Without the ledger's key it warns at each checkpoint and goes on sequencing.
    """
    pause, signed = every, time.monotonic()
    while not stop.wait(pause):
        try:
            sequence()
            if time.monotonic() - signed >= checkpoint_every:
                signed = time.monotonic()
                _sign()
            pause = every
        except (OperationalError, InterfaceError) as failure:
            _log.warning("The sequencer cannot reach the database (%s); it tries again.", type(failure).__name__)
            connection.close()
            pause = min(pause * 2, LONGEST_PAUSE)
        except Error as failure:
            _log.error("The sequencer failed (%s); entries wait unsequenced, see `grace custody status`.", type(failure).__name__)
            connection.close()
            pause = LONGEST_PAUSE
    connection.close()


def _sign() -> None:
    try:
        with transaction.atomic():
            checkpoints.sign_checkpoint()
    except GraceError as failure:
        _log.warning("No checkpoint was signed: %s", failure)


def _sequence_batch(*, wait: bool) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        if wait:
            hold_lock()
        elif not _has_lock(cursor):
            return 0
        cursor.execute(_TAKE, [BATCH])
        taken = list(reading.entries(cursor.fetchall()))
        if taken:
            _append(cursor, tree.size(), taken)
        return len(taken)


def _has_lock(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
    return bool(cursor.fetchone()[0])


def _append(cursor: CursorWrapper, start: int, taken: list[EntryRow]) -> None:
    leaves = [
        {"seq": seq, "entry_id": str(row.id), "digest": f"\\x{digest(bytes(row.salt), entry_bytes(row)).hex()}"}
        for seq, row in enumerate(taken, start)
    ]
    cursor.execute(_APPEND, [spelled(leaves)])
    tree.grow(cursor, start, start + len(taken))
