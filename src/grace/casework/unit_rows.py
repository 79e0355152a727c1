"""The referrals that a figure about a unit counts, the oldest first, page by page by key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework.queue import MOST_COUNTED, Count
from grace.casework.unit_figures import AGES, AXES, BAND, DAYS, DECIDES, FIRST_ACTS, LETS_GO, STANDS
from grace.kernel import sql
from grace.kernel.errors import Invalid
from grace.kernel.page_key import packed, unpacked

WHATS = ("waiting", "begun", "decided", "let_go", "raised")
"""What waits; of the last thirty days: what was first taken or decided, what was decided one by one, what a floor held up and officers let go; what none held up and they escalated."""
Bound = str | int | float | UUID | datetime | list[str]


@dataclass(frozen=True, slots=True)
class Which:
    """Which referrals are asked for.

    Of those that wait a band of ``age`` (by :data:`AGES`) and of an ``axis``, whether a floor holds them up, whether they lie in a bulk
    lane; of those begun the urgent ones, and those that waited longer than ``over`` seconds.
    """

    what: str = "waiting"
    age: int | None = None
    axis: str = ""
    band: int = 0
    urgent: bool = False
    behind: bool = False
    over: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One referral as the list shows it; it holds no identifier."""

    referral_id: UUID
    number: int
    received_at: datetime
    status: str
    outcome: str
    incident_kind: str
    summary: dict[str, Any]
    floor: int
    score: int
    begun_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page, the key of the next one or nothing, and how many there are in all, counted up to ten thousand."""

    rows: list[Row] = field(default_factory=list)
    after: str = ""
    total: Count = (0, False)


_QUEUE = "casework_queue q"
_BEGUN = f"({FIRST_ACTS}) f JOIN casework_queue q ON q.referral_id = f.referral_id"
_SHOWN = """
SELECT q.referral_id, q.number, q.received_at, q.status, q.outcome, q.incident_kind, q.summary, q.floor, q.score, {begun}
FROM {source} WHERE {where} AND {behind} ORDER BY q.received_at, q.referral_id LIMIT {most}
"""
_NUMBER = "SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {where} LIMIT {most}) counted"
_LATE = "EXTRACT(epoch FROM f.begun_at - q.received_at) > %s"
_DECIDED = sql.fill("q.referral_id IN (SELECT d.referral_id FROM casework_decision d WHERE {stands} AND {which})", stands=STANDS)


def page(viewer: Viewer, which: Which, now: datetime, *, after: str = "", most: int = 50) -> Page:
    """The referrals of the viewer's unit behind the key ``after``. Raises ``Invalid`` for what is no question or no key of this list."""
    viewer.require(Capability.READ)
    where, values = zip(*_conditions(viewer, which, now), strict=True)
    since = now - timedelta(days=DAYS)
    is_begun = which.what == "begun"
    bound = [*([since, since] if is_begun else []), *(value for some in values for value in some)]
    behind, key = _behind(after)
    parts = {"source": _BEGUN if is_begun else _QUEUE, "where": " AND ".join(where)}
    asked = sql.fill(_SHOWN, behind=behind, begun="f.begun_at" if is_begun else "NULL", most=str(most + 1), **parts)
    found = _fetch(asked, [*bound, *key])
    ((number,),) = _fetch(sql.fill(_NUMBER, most=str(MOST_COUNTED + 1), **parts), bound)
    rows = [Row(*[*row[:6], json.loads(row[6]), *row[7:]]) for row in found[:most]]
    return Page(rows, _key(rows[-1]) if len(found) > most else "", (min(number, MOST_COUNTED), number > MOST_COUNTED))


def _conditions(viewer: Viewer, which: Which, now: datetime) -> Iterator[tuple[str, list[Bound]]]:
    if which.what not in WHATS or which.axis not in {"", *AXES} or which.band not in range(4):
        raise Invalid(_("This is not an address of this list."))
    yield "q.unit_id = %s", [viewer.unit_id]
    since = now - timedelta(days=DAYS)
    if which.what == "waiting":
        yield "q.status = 'open'", []
        yield from _of_waiting(which, now)
    elif which.what == "begun":
        if which.urgent:
            yield "(q.floor > 0 OR q.outcome = 'escalated')", []
        if which.over:
            yield _LATE, [which.over]
    elif which.what == "decided":
        yield sql.fill(_DECIDED, which="d.act = ANY(%s)"), [since, DECIDES]
    elif which.what == "let_go":
        yield sql.fill(_DECIDED, which="d.floor > 0 AND d.act = ANY(%s)"), [since, LETS_GO]
    else:
        yield sql.fill(_DECIDED, which="d.floor = 0 AND d.act = 'escalate'"), [since]


def _of_waiting(which: Which, now: datetime) -> Iterator[tuple[str, list[Bound]]]:
    if which.age is not None:
        bounds = [None, *AGES, None]
        if which.age not in range(len(AGES) + 1):
            raise Invalid(_("This is not an address of this list."))
        youngest, eldest = bounds[which.age], bounds[which.age + 1]
        if youngest is not None:
            yield "q.received_at <= %s", [now - timedelta(days=youngest)]
        if eldest is not None:
            yield "q.received_at > %s", [now - timedelta(days=eldest)]
    if which.axis:
        yield f"q.{which.axis} >= %s", [BAND * which.band]
        if which.band < 3:
            yield f"q.{which.axis} < %s", [BAND * (which.band + 1)]
    if which.urgent:
        yield "q.floor > 0", []
    if which.behind:
        yield "q.turn = 0", []


def _behind(after: str) -> tuple[str, list[Bound]]:
    if not after:
        return "true", []
    try:
        moment, referral = unpacked(after)
        told = datetime.fromisoformat(moment), UUID(referral)
    except ValueError as fault:
        raise Invalid(_("This page key was not made by this list."), remedy=_("Start again at the first page.")) from fault
    if told[0].tzinfo is None:
        raise Invalid(_("This page key was not made by this list."), remedy=_("Start again at the first page."))
    return "(q.received_at, q.referral_id) > (%s, %s)", [*told]


def _key(row: Row) -> str:
    return packed(row.received_at.isoformat(), str(row.referral_id))


def _fetch(text: str, values: list[Bound]) -> list[tuple[Any, ...]]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())
