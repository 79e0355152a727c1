"""What stands on lists page by page, the newest first: entries, those of an algorithm, what is thought and done about them; videos.

Every page is a walk down an index from where the last one ended: as dear at the end of ten million entries as at their beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Invalid
from grace.kernel.sql import fill
from grace.matching.lists import one_shown_to, shown_to
from grace.matching.look_up import Known, with_videos
from grace.matching.models import Entry, HashList, ListedVideo, Proposal, Removed
from grace.matching.weigh import weigh_entries

MOST_COUNTED = 1_000
"""Up to which what is thought and done about entries is counted; how many there are of an algorithm is kept beside the list."""
PROPOSED, GONE, VIDEOS, VIDEOS_ASIDE = "proposed", "gone", "videos", "videos-aside"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is on lists: where its keys stand (``key`` of ``table``), on which condition, with which words of an index."""

    table: str
    key: str = "entry_id"
    condition: str = "true"
    words: tuple[str, ...] = ("",)


_ENTRIES = Part("matching_entry", "id", "x.algorithm = k.word")
PARTS: Mapping[str, Part] = {
    "aside": Part("matching_setaside", condition="x.why = k.word AND x.restored_at IS NULL", words=("noisy", "officer")),
    "noisy": Part("matching_setaside", condition="x.why = k.word AND x.restored_at IS NULL", words=("noisy",)),
    "disputed": Part("matching_opinion", condition="x.stance = k.word", words=("dispute",)),
    "confirmed": Part("matching_opinion", condition="x.stance = k.word", words=("confirm",)),
    PROPOSED: Part("matching_proposal", "id", "x.state = 'waiting'"),
    GONE: Part("matching_removed", "id"),
    VIDEOS: Part("matching_listed_video", "id"),
    VIDEOS_ASIDE: Part("matching_listed_video", "id", "x.set_at IS NOT NULL AND x.restored_at IS NULL"),
}
"""What can be asked for besides all entries and those of an algorithm."""

# One walk for each list and word, each no longer than what is asked for; several opinions of an entry are one.
_WALK = """
SELECT f.key FROM UNNEST(%(lists)s::uuid[]) AS l (id) CROSS JOIN UNNEST(%(words)s::text[]) AS k (word) CROSS JOIN LATERAL (
    SELECT DISTINCT x.{key} AS key FROM {table} x WHERE x.hash_list_id = l.id AND {condition}{behind} ORDER BY 1 DESC LIMIT %(most)s
) f
"""
_PAGE = _WALK + "ORDER BY 1 DESC LIMIT %(most)s"
_COUNT = fill("SELECT count(*) FROM (SELECT DISTINCT key FROM ({walk}) walked LIMIT %(most)s) counted", walk=_WALK)

_VIDEOS = """
SELECT l.id, (SELECT count(*) FROM (SELECT FROM matching_listed_video v WHERE v.hash_list_id = l.id LIMIT %s) counted)
FROM UNNEST(%s::uuid[]) AS l (id)
"""

Row = Entry | Proposal | Removed | ListedVideo
Count = tuple[int, bool]
"""How many there are, and whether there are more than were counted."""


@dataclass(frozen=True, slots=True)
class Which:
    """What is asked for: ``only`` a part or an algorithm (empty: all entries), behind the key ``after``, above the entry ``above``."""

    only: str = ""
    after: str = ""
    above: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The lists that are shown, the rows of one page, what each entry is worth by its id, and the key of the next page or nothing."""

    lists: Sequence[HashList]
    rows: Sequence[Row]
    known: Mapping[int, Known]
    after: str

    @property
    def algorithms(self) -> dict[str, int]:
        """How many entries there are of each algorithm."""
        return algorithms(self.lists)


def page(viewer: Viewer, list_id: UUID | None, which: Which, most: int = 50) -> Page:
    """A page of one list that serves the viewer's unit, or of all of them. Raises :class:`Missing`, and :class:`Invalid` for a strange key."""
    if viewer.via != "operator":
        viewer.require(Capability.MANAGE_LISTS)
    lists = list(shown_to(viewer)) if list_id is None else [one_shown_to(viewer, list_id)]
    part, words = _part(which.only, lists)
    bound: dict[str, Any] = {"words": list(words), "lists": [each.id for each in lists], "most": most + 1}
    behind = ""
    for name, sign in (("after", "<"), ("above", ">")):
        if written := getattr(which, name):
            behind += f" AND x.{part.key} {sign} %({name})s"
            bound[name] = key(part, written)
    with connection.cursor() as cursor:
        cursor.execute(_told(_PAGE, part, behind), bound)
        keys = [row[0] for row in cursor.fetchall()]
    rows = _rows(part, keys[:most])
    return Page(lists, rows, weighed(rows), str(keys[most - 1]) if len(keys) > most else "")


