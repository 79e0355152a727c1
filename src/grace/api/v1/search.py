"""The search: whatever is in hand, in any spelling, over all that the unit may see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from grace.api.tokens import viewer
from grace.api.v1.schemas import Limit, Words
from grace.casework.search import Answer
from grace.casework.search_narrow import Narrow
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.pipeline import search as pipeline

router = Router(tags=["search"])


class SearchIn(Schema):
    """What is searched for, and by what it is narrowed; ``since`` and ``until`` are days, UTC, both included."""

    q: Annotated[Words, Field(max_length=500)] = ""
    status: str = ""
    sender: UUID | None = None
    kind: Words = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    files: str = ""


class ReadingOut(Schema):
    """As what the text was read, and its normal spelling."""

    kind: str
    value: str


class HitOut(Schema):
    """A referral that was found, and by which ways; it holds no identifier."""

    id: UUID
    number: int
    status: str
    outcome: str
    floor: int
    sender: str
    sender_id: UUID
    incident_kind: str
    received_at: datetime
    recipients: list[str]
    ways: list[str]


class FoundFileOut(Schema):
    """A file that the unit holds; ``distance`` in bits where it looks like the fingerprint, null where it has the digest."""

    file: UUID
    sha256: str
    media_type: str
    distance: int | None


class SearchOut(Schema):
    """A page of hits, the newest first; ``after`` is the cursor of the next page, or empty.

    ``facets`` counts, by facet and value, the hits that the other filters leave. ``has_more`` says that a way of finding stopped at its
    bound, so that there is more than was counted. ``not_checked`` says why pictures were not compared, or is empty.
    """

    read_as: list[ReadingOut]
    items: list[HitOut]
    total: int
    has_more: bool
    facets: dict[str, dict[str, int]]
    files: list[FoundFileOut]
    not_checked: str
    after: str


@router.get("", response=SearchOut, summary="Search")
@declares(Kind.CONSULTATION)
def search(request: HttpRequest, asked: Query[SearchIn], after: str = "", limit: Limit = 50) -> SearchOut:
    """Search by an identifier in any spelling, a number, a digest, a fingerprint (by distance) or words. Each search is written down."""
    narrow = Narrow(**asked.model_dump(exclude={"q"}))
    return _out(pipeline.search(viewer(request), asked.q, narrow, after=after, most=limit))


def _out(found: Answer) -> SearchOut:
    return SearchOut(
        read_as=[ReadingOut(kind=each.kind, value=each.value) for each in found.readings],
        items=[
            HitOut(
                id=hit.row.referral_id,
                number=hit.row.number,
                status=hit.row.status,
                outcome=hit.row.outcome,
                floor=hit.row.floor,
                sender=hit.row.sender_name,
                sender_id=hit.row.sender_id,
                incident_kind=hit.row.incident_kind,
                received_at=hit.row.received_at,
                recipients=hit.row.recipients,
                ways=list(hit.ways),
            )
            for hit in found.hits
        ],
        total=found.total[0],
        has_more=found.total[1],
        facets={facet: dict(counts) for facet, counts in found.facets.items()},
        files=[
            FoundFileOut(
                file=each.holding.file_id,
                sha256=bytes(each.holding.file.sha256).hex(),
                media_type=each.holding.file.media_type,
                distance=each.distance,
            )
            for each in found.files
        ],
        not_checked=found.not_checked,
        after=found.after,
    )
