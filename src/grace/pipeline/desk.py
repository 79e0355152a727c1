"""The officer's desk: a page of the queue with all that stands around it, as one consultation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import discipline, places, queue, visits
from grace.casework.decide import Act, Wish
from grace.casework.decide_group import Late, late_in
from grace.casework.discipline_models import Discipline
from grace.casework.lanes import Figures, open_lanes
from grace.casework.models import Lane
from grace.casework.out_of_turn import next_out_of_turn
from grace.casework.places import Waiting
from grace.casework.queue import Count, Filters, Page
from grace.casework.second_looks import open_referrals
from grace.intake import documents, senders
from grace.intake.senders import OverShare
from grace.kernel import clock
from grace.links import read as links
from grace.links.read import Told
from grace.pipeline import second_looks
from grace.pipeline.consult import consult, query_digest
from grace.pipeline.decide import decide
from grace.priority import publish
from grace.priority.rules import Queue
from grace.routing.words import EUROPOL

LANES: Mapping[str, Filters] = {
    "waiting": Filters(),
    "urgent": Filters(urgent=True),
    "europol": Filters(state=EUROPOL),
    "new": Filters(),
    "mine": Filters(status="taken", whose="mine"),
    "taken": Filters(status="taken"),
    "closed": Filters(status="closed"),
}
"""What each lane holds; ``new`` gets the time of the last visit when it is asked."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The queue page: ``since`` ends the viewer's last visit; ``quarantined`` is None for whoever may not see the quarantine.

    ``groups`` are those of the page's rows and the one that was asked for, ``late`` what came to them after they were decided, ``bulk`` the open bulk lanes,
    ``pace`` what the unit stated of its work with what was counted last, ``own`` the unit's own queues with what waits in each.
    """

    page: Page
    total: Count
    lanes: Mapping[str, Count]
    since: datetime
    oldest: Waiting | None
    oldest_urgent: Waiting | None
    over_share: list[OverShare]
    senders: list[tuple[UUID, str]]
    quarantined: int | None
    groups: Mapping[UUID, Told]
    late: Mapping[UUID, Late]
    bulk: list[tuple[Lane, Figures]]
    pace: Discipline | None
    own: list[tuple[Queue, Count]]


def desk(viewer: Viewer, filters: Filters, *, new: bool = False, after: str = "", before: str = "") -> Desk:
    """A page of the queue and its surroundings; ``new`` keeps what came since the viewer's last visit."""
    return consult(
        viewer,
        "queue.list",
        lambda: _desk(viewer, filters, after, before, new=new),
        lambda found: (f"referral:{row.referral_id}" for row in found.page.rows),
        query=query_digest([asdict(filters), new]),
    )


def _desk(viewer: Viewer, filters: Filters, after: str, before: str, *, new: bool) -> Desk:
    viewer.require(Capability.READ)
    now = clock.now()
    since = visits.new_since(viewer, now)
    asked = replace(filters, since=since) if new else filters
    lanes = {name: replace(lane, since=since) if name == "new" else lane for name, lane in LANES.items()}
    own = publish.in_force(viewer.unit_id, now).rules.queues
    counted = queue.counts(viewer, [*lanes.values(), *(Filters(own=each.id) for each in own)])
    counts = dict(zip(lanes, counted, strict=False))
    page, total = queue.page_and_count(viewer, asked, after=after, before=before)
    pace = discipline.of(viewer.unit_id)
    if pace and (looks := open_referrals(viewer)):
        counts = second_looks.in_counts(looks, counts)
        page, total = second_looks.in_lists(viewer, looks, asked, page, total, first=not (after or before))
    groups = sorted({group for group in (filters.group, *(row.group_id for row in page.rows)) if group})
    return Desk(
        page=page,
        total=total,
        lanes=counts,
        since=since,
        oldest=places.oldest(viewer),
        oldest_urgent=places.oldest(viewer, urgent=True),
        over_share=senders.over_share(viewer, now.date()),
        senders=senders.of_unit(viewer),
        quarantined=documents.quarantined_count(viewer) if viewer.may(Capability.QUARANTINE) else None,
        groups=links.told(viewer, groups) if groups else {},
        late=late_in(viewer, groups) if groups else {},
        bulk=open_lanes(viewer),
        pace=pace,
        own=list(zip(own, counted[len(lanes) :], strict=True)),
    )


def take_next(viewer: Viewer) -> UUID | None:
    """Take the first free referral of the queue that suits the viewer, or one out of turn; None where nothing is. By lot it is a second look."""
    with transaction.atomic():
        now = clock.now()
        if look := second_looks.give(viewer, now):
            return look
        referral = next_out_of_turn(viewer, now) or places.next_free(viewer, now)
        if referral is not None:
            decide(viewer, referral, Wish(Act.TAKE))
        return referral


def waits_for_others(viewer: Viewer) -> Count:
    """How many free lines there are, of which none suits the viewer: a number, for whoever was given nothing."""
    return queue.count(viewer, Filters()) if viewer.may(Capability.READ) else (0, False)