def weighed(rows: Iterable[Row]) -> dict[int, Known]:
    """What the entries among these rows are worth, by their ids."""
    known = with_videos([_known(each) for each in rows if isinstance(each, Entry)])
    return {each.entry_id: each for each in weigh_entries(known)}


def videos(lists: Iterable[HashList]) -> dict[UUID, Count]:
    """How many videos each of these lists names, counted up to a thousand."""
    with connection.cursor() as cursor:
        cursor.execute(_VIDEOS, [MOST_COUNTED + 1, [each.id for each in lists]])
        return {list_id: capped(number) for list_id, number in cursor.fetchall()}


def capped(number: int) -> Count:
    """A number that was counted up to one more than a thousand."""
    return min(number, MOST_COUNTED), number > MOST_COUNTED


def algorithms(lists: Iterable[HashList]) -> dict[str, int]:
    """How many entries these lists hold of each algorithm, as is kept beside them."""
    found: dict[str, int] = {}
    for row in (row for each in lists for row in each.coverage.all() if row.entries):
        found[row.algorithm] = found.get(row.algorithm, 0) + row.entries
    return dict(sorted(found.items()))


def counts(lists: Iterable[HashList]) -> dict[str, Count]:
    """How much there is of each part of these lists, counted up to a thousand."""
    ids = [each.id for each in lists]
    found = {}
    with connection.cursor() as cursor:
        for name, part in PARTS.items():
            cursor.execute(_told(_COUNT, part, ""), {"words": list(part.words), "lists": ids, "most": MOST_COUNTED + 1})
            (number,) = cursor.fetchone()
            found[name] = capped(number)
    return found


def _part(only: str, lists: Iterable[HashList]) -> tuple[Part, Iterable[str]]:
    if only in PARTS:
        return PARTS[only], PARTS[only].words
    held = algorithms(lists)
    if only and len(only) > 20:
        raise _strange()
    return _ENTRIES, [only] if only else held


def _told(text: str, part: Part, behind: str) -> str:
    return fill(text, key=part.key, table=part.table, condition=part.condition, behind=behind)


def key(part: Part, written: str) -> int | UUID:
    """The key of a row of this part, as it stands in an address. Raises :class:`Invalid` for anything else."""
    try:
        if part is PARTS[PROPOSED]:
            return UUID(written)
        if written.isascii() and written.isdigit() and len(written) <= 18:
            return int(written)
    except ValueError:
        pass
    raise _strange()


def _strange() -> Invalid:
    return Invalid(_("This page key was not made by this list."), remedy=_("Start again at the first page."))


def _rows(part: Part, keys: Sequence[Any]) -> Sequence[Row]:
    of: Mapping[str, type[Row]] = {"matching_proposal": Proposal, "matching_removed": Removed, "matching_listed_video": ListedVideo}
    return list(of.get(part.table, Entry).objects.filter(id__in=keys).select_related("hash_list").order_by("-id"))


def _known(entry: Entry) -> Known:
    told = (
        entry.id,
        entry.hash_list_id,
        entry.hash_list.name,
        entry.algorithm,
        bytes(entry.value),
        entry.category,
        entry.source,
        entry.note,
    )
    return Known(*told, "exact", 0)
