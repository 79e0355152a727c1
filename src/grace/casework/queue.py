"""The queue: rows in rank order, read page by page by key, narrowed to the viewer's unit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer
from grace.accounts.viewer import Viewer
from grace.casework import fit, second_looks, starving
from grace.casework.models import QueueRow
from grace.casework.page_keys import key_of, read_key
from grace.kernel import clock, sql
from grace.kernel.errors import Invalid
from grace.priority.tally import floor_and_score
from grace.referrals import find
from grace.routing.countries import states
from grace.routing.words import EUROPOL

MOST_ROWS = 200
MOST_COUNTED = 10_000

Count = tuple[int, bool]
"""A number, and whether there are more: counting stops at ten thousand."""

Bound = str | int | UUID | date | list[UUID] | list[str]
"""What is bound into a statement of this module."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the viewer asks for. ``whose`` is ``mine``, ``free`` or nothing; ``text`` any identifier, number or digest.

    ``like`` is a sighting: referrals that share its identifier. With ``text``, ``like``, ``group``, ``lane`` or
    ``over_share`` (those whose call of urgency went over the sender's share on a day, UTC) the status may be empty: any. ``state`` is the code of a state concerned, or ``europol``, ``below`` a position: referrals
    below a line there, ``own`` the id of one of the unit's own queues. ``language`` is that of most texts, ``older`` keeps what came before
    a moment, ``waits`` what waits for one of the reasons of :mod:`grace.casework.starving`. Of a group only its line is shown, but where
    ``every`` is set or the question is for its members; with a ``state``, for all of them, also those under another group's line.
    """

    status: str = "open"
    whose: str = ""
    sender: UUID | None = None
    kind: str = ""
    urgent: bool = False
    since: datetime | None = None
    text: str = ""
    like: int | None = None
    state: str = ""
    group: UUID | None = None
    lane: UUID | None = None
    every: bool = False
    over_share: date | None = None
    below: int | None = None
    language: str = ""
    older: datetime | None = None
    waits: str = ""
    own: str = ""

    @property
    def asks_by_name(self) -> bool:
        """Whether certain referrals are asked for, so that none of them is left under a line."""
        return bool(self.text.strip() or self.like or self.group or self.lane or self.over_share)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue."""

    referral_id: UUID
    number: int
    status: str
    officer_id: UUID | None
    officer_name: str
    outcome: str
    floor: int
    score: int
    completeness: int
    actionability: int
    urgency: int
    novelty: int
    why: list[list[Any]]
    sender_id: UUID
    sender_name: str
    incident_kind: str
    summary: dict[str, Any]
    format: str
    received_at: datetime
    recipients: list[str]
    group_id: UUID | None
    stands: bool
    turn: int
    lane_id: UUID | None

    @property
    def is_sample(self) -> bool:
        """Whether the row is one of a bulk lane's sample."""
        return self.lane_id is not None and self.turn == 1 and not self.floor


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows; ``after`` and ``before`` are the keys of its neighbours, or empty. ``first`` is the rank of the first row."""

    rows: list[Row] = field(default_factory=list)
    after: str = ""
    first: int = 1
    too_many_hits: bool = False
    before: str = ""


_SELECT = """
SELECT q.referral_id, q.number, q.status, q.officer_id, COALESCE(o.display_name, ''), q.outcome, q.floor, q.score,
       q.completeness, q.actionability, q.urgency, q.novelty, q.why, q.sender_id, s.name, q.incident_kind, q.summary,
       q.format, q.received_at, q.recipients, q.group_id, q.stands, q.turn, q.lane_id, {total}
FROM (SELECT * FROM ({parts}) parts ORDER BY {by} LIMIT {most}) q
JOIN intake_sender s ON s.id = q.sender_id
LEFT JOIN accounts_officer o ON o.id = q.officer_id
ORDER BY q.turn DESC, q.floor DESC, q.score DESC, q.referral_id DESC
"""


_MET = "WITH met AS MATERIALIZED (SELECT referral_id, turn, floor, score FROM casework_queue WHERE {where})"
_OF_MET = "referral_id IN (SELECT referral_id FROM met WHERE {where} ORDER BY {by} LIMIT {most})"
"""Of at most a thousand referrals that a search named, the conditions are asked once, for the page and for its count."""

_NAMED = re.compile(r"%\((\w+)\)s")
_MEMBERS = "referral_id IN (SELECT m.referral_id FROM links_member m WHERE m.group_id = %s AND m.split_at IS NULL)"
_PART = "(SELECT * FROM casework_queue WHERE {where} ORDER BY {by} LIMIT {most})"
_COUNT = "(SELECT count(*) FROM (SELECT 1 FROM casework_queue WHERE {where} LIMIT {most}) counted)"


def page(viewer: Viewer, filters: Filters, *, after: str = "", before: str = "", most: int = 50) -> Page:
    """The rows behind the key ``after`` (or those before the key ``before``), in rank order, of the viewer's unit only.

    The cost does not grow with depth: the key is a row comparison over the index. Raises ``Invalid`` for a key that
    this function did not make.
    """
    viewer.require(Capability.READ)
    return _as_seen(viewer, _page(_narrow(viewer, filters), after, before, max(1, min(most, MOST_ROWS)))[0])


def of_referrals(viewer: Viewer, referrals: Sequence[UUID], *, most: int = MOST_ROWS) -> Page:
    """The rows of certain referrals of the viewer's unit, in rank order, at most so many."""
    viewer.require(Capability.READ)
    named = _Narrowed(["unit_id = %s", "referral_id = ANY(%s)"], [viewer.unit_id, list(referrals)], too_many=False, parts=["true"])
    return _as_seen(viewer, _page(named, "", "", most)[0])


def count(viewer: Viewer, filters: Filters) -> Count:
    """How many rows the filters let through, counted up to ten thousand; True where there are more."""
    return counts(viewer, [filters])[0]


def counts(viewer: Viewer, each: Sequence[Filters]) -> list[Count]:
    """The same for several filters, in one question to the database."""
    viewer.require(Capability.READ)
    return _counts([_narrow(viewer, filters) for filters in each])


def page_and_count(viewer: Viewer, filters: Filters, *, after: str = "", before: str = "", most: int = 50) -> tuple[Page, Count]:
    """Both at once: what is searched for is looked up a single time."""
    viewer.require(Capability.READ)
    narrowed = _narrow(viewer, filters)
    found, total = _page(narrowed, after, before, max(1, min(most, MOST_ROWS)))
    return _as_seen(viewer, found), _counts([narrowed])[0] if total is None else (total, False)


def _as_seen(viewer: Viewer, page: Page) -> Page:
    """The rows as the viewer shall see them: a second look is one that the viewer has just taken."""
    looks = second_looks.open_referrals(viewer)
    if not looks:
        return page
    name = Officer.objects.values_list("display_name", flat=True).get(id=viewer.officer_id)
    rows = [
        _taken_by(viewer.officer_id, name, each) if each.referral_id in looks and each.status == "closed" else each for each in page.rows
    ]
    return replace(page, rows=rows)


def _taken_by(officer_id: UUID, name: str, row: Row) -> Row:
    return replace(row, status=QueueRow.Status.TAKEN.value, officer_id=officer_id, officer_name=name, outcome="")


def _page(narrowed: _Narrowed, after: str, before: str, most: int) -> tuple[Page, int | None]:
    """The page, and how many rows the filters let through, where that was told by the way."""
    key, values = "true", [*narrowed.values]
    back, (sign, order) = bool(before), (">", "ASC") if before else ("<", "DESC")
    rank = 1
    if before or after:
        turn, floor, score, referral, rank = read_key(before or after)
        key = f"(turn, floor, score, referral_id) {sign} (%s, %s, %s, %s)"
        values += [turn, floor, score, referral]
    by = f"turn {order}, floor {order}, score {order}, referral_id {order}"
    shape = {"by": by, "most": str(most + 1)}
    if narrowed.few:
        met = sql.fill(_MET, where=" AND ".join(narrowed.where))
        parts, total = [sql.fill(_PART, where=sql.fill(_OF_MET, where=key, **shape), **shape)], "(SELECT count(*) FROM met)"
    else:
        met, total = "", "NULL"
        parts = [sql.fill(_PART, where=" AND ".join([*narrowed.where, key, each]), **shape) for each in narrowed.parts]
    asked = met + sql.fill(_SELECT, parts=" UNION ALL ".join(parts), total=total, **shape)
    found = _fetch(asked, values * len(parts))
    rows, counted = [_row(each) for each in found], found[0][-1] if found else None
    more = len(rows) > most
    if back and not more:
        return _page(narrowed, "", "", most)  # these are the first ones: show that page whole
    rows = rows[1:] if back else rows[:most]
    first = max(1, rank - len(rows)) if back else rank
    follows, leads = bool(rows) and (more or back), bool(rows) and bool(before or after)
    page = Page(rows, _key(rows[-1], first + len(rows)) if follows else "", first, narrowed.too_many, _key(rows[0], first) if leads else "")
    return page, counted


def _counts(each: Sequence[_Narrowed]) -> list[Count]:
    asked = (
        sql.fill(_COUNT, where=f"{' AND '.join(one.where)} AND ({' OR '.join(one.parts)})", most=str(MOST_COUNTED + 1)) for one in each
    )
    (numbers,) = _fetch(f"SELECT {', '.join(asked)}", [value for one in each for value in one.values])
    return [(min(number, MOST_COUNTED), number > MOST_COUNTED) for number in numbers]


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """Filters as conditions, with the values bound into them. Each of ``parts`` is one index range; together they are all.

    ``few`` where a search named the referrals, so that there are at most as many as it may find.
    """

    where: list[str]
    values: list[Bound]
    too_many: bool
    parts: list[str]
    few: bool = False


def _narrow(viewer: Viewer, filters: Filters) -> _Narrowed:
    where: list[str] = ["unit_id = %s"]
    values: list[Bound] = [viewer.unit_id]
    if filters.status in set(QueueRow.Status):
        where.append("status = %s")
        values.append(filters.status)
    elif filters.status or not filters.asks_by_name:
        raise Invalid(_("There is no such status."), remedy=_("Choose open, taken or closed."))
    if filters.whose == "mine":
        where.append("officer_id = %s")
        values.append(viewer.officer_id)
    elif filters.whose == "free" and filters.status != QueueRow.Status.OPEN:  # what is open is free
        where.append("officer_id IS NULL")
    exact: tuple[tuple[str, Bound | None], ...] = (
        ("sender_id", filters.sender),
        ("incident_kind", filters.kind or None),
        ("group_id", None if filters.state else filters.group),
        ("lane_id", filters.lane),
        ("over_share_on", filters.over_share),
        ("language", filters.language or None),
    )
    for column, value in exact:
        if value is not None:
            where.append(f"{column} = %s")
            values.append(value)
    if filters.group and filters.state:
        where.append(_MEMBERS)
        values.append(filters.group)
    where += _without_values(filters)
    for condition, bound in (*_bounds(filters), *_waits(viewer, filters)):
        where.append(condition)
        values += bound
    found = list(_hits(viewer, filters))
    for hits in found:
        where.append("referral_id = ANY(%s::uuid[])")
        values.append(f"{{{','.join(hits.ids)}}}")
    return _Narrowed(where, values, any(hits.too_many for hits in found), _parts(filters), few=bool(found))


def _parts(filters: Filters) -> list[str]:
    """Which rows beside the conditions: lines only, or lines and what stands under them, each in the order of an index."""
    if (
        filters.text.strip() or filters.like or filters.state or filters.over_share
    ):  # a state is concerned by members, whatever line stands for them
        return ["true"]
    if filters.group or filters.lane:
        return ["true"] if filters.status else [f"status = '{each.value}'" for each in QueueRow.Status]
    return ["is_line", "NOT is_line"] if filters.every else ["is_line"]


def _without_values(filters: Filters) -> Iterator[str]:
    """Conditions that are spelled out: the planner takes a partial index for constants only."""
    if filters.urgent:
        yield "turn = 1 AND floor > 0"
    if filters.state:
        if filters.state != EUROPOL and filters.state not in states():
            raise Invalid(_("There is no such state."), remedy=_("Write its two letters, such as AT (ISO 3166-1), or europol."))
        yield f"""recipients @> '["{filters.state}"]'::jsonb"""


def _bounds(filters: Filters) -> Iterator[tuple[str, Sequence[Bound]]]:
    """Conditions of more and less, with the values bound into them."""
    if filters.since is not None:
        yield "received_at > %s", [filters.since]
    if filters.own:
        yield "queues <> '[]' AND queues @> %s::jsonb", [json.dumps([filters.own])]
    if filters.below is not None:
        yield "(floor, score) < (%s, %s)", floor_and_score(filters.below)
    if filters.older is not None:
        yield "received_at < %s", [filters.older]


def _waits(viewer: Viewer, filters: Filters) -> Iterator[tuple[str, Sequence[Bound]]]:
    """The condition for one reason of waiting, with the values bound into it in their order."""
    if not filters.waits:
        return
    if filters.waits not in starving.REASONS:
        raise Invalid(_("There is no such reason to wait."), remedy=_("Follow the numbers on the page of order and pace."))
    told = fit.lacking(viewer.unit_id, clock.now())
    names, why = _NAMED.findall(starving.WHY), _NAMED.sub("%s", starving.WHY)
    bound: list[Any] = [told[name] for name in names]
    yield f"{why} = %s", [*bound, filters.waits]


def _hits(viewer: Viewer, filters: Filters) -> Iterator[find.Hits]:
    if filters.text.strip():
        yield find.referrals(viewer, filters.text)
    if filters.like is not None:
        yield find.sharing(viewer, filters.like)


def _fetch(text: str, values: list[Bound]) -> list[tuple[Any, ...]]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _row(found: Sequence[Any]) -> Row:
    """A row of ``_SELECT``, of which the driver hands over three columns as JSON text."""
    shown = [*found[:-1]]
    for place in (12, 16, 19):
        shown[place] = json.loads(shown[place])
    return Row(*shown)


def _key(row: Row, rank: int) -> str:
    return key_of(row.turn, row.floor, row.score, row.referral_id, rank)
