"""Groups: listed, read. Their members are listed by the queue (``group``); an officer decides about them on the screen."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from grace.api.tokens import viewer
from grace.api.v1.schemas import GroupOut, GroupPageOut, Limit
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.pipeline import groups

router = Router(tags=["groups"])


@router.get("", response=GroupPageOut, summary="The groups of the unit, the largest first")
@declares(Kind.CONSULTATION)
def list_groups(request: HttpRequest, after: str = "", limit: Limit = 50) -> GroupPageOut:
    """A page of the unit's groups; follow ``after`` to the next."""
    found, key = groups.list_groups(viewer(request), after=after, most=limit)
    return GroupPageOut(items=[GroupOut.from_orm(each) for each in found], after=key)


@router.get("/{uuid:group}", response=GroupOut, summary="One group")
@declares(Kind.CONSULTATION)
def read_one(request: HttpRequest, group: UUID) -> GroupOut:
    """One group in figures."""
    return GroupOut.from_orm(groups.one_group(viewer(request), group))
