"""Ask all hash lists about digests and fingerprints at once. The verb stays when the index behind it changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from grace.matching import indexed, measures
from grace.matching.digests import LENGTHS, PDQ, Digest
from grace.matching.indexed import Found, Index
from grace.matching.meaning import Meaning
from grace.matching.videos import Overlap
from grace.sdk.analysis import Fingerprint

LEAST_QUALITY = 50
"""Below this PDQ quality the bits are noise: such a fingerprint is kept and never matched (ThreatExchange's own gate)."""

MOST_TOLD = 50
"""Entries that an answer names, the nearest."""

# Lists of the agency (no unit) serve every unit, a unit's own lists only that unit.
_BY_ID = """
SELECT e.id, e.algorithm, e.value, e.category, e.source, e.note, l.id, l.name
FROM matching_entry e JOIN matching_hashlist l ON l.id = e.hash_list_id
WHERE e.id = ANY(%s) AND (l.unit_id IS NULL OR l.unit_id = %s)
"""
# Of an entry that is a picture of listed videos: which, whether it stands for itself too (a row without a video), why it is set aside.
_VIDEOS = """
SELECT e.id, v.id, v.label, v.set_at IS NOT NULL AND v.restored_at IS NULL, s.why
FROM matching_entry e
CROSS JOIN LATERAL (
    SELECT e.item UNION ALL (SELECT n.item FROM matching_naming n WHERE n.entry_id = e.id ORDER BY n.id LIMIT %s)
) named
LEFT JOIN matching_listed_video v ON v.hash_list_id = e.hash_list_id AND v.item = named.item
LEFT JOIN matching_setaside s ON s.entry_id = e.id AND s.restored_at IS NULL
WHERE e.id = ANY(%s) AND EXISTS (SELECT FROM matching_listed_video l WHERE l.hash_list_id = e.hash_list_id)
"""
_COVERED = """
SELECT DISTINCT c.algorithm FROM matching_coverage c JOIN matching_hashlist l ON l.id = c.hash_list_id
WHERE c.entries > 0 AND (l.unit_id IS NULL OR l.unit_id = %(unit)s) AND l.meaning = ANY(%(meanings)s)
"""

MOST_VIDEOS = 100
"""Videos of one list that an entry is told to be a picture of."""

Question = Digest | Fingerprint
Value = tuple[str, bytes]
"""Algorithm and raw value."""


class State(StrEnum):
    """What became of a question. A check that did not run is never a “no match”."""

    KNOWN = "known"
    NO_MATCH = "no match"
    NOT_CHECKED = "not checked"


class Why(StrEnum):
    """Why a check did not run."""

    QUALITY = "quality too low"
    NO_LIST = "no list holds this kind of hash"
    ALGORITHM = "this kind of hash cannot be checked"
    MALFORMED = "not a hash of its kind"
    INDEX = "the index of the lists is being made anew"
    NO_FINGERPRINT = "there is no fingerprint"
    VIDEO = "videos are not compared with each other"
    PART = "only a part of the video could be looked at"


@dataclass(frozen=True, slots=True)
class VideoOf:
    """A listed video: its number, what its list calls it, and whether it is set aside as a whole."""

    id: int
    label: str
    aside: bool = False


Source = int | VideoOf
"""What a video was found to share pictures with: an entry that is listed for itself, or a listed video."""


@dataclass(frozen=True, slots=True)
class Known:
    """An entry that answers; ``distance`` in bits, 0 where ``kind`` is ``exact``, else ``near``.

    ``videos`` are the listed videos that it is a picture of, and ``alone`` says whether it is listed for itself. Where it is not,
    even an equal picture is near at most: what is listed is the video.
    Where a video was asked for, ``overlap`` says how much of it, and when; the entry is then the nearest of those that led there.
    What its list means and whether the entry counts is put in by :mod:`grace.matching.weigh`: ``aside`` says why it does
    not, ``confirmed`` and ``disputed`` how many said that it is right or wrong.
    """

    entry_id: int
    list_id: UUID
    list_name: str
    algorithm: str
    value: bytes
    category: str
    source: str
    note: str
    kind: str
    distance: int
    overlap: Overlap[Source] | None = None
    meaning: Meaning = Meaning.ALERT
    aside: str = ""
    confirmed: int = 0
    disputed: int = 0
    videos: tuple[VideoOf, ...] = ()
    alone: bool = True


@dataclass(slots=True)
class Answer:
    """What the lists say about one digest or fingerprint; ``known`` is nearest first, ``why`` is set where not checked.

    ``index`` is the one that was asked, None where none was. ``pictures`` are those of a video that led to what is known of it, each
    with its own answer. ``alerts_asked`` is False where only lists of other meanings could be asked; :mod:`grace.matching.weigh` puts
    it in. Not frozen: there is one for each digest of a flood, and a frozen one takes four times as long to make. Nobody changes one.
    """

    asked: Question
    state: State
    known: tuple[Known, ...] = ()
    why: Why | None = None
    index: Index | None = None
    pictures: tuple[Answer, ...] = ()
    alerts_asked: bool = True


@dataclass(frozen=True, slots=True)
class _Row:
    entry_id: int
    algorithm: str
    value: bytes
    category: str
    source: str
    note: str
    list_id: UUID
    list_name: str
    videos: tuple[VideoOf, ...] = ()
    alone: bool = True
    aside: str = ""

    def at(self, distance: int) -> Known:
        kind = "near" if distance or not self.alone else "exact"
        told = (self.entry_id, self.list_id, self.list_name, self.algorithm, self.value, self.category, self.source, self.note)
        return Known(*told, kind, distance, aside=self.aside, videos=self.videos, alone=self.alone)


Of = TypeVar("Of", _Row, Known)


def entry_at(entry_id: int, distance: int, unit_id: UUID | None) -> Known | None:
    """An entry as it answers at this distance, of a list that serves the unit; None where it is gone."""
    rows = _rows([entry_id], unit_id)
    return rows[0].at(distance) if rows else None


def look_up(digests: Sequence[Digest], fingerprints: Sequence[Fingerprint], *, unit_id: UUID | None = None) -> list[Answer]:
    """One answer for each digest, then one for each fingerprint, in their order.

    Asks the agency's lists and those of ``unit_id``. PDQ answers to entries at most 31 bits away, the 50 nearest of them;
    a PDQ that a sender only names comes as a digest, and is checked although nobody states its quality.
    """
    asked: list[Question] = [*digests, *fingerprints]
    with measures.timed(len(asked)):
        return _look_up(asked, unit_id)


def _look_up(asked: Sequence[Question], unit_id: UUID | None) -> list[Answer]:
    """Most of a batch is on no list, so what is done for each question costs more than asking the index for all of them."""
    served = covered(unit_id)
    refused = [_why_not(question, served) for question in asked]
    values: dict[str, dict[bytes, None]] = {}
    for question, why in zip(asked, refused, strict=True):
        if why is None:
            values.setdefault(question.algorithm, {})[question.value] = None
    try:
        told = indexed.ask({algorithm: list(some) for algorithm, some in values.items()}) if values else {}
    except indexed.Lost:
        told, refused = {}, [why or Why.INDEX for why in refused]
    known = _seen({(algorithm, value): each for algorithm, some in told.items() for value, each in some.found.items()}, unit_id)
    indexes = {algorithm: some.index for algorithm, some in told.items()}
    is_known, is_not, unasked = State.KNOWN, State.NO_MATCH, State.NOT_CHECKED
    answers = []
    for question, why in zip(asked, refused, strict=True):
        if why:
            answers.append(Answer(question, unasked, (), why))
        else:
            found = known.get((question.algorithm, question.value), ())
            answers.append(Answer(question, is_known if found else is_not, found, None, indexes[question.algorithm]))
    return answers


def _why_not(asked: Question, covered: frozenset[str]) -> Why | None:
    if asked.algorithm not in LENGTHS:
        return Why.ALGORITHM
    if len(asked.value) != LENGTHS[asked.algorithm]:
        return Why.MALFORMED
    if isinstance(asked, Fingerprint) and asked.quality < LEAST_QUALITY:
        return Why.QUALITY
    return None if asked.algorithm in covered else Why.NO_LIST


def covered(unit_id: UUID | None, meanings: Iterable[Meaning] = Meaning) -> frozenset[str]:
    """The algorithms of which lists with such a meaning hold entries, those that serve the unit."""
    with connection.cursor() as cursor:
        cursor.execute(_COVERED, {"unit": unit_id, "meanings": [each.value for each in meanings]})
        return frozenset(row[0] for row in cursor.fetchall())


def _seen(found: dict[Value, Found], unit_id: UUID | None) -> dict[Value, tuple[Known, ...]]:
    """The nearest entries of lists that serve the unit. Others may stand before them: more is asked for until there are enough."""
    known: dict[Value, list[Known]] = {question: [] for question in found}
    start, most = 0, 4 * MOST_TOLD
    while found:
        wanted = {question: each.entries(start, most) for question, each in found.items()}
        rows = {row.entry_id: row for row in _rows(sorted({entry for every in wanted.values() for entry, _ in every}), unit_id)}
        for question, every in wanted.items():
            known[question] += [rows[entry].at(distance) for entry, distance in every if entry in rows]
        found = {question: each for question, each in found.items() if len(wanted[question]) == most and len(known[question]) < MOST_TOLD}
        start, most = start + most, 8 * most
    return {question: tuple(every[:MOST_TOLD]) for question, every in known.items()}


def _rows(numbers: Sequence[int], unit_id: UUID | None) -> list[_Row]:
    if not numbers:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BY_ID, [list(numbers), unit_id])
        rows = [_Row(*row) for row in cursor.fetchall()]
    return with_videos(rows)


def with_videos(told: Sequence[Of]) -> list[Of]:
    """The same entries, each with the listed videos that it is a picture of."""
    of_videos = _of_videos([each.entry_id for each in told if each.algorithm == PDQ])
    return [replace(each, **of_videos[each.entry_id]) if each.entry_id in of_videos else each for each in told]


def _of_videos(entries: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What is to be said of those entries that are pictures of listed videos."""
    if not entries:
        return {}
    videos: dict[int, dict[VideoOf, None]] = {}
    alone: set[int] = set()
    asides: dict[int, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(_VIDEOS, [MOST_VIDEOS, list(entries)])
        for entry, video, label, of_video, aside in cursor.fetchall():
            if video is None:
                alone.add(entry)
            else:
                videos.setdefault(entry, {})[VideoOf(video, label, of_video)] = None
            asides[entry] = aside or ""
    return {entry: {"videos": tuple(some), "alone": entry in alone, "aside": asides[entry]} for entry, some in videos.items()}
