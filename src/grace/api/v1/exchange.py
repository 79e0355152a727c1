"""Hand-overs: what left for other agencies, what came from them, and what became of it. Acting on them is an officer's, on the pages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from grace.api.tokens import viewer
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.exchange.models import Arrival, Dispatch
from grace.pipeline.hand_over_page import sent
from grace.pipeline.take_over import inbox_page

router = Router(tags=["hand-overs"])


class HandOverOut(Schema):
    """A package that left or is to leave: a hand-over, a correction or a request to erase, and its state."""

    package: UUID
    kind: str
    state: str
    agency: UUID
    agency_name: str
    agency_state: str
    referral: UUID | None
    version: int
    purpose: str
    conditions: list[str]
    follows: UUID | None
    made_at: datetime
    delivered_at: datetime | None
    answered_at: datetime | None
    failure: str


class ReceivedOut(Schema):
    """A package that came, and what an officer decided; ``referral`` is what it became here."""

    id: UUID
    package: UUID
    kind: str
    state: str
    agency: UUID
    agency_name: str
    agency_state: str
    urgent: bool
    purpose: str
    conditions: list[str]
    referral: UUID | None
    made_at: datetime
    received_at: datetime
    decided_at: datetime | None


@router.get("", response=list[HandOverOut], summary="What was handed over, and what became of it")
@declares(Kind.CONSULTATION)
def list_hand_overs(request: HttpRequest) -> list[HandOverOut]:
    """The unit's newest 200 hand-overs, corrections and requests to erase."""
    return [_sent(each) for each in sent(viewer(request))]


@router.get("/received", response=list[ReceivedOut], summary="What other agencies handed over")
@declares(Kind.CONSULTATION)
def list_received(request: HttpRequest) -> list[ReceivedOut]:
    """What waits for an officer, urgent ones first, then what was decided, newest first."""
    found = inbox_page(viewer(request))
    return [_received(each) for each in (*found.waiting, *found.decided)]


def _sent(each: Dispatch) -> HandOverOut:
    return HandOverOut(
        package=each.id,
        kind=each.kind,
        state=each.state,
        agency=each.agency_id,
        agency_name=each.agency.name,
        agency_state=each.agency.state,
        referral=each.referral_id,
        version=each.ordinal,
        purpose=each.purpose,
        conditions=each.conditions,
        follows=each.replaces_id,
        made_at=each.made_at,
        delivered_at=each.delivered_at,
        answered_at=each.answered_at,
        failure=each.failure,
    )


def _received(each: Arrival) -> ReceivedOut:
    return ReceivedOut(
        id=each.id,
        package=each.package,
        kind=each.kind,
        state=each.state,
        agency=each.agency_id,
        agency_name=each.agency.name,
        agency_state=each.agency.state,
        urgent=each.urgent,
        purpose=each.purpose,
        conditions=each.conditions,
        referral=each.referral_id,
        made_at=each.made_at,
        received_at=each.received_at,
        decided_at=each.decided_at,
    )
