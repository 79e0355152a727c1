"""Cluster: what a unit holds is put in clusters, as it comes and goes.

What waits is told by what is kept: pictures that the unit holds and that are in no cluster, or were put there by other looks or another
rule; rows of what it holds no more. So a crash loses nothing and does nothing twice, and it is enough to be called at times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from grace.analysis.analysers.embedding import ALGORITHM
from grace.analysis.clusters.clusters import Clusters, Stored
from grace.analysis.clusters.looks import SIZE, Looks, looks
from grace.analysis.clusters.rule import VERSION
from grace.kernel.sql import array, by_column, fill, insert_many

_HELD = """
FROM evidence_holding h
JOIN analysis_run r ON r.file_id = h.file_id AND r.analyser = 'embedding'
JOIN analysis_descriptor d ON d.run_id = r.id AND d.algorithm = %(algorithm)s AND octet_length(d.value) = %(size)s
LEFT JOIN evidence_fingerprint p ON p.file_id = h.file_id AND p.algorithm = 'pdq' AND octet_length(p.value) = 32
LEFT JOIN analysis_clustered c ON c.unit_id = h.unit_id AND c.file_id = h.file_id
WHERE h.unit_id = %(unit)s
"""
_SEEN = """
decode(md5(d.value || COALESCE(p.value, '')
    || decode(lpad(to_hex(%(rule)s::int * 65536 + d.quality * 256 + COALESCE(p.quality, 0)), 8, '0'), 'hex')), 'hex')
"""
_GONE = """
FROM analysis_clustered c WHERE c.unit_id = %(unit)s AND NOT EXISTS (SELECT FROM evidence_holding h WHERE h.unit_id = c.unit_id AND h.file_id = c.file_id)
"""
_ALL = fill(
    """
SELECT h.file_id, f.sha256, d.value, d.quality, COALESCE(p.value, decode(repeat('00', 32), 'hex')), COALESCE(p.quality, 0), {seen},
       CASE WHEN c.seen = {seen} THEN c.centre END
{held} ORDER BY c.seen IS DISTINCT FROM {seen}, h.file_id
""",
    held=_HELD.replace("WHERE", "JOIN evidence_file f ON f.id = h.file_id WHERE"),
    seen=_SEEN,
)
_DUE = fill(
    "SELECT EXISTS (SELECT {held} AND c.seen IS DISTINCT FROM {seen}) OR EXISTS (SELECT {gone})", held=_HELD, seen=_SEEN, gone=_GONE
)
_LET_GO = fill("DELETE FROM analysis_clustered WHERE id IN (SELECT c.id {gone}) RETURNING centre", gone=_GONE)
_BEFORE = "SELECT DISTINCT centre FROM analysis_clustered WHERE unit_id = %s AND file_id = ANY(%s::uuid[])"
_HOLDERS = "SELECT DISTINCT unit_id FROM evidence_holding WHERE file_id = ANY(%s)"
_STILL = "SELECT h.file_id FROM evidence_holding h WHERE h.unit_id = %s AND h.file_id = ANY(%s::uuid[]) ORDER BY h.file_id FOR KEY SHARE"
_KEEP = insert_many(
    "analysis_clustered",
    {"unit_id": "uuid", "file_id": "uuid", "centre": "uuid", "seen": "bytea"},
    "ON CONFLICT (unit_id, file_id) DO UPDATE SET centre = excluded.centre, seen = excluded.seen",
)


@dataclass(frozen=True, slots=True)
class Done:
    """What a step led to: pictures that came and rows that went, and the pictures (SHA-256) that belong to another's cluster now.

    ``changed`` are the files whose cluster is another one now, ``centres`` those of all clusters that grew, shrank, came or went.
    """

    came: int
    went: int
    joined: tuple[bytes, ...] = ()
    changed: tuple[UUID, ...] = ()
    centres: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class _Picture:
    file: UUID
    sha256: bytes
    seen: bytes
    centre: UUID | None


def holders(files: Iterable[UUID]) -> list[UUID]:
    """The units that hold any of these files."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_HOLDERS, [list(files)])
        return sorted(row[0] for row in cursor.fetchall())


