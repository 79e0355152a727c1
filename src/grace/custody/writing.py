"""Writing lines into the ledger, in the transaction of the act."""

from __future__ import annotations

import os
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.custody.canonical import spelled, subject_key
from grace.custody.line import Line
from grace.custody.models import SALT_BYTES
from grace.kernel import clock
from grace.kernel.ids import new_id
from grace.kernel.sql import by_column

_WRITE = """
WITH written AS (
    INSERT INTO custody_entry (id, at, actor, kind, act, purpose, subjects, detail, recipient, denied, salt)
    SELECT id, at, actor, kind, act, purpose, subjects::text[], detail::jsonb, recipient, denied, salt
    FROM UNNEST(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                %s::text[], %s::boolean[], %s::bytea[])
      AS line (id, at, actor, kind, act, purpose, subjects, detail, recipient, denied, salt)
), indexed AS (
    INSERT INTO custody_subject (subject, entry_id) SELECT * FROM UNNEST(%s::bigint[], %s::uuid[])
)
INSERT INTO custody_pending (entry_id) SELECT * FROM UNNEST(%s::uuid[])
"""
"""One statement and one round trip for any number of lines."""


def record(*lines: Line) -> list[UUID]:
    """Write the lines with the act that they tell of: both are committed, or neither. Returns the entries' ids, in order.

    Must be called inside a transaction (``RuntimeError`` otherwise). A denied attempt raises, and what raises is rolled
    back: whoever catches it writes its line in a transaction of its own.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the ledger is written in the transaction of the act: call record() inside transaction.atomic()")
    if not lines:
        return []
    ids = sorted(new_id() for _ in lines)  # sorted: the order of one call is kept even within a millisecond
    at = clock.now()
    rows = by_column((_row(entry, at, line) for entry, line in zip(ids, lines, strict=True)), 11)
    spoken_of = {(subject_key(subject), entry) for entry, line in zip(ids, lines, strict=True) for subject in line.subjects}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*rows, *by_column(sorted(spoken_of), 2), ids])
    return ids


def _row(entry: UUID, at: datetime, line: Line) -> tuple[object, ...]:
    """The columns of one entry; a reference holds no character that an array literal would need to escape."""
    subjects = "{" + ",".join(dict.fromkeys(line.subjects)) + "}"
    detail = spelled(dict(line.detail))
    salt = os.urandom(SALT_BYTES)
    return (entry, at, line.actor, line.kind.value, line.act, line.purpose, subjects, detail, line.recipient, line.denied, salt)
