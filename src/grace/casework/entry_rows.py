"""What an entry of a hash list found in the viewer's unit, page by page, the newest first: its matches, and the referrals that it answered for.

A match is shown to a unit that holds what was matched, or a referral of which names it; nobody is told what others hold.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework.queue import Count
from grace.kernel import sql
from grace.kernel.errors import Invalid

MOST_COUNTED = 1_000

_HELD_BYTES = "SELECT FROM evidence_file f JOIN evidence_holding o ON o.file_id = f.id AND o.unit_id = %(unit)s WHERE f.{kind} = m.value"
_HELD_PICTURE = """
SELECT FROM matching_held h JOIN evidence_fingerprint p ON p.id = h.fingerprint_id
JOIN evidence_holding o ON o.file_id = p.file_id AND o.unit_id = %(unit)s WHERE h.value = m.value
"""
_KINDS = {"md5": _HELD_BYTES, "sha1": _HELD_BYTES, "sha256": _HELD_BYTES, "pdq": _HELD_PICTURE}
_MATCHES = """
SELECT m.id, m.value, m.kind, m.distance, m.found_at FROM matching_match m
WHERE m.entry_id = %(entry)s AND m.algorithm = %(kind)s AND (EXISTS ({held}) OR EXISTS (
    SELECT FROM referrals_attachment a
    JOIN referrals_version v ON v.id = a.version_id AND v.replaced_at IS NULL
    JOIN referrals_referral r ON r.id = a.referral_id AND r.unit_id = %(unit)s
    WHERE a.{kind} = m.value
)){behind} ORDER BY m.id DESC LIMIT %(most)s
"""
_REFERRALS = """
SELECT q.referral_id, q.number, q.received_at, h.at, q.status, q.outcome
FROM matching_hit h JOIN casework_queue q ON q.referral_id = h.referral_id AND q.unit_id = %(unit)s
WHERE h.entry_id = %(entry)s{behind} ORDER BY h.referral_id DESC LIMIT %(most)s
"""
_COUNT = "SELECT count(*) FROM ({found}) found"


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry that is asked about, and the kind of its hash."""

    id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Found:
    """A match: its number, the raw value that was matched, how far it is from the entry's, and when it was found."""

    id: int
    value: bytes
    kind: str
    distance: int
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """A referral that the entry answered for, and when it was counted."""

    referral_id: UUID
    number: int
    received_at: datetime
    at: datetime
    status: str
    outcome: str


def matches(viewer: Viewer, entry: Entry, after: str = "", most: int = 50) -> tuple[list[Found], str]:
    """The matches of an entry behind the key ``after``, and the key of the next page or nothing."""
    viewer.require(Capability.READ)
    found = [Found(number, bytes(value), *more) for number, value, *more in _fetch(viewer, entry, _of_matches(entry), after, most)]
    return found[:most], str(found[most - 1].id) if len(found) > most else ""


def referrals(viewer: Viewer, entry: Entry, after: str = "", most: int = 50) -> tuple[list[Answered], str]:
    """The same of referrals, for as long as the entry's list counts them."""
    viewer.require(Capability.READ)
    found = [Answered(*row) for row in _fetch(viewer, entry, _REFERRALS, after, most)]
    return found[:most], str(found[most - 1].referral_id) if len(found) > most else ""


def counts(viewer: Viewer, entry: Entry) -> tuple[Count, Count]:
    """How many matches and how many referrals there are, counted up to a thousand each."""
    viewer.require(Capability.READ)
    numbers = (_number(viewer, entry, text) for text in (_of_matches(entry), _REFERRALS))
    of_matches, of_referrals = ((min(number, MOST_COUNTED), number > MOST_COUNTED) for number in numbers)
    return of_matches, of_referrals


def _of_matches(entry: Entry) -> str:
    """The statement for the kind of hash; one that nothing is matched by has no matches."""
    held = _KINDS.get(entry.kind)
    return sql.fill(_MATCHES, held=held, kind=entry.kind) if held else ""


def _number(viewer: Viewer, entry: Entry, text: str) -> int:
    if not text:
        return 0
    ((number,),) = _run(sql.fill(_COUNT, found=sql.fill(text, behind="")), viewer, entry, most=MOST_COUNTED + 1)
    return int(number)


def _fetch(viewer: Viewer, entry: Entry, text: str, after: str, most: int) -> list[tuple[Any, ...]]:
    if not text:
        return []
    behind = "" if not after else " AND h.referral_id < %(after)s" if text is _REFERRALS else " AND m.id < %(after)s"
    key = _key(after, UUID if text is _REFERRALS else int) if after else None
    return _run(sql.fill(text, behind=behind), viewer, entry, after=key, most=most + 1)


def _run(text: str, viewer: Viewer, entry: Entry, **bound: Any) -> list[tuple[Any, ...]]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, {"unit": viewer.unit_id, "entry": entry.id, "kind": entry.kind, **bound})
        return list(cursor.fetchall())


def _key(written: str, kind: type[UUID | int]) -> UUID | int:
    try:
        if len(written) <= 36 and written.isascii():
            key = kind(written)
            if isinstance(key, UUID) or 0 <= key < 1 << 63:
                return key
    except ValueError:
        pass
    raise Invalid(_("This page key was not made by this list."), remedy=_("Start again at the first page."))
