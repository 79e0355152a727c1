"""Lists of our own that others fetch: what changed since when, in an order that no reader can miss anything by.

A reader asks for what changed in a span of time, and its next span begins where the last one ended. So a change must never get
a moment that has been told already. What changes waits without a moment; it gets one in a short transaction of its own, behind
a lock, just before a span is told: ten seconds ago, or the end of the latest span that anybody was told of, if that is later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from grace.kernel.clock import now
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.kernel.sql import array, fill
from grace.matching.export import item
from grace.matching.formats.item import Item
from grace.matching.meaning import Meaning
from grace.matching.models import HashList, Sharing

PAGE = 1000
MOST_PAGE = 1000
AHEAD = timedelta(minutes=1)
"""How far a reader's clock may be ahead of ours."""
MOST_NAME = 60
EARLIER = timedelta(seconds=10)
"""How long ago a change is said to have been that waits to be told: readers ask for spans that end a little before now."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

# The protocol has no place for a video's pictures: a reader would take each for a picture that is listed for itself.
_NO_VIDEO = "NOT EXISTS (SELECT FROM matching_listed_video v WHERE v.hash_list_id = %s AND v.item = told.item)"
_TOUCH = fill(
    """
INSERT INTO matching_served (hash_list_id, item, at)
SELECT %s, item, NULL FROM UNNEST(%s::text[]) AS told (item) WHERE item <> '' AND {no_video}
ON CONFLICT (hash_list_id, item) DO UPDATE SET at = NULL
""",
    no_video=_NO_VIDEO,
)
_TOUCH_ALL = fill(
    """
INSERT INTO matching_served (hash_list_id, item, at)
SELECT %s, item, NULL FROM (
    SELECT item FROM matching_entry WHERE hash_list_id = %s
    UNION SELECT n.item FROM matching_naming n JOIN matching_entry e ON e.id = n.entry_id WHERE e.hash_list_id = %s
) told WHERE item <> '' AND {no_video}
ON CONFLICT (hash_list_id, item) DO UPDATE SET at = NULL
""",
    no_video=_NO_VIDEO,
)
_NAME_ITEMS = """
WITH further AS (
    UPDATE matching_naming n SET item = e.algorithm || ':' || encode(e.value, 'hex')
    FROM matching_entry e WHERE e.id = n.entry_id AND e.hash_list_id = %s AND n.item = ''
)
UPDATE matching_entry SET item = algorithm || ':' || encode(value, 'hex') WHERE hash_list_id = %s AND item = ''
"""
# What a change that is not committed yet has touched is left for the next time: nobody waits for a long load.
_STAMP = """
UPDATE matching_served SET at = %s
WHERE id IN (SELECT id FROM matching_served WHERE hash_list_id = %s AND at IS NULL FOR UPDATE SKIP LOCKED)
"""
_LAST = "SELECT COALESCE(max(id), 0) FROM matching_served WHERE hash_list_id = %s AND at >= %s AND at < %s"
# One statement, so that a page is of one moment: an item that nothing stands for any more is a tombstone.
_SPAN = """
SELECT s.id, s.item, s.at, e.id, e.algorithm, e.value, e.category, e.source, e.note, e.item, e.facts::text
FROM (
    SELECT id, item, at FROM matching_served
    WHERE hash_list_id = %(list)s AND at >= %(since)s AND at < %(until)s AND id >= %(start)s AND id <= %(last)s
    ORDER BY id LIMIT %(most)s
) s
LEFT JOIN LATERAL (
    SELECT e.* FROM matching_entry e WHERE e.hash_list_id = %(list)s AND e.item = s.item
    UNION
    SELECT e.* FROM matching_naming n JOIN matching_entry e ON e.id = n.entry_id WHERE n.item = s.item AND e.hash_list_id = %(list)s
) e ON NOT EXISTS (SELECT FROM matching_setaside a WHERE a.entry_id = e.id AND a.restored_at IS NULL)
ORDER BY s.id, e.id
"""


@dataclass(frozen=True, slots=True)
class Span:
    """What a reader asks for: what changed from a moment up to, and without, another; from which number on, how many."""

    since: datetime
    until: datetime
    start: int = 0
    size: int = PAGE
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """An item that changed: its number in the order of telling, its name, when, and what it is now; None where it is gone."""

    number: int
    name: str
    at: datetime
    item: Item | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a span; ``following`` is the span that goes on behind it."""

    changed: Sequence[Changed]
    latest: datetime
    following: Span | None


