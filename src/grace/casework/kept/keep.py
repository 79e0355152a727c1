"""Keeping, changing and forgetting searches; which are kept, and what hit them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.names import names_of
from grace.accounts.standing import who_may_read
from grace.accounts.viewer import Viewer
from grace.casework import queue, search, search_narrow
from grace.casework.kept import pending
from grace.casework.kept.terms import terms_of
from grace.casework.kept_models import KeptHit, KeptSearch, KeptSeen, KeptTerm
from grace.casework.search_narrow import Narrow
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.kernel.page_key import packed, unpacked
from grace.referrals import find
from grace.sdk.text import storable

LONGEST_NAME = 100
MOST_KEPT = 1_000
"""Searches that one unit keeps at most: what a batch of referrals costs grows with them."""
MOST_LISTED = 200
_NEWS = 100
"""New hits are counted up to this many."""

_WITH_NEWS = """
SELECT count(*), max(h.found_at) FROM casework_kept_search s
JOIN casework_kept_hit h ON h.id = s.last_hit
LEFT JOIN casework_kept_seen seen ON seen.search_id = s.id AND seen.officer_id = %s
WHERE s.unit_id = %s AND (s.owner = %s OR s.for_unit) AND s.last_hit > COALESCE(seen.hit, 0)
"""
_NEW_OF = """
SELECT told.search_id, counted.n FROM UNNEST(%s::uuid[], %s::bigint[]) AS told (search_id, seen), LATERAL (
    SELECT count(*) AS n FROM (SELECT FROM casework_kept_hit h WHERE h.search_id = told.search_id AND h.id > told.seen LIMIT %s) few
) counted
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be kept: under which name, what is typed, the filters, and whether all of the unit shall see it."""

    name: str
    text: str
    narrow: Narrow
    for_unit: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept search as its list shows it. ``new`` counts hits that the viewer has not seen; ``rests``: its owner may not read here now."""

    it: KeptSearch
    owner: str
    mine: bool
    rests: bool
    new: queue.Count
    seen: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit and when it was found; ``new``: the viewer sees it for the first time."""

    hit: search.Hit
    found_at: datetime
    new: bool


def keep(viewer: Viewer, wish: Wish, now: datetime, *, officer: UUID | None = None) -> KeptSearch:
    """Keep a search; whoever runs the machine keeps it for an ``officer``.

    Raises ``Invalid`` for one that never finds anything, ``Conflict`` for a name that the owner has given already.
    """
    viewer.require(Capability.READ)
    owner, via = (officer, KeptSearch.Via.OFFICER.value) if viewer.via == "operator" else (viewer.officer_id, viewer.via)
    if owner is None or not who_may_read(viewer.unit_id, {owner}, now):
        raise Refused(_("A search is kept for somebody who may read in this unit."), remedy=_("Name such an officer."))
    if KeptSearch.objects.filter(unit_id=viewer.unit_id).count() >= MOST_KEPT:
        raise Conflict(_("Your unit keeps %(n)d searches already.") % {"n": MOST_KEPT}, remedy=_("Forget one that nobody needs any more."))
    made = KeptSearch(unit_id=viewer.unit_id, owner=owner, via=via, purpose=viewer.purpose, kept_at=now, since_at=now)
    return _write(viewer, made, wish, now)


def change(viewer: Viewer, search_id: UUID, wish: Wish, now: datetime) -> KeptSearch:
    """Change a search that the viewer keeps or that the unit shares; whoever changes what is another's keeps it from now on.

    Raises ``Missing`` for any other.
    """
    found = one(viewer, search_id, for_change=True)
    if viewer.via != "operator":
        found.owner, found.via, found.purpose = viewer.officer_id, viewer.via, viewer.purpose
    return _write(viewer, found, wish, now)


def forget(viewer: Viewer, search_id: UUID) -> KeptSearch:
    """Forget a search with its hits: one's own, or one that the unit shares. Raises ``Missing`` for any other."""
    found = one(viewer, search_id, for_change=True)
    KeptSearch.objects.filter(id=found.id).delete()
    return found


def one(viewer: Viewer, search_id: UUID, *, for_change: bool = False) -> KeptSearch:
    """A kept search that the viewer may see. Raises ``Missing`` for any other, whether it exists or not."""
    viewer.require(Capability.READ)
    if for_change:
        pending.one_at_a_time(viewer.unit_id)
    visible = _visible(viewer)
    found = (visible.select_for_update() if for_change else visible).filter(id=search_id).first()
    if found is None:
        raise Missing(_("There is no such kept search."))
    return found


