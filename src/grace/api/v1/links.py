"""The links of a referral, the way to another one, and what an officer says of a pair."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from grace.accounts.viewer import Viewer
from grace.api.idempotency import HEADER, once
from grace.api.tokens import viewer
from grace.api.v1.schemas import Limit, Words
from grace.casework.queue import Row
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Refused
from grace.links.linked import Link, Why
from grace.links.models import Verdict
from grace.pipeline import links as pipeline

router = Router(tags=["links"])


class SharedOut(Schema):
    """One thing that two referrals share; ``value`` is empty for all but the officer who took the referral, and for what is no identifier.

    ``shared_by`` counts the referrals of the unit that share it, ``strength`` is what it says alone, from 0 to 1. Of files that look
    alike the nearest two are told, with the bits by which their fingerprints differ.
    """

    kind: str
    value: str
    shared_by: int
    strength: float
    basis: str
    since: datetime | None
    in_text: bool
    file: UUID | None
    other_file: UUID | None
    distance: int | None


class SaidOut(Schema):
    """What an officer says of a pair, and why; the newest stands."""

    says: str
    reason: str
    officer: UUID
    at: datetime


class LinkOut(Schema):
    """A link of one referral with another; ``strength`` by what they share, from 0 to 1."""

    referral: UUID
    other: UUID
    number: int
    received_at: datetime
    strength: float
    shared: list[SharedOut]
    said: SaidOut | None


class LinksOut(Schema):
    """A page of links, the strongest first; ``total`` counts all of the span, ``circle`` and ``members`` tell who strong links join.

    ``after`` is the cursor of the next page, or empty.
    """

    items: list[LinkOut]
    total: int
    circle: UUID | None
    members: int
    after: str


class WayOut(Schema):
    """The links from one referral to another in their order; null where none was found within eight."""

    to: UUID
    links: list[LinkOut] | None


class VerdictIn(Schema):
    """What an officer says of a pair: cut, confirmed or withdrawn; with a reason."""

    says: Words
    reason: Annotated[Words, Field(max_length=2_000)]


class LinksIn(Schema):
    """Only with what came in this span of time."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


@router.get("/{uuid:referral}/links", response=LinksOut, summary="The links of a referral")
@declares(Kind.CONSULTATION)
def list_links(request: HttpRequest, referral: UUID, span: Query[LinksIn], after: str = "", limit: Limit = 50) -> LinksOut:
    """Whom a referral is linked with in the unit, how strongly, and by what; it is written down who looked."""
    found = pipeline.links_page(viewer(request), referral, (span.since, span.until), after=after, most=limit)
    hop = found.hop
    return LinksOut(items=_links(hop.links, found.rows), total=hop.whole, circle=hop.circle, members=hop.members, after=hop.after)


@router.get("/{uuid:referral}/links/way", response=WayOut, summary="The way to another referral")
@declares(Kind.CONSULTATION)
def find_way(request: HttpRequest, referral: UUID, to: Words) -> WayOut:
    """A shortest way of likely links to the referral of the unit that has the number ``to``; never a value."""
    found = pipeline.way(viewer(request), referral, to)
    return WayOut(to=found.end, links=None if found.links is None else _links(found.links, found.rows))


@router.post("/{uuid:referral}/links/{uuid:other}", response={201: SaidOut}, summary="Cut or confirm a link")
@declares(Kind.ALTERATION, Kind.COMBINATION)
def judge(request: HttpRequest, referral: UUID, other: UUID, said: VerdictIn) -> Status[SaidOut]:
    """Record what an officer says of a pair; the circles follow. Needs an officer's own session, as every decision does (law, L11)."""
    asking = viewer(request)
    if asking.via != "officer":
        raise Refused("Only an officer decides.", remedy="Sign in, and send the session cookie and the CSRF token.")
    request_said = f"{referral}{other}{said.model_dump_json()}".encode()
    status, answer = once(asking.officer_id, request.headers.get(HEADER), request_said, lambda: _judged(asking, (referral, other), said))
    return Status(status, SaidOut(**answer))


def _judged(asking: Viewer, pair: tuple[UUID, UUID], said: VerdictIn) -> tuple[int, dict[str, Any]]:
    return 201, _said(pipeline.judge(asking, pair, said.says, said.reason)).model_dump(mode="json")


def _links(links: list[Link], rows: dict[UUID, Row]) -> list[LinkOut]:
    """One whose referral is in no queue is left out, as on the page."""
    return [
        LinkOut(
            referral=each.one,
            other=each.other,
            number=rows[each.other].number,
            received_at=each.at,
            strength=each.strength,
            shared=[_shared(why) for why in each.whys],
            said=_said(each.said) if each.said else None,
        )
        for each in links
        if each.other in rows
    ]


def _shared(why: Why) -> SharedOut:
    alike = why.alike
    return SharedOut(
        kind=why.kind,
        value=why.text,
        shared_by=why.shared_by,
        strength=why.strength,
        basis=why.basis,
        since=why.since,
        in_text=why.in_text,
        file=alike.file if alike else None,
        other_file=alike.other_file if alike else None,
        distance=alike.distance if alike else None,
    )


def _said(said: Verdict) -> SaidOut:
    return SaidOut(says=said.says, reason=said.reason, officer=said.officer_id, at=said.at)
