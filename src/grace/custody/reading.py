"""Reading the ledger: what happened to a subject, and pages for the ledger's own screen, newest first.

Whoever shows what these return writes a consultation entry of its own (LED Article 25(2)).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from grace.custody.canonical import COLUMNS, EntryRow, subject_key
from grace.custody.kinds import Kind

_LAST = UUID(int=(1 << 128) - 1)
_TIME_OF = """
SELECT count(*), count(DISTINCT actor), COALESCE(sum(LEAST(%s, COALESCE(EXTRACT(epoch FROM until_next), %s))), 0) FROM (
    SELECT actor, lead(at) OVER (PARTITION BY actor ORDER BY id) - at AS until_next FROM custody_entry
    WHERE actor = ANY(%s) AND id >= %s AND at >= %s AND act = %s AND NOT denied
) acts
"""


def history(subject: str, limit: int = 100) -> list[EntryRow]:
    """The newest ``limit`` entries that speak of the subject (``referral:<uuid>``), those without a leaf yet included."""
    return page(subject=subject, limit=limit)


def page(
    *, kind: Kind | None = None, actor: str | None = None, subject: str | None = None, before: UUID | None = None, limit: int = 50
) -> list[EntryRow]:
    """At most ``limit`` entries that match every filter given, newest first.

    The next page is asked for with ``before``, the id of the last entry of this one: constant in depth.
    """
    source, order = "custody_entry e", "e.id"
    conditions: list[str] = ["TRUE"]
    values: list[int | str] = []
    if subject is not None:
        source, order = "custody_subject s JOIN custody_entry e ON e.id = s.entry_id", "s.entry_id"
        conditions += ["s.subject = %s", "e.subjects @> ARRAY[%s]"]  # the second guards against equal 64-bit keys
        values += [subject_key(subject), subject]
    for column, value in (("e.kind", kind), ("e.actor", actor)):
        if value is not None:
            conditions.append(f"{column} = %s")
            values.append(str(value))
    query = f"""
        SELECT {COLUMNS}, l.seq FROM {source} LEFT JOIN custody_leaf l ON l.entry_id = e.id
        WHERE {order} < %s AND {" AND ".join(conditions)} ORDER BY {order} DESC LIMIT %s
    """  # noqa: S608 - built of the constants above; every value is a parameter
    with connection.cursor() as cursor:
        cursor.execute(query, [before or _LAST, *values, limit])
        return list(entries(cursor.fetchall()))


def entry(entry_id: UUID) -> EntryRow | None:
    """One entry by its id; None where it was pruned or never was."""
    newest = page(before=UUID(int=min(entry_id.int + 1, _LAST.int)), limit=1)
    return newest[0] if newest and newest[0].id == entry_id else None


def time_of(act: str, actors: Sequence[str], since: datetime, most: timedelta) -> tuple[int, int, float]:
    """How often actors did something since a moment, how many of them did, and the seconds that it took at most.

    Each act counts until the same actor's next one, and for no longer than ``most``. No actor is told apart.
    """
    first = UUID(int=int(since.timestamp() * 1000) << 80)
    with connection.cursor() as cursor:
        cursor.execute(_TIME_OF, [most.total_seconds(), most.total_seconds(), list(actors), first, since, act])
        number, who, seconds = cursor.fetchone()
    return number, who, float(seconds)


def entries(rows: Iterable[Sequence[Any]]) -> Iterator[EntryRow]:
    """Database rows (the entry's columns, then perhaps the leaf's number) as entries; Django hands JSON over as text."""
    for row in rows:
        yield EntryRow._make([*row[:7], json.loads(row[7]), *row[8:], *([None] if len(row) == 11 else [])])
