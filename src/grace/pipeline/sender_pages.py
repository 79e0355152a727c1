"""Senders as officers see them: all of a unit in figures, one of them, and the referrals that a figure counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import sender_days, sender_figures, sender_list, sender_rows
from grace.casework.lanes import lane_for, open_for
from grace.casework.sender_figures import Figures
from grace.casework.sender_flow import Flow
from grace.casework.sender_list import MONTH, Sums
from grace.casework.sender_rows import Page, Which
from grace.intake import credentials, documents, notice_links, senders
from grace.intake.credentials import Key
from grace.intake.senders import Known
from grace.kernel import clock
from grace.kernel.errors import Missing
from grace.pipeline.consult import consult, query_digest


class Order(StrEnum):
    """By what the list of senders is sorted: each of its columns, the largest first, names by the alphabet."""

    NAME = "name"
    REFERRALS = "referrals"
    COMPLETENESS = "completeness"
    ACTIONABLE = "actionable"
    FILES = "files"
    QUARANTINED = "quarantined"
    WAITING = "waiting"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Line:
    """One sender in a line: sums over some days, what waits, lies in quarantine and went over the share today, flow and median completeness."""

    known: Known
    sums: Sums
    quarantined: int
    over_share: int
    has_lane: bool
    flow: Flow | None = None
    median: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the senders of the unit; ``after`` is the sender behind which the next page begins, and ``behind`` says that some days wait to be counted."""

    lines: Sequence[Line]
    after: UUID | None
    is_first: bool
    behind: bool


@dataclass(frozen=True, slots=True)
class One:
    """A sender over so many days: figures, those of as many days before, keys, and the id of its open lane."""

    line: Line
    days: int
    figures: Figures
    before: Figures
    keys: Sequence[Key]
    lane: UUID | None
    behind: bool


_LARGEST: Mapping[Order, Callable[[Line], float]] = {
    Order.NAME: lambda _line: 0,
    Order.REFERRALS: lambda line: line.sums.referrals,
    Order.COMPLETENESS: lambda line: line.median or 0,
    Order.ACTIONABLE: lambda line: share(line.sums.actionable, line.sums.referrals),
    Order.FILES: lambda line: share(line.sums.with_files, line.sums.referrals),
    Order.QUARANTINED: lambda line: line.quarantined,
    Order.WAITING: lambda line: line.sums.waiting,
    Order.OVER: lambda line: line.over_share,
}


def list_senders(viewer: Viewer, order: Order, *, after: str = "", most: int) -> Listed:
    """A page of all senders that ever reported to the viewer's unit, behind the sender with the id ``after``; from the first for an unknown one."""
    viewer.require(Capability.READ)
    today = clock.now().date()
    overview = sender_list.overview(viewer, today)
    lines = _lines(viewer, overview)
    if order is Order.COMPLETENESS:
        lines = _with_medians(lines, overview)
    lines.sort(key=lambda line: (-_LARGEST[order](line), line.known.name.casefold(), line.known.id))
    start = next((place for place, line in enumerate(lines, 1) if str(line.known.id) == after), 0)
    shown = lines[start : start + most]
    if order is not Order.COMPLETENESS:
        shown = _with_medians(shown, overview)
    flows = overview.flows([line.known.id for line in shown])
    whole = [replace(line, flow=flows.get(line.known.id)) for line in shown]
    return Listed(whole, shown[-1].known.id if start + most < len(lines) else None, not start, overview.behind)


def _with_medians(lines: Sequence[Line], overview: sender_list.Overview) -> list[Line]:
    medians = overview.medians([line.known.id for line in lines])
    return [replace(line, median=medians.get(line.known.id)) for line in lines]


def _lines(viewer: Viewer, overview: sender_list.Overview) -> list[Line]:
    """Every sender, with what it can be sorted by but for its median."""
    quarantined = documents.quarantined_by_sender(viewer)
    over = {each.sender_id: each.over for each in senders.over_share(viewer, overview.today)}
    lanes, none = open_for(viewer.unit_id), Sums()
    return [
        Line(each, overview.sums.get(each.id, none), quarantined.get(each.id, 0), over.get(each.id, 0), each.id in lanes)
        for each in senders.known_to(viewer)
    ]


def one_sender(viewer: Viewer, sender_id: UUID, *, days: int = MONTH) -> One:
    """One sender over so many days. Raises ``Missing`` for one that never reported to the viewer's unit."""
    viewer.require(Capability.READ)
    known, today = _known(viewer, sender_id), clock.now().date()
    counted = sender_figures.count(viewer, today, sender_id, days=days)
    figures, lane = counted.figures, lane_for(viewer.unit_id, sender_id)
    line = Line(
        known,
        Sums(figures.referrals, figures.actionable, figures.with_files, counted.waiting),
        documents.quarantined_by_sender(viewer).get(sender_id, 0),
        next((each.over for each in senders.over_share(viewer, today) if each.sender_id == sender_id), 0),
        lane is not None,
        counted.flow,
        figures.median_completeness,
    )
    keys = [*credentials.keys_of(viewer, sender_id), *notice_links.keys_of(viewer, sender_id)]
    return One(line, days, figures, counted.before, keys, lane, counted.behind)


def share(number: int, of: int) -> float:
    """A part of a whole, from nothing to one."""
    return number / of if of else 0.0


def _known(viewer: Viewer, sender_id: UUID) -> Known:
    found = senders.known_to(viewer, sender_id)
    if not found:
        raise Missing(_("No such sender ever reported to your unit."))
    return found[0]


def referrals_of(viewer: Viewer, which: Which, *, after: str = "") -> tuple[Known, Page]:
    """A page of the referrals that a figure counts."""

    def read() -> tuple[Known, Page]:
        return _known(viewer, which.sender), sender_rows.page(viewer, which, after=after)

    return consult(
        viewer,
        "sender.referrals",
        read,
        lambda found: (f"sender:{which.sender}", *(f"referral:{row.referral_id}" for row in found[1].rows)),
        query=query_digest([asdict(which), after]),
    )


def count_days() -> int:
    """Count anew all days of senders that were touched, in rounds of a transaction each; how many."""
    number = 0
    while True:
        with transaction.atomic():
            now = sender_days.fold()
        number += now
        if now < sender_days.AT_ONCE:
            return number
