"""Videos that lists name by their pictures: while a list changes, and how many pictures they have when they are asked for.

How much of a listed video stands in another rests on all of its pictures. So where one comes or goes, all are asked about again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from grace.kernel.clock import now
from grace.kernel.sql import by_column
from grace.matching import due
from grace.matching.formats.item import VIDEO, Item
from grace.matching.models import ListedVideo

_PUT = """
INSERT INTO matching_listed_video (hash_list_id, item, label, milliseconds, added_at)
SELECT %s, told.*, %s FROM UNNEST(%s::text[], %s::text[], %s::bigint[]) AS told (item, label, milliseconds)
ON CONFLICT (hash_list_id, item) DO UPDATE SET milliseconds = excluded.milliseconds
WHERE matching_listed_video.milliseconds IS DISTINCT FROM excluded.milliseconds
"""
_FURTHER = "SELECT DISTINCT item FROM matching_naming WHERE entry_id = ANY(%s)"
_UNSEEN = """
SELECT DISTINCT v.item FROM matching_listed_video v CROSS JOIN LATERAL matching_video_pictures(v.hash_list_id, v.item) p
WHERE v.hash_list_id = %s AND NOT EXISTS (SELECT FROM matching_seen s WHERE s.entry_id = p.entry AND s.item = v.item)
"""
_FORGET_EMPTY = """
DELETE FROM matching_listed_video v WHERE v.hash_list_id = %s AND v.item = ANY(%s)
AND NOT EXISTS (SELECT FROM matching_video_pictures(v.hash_list_id, v.item))
"""
_SIZES = """
SELECT v.id, count(*) FROM matching_listed_video v CROSS JOIN LATERAL matching_video_pictures(v.hash_list_id, v.item) p
WHERE v.id = ANY(%s) AND NOT EXISTS (SELECT FROM matching_setaside a WHERE a.entry_id = p.entry AND a.restored_at IS NULL)
GROUP BY v.id
"""


class Touched:
    """The listed videos of one list that a change of it touches. The list is locked by whoever changes it."""

    def __init__(self, list_id: UUID) -> None:
        self._list_id = list_id
        self._began = now()
        self._items: set[str] = set()
        self.any = ListedVideo.objects.filter(hash_list_id=list_id).exists()

    def put(self, told: Mapping[str, Item]) -> None:
        """Write down the videos of these keys that are not listed yet, before their pictures are; and what is told of their length."""
        if told:
            self.any = True
            rows = [(key, told[key].video, told[key].milliseconds) for key in sorted(told)]
            _run(_PUT, [self._list_id, now(), *by_column(rows, 3)])

    def touch(self, items: Iterable[str]) -> None:
        """Pictures of these items came or go; those that are no videos do not matter."""
        if self.any:
            self._items.update(each for each in items if each.startswith(VIDEO))

    def touch_further(self, entries: Sequence[int]) -> None:
        """These entries go, and with them what names them too."""
        if self.any:
            self.touch(row[0] for row in _run(_FURTHER, [list(entries)]))

    def touch_unseen(self) -> None:
        """A list was loaded whole: what it no longer says of videos goes."""
        if self.any:
            self.touch(row[0] for row in _run(_UNSEEN, [self._list_id]))

    def settle(self) -> int:
        """Forget videos without pictures, and let the older pictures of the others be asked about again; how many were touched."""
        if not self._items:
            return 0
        items = sorted(self._items)
        _run(_FORGET_EMPTY, [self._list_id, items])
        due.ask_about_videos(self._list_id, items, self._began)
        return len(items)


def sizes(videos: Iterable[int]) -> dict[int, int]:
    """How many pictures each of these listed videos has that are not set aside."""
    wanted = sorted(set(videos))
    return dict(_run(_SIZES, [wanted])) if wanted else {}


def _run(statement: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
