"""Changing the entries of one list, batch by batch, inside the caller's transaction; the one place that writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from grace.kernel.clock import now
from grace.kernel.errors import Conflict
from grace.kernel.ids import new_id
from grace.kernel.sql import by_column
from grace.matching import served, sql
from grace.matching.formats.item import VIDEO, Gone, Item
from grace.matching.listed_videos import Touched
from grace.matching.models import HashList

BATCH = 5000

Triple = tuple[str, str, bytes]
"""Item, algorithm, value."""


@dataclass(slots=True)
class Counts:
    """What changed so far: entries added and removed by algorithm, those that were told something new, all that were told.

    ``videos`` are the listed videos that came, changed or went.
    """

    added: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    changed: int = 0
    told: int = 0
    videos: int = 0

    @property
    def is_change(self) -> bool:
        """Whether the list is not what it was."""
        return bool(self.added or self.removed or self.changed or self.videos)


class Change:
    """A change of one list in the making.

    ``by`` and ``why`` are written beside every entry that leaves. The list must be locked by the caller. ``is_whole`` items
    are told with all their digests each time; ``is_full`` means that whatever is not told at all leaves the list.
    """

    def __init__(self, hash_list: HashList, by: str, why: str, *, is_whole: bool = False, is_full: bool = False) -> None:
        self.hash_list, self.by, self.why = hash_list, by, why
        self.counts = Counts()
        self._is_whole, self._is_full = is_whole, is_full
        self._rows: dict[Triple, Item] = {}
        self._gone: dict[Triple, None] = {}
        self._videos = Touched(hash_list.id)
        self._is_served = served.is_served(hash_list.id)
        if is_full:
            _run(sql.SEEN)

    def add(self, item: Item) -> None:
        """Put an item on the list, or say anew what it is."""
        self.counts.told += len(item.digests)
        for algorithm, value in item.digests:
            triple = (self._key(item, algorithm, value), algorithm, value)
            self._gone.pop(triple, None)
            self._rows[triple] = item
        if len(self._rows) >= BATCH:
            self.flush()

    def take_back(self, gone: Gone) -> None:
        """Take an item off the list, or some digests of it; what another item names too stays."""
        if not gone.digests or not gone.key:
            self.flush()
        for algorithm, value in gone.digests or (("", b""),):
            triple = (gone.key, algorithm, value)
            self._rows.pop(triple, None)
            self._gone[triple] = None
        if len(self._gone) >= BATCH:
            self.flush()

    def remove(self, ids: Sequence[int]) -> int:
        """Take entries off the list by their ids; how many there were."""
        removed = 0
        for start in range(0, len(ids), BATCH):
            some = list(ids[start : start + BATCH])
            self._videos.touch_further(some)
            told = {"list": self.hash_list.id, "ids": some, "now": now(), "by": self.by, "why": self.why}
            for algorithm, count, items in _run(sql.REMOVE, told):
                self.counts.removed[algorithm] = self.counts.removed.get(algorithm, 0) + count
                removed += count
                self._touch(items)
        return removed

    def flush(self) -> None:
        """Write what has gathered."""
        rows, gone = self._rows, list(self._gone)
        self._rows, self._gone = {}, {}
        if self._is_whole and rows:
            gone += self._no_longer_named(rows)
        if gone:
            self._let_go(gone)
        if rows:
            self._put(rows)

    def finish(self, most_removed: float = 1.0, *, may_remove: bool = True) -> Counts:
        """Write the rest, take out what a full list did not name, and count.

        Raises :class:`Conflict` where more than the share ``most_removed`` of the list would go.
        """
        self.flush()
        if self._is_full:
            if may_remove:
                self._remove_unseen(most_removed)
            _run(sql.NO_LONGER_SEEN)
        self.counts.videos += self._videos.settle()
        if self.counts.is_change:
            _count(self.hash_list.id, self.counts.added, 1)
            _count(self.hash_list.id, self.counts.removed, -1)
            HashList.objects.filter(id=self.hash_list.id).update(changed_at=now())
        return self.counts

    def _touch(self, items: Iterable[str]) -> None:
        """Let readers be told of these items, and videos among them be asked about again."""
        named = list(items)
        self._videos.touch(named)
        if self._is_served:
            served.touch(self.hash_list.id, named)

    def _key(self, item: Item, algorithm: str, value: bytes) -> str:
        return item.key or (f"{algorithm}:{value.hex()}" if self.hash_list.is_own or self._is_served else "")

    def _no_longer_named(self, rows: Mapping[Triple, Item]) -> list[Triple]:
        items = sorted({item for item, _algorithm, _value in rows})
        found = _run(sql.OF_ITEMS, {"list": self.hash_list.id, "items": items})
        return [triple for item, algorithm, value in found if (triple := (item, algorithm, bytes(value))) not in rows]

    def _let_go(self, gone: Sequence[Triple]) -> None:
        items, algorithms, values = by_column(gone, 3)
        told = {"list": self.hash_list.id, "items": items, "algorithms": algorithms, "values": values}
        self._touch(item for item, _algorithm, _value in gone)
        _run(sql.FORGET_NAMINGS, told)
        _run(sql.HAND_ON, told)
        self.remove([row[0] for row in _run(sql.TO_REMOVE, told)])

    def _put(self, rows: Mapping[Triple, Item]) -> None:
        moment = now()
        self._videos.put({triple[0]: item for triple, item in rows.items() if item.video})
        firsts = self._firsts(rows)
        told = [self._row(triple, rows[triple], moment) for triple in sorted(firsts, key=lambda each: each[1:])]
        written = _run(sql.UPSERT, by_column(told, len(sql.ENTRY_COLUMNS)))
        self._touch(item for _is_new, _algorithm, item in written)
        for is_new, algorithm, _item in written:
            if is_new:
                self.counts.added[algorithm] = self.counts.added.get(algorithm, 0) + 1
            else:
                self.counts.changed += 1
        named = [
            (triple[1], triple[2], triple[0], self._category(rows[triple]), self._source(rows[triple]))
            for triple in sorted(rows)
            if triple[0] or self._videos.any
        ]
        if named:
            further = [item for (item,) in _run(sql.NAME_FURTHER, [*by_column(named, 5), self.hash_list.id])]
            self._touch(further)
            self.counts.changed += sum(not item or item.startswith(VIDEO) for item in further)
        if self._is_full:
            seen = [(algorithm, value, item) for item, algorithm, value in rows]
            _run(sql.NOTE_SEEN, [*by_column(seen, 3), self.hash_list.id])

    def _firsts(self, rows: Mapping[Triple, Item]) -> list[Triple]:
        """One triple for each digest: where several items name it, that of the item whose entry it is, or else the first."""
        by_digest: dict[tuple[str, bytes], list[Triple]] = {}
        for triple in rows:
            by_digest.setdefault(triple[1:], []).append(triple)
        several = [digest for digest, triples in by_digest.items() if len(triples) > 1]
        owners: dict[tuple[str, bytes], str] = {}
        if several:
            found = _run(sql.FIRST_ITEMS, [*by_column(several, 2), self.hash_list.id])
            owners = {(algorithm, bytes(value)): item for algorithm, value, item in found}
        return [next((each for each in triples if each[0] == owners.get(digest)), triples[0]) for digest, triples in by_digest.items()]

    def _row(self, triple: Triple, item: Item, moment: object) -> tuple[object, ...]:
        key, algorithm, value = triple
        facts = json.dumps(dict(item.facts), ensure_ascii=False, sort_keys=True)
        return (self.hash_list.id, algorithm, value, self._category(item), self._source(item), item.note, key, facts, moment)

    def _category(self, item: Item) -> str:
        return item.category or self.hash_list.default_category

    def _source(self, item: Item) -> str:
        return item.source or self.hash_list.source

    def _remove_unseen(self, most_removed: float) -> None:
        ((total, unseen),) = _run(sql.COUNT_UNSEEN, [self.hash_list.id])
        before = total - sum(self.counts.added.values())
        if unseen > most_removed * before:
            raise Conflict(
                _("The file names %(named)d of the %(total)d entries of the list: %(unseen)d would be taken out.")
                % {"named": before - unseen, "total": before, "unseen": unseen},
                remedy=_("Nothing was loaded. If the list really shrank so, say how large a share may go."),
            )
        self._videos.touch_unseen()
        _run(sql.FORGET_UNSEEN_NAMINGS, [self.hash_list.id])
        _run(sql.HAND_ON_UNSEEN, [self.hash_list.id])
        if self._is_served:
            served.touch_all(self.hash_list.id)
        last = 0
        while ids := [row[0] for row in _run(sql.UNSEEN, [self.hash_list.id, last, BATCH])]:
            self.remove(ids)
            last = ids[-1]


def _count(list_id: UUID, counts: Mapping[str, int], sign: int) -> None:
    for algorithm, entries in sorted(counts.items()):
        _run(sql.COUNT, [new_id(), list_id, algorithm, sign * entries])


def _run(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
