"""Keep what a look-up found, and tell it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.clock import now
from grace.kernel.errors import Missing
from grace.kernel.sql import by_column
from grace.matching.digests import Digest
from grace.matching.indexed import Index
from grace.matching.look_up import Answer, Known
from grace.matching.models import Match

Key = tuple[str, bytes, int]
"""What was asked (algorithm and raw value), and the entry that answered."""

_COLUMNS = 9
# The entries are held until the caller's transaction ends. One that has left its list since it answered makes no match; what was
# said of the digest is to be asked again. What is written already is looked for first: a conflict would use up a number each time.
# Nothing is found before it is there: the clock of the machine that loaded the list may be ahead of ours.
_INSERT = """
WITH told AS (
    SELECT t.*
    FROM UNNEST(%s::text[], %s::bytea[], %s::bigint[], %s::text[], %s::smallint[], %s::timestamptz[], %s::uuid[], %s::text[], %s::bigint[])
        AS t (algorithm, value, entry_id, kind, distance, found_at, index_origin, index_layout, index_generation)
    WHERE NOT EXISTS (SELECT FROM matching_match m WHERE m.value = t.value AND m.algorithm = t.algorithm AND m.entry_id = t.entry_id)
), standing AS MATERIALIZED (
    SELECT told.algorithm, told.value, entry_id, kind, distance, GREATEST(found_at, e.added_at), index_origin, index_layout, index_generation,
           l.version, l.changed_at
    FROM told JOIN matching_entry e ON e.id = told.entry_id JOIN matching_hashlist l ON l.id = e.hash_list_id
    FOR KEY SHARE OF e
), gone AS (
    INSERT INTO matching_due (came, algorithm, value)
    SELECT DISTINCT false, algorithm, value FROM told WHERE entry_id NOT IN (SELECT entry_id FROM standing)
)
INSERT INTO matching_match (algorithm, value, entry_id, kind, distance, found_at, index_origin, index_layout, index_generation,
                            list_version, list_changed_at)
SELECT * FROM standing
ON CONFLICT (value, algorithm, entry_id) DO NOTHING
"""
_NUMBERS = """
SELECT algorithm, value, entry_id, id FROM matching_match
WHERE (value, algorithm) IN (SELECT * FROM UNNEST(%s::bytea[], %s::text[])) AND entry_id = ANY(%s)
"""
_FOUND = """
SELECT m.algorithm, m.value, e.id, l.id, l.name, e.algorithm, e.value, e.category, e.source, e.note, m.kind, m.distance
FROM matching_match m
JOIN matching_entry e ON e.id = m.entry_id
JOIN matching_hashlist l ON l.id = e.hash_list_id
WHERE (m.value, m.algorithm) IN (SELECT * FROM UNNEST(%s::bytea[], %s::text[])) AND (l.unit_id IS NULL OR l.unit_id = %s)
ORDER BY m.distance, m.id
"""


def record(answers: Sequence[Answer]) -> None:
    """Write down all entries that answered, those of a video by its pictures; what is written already stays as it was first found.

    Of an entry that has left its list meanwhile nothing is written but that the digest is to be asked again.
    """
    moment = now()
    found = {
        (answer.asked.value, answer.asked.algorithm, known.entry_id): (known, answer.index or Index())
        for answer in _by_picture(answers)
        for known in answer.known
    }
    rows = [_row(value, algorithm, *found[value, algorithm, entry], moment) for value, algorithm, entry in sorted(found)]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, by_column(rows, _COLUMNS))


def _row(value: bytes, algorithm: str, known: Known, index: Index, moment: datetime) -> tuple[object, ...]:
    kind = Match.Kind.NEAR if known.distance else Match.Kind.EXACT  # of the two values; what it is worth is said when it is read
    return (algorithm, value, known.entry_id, kind.value, known.distance, moment, index.origin, index.layout, index.generation)


def numbers(answers: Sequence[Answer]) -> dict[Key, int]:
    """The number of each match that is kept, by what was asked and by entry: its page has that address."""
    told = [each for each in _by_picture(answers) if each.known]
    entries = sorted({known.entry_id for each in told for known in each.known})
    if not entries:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [[each.asked.value for each in told], [each.asked.algorithm for each in told], entries])
        return {(algorithm, bytes(value), entry): number for algorithm, value, entry, number in cursor.fetchall()}


def numbers_of(answer: Answer, numbers: Mapping[Key, int]) -> dict[int, int]:
    """The number of the match of each entry that answered, where one is kept; of a video, that of its nearest picture."""
    nearest: dict[int, tuple[int, int]] = {}
    for told in _by_picture([answer]):
        for known in told.known:
            if number := numbers.get((told.asked.algorithm, told.asked.value, known.entry_id)):
                found = (known.distance, number)
                nearest[known.entry_id] = min(found, nearest.get(known.entry_id, found))
    return {entry: number for entry, (_, number) in nearest.items()}


def _by_picture(answers: Iterable[Answer]) -> Iterator[Answer]:
    """The answers as matches are kept: a video's are those of its pictures."""
    for answer in answers:
        yield from answer.pictures or (answer,)


def one(viewer: Viewer, match_id: int) -> Match:
    """A match with its entry and list, if that serves the viewer's unit. Raises :class:`Missing` for any other.

    Whether the unit holds or names what was matched is for the caller to find out.
    """
    viewer.require(Capability.READ)
    serving = Q(entry__hash_list__unit=None) | Q(entry__hash_list__unit_id=viewer.unit_id)
    match = Match.objects.select_related("entry__hash_list").filter(serving, id=match_id).first()
    if match is None:
        raise Missing(_("There is no such match."))
    return match


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
