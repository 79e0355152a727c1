"""A list as a file again: streamed from one moment of the database, whatever changes meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

import grace
from grace.kernel.clock import now
from grace.kernel.errors import Invalid
from grace.matching.digests import LENGTHS
from grace.matching.formats import grace_csv, icse, ncmec_write, vics_write
from grace.matching.formats.item import Item
from grace.matching.formats.vics import DEFAULT_SCALE
from grace.matching.formats.vics_categories import scales
from grace.matching.formats.vics_write import Writing
from grace.matching.models import HashList

FORMATS = ("csv", "vics-1.3", "vics-2.0", "icse", "ncmec")
ENDINGS = {"csv": "csv", "vics-1.3": "json", "vics-2.0": "json", "icse": "csv", "ncmec": "xml"}
TYPES = {"csv": "text/csv", "json": "application/json", "xml": "application/xml"}
_FETCHED = 5000
_ORDER = {algorithm: place for place, algorithm in enumerate(LENGTHS)}
_ENTRIES = """
SELECT id, algorithm, value, category, source, note, item, facts::text FROM matching_entry
WHERE hash_list_id = %s ORDER BY item, id
"""
# Of a list with videos: what it lists for itself, …
_STILLS = """
SELECT e.id, e.algorithm, e.value, e.category, e.source, e.note, named.item, e.facts::text
FROM matching_entry e
CROSS JOIN LATERAL (
    SELECT item FROM (SELECT e.item, 0 AS number UNION ALL SELECT n.item, n.id FROM matching_naming n WHERE n.entry_id = e.id) every
    WHERE NOT EXISTS (SELECT FROM matching_listed_video v WHERE v.hash_list_id = e.hash_list_id AND v.item = every.item)
    ORDER BY number LIMIT 1
) named
WHERE e.hash_list_id = %s ORDER BY named.item, e.id
"""
# … and each picture of each video.
_OF_VIDEOS = """
SELECT e.algorithm, e.value, COALESCE(n.category, e.category), COALESCE(n.source, e.source),
       CASE WHEN n.id IS NULL THEN e.note ELSE '' END, v.label
FROM matching_listed_video v
CROSS JOIN LATERAL matching_video_pictures(v.hash_list_id, v.item) p
JOIN matching_entry e ON e.id = p.entry
LEFT JOIN matching_naming n ON n.entry_id = e.id AND n.item = v.item
WHERE v.hash_list_id = %s ORDER BY v.id, e.id
"""


@dataclass(frozen=True, slots=True)
class Export:
    """In which form; for VICS on which scale, and whether as a case rather than a hash set."""

    format: str
    scale: str = DEFAULT_SCALE
    is_case: bool = False

    def check(self) -> None:
        """Raise :class:`Invalid` for a form or scale that there is not."""
        if self.format not in FORMATS:
            raise Invalid(_("There is no such form."), remedy=_("Known are: %(all)s.") % {"all": ", ".join(FORMATS)})
        known = scales(settings.GRACE_VICS_CATEGORIES)
        if self.scale not in known:
            raise Invalid(_("There is no such scale of categories."), remedy=_("Known are: %(all)s.") % {"all": ", ".join(known)})


def write(hash_list: HashList, wanted: Export) -> Iterator[bytes]:
    """The file, piece by piece; memory does not grow with the list. Videos stand in our own form only: the others have no place for them."""
    wanted.check()
    items = items_of(hash_list)
    if wanted.format == "csv":
        return grace_csv.write_lines(_lines(hash_list), videos=hash_list.videos.exists())
    if wanted.format == "icse":
        return icse.write(items)
    if wanted.format == "ncmec":
        return ncmec_write.page(lambda: items_of(hash_list), now())
    scale = scales(settings.GRACE_VICS_CATEGORIES)[wanted.scale]
    number = f"list-{hash_list.id}"
    version = wanted.format.removeprefix("vics-")
    return vics_write.write(items, Writing(version, scale, wanted.is_case, hash_list.id, number, grace.__version__))


def items_of(hash_list: HashList) -> Iterator[Item]:
    """Every item with all its digests, but videos; entries that belong to none are an item each."""
    statement = _STILLS if hash_list.videos.exists() else _ENTRIES
    for number, (_key, rows) in enumerate(groupby(_rows(statement, hash_list), key=_item_key), start=1):
        yield item(number, list(rows))


def _lines(hash_list: HashList) -> Iterator[grace_csv.Line]:
    for each in items_of(hash_list):
        yield from ((algorithm, value, each.category, each.source, each.note, "") for algorithm, value in each.digests)
    for algorithm, value, *words in _rows(_OF_VIDEOS, hash_list):
        yield (algorithm, bytes(value), *words)


def _rows(statement: str, hash_list: HashList) -> Iterator[tuple[Any, ...]]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.cursor.itersize = _FETCHED
        cursor.execute(statement, [hash_list.id])
        yield from cursor


def item(number: int, rows: list[tuple[Any, ...]]) -> Item:
    """Rows of one item as one: the words of the first, the digests in their order; ``facts`` is JSON text."""
    rows.sort(key=lambda row: _ORDER[row[1]])
    _id, _algorithm, _value, category, source, note, key, facts = rows[0]
    return Item(number, tuple((row[1], bytes(row[2])) for row in rows), category, source, note, key, json.loads(facts))


def _item_key(row: tuple[Any, ...]) -> tuple[str, int]:
    return (row[6], 0 if row[6] else row[0])
