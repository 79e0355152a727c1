"""Keep what a look-up found, and tell it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from grace.accounts.viewer import Viewer
from grace.kernel.clock import now
from grace.kernel.sql import by_column, insert_many
from grace.matching.digests import Digest
from grace.matching.look_up import Answer, Known

_COLUMNS = {"algorithm": "text", "value": "bytea", "entry_id": "bigint", "kind": "text", "distance": "smallint", "found_at": "timestamptz"}
_INSERT = insert_many("matching_match", _COLUMNS, "ON CONFLICT (value, algorithm, entry_id) DO NOTHING")
_FOUND = """
SELECT m.algorithm, m.value, e.id, l.id, l.name, e.algorithm, e.value, e.category, e.source, e.note, m.kind, m.distance
FROM matching_match m
JOIN matching_entry e ON e.id = m.entry_id
JOIN matching_hashlist l ON l.id = e.hash_list_id
WHERE (m.value, m.algorithm) IN (SELECT * FROM UNNEST(%s::bytea[], %s::text[])) AND (l.unit_id IS NULL OR l.unit_id = %s)
ORDER BY m.distance, m.id
"""


def record(answers: Sequence[Answer]) -> None:
    """Write down all entries that answered; what is written already stays as it was first found."""
    moment = now()
    found = {(answer.asked.value, answer.asked.algorithm, known.entry_id): known for answer in answers for known in answer.known}
    rows = [(key[1], key[0], key[2], found[key].kind, found[key].distance, moment) for key in sorted(found)]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, by_column(rows, len(_COLUMNS)))


def found(viewer: Viewer, digests: Sequence[Digest]) -> dict[Digest, list[Known]]:
    """What was found about these digests (fingerprints are asked as a digest ``pdq``) in lists that the viewer's unit may use."""
    return found_for(viewer.unit_id, digests)


def found_for(unit_id: UUID | None, digests: Sequence[Digest]) -> dict[Digest, list[Known]]:
    """As :func:`found`, for programs that act for a unit."""
    told: defaultdict[Digest, list[Known]] = defaultdict(list)
    if digests:
        with connection.cursor() as cursor:
            cursor.execute(_FOUND, [[digest.value for digest in digests], [digest.algorithm for digest in digests], unit_id])
            for algorithm, value, *known in cursor.fetchall():
                told[Digest(algorithm, value)].append(Known(*known))
    return dict(told)
