"""Writing lines into the ledger, in the transaction of the act."""

from __future__ import annotations

import os
from uuid import UUID

from django.db import connection

from grace.custody.canonical import moment, spelled, subject_key
from grace.custody.line import Line
from grace.custody.models import SALT_BYTES
from grace.kernel import clock
from grace.kernel.ids import new_id

_WRITE = """
WITH line AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%s) AS line (
        id uuid, at timestamptz, actor text, kind text, act text, purpose text, subjects text[], keys bigint[], detail jsonb,
        recipient text, denied boolean, salt bytea
    )
), written AS (
    INSERT INTO custody_entry (id, at, actor, kind, act, purpose, subjects, detail, recipient, denied, salt)
    SELECT id, at, actor, kind, act, purpose, subjects, detail, recipient, denied, salt FROM line
), indexed AS (
    INSERT INTO custody_subject (subject, entry_id) SELECT UNNEST(keys), id FROM line
)
INSERT INTO custody_pending (entry_id) SELECT id FROM line
"""
"""One statement and one round trip for any number of lines; as JSON they go about twice as fast as by UNNEST."""


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
    at = moment(clock.now())
    told = spelled([_row(entry, at, line) for entry, line in zip(ids, lines, strict=True)])
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [told])
    return ids


def _row(entry: UUID, at: str, line: Line) -> dict[str, object]:
    """One line as the statement reads it."""
    subjects = list(dict.fromkeys(line.subjects))
    return {
        "id": str(entry),
        "at": at,
        "actor": line.actor,
        "kind": line.kind.value,
        "act": line.act,
        "purpose": line.purpose,
        "subjects": subjects,
        "keys": list(map(subject_key, subjects)),
        "detail": dict(line.detail),
        "recipient": line.recipient,
        "denied": line.denied,
        "salt": f"\\x{os.urandom(SALT_BYTES).hex()}",
    }
