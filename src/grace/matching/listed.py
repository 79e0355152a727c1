"""The entries of lists page by page, the newest first: all, those of an algorithm, what is thought and done about them, what waits or went.

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
from grace.matching.look_up import Known
from grace.matching.models import Entry, HashList, Proposal, Removed
from grace.matching.weigh import weigh_entries

MOST_COUNTED = 1_000
"""Up to which what is thought and done about entries is counted; how many there are of an algorithm is kept beside the list."""
PROPOSED, GONE = "proposed", "gone"


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

Row = Entry | Proposal | Removed
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
            bound[name] = _key(part, written)
    with connection.cursor() as cursor:
        cursor.execute(_told(_PAGE, part, behind), bound)
        keys = [row[0] for row in cursor.fetchall()]
    rows = _rows(part, keys[:most])
    known = weigh_entries([_known(each) for each in rows if isinstance(each, Entry)])
    return Page(lists, rows, {each.entry_id: each for each in known}, str(keys[most - 1]) if len(keys) > most else "")


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
            found[name] = (min(number, MOST_COUNTED), number > MOST_COUNTED)
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


def _key(part: Part, written: str) -> int | UUID:
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
    if part is PARTS[PROPOSED]:
        return list(Proposal.objects.filter(id__in=keys).select_related("hash_list").order_by("-id"))
    if part is PARTS[GONE]:
        return list(Removed.objects.filter(id__in=keys).select_related("hash_list").order_by("-id"))
    return list(Entry.objects.filter(id__in=keys).select_related("hash_list", "aside").order_by("-id"))


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
