"""Which two files make two referrals look alike, and how far apart they are: told when it is asked for, kept nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.matching.digests import LENGTHS, PDQ
from grace.matching.look_up import LEAST_QUALITY

MOST_ROWS = 5_000
MOST_FILES = 20
"""Files of one referral in one cluster that are compared."""

_FILES = """
SELECT DISTINCT told.referral_id, c.centre, a.file_id, p.value
FROM UNNEST(%(referrals)s::uuid[]) AS told (referral_id)
JOIN referrals_version v ON v.referral_id = told.referral_id AND v.replaced_at IS NULL
JOIN referrals_attachment a ON a.version_id = v.id AND a.state <> 'report'
JOIN analysis_clustered c ON c.unit_id = %(unit)s AND c.file_id = a.file_id AND c.centre = ANY(%(centres)s::uuid[])
LEFT JOIN evidence_fingerprint p ON p.file_id = a.file_id AND p.algorithm = %(pdq)s AND p.quality >= %(least)s AND octet_length(p.value) = %(size)s
ORDER BY told.referral_id, c.centre, a.file_id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A file of each of two referrals, of one cluster, the nearest two; ``distance`` in bits of their PDQs, None where one has none that speaks."""

    file: UUID
    other_file: UUID
    distance: int | None


def nearest(unit_id: UUID, one: UUID, others: Collection[UUID], centres: Iterable[UUID]) -> dict[tuple[UUID, UUID], Lookalike]:
    """What makes a referral and others look alike, by (other referral, centre of the cluster)."""
    wanted: dict[str, Any] = {"referrals": sql.array([one, *others]), "centres": sql.array(centres), "unit": unit_id}
    fixed: dict[str, Any] = {"pdq": PDQ, "least": LEAST_QUALITY, "size": LENGTHS[PDQ], "most": MOST_ROWS}
    files: dict[tuple[UUID, UUID], list[tuple[UUID, bytes | None]]] = {}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_FILES, wanted | fixed)
        for referral, centre, file, value in cursor.fetchall():
            files.setdefault((referral, centre), []).append((file, None if value is None else bytes(value)))
    found = {}
    for (referral, centre), theirs in files.items():
        if referral != one and (mine := files.get((one, centre))):
            found[referral, centre] = _nearest(mine[:MOST_FILES], theirs[:MOST_FILES])
    return found


def _nearest(mine: Iterable[tuple[UUID, bytes | None]], theirs: Iterable[tuple[UUID, bytes | None]]) -> Lookalike:
    """Two different files before one that both have, then by distance."""
    pairs = [Lookalike(file, other, _apart(value, its)) for (file, value), (other, its) in product(mine, theirs)]
    return min(
        pairs, key=lambda each: (each.file == each.other_file, each.distance is None, each.distance or 0, each.file, each.other_file)
    )


def _apart(one: bytes | None, other: bytes | None) -> int | None:
    return None if one is None or other is None else (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()