def kept(viewer: Viewer, now: datetime, *, after: str = "", most: int = 100) -> tuple[list[Kept], str]:
    """The viewer's own searches and those of the unit, those with the newest hits first, and the key of the next page."""
    viewer.require(Capability.READ)
    found = _with_seen(viewer).order_by("-last_hit", "-id")
    if after:
        hit, last = _read_key(after)
        found = found.filter(Q(last_hit__lt=hit) | Q(last_hit=hit, id__lt=last))
    rows = list(found[: min(most, MOST_LISTED) + 1])
    shown = rows[: min(most, MOST_LISTED)]
    key = packed(str(shown[-1].last_hit), str(shown[-1].id)) if len(rows) > len(shown) else ""
    return _told(viewer, shown, now), key


def read(viewer: Viewer, search_id: UUID, now: datetime, *, behind: int = 0, most: int = 50) -> tuple[Kept, list[Hit], int]:
    """A kept search with a page of its hits, the newest first, and the id of the last where there are more; else 0."""
    found_search = one(viewer, search_id)
    (told,) = _told(viewer, list(_with_seen(viewer).filter(id=found_search.id)), now)
    asked = KeptHit.objects.filter(search_id=found_search.id).order_by("-id")
    found = list((asked.filter(id__lt=behind) if behind else asked)[: most + 1])
    page = found[:most]
    rows = {row.referral_id: row for row in queue.of_referrals(viewer, [each.referral_id for each in page]).rows} if page else {}
    hits = [
        Hit(search.Hit(rows[each.referral_id], each.ways.split()), each.found_at, each.id > told.seen)
        for each in page
        if each.referral_id in rows
    ]
    return told, hits, page[-1].id if len(found) > most else 0


def see(viewer: Viewer, seen: KeptSearch) -> None:
    """The viewer has seen the hits so far; a program marks none."""
    if viewer.via == "officer" and seen.last_hit:
        KeptSeen.objects.update_or_create(search=seen, officer_id=viewer.officer_id, defaults={"hit": seen.last_hit})


def with_news(viewer: Viewer) -> tuple[int, datetime | None]:
    """How many kept searches have hits that the viewer has not seen, and when the newest came."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_WITH_NEWS, [viewer.officer_id, viewer.unit_id, viewer.officer_id])
        number, newest = cursor.fetchone()
    return number, newest


def _write(viewer: Viewer, made: KeptSearch, wish: Wish, now: datetime) -> KeptSearch:
    search_narrow.conditions(wish.narrow)
    name, text = " ".join(storable(wish.name).split()), storable(find.tidied(wish.text))
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(_("A kept search needs a name of at most %(n)d characters.") % {"n": LONGEST_NAME})
    if not text:
        raise Invalid(_("There is nothing to look for."), remedy=_("Type what shall be searched for, and keep that."))
    if KeptSearch.objects.filter(unit_id=viewer.unit_id, owner=made.owner, name=name).exclude(id=made.id).exists():
        raise Conflict(_("You keep a search of this name already."), remedy=_("Choose another name, or change that one."))
    before = (made.text, search_narrow.of(made))
    terms = terms_of(text)
    made.name, made.text, made.spelt, made.for_unit = name, text, terms.spelt, wish.for_unit
    search_narrow.write(made, wish.narrow)
    if before != (text, wish.narrow):
        made.since_at = now
    made.save()
    made.terms.all().delete()
    KeptTerm.objects.bulk_create(KeptTerm(search=made, way=way, value=value) for way, value in sorted(terms.terms))
    return made


def _visible(viewer: Viewer) -> QuerySet[KeptSearch]:
    """One's own and those of the unit; whoever runs the machine sees those of the unit that is named."""
    shared = Q() if viewer.via == "operator" else Q(owner=viewer.officer_id) | Q(for_unit=True)
    return KeptSearch.objects.filter(shared, unit_id=viewer.unit_id)


def _with_seen(viewer: Viewer) -> QuerySet[KeptSearch]:
    seen = KeptSeen.objects.filter(search=OuterRef("id"), officer_id=viewer.officer_id).values("hit")
    return _visible(viewer).annotate(seen=Coalesce(Subquery(seen), 0))


def _told(viewer: Viewer, found: Sequence[KeptSearch], now: datetime) -> list[Kept]:
    able = who_may_read(viewer.unit_id, {each.owner for each in found}, now)
    names = names_of(each.kept_by for each in found)
    seen = {each.id: int(getattr(each, "seen", 0)) for each in found}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_NEW_OF, [list(seen), list(seen.values()), _NEWS + 1])
        new = dict(cursor.fetchall())
    return [
        Kept(
            it=each,
            owner=names.get(each.kept_by, ""),
            mine=each.owner == viewer.officer_id,
            rests=each.owner not in able,
            new=(min(new[each.id], _NEWS), new[each.id] > _NEWS),
            seen=seen[each.id],
        )
        for each in found
    ]


def _read_key(after: str) -> tuple[int, UUID]:
    try:
        hit, last = unpacked(after)
        return int(hit), UUID(last)
    except ValueError as fault:
        raise Invalid(_("This page key was not made here."), remedy=_("Start again at the first page.")) from fault
