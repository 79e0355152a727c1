"""Bulk lanes: an officer lets what one sender floods the unit with wait behind the rest; nothing in it is dropped.

What a floor holds up is lifted out at once. A random share keeps its place among everything else, to be read: by what it
shows, the unread rest is bounded. Which referrals are drawn follows from the lane's seed and their ids, and can be computed again.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import lines
from grace.casework.bounds import most_in_all, most_share
from grace.casework.models import Lane
from grace.intake.models import Sender
from grace.kernel import sql
from grace.kernel.errors import Conflict, Invalid, Missing, Refused

LONGEST_REASON = 2_000
USUAL_SHARE = 20
"""Thousandths that are read where the officer does not say otherwise."""

_DRAW = "('x' || left(encode(sha256(convert_to(l.seed || q.referral_id::text, 'UTF8')), 'hex'), 8))::bit(32)::bigint"
"""A number below 2**32 for a row ``q`` in a lane ``l``: the first eight digits of SHA-256 over the seed and the referral's id."""
_SORT_IN = sql.fill(
    """
UPDATE casework_queue q SET lane_id = l.id, turn = CASE WHEN q.floor > 0 OR {draw} < l.share::bigint * 4294967296 / 1000 THEN 1 ELSE 0 END
FROM casework_lane l
WHERE l.unit_id = q.unit_id AND l.sender_id = q.sender_id AND l.closed_at IS NULL AND q.status <> 'closed' AND {which}
RETURNING q.referral_id
""",
    draw=_DRAW,
)
_EMPTY = "UPDATE casework_queue SET lane_id = NULL, turn = 1 WHERE lane_id = %s AND status <> 'closed' RETURNING referral_id"
# Read is what an officer decided about that one referral; what a decision on its whole group closed nobody has read.
_FIGURES = sql.fill(
    """
SELECT figures.* FROM UNNEST(%s::uuid[]) WITH ORDINALITY AS lane (id, place) CROSS JOIN LATERAL (
WITH sample AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY {draw}, q.referral_id) AS place, told.is_read, told.is_urgent
    FROM casework_queue q JOIN casework_lane l ON l.id = q.lane_id CROSS JOIN LATERAL (
        SELECT COALESCE(bool_or(d.act IN ('duplicate', 'known', 'not_actionable', 'not_criminal', 'escalate', 'hand_over')), false) AS is_read,
               COALESCE(bool_or(d.act = 'escalate'), false) AS is_urgent
        FROM casework_decision d WHERE d.referral_id = q.referral_id AND d.part_of_id IS NULL
            AND NOT EXISTS (SELECT FROM casework_decision b WHERE b.reverses_id = d.id)
    ) told
    WHERE q.lane_id = lane.id AND q.turn = 1 AND q.floor = 0
), first AS (SELECT COALESCE(min(place) - 1, (SELECT count(*) FROM sample)) AS n FROM sample WHERE NOT is_read)
SELECT (SELECT count(*) FROM casework_queue q WHERE q.lane_id = lane.id AND q.floor = 0),
       (SELECT count(*) FROM casework_queue q WHERE q.lane_id = lane.id AND q.floor = 0 AND q.turn = 0 AND q.status = 'open'),
       count(*), count(*) FILTER (WHERE is_read), count(*) FILTER (WHERE is_urgent),
       (SELECT n FROM first), count(*) FILTER (WHERE is_urgent AND place <= (SELECT n FROM first)) FROM sample
) figures ORDER BY lane.place
""",
    draw=_DRAW,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a lane holds, and what the sample says of the rest, at 95 % confidence.

    ``size`` counts all but those on a floor, ``waiting`` those that wait behind the rest. Of ``sample`` drawn, ``read`` were
    decided one by one and ``urgent`` escalated. The bound rests on the first ``n`` in the order of the draw, all read, ``k`` of
    them urgent: only these are a random sample, whichever order officers read in. ``rest`` were not read; at most ``bound`` of
    them are urgent, at most ``share`` of what such a sender may send.
    """

    size: int
    waiting: int
    sample: int
    read: int
    urgent: int
    n: int
    k: int
    rest: int
    bound: int
    share: float


def open_lane(viewer: Viewer, sender_id: UUID, reason: str, now: datetime, *, share: int = USUAL_SHARE) -> Lane:
    """Open a lane for a sender in the viewer's unit; what waits of that sender goes into it, in the caller's transaction.

    ``share`` is in thousandths. Raises ``Refused``, ``Invalid`` without a reason or for another share, ``Missing`` for a sender
    that never reported to the unit, ``Conflict`` where the lane is open.
    """
    _may(viewer, reason)
    if not 1 <= share <= 1000:
        raise Invalid(_("The share that is read lies between 0.1 and 100 per cent."))
    if not Sender.objects.filter(id=sender_id, senderday__unit_id=viewer.unit_id).exists():
        raise Missing(_("No such sender ever reported to your unit."))
    wanted = {"share": share, "seed": secrets.token_hex(16), "reason": reason.strip(), "opened_by_id": viewer.officer_id, "opened_at": now}
    lane, is_new = Lane.objects.get_or_create(unit_id=viewer.unit_id, sender_id=sender_id, closed_at=None, defaults=wanted)
    if not is_new:
        raise Conflict(_("There is a bulk lane for this sender."), remedy=_("Close it first, to open it with another share."))
    _sort_in("l.id = %s", lane.id)
    return lane


def close_lane(viewer: Viewer, lane_id: UUID, reason: str, now: datetime) -> Lane:
    """Close a lane: what waits in it takes its place in the queue again. The figures of the moment are kept."""
    _may(viewer, reason)
    lane = Lane.objects.select_for_update().filter(id=lane_id, unit_id=viewer.unit_id).first()
    if lane is None:
        raise Missing(_("There is no such bulk lane."))
    if lane.closed_at is not None:
        raise Conflict(_("This bulk lane is closed."))
    lane.figures = asdict(_figures([lane_id])[0])
    lane.closed_by_id, lane.closed_at, lane.close_reason = viewer.officer_id, now, reason.strip()
    lane.save(update_fields=["figures", "closed_by", "closed_at", "close_reason"])
    with closing(connection.cursor()) as cursor:
        cursor.execute(_EMPTY, [lane_id])
        freed = [row[0] for row in cursor]
    lines.settle(freed)
    return lane


def open_lanes(viewer: Viewer) -> list[tuple[Lane, Figures]]:
    """The open lanes of the viewer's unit with their figures, the oldest first."""
    viewer.require(Capability.READ)
    found = Lane.objects.select_related("sender", "opened_by").filter(unit_id=viewer.unit_id, closed_at=None).order_by("opened_at", "id")
    return list(zip(found, _figures([lane.id for lane in found]), strict=True))


def lane_of(viewer: Viewer, lane_id: UUID) -> tuple[Lane, Figures]:
    """One lane of the viewer's unit: its present figures, or those at its end."""
    viewer.require(Capability.READ)
    lane = Lane.objects.select_related("sender", "opened_by", "closed_by").filter(id=lane_id, unit_id=viewer.unit_id).first()
    if lane is None:
        raise Missing(_("There is no such bulk lane."))
    return lane, Figures(**lane.figures) if lane.closed_at else _figures([lane_id])[0]


def open_for(unit_id: UUID) -> set[UUID]:
    """The senders for which a unit has an open lane."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT sender_id FROM casework_lane WHERE unit_id = %s AND closed_at IS NULL", [unit_id])
        return {sender for (sender,) in cursor}


def lane_for(unit_id: UUID, sender_id: UUID) -> UUID | None:
    """The open lane of a unit for a sender, if there is one."""
    return Lane.objects.filter(unit_id=unit_id, sender_id=sender_id, closed_at=None).values_list("id", flat=True).first()


def sort_in(referrals: Sequence[UUID]) -> None:
    """Give referrals of flooding senders their place: behind the rest, or before where a floor or the draw says so."""
    if referrals:
        _sort_in("q.referral_id = ANY(%s)", list(referrals))


def is_drawn(seed: str, share: int, referral_id: UUID) -> bool:
    """Whether a referral is of the sample: the same as the database says, for whoever wants to check."""
    return int(sha256(f"{seed}{referral_id}".encode()).hexdigest()[:8], 16) < share * 4294967296 // 1000


def _sort_in(which: str, value: UUID | list[UUID]) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql.fill(_SORT_IN, which=which), [value])
        moved = [row[0] for row in cursor]
    lines.settle(moved)


def _figures(lanes: Sequence[UUID]) -> list[Figures]:
    """The present figures of lanes, in their order."""
    if not lanes:
        return []
    with closing(connection.cursor()) as cursor:
        cursor.execute(_FIGURES, [list(lanes)])
        found = cursor.fetchall()
    return [
        Figures(size, waiting, sample, read, urgent, n, k, size - n, most_in_all(size, n, k) - k, most_share(n, k) if n else 1.0)
        for size, waiting, sample, read, urgent, n, k in found
    ]


def _may(viewer: Viewer, reason: str) -> None:
    viewer.require(Capability.MANAGE_LANES)
    if viewer.via != "officer":
        raise Refused(_("Only an officer decides."), remedy=_("A program may hand documents in and read, but not decide (law, L11)."))
    if not reason.strip() or len(reason) > LONGEST_REASON or "\0" in reason:
        raise Invalid(_("This act needs a reason."), remedy=_("Say in a few words why."))
