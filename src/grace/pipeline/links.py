"""The links of a referral, the way to another one, and what officers say of a pair; the circles follow in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts.viewer import Viewer
from grace.casework import queue
from grace.casework.decide import may_uncover, row_of
from grace.casework.models import QueueRow
from grace.casework.queue import Row
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock
from grace.kernel.errors import Missing
from grace.links import connect, linked, verdicts
from grace.links.linked import Hop, Link
from grace.links.models import Verdict
from grace.pipeline.circles import tell_circles
from grace.pipeline.consult import consult, query_digest, refusals_told
from grace.referrals import find

MOST = 32
"""Links that a page shows, the strongest."""
Span = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class LinksPage:
    """A referral with its links; the values are empty while it is covered. ``rows`` tells of each other referral."""

    row: QueueRow
    uncovered: bool
    hop: Hop
    rows: dict[UUID, Row]


@dataclass(frozen=True, slots=True)
class Way:
    """The links from one referral to another in their order, None where none was found; never a value."""

    end: UUID
    links: list[Link] | None
    rows: dict[UUID, Row]


def links_page(viewer: Viewer, referral_id: UUID, span: Span = (None, None), *, after: str = "", most: int = MOST) -> LinksPage:
    """The links of a referral of the viewer's unit. Values are uncovered only for the officer who took it (law, L13)."""

    def read() -> LinksPage:
        row = row_of(viewer, referral_id)
        found, uncovered = linked.hop(viewer, referral_id, span, most, after), may_uncover(viewer, row)
        shown = found if uncovered else replace(found, links=[_covered(each) for each in found.links])
        return LinksPage(row, uncovered, shown, _rows(viewer, [each.other for each in found.links]))

    return consult(viewer, "links.read", read, _subjects, query=query_digest([str(referral_id), *map(str, span)]))


def way(viewer: Viewer, referral_id: UUID, number: str) -> Way:
    """The way from a referral of the viewer's unit to the one of this number. Raises ``Missing`` where there is none of the unit."""

    def read() -> Way:
        row_of(viewer, referral_id)
        end = _numbered(viewer, number)
        links = linked.way(viewer, referral_id, end)
        places = [referral_id, end, *(each.other for each in links or ())]
        return Way(end, links, _rows(viewer, places))

    return consult(viewer, "links.way", read, lambda found: (f"referral:{each}" for each in found.rows), query=query_digest(number))


def numbered(viewer: Viewer, number: str) -> UUID:
    """The referral of the viewer's unit of this number. Raises ``Missing`` where there is none."""
    return consult(
        viewer, "links.find", lambda: _numbered(viewer, number), lambda found: (f"referral:{found}",), query=query_digest(number)
    )


def judge(viewer: Viewer, pair: tuple[UUID, UUID], says: str, reason: str) -> Verdict:
    """Cut or confirm the link of two referrals, or withdraw that; the circles follow. Raises what the act raises."""
    act, subjects = f"link.{says}", tuple(f"referral:{each}" for each in pair)
    with refusals_told(viewer, "link.judge", *subjects), transaction.atomic():
        now = clock.now()
        made = verdicts.judge(viewer, pair, says, reason, now)
        kind = Kind.COMBINATION if says == Verdict.Says.CONFIRMED else Kind.ALTERATION
        ledger.record(Line(kind, act, viewer.actor, viewer.purpose, subjects))
        tell_circles(connect.follow(viewer.unit_id, pair, now))
        return made


def _numbered(viewer: Viewer, number: str) -> UUID:
    found = find.numbered(viewer, number)
    if found is None:
        raise Missing(_("No referral has this number."), remedy=_("Give the number of a referral, such as R-26-118 204."))
    return found


def _covered(link: Link) -> Link:
    return replace(link, whys=tuple(replace(each, text="") for each in link.whys))


def _rows(viewer: Viewer, referrals: Sequence[UUID]) -> dict[UUID, Row]:
    return {each.referral_id: each for each in queue.of_referrals(viewer, referrals).rows} if referrals else {}


def _subjects(page: LinksPage) -> Iterator[str]:
    yield f"referral:{page.row.referral_id}"
    yield from (f"referral:{each.other}" for each in page.hop.links)
