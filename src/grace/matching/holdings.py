"""The fingerprints of files that are held: which are near a value, and which other files of a unit look like one of its own.

Pairs are told when they are asked for, nearest first; nothing is kept of them. What belongs together is others' business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.evidence.models import Fingerprint
from grace.matching import indexed
from grace.matching.digests import LENGTHS, PDQ
from grace.matching.index.engine import usual
from grace.matching.index.layout import NEAR, Words
from grace.matching.indexed import HELD, Found
from grace.matching.look_up import LEAST_QUALITY, Why
from grace.sdk import video

MOST_TOLD = 50
"""Files that look like one that are told, the nearest."""

_NO_FILE = UUID(int=0)
_VALUES = "SELECT DISTINCT value FROM matching_held WHERE id = ANY(%s)"
_OF_FILES = """
SELECT p.file_id, h.value FROM evidence_fingerprint p JOIN matching_held h ON h.fingerprint_id = p.id
WHERE p.file_id = ANY(%s) AND h.algorithm = %s
"""
_WITH_VALUES = """
SELECT DISTINCT p.file_id FROM evidence_fingerprint p JOIN matching_held h ON h.fingerprint_id = p.id
WHERE h.algorithm = %s AND h.value = ANY(%s)
"""
_HELD_BY = """
SELECT h.id, f.id, f.sha256, f.media_type, o.since
FROM matching_held h
JOIN evidence_fingerprint p ON p.id = h.fingerprint_id
JOIN evidence_file f ON f.id = p.file_id AND f.id <> %s
JOIN evidence_holding o ON o.file_id = f.id AND o.unit_id = %s
WHERE h.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class AlsoHeld:
    """A file of the same unit that looks like the one that was asked for; ``distance`` in bits, 0 for the same fingerprint."""

    file_id: UUID
    sha256: bytes
    media_type: str
    since: datetime
    distance: int


@dataclass(frozen=True, slots=True)
class Alike:
    """What looks like a file, nearest first; ``why`` is set where that was not looked for, and None where it was."""

    files: tuple[AlsoHeld, ...] = ()
    why: Why | None = None


def near(values: Sequence[bytes], limit: int = NEAR) -> set[bytes]:
    """Fingerprints of held files within ``limit`` bits of any of these. Raises :class:`indexed.Lost`."""
    if not values:
        return set()
    found = indexed.ask({PDQ: list(dict.fromkeys(values))}, limit, HELD)[PDQ].found
    if not found:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_VALUES, [np.unique(np.concatenate([each.ids for each in found.values()])).tolist()])
        return {bytes(row[0]) for row in cursor.fetchall()}


def within(values: Sequence[bytes], asked: Sequence[bytes], limit: int = NEAR) -> set[bytes]:
    """Those of ``values`` that are within ``limit`` bits of any fingerprint that is asked for, found by looking at each."""
    if not values or not asked:
        return set()
    words, most = _words(values), len(values)
    room = np.empty(most, np.int64), np.empty(most, np.uint32), np.empty(most, np.uint16)
    found: set[bytes] = set()
    for each in _words(asked).copy():  # as the loop was compiled for: what is asked can be written to
        count = usual().scan(words, most, each[None], limit, room)
        found.update(values[row] for row in room[1][:count].tolist())
    return found


def prints_of(files: Iterable[UUID]) -> dict[UUID, list[bytes]]:
    """The fingerprints of each file that has any good enough to be matched: a picture's own, or those of a video's pictures."""
    found: dict[UUID, list[bytes]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OF_FILES, [list(files), PDQ])
        for file, value in cursor.fetchall():
            found.setdefault(file, []).append(bytes(value))
    return found


def files_with(values: Iterable[bytes]) -> list[UUID]:
    """The pictures whose fingerprint is one of these, and the videos that have such a picture."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_VALUES, [PDQ, list(values)])
        return [row[0] for row in cursor.fetchall()]


def alike(viewer: Viewer, file_id: UUID) -> Alike:
    """The files of the viewer's unit that look like one that it holds: those within 31 bits, at most the fifty nearest.

    The caller has made sure that the unit holds the file.
    """
    viewer.require(Capability.READ)
    own = Fingerprint.objects.filter(file_id=file_id, algorithm=PDQ).first()
    if own is None or len(own.value) != LENGTHS[PDQ]:
        is_video = Fingerprint.objects.filter(file_id=file_id, algorithm=video.ALGORITHM).exists()
        return Alike(why=Why.VIDEO if is_video else Why.NO_FINGERPRINT)
    if own.quality < LEAST_QUALITY:
        return Alike(why=Why.QUALITY)
    return _alike(viewer, bytes(own.value), but=file_id)


def alike_to(viewer: Viewer, value: bytes) -> Alike:
    """The files of the viewer's unit that look like what has this fingerprint, as :func:`alike` tells them."""
    viewer.require(Capability.READ)
    return _alike(viewer, value, but=_NO_FILE)


def _alike(viewer: Viewer, value: bytes, but: UUID) -> Alike:
    try:
        found = indexed.ask({PDQ: [value]}, NEAR, HELD)[PDQ].found
    except indexed.Lost:
        return Alike(why=Why.INDEX)
    return Alike(tuple(each for like in found.values() for each in _nearest(like, viewer.unit_id, but)))


def _nearest(found: Found, unit_id: UUID, but: UUID) -> list[AlsoHeld]:
    """The nearest that the unit holds. Others' files may stand before them: more is asked for until there are enough."""
    told: dict[UUID, AlsoHeld] = {}
    start, most = 0, 4 * MOST_TOLD
    while len(told) < MOST_TOLD and (wanted := found.entries(start, most)):
        held = _held_by(unit_id, but, [entry for entry, _ in wanted])
        for entry, distance in wanted:
            if entry in held:
                told.setdefault(held[entry][0], AlsoHeld(*held[entry], distance))  # a video may have several that are near
        start, most = start + most, 8 * most
    return list(told.values())[:MOST_TOLD]


def _held_by(unit_id: UUID, but: UUID, entries: Sequence[int]) -> Mapping[int, tuple[UUID, bytes, str, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(_HELD_BY, [but, unit_id, list(entries)])
        return {entry: (file, bytes(sha256), media_type, since) for entry, file, sha256, media_type, since in cursor.fetchall()}


def _words(values: Sequence[bytes]) -> Words:
    return np.frombuffer(b"".join(values), np.uint64).reshape(len(values), LENGTHS[PDQ] // 8)
