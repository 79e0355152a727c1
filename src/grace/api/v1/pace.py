"""Order and pace of a unit: what stays unread, what waits too long, for what someone is needed. Counts over the unit; of no officer."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from grace.api.tokens import viewer
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.pipeline import discipline as pipeline

router = Router(tags=["queue"])


class TailOut(Schema):
    """Lines that wait now and that nobody comes to in turn within so many days; about ``out_of_turn`` of them are given out all the same."""

    days: int
    unread: int
    out_of_turn: int


class NeedOut(Schema):
    """Someone is needed who reads a language (ISO 639-1), or has one of these skills for a kind of incident."""

    language: str
    kind: str
    skills: list[str]
    waiting: int


class PaceOut(Schema):
    """What was counted last; ``counted_at`` is null where the unit states no order of work. ``a_day`` is stated, ``coming`` counted over 28 days."""

    counted_at: datetime | None
    waiting: int
    a_day: float
    coming: float
    tails: list[TailOut]
    bound_days: int | None
    waits_too_long: dict[str, int]
    needs: list[NeedOut]


@router.get("", response=PaceOut, summary="What stays unread at the unit's pace")
@declares(Kind.CONSULTATION)
def read_pace(request: HttpRequest) -> PaceOut:
    """What stays unread at the pace that the unit states, what waits too long by reason, and for what someone is needed."""
    page = pipeline.discipline_page(viewer(request))
    figures = page.stated.figures if page.stated else {}
    return PaceOut(
        counted_at=page.stated.counted_at if page.stated else None,
        waiting=figures.get("waiting", 0),
        a_day=figures.get("a_day", 0.0),
        coming=figures.get("coming", 0.0),
        tails=[TailOut(days=each["days"], unread=each["unread"], out_of_turn=each["out_of_turn"]) for each in figures.get("tails", ())],
        bound_days=page.stated.bound if page.stated else None,
        waits_too_long=dict(page.starving),
        needs=[NeedOut(language=each.language, kind=each.kind, skills=list(each.skills), waiting=each.waiting) for each in page.needs],
    )