def serve(hash_list: HashList, name: str) -> None:
    """Let others fetch a locked list under a name; an empty one ends that. Raises :class:`Conflict` and :class:`Invalid`."""
    if not name:
        Sharing.objects.filter(hash_list=hash_list).delete()
        return
    if hash_list.meaning != Meaning.ALERT or not (hash_list.is_own or hash_list.may_pass_on):
        raise Conflict(_("Only an alert list of your own, or one that may be passed on, can be served."))
    if len(name) > MOST_NAME or not name.replace("-", "").isalnum() or not name.isascii() or name != name.lower():
        raise Invalid(_("A name in an address has lower-case letters, digits and hyphens."))
    if Sharing.objects.filter(name=name).exclude(hash_list=hash_list).exists():
        raise Conflict(_("Another list is served under this name."), remedy=_("Choose another name."))
    _sharing, is_new = Sharing.objects.update_or_create(hash_list=hash_list, defaults={"name": name})
    if is_new:
        with connection.cursor() as cursor:
            cursor.execute(_NAME_ITEMS, [hash_list.id] * 2)
        touch_all(hash_list.id)


def is_served(list_id: UUID) -> bool:
    """Whether others may fetch the list."""
    return Sharing.objects.filter(hash_list_id=list_id).exists()


def touch(list_id: UUID, items: Iterable[str]) -> None:
    """Let readers be told of these items of a list; nothing where it is not served."""
    wanted = sorted({each for each in items if each})
    if wanted and is_served(list_id):
        with connection.cursor() as cursor:
            cursor.execute(_TOUCH, [list_id, array(wanted), list_id])


def touch_all(list_id: UUID) -> None:
    """Let readers be told of every item of a list."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCH_ALL, [list_id] * 4)


def named(name: str) -> Sharing:
    """The sharing under this name, with its list. Raises :class:`Missing`, also where the list may not be passed on any more."""
    may_leave = Q(hash_list__is_own=True) | Q(hash_list__may_pass_on=True)
    found = Sharing.objects.select_related("hash_list").filter(may_leave, name=name).first()
    if found is None:
        raise Missing(_("There is no such list."))
    return found


def stamp(list_id: UUID, until: datetime) -> None:
    """Give what waits its moment, and keep later changes out of a span that is told up to ``until``. In a short transaction.

    Raises :class:`Invalid` where the span ends in the future: a reader whose clock is wrong would miss changes.
    """
    moment = now().replace(microsecond=0)
    if until > moment + AHEAD:
        raise Invalid(
            _("The span ends %(seconds)d seconds in the future.") % {"seconds": (until - moment).total_seconds()},
            remedy=_("Set the clock of the reading machine, and its time zone: moments are in UTC."),
        )
    sharing = Sharing.objects.select_for_update().get(hash_list_id=list_id)
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, [max(sharing.told_until or _NEVER, moment - EARLIER), list_id])
    if sharing.told_until is None or until > sharing.told_until:
        sharing.told_until = until
        sharing.save(update_fields=["told_until"])


def page(list_id: UUID, span: Span) -> Page:
    """One page of a span, once :func:`stamp` has been called for its end."""
    last = span.last if span.last is not None else _last(list_id, span)
    size = max(1, min(span.size, MOST_PAGE))
    told: dict[str, Any] = {
        "list": list_id,
        "since": span.since,
        "until": span.until,
        "start": span.start,
        "last": last,
        "most": size + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SPAN, told)
        changed = [_changed(list(rows)) for _number, rows in groupby(cursor.fetchall(), key=lambda row: row[0])]
    shown, more = changed[:size], changed[size:]
    following = Span(span.since, span.until, more[0].number, size, last) if more else None
    latest = max((each.at for each in shown), default=span.since)
    return Page(shown, latest, following)


def _last(list_id: UUID, span: Span) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [list_id, span.since, span.until])
        return int(cursor.fetchone()[0])


def _changed(rows: list[tuple[Any, ...]]) -> Changed:
    number, name, at = rows[0][:3]
    entries = [row[3:] for row in rows if row[3] is not None]
    return Changed(number, name, at, item(number, entries) if entries else None)
