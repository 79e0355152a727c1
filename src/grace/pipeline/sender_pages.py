"""Senders as officers see them: all of a unit in figures, one of them, and the referrals that a figure counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import sender_days, sender_figures, sender_rows
from grace.casework.lanes import lane_for, open_for
from grace.casework.sender_figures import MONTH, Figures, Flow
from grace.casework.sender_rows import Page, Which
from grace.intake import credentials, documents, notice_links, senders
from grace.intake.credentials import Key
from grace.intake.senders import Known
from grace.kernel import clock
from grace.kernel.errors import Missing
from grace.pipeline.consult import consult, query_digest


@dataclass(frozen=True, slots=True)
class Line:
    """One sender of the list: its month in figures, its flow by day, and what waits, lies in quarantine and went over the share today."""

    known: Known
    figures: Figures
    flow: Flow | None
    waiting: int
    quarantined: int
    over_share: int
    has_lane: bool


@dataclass(frozen=True, slots=True)
class All:
    """The senders of the unit; ``behind`` says that some days wait to be counted."""

    lines: Sequence[Line]
    behind: bool


@dataclass(frozen=True, slots=True)
class One:
    """A sender over so many days: figures, those of as many days before, flow, keys, and the id of its open lane."""

    line: Line
    days: int
    before: Figures
    keys: Sequence[Key]
    lane: UUID | None
    behind: bool


def all_senders(viewer: Viewer) -> All:
    """Every sender that ever reported to the viewer's unit, by name."""
    viewer.require(Capability.READ)
    today = clock.now().date()
    counted = sender_figures.count(viewer, today)
    waiting = sender_figures.waiting_of(viewer, today)
    quarantined = documents.quarantined_by_sender(viewer)
    over = {each.sender_id: each.over for each in senders.over_share(viewer, today)}
    lanes = open_for(viewer.unit_id)
    lines = [
        Line(
            each,
            counted.figures.get(each.id, Figures()),
            counted.flows.get(each.id),
            waiting.get(each.id, 0),
            quarantined.get(each.id, 0),
            over.get(each.id, 0),
            each.id in lanes,
        )
        for each in senders.known_to(viewer)
    ]
    return All(lines, counted.behind)


def one_sender(viewer: Viewer, sender_id: UUID, *, days: int = MONTH) -> One:
    """One sender over so many days. Raises ``Missing`` for one that never reported to the viewer's unit."""
    viewer.require(Capability.READ)
    known, today = _known(viewer, sender_id), clock.now().date()
    whole = sender_figures.count(viewer, today, days=2 * days, sender=sender_id)
    counted = sender_figures.count(viewer, today, days=days, sender=sender_id)
    figures = counted.figures.get(sender_id, Figures())
    lane = lane_for(viewer.unit_id, sender_id)
    line = Line(
        known,
        figures,
        counted.flows.get(sender_id),
        sender_figures.waiting_of(viewer, today, sender_id).get(sender_id, 0),
        documents.quarantined_by_sender(viewer).get(sender_id, 0),
        next((each.over for each in senders.over_share(viewer, today) if each.sender_id == sender_id), 0),
        lane is not None,
    )
    keys = [*credentials.keys_of(viewer, sender_id), *notice_links.keys_of(viewer, sender_id)]
    return One(line, days, _without(whole.figures.get(sender_id, Figures()), figures), keys, lane, counted.behind)


def _known(viewer: Viewer, sender_id: UUID) -> Known:
    found = next((each for each in senders.known_to(viewer) if each.id == sender_id), None)
    if found is None:
        raise Missing(_("No such sender ever reported to your unit."))
    return found


def _without(whole: Figures, part: Figures) -> Figures:
    """The figures of the days before: what the whole has beyond the part."""
    told = {name: counts - part.told[name] for name, counts in whole.told.items()}
    return Figures(
        whole.referrals - part.referrals,
        whole.waiting - part.waiting,
        whole.with_files - part.with_files,
        whole.completeness - part.completeness,
        whole.actionability - part.actionability,
        told,
    )


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