def is_due(unit_id: UUID) -> bool:
    """Whether anything of a unit waits to be put in a cluster or to be taken out."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_DUE, _asked(unit_id))
        return bool(cursor.fetchone()[0])


def cluster(unit_id: UUID, most: int) -> Done:
    """Let go what the unit holds no more, and put at most so many pictures that wait in clusters, in the caller's transaction."""
    _one_at_a_time(unit_id)
    if not is_due(unit_id):
        return Done(0, 0)
    went = _let_go(unit_id)
    pictures, seen = _read(unit_id)
    known = sum(each.centre is not None for each in pictures)
    taken = pictures[: known + most]
    changed = _step(taken, seen.of(np.arange(len(taken))), known)
    return _write(unit_id, taken, changed, came=len(taken) - known, went=went)


def differing(unit_id: UUID) -> list[UUID]:
    """The files whose kept centre is not the one that making all clusters of the unit anew gives; those that wait are among them."""
    return sorted(_anew(unit_id)[1])


def rebuild(unit_id: UUID) -> Done:
    """Make all clusters of a unit anew and keep what differs, in the caller's transaction."""
    _one_at_a_time(unit_id)
    went = _let_go(unit_id)
    pictures, changed = _anew(unit_id)
    return _write(unit_id, pictures, changed, came=len(changed), went=went)


def _let_go(unit_id: UUID) -> list[UUID]:
    """Let go what the unit holds no more; the centre of each."""
    return _column(_LET_GO, _asked(unit_id))


def _anew(unit_id: UUID) -> tuple[list[_Picture], Mapping[UUID, UUID]]:
    pictures, seen = _read(unit_id)
    changed = _step(pictures, seen, 0)
    return pictures, {each.file: changed[each.file] for each in pictures if changed[each.file] != each.centre}


def _step(pictures: Sequence[_Picture], seen: Looks, known: int) -> Mapping[UUID, UUID]:
    """The centre of each picture from ``known`` on, and of each before them whose centre changed."""
    files = {each.sha256: each.file for each in pictures}
    rows = {each.file: row for row, each in enumerate(pictures[:known])}
    # A centre that is gone leaves its members without one: they are looked at as those are that come.
    centres = np.array([rows.get(each.centre, -1) if each.centre else -1 for each in pictures[:known]], np.int64)
    names = [each.sha256 for each in pictures]
    clusters = Clusters(Stored(tuple(names[:known]), seen.of(np.arange(known)), centres))
    changed = {**clusters.settle(), **clusters.add(names[known:], seen.of(np.arange(known, len(names))))}
    return {files[name]: files[centre] for name, centre in changed.items()}


def _write(unit_id: UUID, pictures: Sequence[_Picture], changed: Mapping[UUID, UUID], *, came: int, went: Sequence[UUID]) -> Done:
    """Keep the centres of what the unit still holds."""
    still = set(_column(_STILL, [unit_id, sorted(changed)]))
    before = _column(_BEFORE, [unit_id, array(sorted(still))])
    moved = [each for each in pictures if each.file in changed and each.file in still]
    with closing(connection.cursor()) as cursor:
        cursor.execute(_KEEP, by_column([(unit_id, each.file, changed[each.file], each.seen) for each in moved], 4))
    joined = tuple(each.sha256 for each in moved if changed[each.file] != each.file)
    centres = frozenset((*went, *before, *(changed[each.file] for each in moved)))
    return Done(came, len(went), joined, tuple(each.file for each in moved), centres)


def _column(text: str, asked: Any) -> list[UUID]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, asked)
        return [row[0] for row in cursor]


def _read(unit_id: UUID) -> tuple[list[_Picture], Looks]:
    """All pictures that the unit holds, those first that are in a cluster."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_ALL, _asked(unit_id))
        rows = cursor.fetchall()
    pictures = [_Picture(file, bytes(sha256), bytes(seen), centre) for file, sha256, *_, seen, centre in rows]
    return pictures, looks(
        [bytes(row[2]) for row in rows], [row[3] for row in rows], [bytes(row[4]) for row in rows], [row[5] for row in rows]
    )


def _asked(unit_id: UUID) -> dict[str, UUID | str | int]:
    return {"unit": unit_id, "algorithm": ALGORITHM, "size": SIZE, "rule": VERSION}


def _one_at_a_time(unit_id: UUID) -> None:
    """Wait until no other transaction puts pictures of this unit in clusters."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"clusters:{unit_id}"])
