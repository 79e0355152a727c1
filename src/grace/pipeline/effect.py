"""What other rules would do: to the present queue, and to the month that was; each number with the referrals that it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.viewer import Viewer
from grace.casework import places
from grace.casework.reads import waited_since
from grace.kernel import clock
from grace.kernel.errors import Missing
from grace.pipeline.consult import consult, query_digest
from grace.priority import publish
from grace.priority.preview import MOST_PREVIEWED, Change, Preview, heights, preview
from grace.priority.replay import Arrival, Replay, Wait, replay
from grace.priority.rules import read_rules

MONTH = timedelta(days=30)
MOST_REPLAYED = 4_000
"""Referrals of the month that are looked at: about a second of work. Of more, a random part, with the same part of the moments of reading."""
ON_PAGE = 25
NOW = ("up", "down", "floors_gained", "floors_lost")
OF_MONTH = ("earlier", "later", "urgent", "unread")


@dataclass(frozen=True, slots=True)
class Effect:
    """Both previews, and a page of what the number ``shown`` counts: changes of the present queue, or waits of the month."""

    now: Preview
    month: Replay
    shown: str
    page: int
    pages: int
    total: int
    changes: Sequence[Change]
    waits: Sequence[Wait]


def effect_of(viewer: Viewer, body: object, shown: str = "", page: int = 1) -> Effect:
    """Compute both and show a page of one list; stores nothing. What is shown is what the ledger names: a consultation.

    ``shown`` is one of :data:`NOW` or :data:`OF_MONTH`; without it, the first of the present queue's numbers that counts anything.
    """
    return consult(
        viewer,
        "rules.preview",
        lambda: _effect(viewer, body, shown, page),
        lambda found: (f"referral:{each}" for each in _named(found)),
        body=query_digest(body),
    )


def _effect(viewer: Viewer, body: object, shown: str, page: int) -> Effect:
    now = preview(viewer, body, places.open_referrals(viewer.unit_id, most=MOST_PREVIEWED))
    month = _last_month(viewer, body, clock.now())
    which = shown or next((name for name in reversed(NOW) if getattr(now, name)), "up")
    if which not in (*NOW, *OF_MONTH):
        raise Missing(_("There is no such list."))
    changes = now.listed(which) if which in NOW else []
    waits: list[Wait] = getattr(month, which) if which in OF_MONTH else []
    total = len(changes) + len(waits)
    pages = max(1, -(-total // ON_PAGE))
    at = min(max(1, page), pages)
    part = slice((at - 1) * ON_PAGE, at * ON_PAGE)
    return Effect(now, month, which, at, pages, total, changes[part], waits[part])


def last_month(viewer: Viewer, body: object) -> Replay:
    """The last thirty days under the rules in force and under ``body``, by the unit's own arrivals and moments of reading: a consultation.

    Urgent is what an officer escalated, or what stands on a floor by the rules in force: the same referrals on both sides.
    """
    return consult(viewer, "rules.preview", lambda: _last_month(viewer, body, clock.now()), lambda _: (), body=query_digest(body))


def _last_month(viewer: Viewer, body: object, now: datetime) -> Replay:
    since = now - MONTH
    waited, total = waited_since(viewer, since, MOST_REPLAYED)
    rules = publish.in_force(viewer.unit_id, now).rules
    others = replace(read_rules(body), ranker=rules.ranker)
    found = heights(viewer, rules, others, [each.referral_id for each in waited])
    known = [each for each in waited if each.referral_id in found]
    arrivals = [
        Arrival(each.referral_id, each.number, each.received_at, each.escalated or found[each.referral_id][0][0] > 0) for each in known
    ]
    reads = [each.read_at for each in known if each.read_at is not None]
    before, after = ({key: told[side] for key, told in found.items()} for side in (0, 1))
    return replay(arrivals, reads, before, after, since, now, len(waited) / total if total else 1.0)


def _named(found: Effect) -> list[UUID]:
    return [*(each.referral_id for each in found.changes), *(each.arrival.referral_id for each in found.waits)]
