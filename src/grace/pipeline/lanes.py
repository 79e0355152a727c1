"""Bulk lanes open and close by an officer's word, with the reason; the ledger holds who, when and how much was read."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.casework import lanes as casework
from grace.casework import queue
from grace.casework.lanes import USUAL_SHARE, Figures
from grace.casework.models import Lane
from grace.casework.queue import Filters, Page
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock
from grace.pipeline.consult import consult, query_digest, refusals_told


def open_lane(viewer: Viewer, sender_id: UUID, reason: str, *, share: int = USUAL_SHARE) -> Lane:
    """Let what a sender floods the unit with wait behind the rest; see :func:`grace.casework.lanes.open_lane`."""
    with refusals_told(viewer, "lane.open", f"sender:{sender_id}"), transaction.atomic():
        lane = casework.open_lane(viewer, sender_id, reason, clock.now(), share=share)
        ledger.record(_line(viewer, "lane.open", lane, {"share": str(lane.share), "seed": lane.seed}))
        return lane


def close_lane(viewer: Viewer, lane_id: UUID, reason: str) -> Lane:
    """End a lane; its last figures stay with it."""
    with refusals_told(viewer, "lane.close", f"lane:{lane_id}"), transaction.atomic():
        lane = casework.close_lane(viewer, lane_id, reason, clock.now())
        figures = {name: str(lane.figures[name]) for name in ("size", "n", "k", "bound")}
        ledger.record(_line(viewer, "lane.close", lane, figures))
        return lane


def lane_page(viewer: Viewer, lane_id: UUID, *, after: str = "", before: str = "") -> tuple[Lane, Figures, Page]:
    """A lane with its figures and a page of what it holds: the sample first, for it keeps its turn."""
    return consult(
        viewer,
        "lane.read",
        lambda: (*casework.lane_of(viewer, lane_id), queue.page(viewer, Filters(status="", lane=lane_id), after=after, before=before)),
        lambda found: (f"lane:{lane_id}", *(f"referral:{row.referral_id}" for row in found[2].rows)),
        query=query_digest([str(lane_id), after, before]),
    )


def _line(viewer: Viewer, act: str, lane: Lane, detail: dict[str, str]) -> Line:
    subjects = (f"lane:{lane.id}", f"sender:{lane.sender_id}")
    return Line(Kind.ALTERATION, act, viewer.actor, viewer.purpose, subjects, detail)
