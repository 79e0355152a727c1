"""The referrals that a figure about a sender counts, the newest first, page by page by key."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework.queue import MOST_COUNTED, Count
from grace.casework.usual import sender_rules
from grace.kernel import sql
from grace.kernel.errors import Invalid

Bound = str | int | UUID | datetime


@dataclass(frozen=True, slots=True)
class Which:
    """Which referrals of a sender: those received from one day to another (UTC, both included), and what else is asked of them.

    ``lacks`` is a code of ``grace.intake.feedback``; ``low`` and ``high`` bound completeness, ``high`` not included.
    """

    sender: UUID
    since: date
    until: date
    lacks: str = ""
    actionable: bool = False
    files: bool = False
    format: str = ""
    way: str = ""
    outcome: str = ""
    low: int = 0
    high: int = 101


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
    format: str
    completeness: int
    actionability: int
    lacks: list[str]


@dataclass(frozen=True, slots=True)
class Page:
    """A page, the key of the next one or nothing, and how many there are in all, counted up to ten thousand."""

    rows: list[Row] = field(default_factory=list)
    after: str = ""
    total: Count = (0, False)


_COLUMNS = (
    "referral_id, number, received_at, status, outcome, incident_kind, summary, format, completeness, actionability, COALESCE(lacks, '[]')"
)
_ORDER = "ORDER BY received_at DESC, referral_id DESC"
_SELECT = "SELECT {columns} FROM casework_queue WHERE {where} {order} LIMIT {most}"
# What is counted and what is shown are found by one walk over the sender's rows: a rare condition has to look at all of them.
_BOTH = """
WITH hits AS MATERIALIZED (SELECT received_at, referral_id FROM casework_queue WHERE {where} {order} LIMIT {counted}),
page AS (SELECT referral_id FROM hits WHERE {behind} {order} LIMIT {most})
SELECT (SELECT count(*) FROM hits), q.* FROM (SELECT true) one LEFT JOIN (
    SELECT {columns} FROM casework_queue WHERE referral_id IN (SELECT referral_id FROM page)
) q ON true {order}
"""


def page(viewer: Viewer, which: Which, *, after: str = "", most: int = 50) -> Page:
    """The referrals of the viewer's unit behind the key ``after``. Raises ``Invalid`` for a key that this function did not make."""
    viewer.require(Capability.READ)
    where, values = zip(*_conditions(viewer, which), strict=True)
    bound = [value for some in values for value in some]
    behind, key = _behind(after)
    parts = {"columns": _COLUMNS, "order": _ORDER, "most": str(most + 1)}
    both = _fetch(sql.fill(_BOTH, where=" AND ".join(where), behind=behind, counted=str(MOST_COUNTED + 1), **parts), [*bound, *key])
    number, found = both[0][0], [row[1:] for row in both if row[1]]
    if number > MOST_COUNTED and len(found) <= most:  # a page that lies behind all that is counted
        found = _fetch(sql.fill(_SELECT, where=" AND ".join([*where, behind]), **parts), [*bound, *key])
    rows = [Row(*(json.loads(value) if at in _JSON and isinstance(value, str) else value for at, value in enumerate(row))) for row in found]
    more = len(rows) > most
    return Page(rows[:most], _key(rows[most - 1]) if more else "", (min(number, MOST_COUNTED), number > MOST_COUNTED))


def _fetch(text: str, values: list[Bound]) -> list[tuple[Any, ...]]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())


_JSON = frozenset({6, 10})


def _conditions(viewer: Viewer, which: Which) -> Iterator[tuple[str, list[Bound]]]:
    yield "unit_id = %s AND sender_id = %s", [viewer.unit_id, which.sender]
    yield "received_at >= %s AND received_at < %s", [_begin(which.since), _begin(which.until + timedelta(days=1))]
    if which.lacks:
        yield "lacks @> %s::jsonb", [json.dumps([which.lacks])]
    if which.actionable:
        yield "actionability >= %s", [sender_rules().actionable_at_least]
    if which.files:
        yield "summary ? 'here'", []
    if which.low > 0 or which.high <= 100:
        yield "completeness >= %s AND completeness < %s", [which.low, which.high]
    for column, value in (("format", which.format), ("way", which.way), ("outcome", which.outcome)):
        if value:
            yield f"{column} = %s", [value]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _behind(after: str) -> tuple[str, list[Bound]]:
    if not after:
        return "true", []
    try:
        moment, referral = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode("ascii").split("~")
        told = datetime.fromisoformat(moment), UUID(referral)
    except ValueError as fault:
        raise Invalid(_("This page key was not made by this list."), remedy=_("Start again at the first page.")) from fault
    if told[0].tzinfo is None:
        raise Invalid(_("This page key was not made by this list."), remedy=_("Start again at the first page."))
    return "(received_at, referral_id) < (%s, %s)", [*told]


def _key(row: Row) -> str:
    return base64.urlsafe_b64encode(f"{row.received_at.isoformat()}~{row.referral_id}".encode()).decode().rstrip("=")
