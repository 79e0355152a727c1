"""Kept searches: which a program or an officer may see, what hits them, and keeping, changing and forgetting them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from grace.api.tokens import viewer
from grace.api.v1.schemas import Limit, Words
from grace.casework.kept.keep import Kept, Wish
from grace.casework.kept_models import KeptSearch
from grace.casework.search_narrow import Narrow
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.pipeline import kept as pipeline

router = Router(tags=["search"])


class KeptIn(Schema):
    """A search to keep: what is typed, and the filters of the search. ``for_unit``: all of the unit see it and what hits it."""

    name: Annotated[Words, Field(max_length=100)]
    q: Annotated[Words, Field(max_length=500)]
    status: str = ""
    sender: UUID | None = None
    kind: Words = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    files: str = ""
    for_unit: bool = False


class KeptOut(KeptIn):
    """A kept search. ``last_hit`` grows with each hit: a program asks for hits again where it has grown."""

    id: UUID
    kept_by: str
    kept_at: datetime
    last_hit: int


class KeptLineOut(KeptOut):
    """The same in the list. ``rests``: whoever keeps it may not read in this unit now, and nobody is told anything."""

    rests: bool


class KeptPageOut(Schema):
    """A page, those with the newest hits first; ``after`` is the cursor of the next page, or empty."""

    items: list[KeptLineOut]
    after: str


class KeptHitOut(Schema):
    """A referral that hit the search, when, and by which ways; it holds no identifier."""

    referral: UUID
    number: int
    status: str
    received_at: datetime
    found_at: datetime
    ways: list[str]


class KeptHitsOut(Schema):
    """Hits, the newest first; ``behind`` is the cursor of the next page, 0 where there is none."""

    items: list[KeptHitOut]
    behind: int


@router.get("", response=KeptPageOut, summary="The kept searches of the caller and those of the unit")
@declares(Kind.CONSULTATION)
def list_kept(request: HttpRequest, after: str = "", limit: Limit = 50) -> KeptPageOut:
    """A page of kept searches; follow ``after`` to the next."""
    found, key = pipeline.kept(viewer(request), after=after, most=limit)
    return KeptPageOut(items=[_line(each) for each in found], after=key)


@router.post("", response={201: KeptOut}, summary="Keep a search")
@declares(Kind.ALTERATION)
def keep(request: HttpRequest, wanted: KeptIn) -> Status[KeptOut]:
    """Keep a search in the caller's name: it finds what the caller may see at the moment at which a referral comes in."""
    return Status(201, KeptOut(**_told(pipeline.keep(viewer(request), _wish(wanted)))))


@router.put("/{uuid:search}", response=KeptOut, summary="Change a kept search")
@declares(Kind.ALTERATION)
def change(request: HttpRequest, search: UUID, wanted: KeptIn) -> KeptOut:
    """Change one's own, or one that the unit shares; whoever changes it keeps it from then on."""
    return KeptOut(**_told(pipeline.change(viewer(request), search, _wish(wanted))))


@router.delete("/{uuid:search}", response={204: None}, summary="Forget a kept search")
@declares(Kind.ALTERATION)
def forget(request: HttpRequest, search: UUID) -> Status[None]:
    """Forget one's own, or one that the unit shares, with the list of its hits."""
    pipeline.forget(viewer(request), search)
    return Status(204, None)


@router.get("/{uuid:search}/hits", response=KeptHitsOut, summary="What hit a kept search")
@declares(Kind.CONSULTATION)
def hits(request: HttpRequest, search: UUID, behind: int = 0, limit: Limit = 50) -> KeptHitsOut:
    """A page of hits; follow ``behind`` to the next."""
    _kept, found, last = pipeline.read(viewer(request), search, behind=max(0, behind), most=limit)
    items = [
        KeptHitOut(
            referral=each.hit.row.referral_id,
            number=each.hit.row.number,
            status=each.hit.row.status,
            received_at=each.hit.row.received_at,
            found_at=each.found_at,
            ways=list(each.hit.ways),
        )
        for each in found
    ]
    return KeptHitsOut(items=items, behind=last)


def _wish(wanted: KeptIn) -> Wish:
    narrow = Narrow(**wanted.model_dump(exclude={"name", "q", "for_unit"}))
    return Wish(wanted.name, wanted.q, narrow, wanted.for_unit)


def _line(each: Kept) -> KeptLineOut:
    return KeptLineOut(**_told(each.it), rests=each.rests)


def _told(kept: KeptSearch) -> dict[str, Any]:
    names = ("name", "status", "sender", "kind", "state", "since", "until", "files", "for_unit", "id", "kept_by", "kept_at", "last_hit")
    return {"q": kept.text, **{name: getattr(kept, name) for name in names}}
