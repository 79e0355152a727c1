"""Groups: found by jobs, decided by officers, split where somebody sees that a member does not belong.

    intake ─▶ wait ─▶ connect ─▶ line in the queue ─▶ ledger ─▶ (jobs: score anew who was not known to be one of many)

One job takes whatever waits, so that a flood needs few of them, and takes it away in the transaction that writes what it
led to. Entries name up to 200 things each: a batch is a few entries, and each referral is found in one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.casework import decide_group as casework
from grace.casework import group_states, lines, queue
from grace.casework.decide_group import GroupWish
from grace.casework.models import GroupDecision
from grace.casework.queue import Count, Filters, Page
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock
from grace.links import connect as links
from grace.links import definition, read
from grace.links.models import Definition
from grace.links.models import Kind as Kinds
from grace.links.read import Membership, Told
from grace.links.split import split as split_off
from grace.pipeline import jobs
from grace.pipeline.circles import tell_circles
from grace.pipeline.consult import MOST_SUBJECTS, consult, query_digest, refusals_told
from grace.pipeline.rankers import note_outcomes
from grace.pipeline.score import Batch, score_again
from grace.priority import publish
from grace.priority.assess import without_signal

ACTOR = "system:links"
BATCH = 1_000
"""Referrals that one transaction connects at most."""
_STATUSES = ("open", "taken", "closed")
MOST_NAMED = 1_000
"""Members of a group that are listed where the queue shows them under another one."""


def connect_waiting(unit_id: UUID) -> int:
    """Connect all that waits in a unit, what is new before what is looked at again; batch by batch, each in a transaction of its own.

    Tells how many were looked at.
    """
    whole = 0
    while (looked_at := _connect(unit_id) or _connect_again(unit_id)) > 0:
        whole += looked_at
    return whole


@transaction.atomic
def _connect_again(unit_id: UUID) -> int:
    looked_at, changes = links.connect_again(unit_id, clock.now(), BATCH)
    tell_circles(changes)
    return looked_at


@transaction.atomic
def _connect(unit_id: UUID) -> int:
    now = clock.now()
    found = links.connect(unit_id, now, BATCH)
    by_group: dict[UUID, list[UUID]] = {}
    for each in chain.from_iterable(found.joined.values()):
        by_group.setdefault(each.group_id, []).append(each.referral_id)
    if by_group:
        lines.assign(referral for members in by_group.values() for referral in members)
        ledger.record(*(line for group, members in sorted(by_group.items()) for line in _lines("group.join", group, members)))
        unaware = {
            referral
            for kind in (Kinds.VIRAL, Kinds.DUPLICATE)
            for referral in without_signal([each.referral_id for each in found.joined[kind]], f"group.{kind.value}")
        }
        jobs.score_anew(unit_id, sorted(unaware))
    if found.merged:
        merged = ((f"group:{new}", f"group:{old}") for old, new in sorted(found.merged.items()))
        ledger.record(*(Line(Kind.COMBINATION, "group.merge", ACTOR, "triage", subjects) for subjects in merged))
    tell_circles(found.circles)
    return found.looked_at


def score_members(unit_id: UUID, referrals: Sequence[UUID]) -> None:
    """Score referrals anew, for they are known to be of many now; alerts go out as always."""
    with transaction.atomic():
        now = clock.now()
        if score_again(Batch(unit_id, ACTOR, publish.in_force(unit_id, now), now), referrals):
            jobs.send_alerts()


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One group: its figures, senders, states concerned, a page of members with what makes them members, and the decision that stands.

    ``states`` tells each recipient with how many members concern it.
    ``late`` counts members that wait though the group was decided: they came after the decision, or were left out of it.
    """

    group: Told
    senders: list[tuple[UUID, str, int]]
    states: list[tuple[str, int]]
    page: Page
    total: Count
    counts: dict[str, Count]
    urgent: Count
    members: dict[UUID, Membership]
    decision: GroupDecision | None


def group_page(viewer: Viewer, group_id: UUID, *, status: str = "", after: str = "", before: str = "") -> GroupPage:
    """A group of the viewer's unit with a page of its members, in rank order."""

    def read_it() -> GroupPage:
        group = read.group(viewer, group_id)
        asked = Filters(status=status, group=group.id)
        page, total = queue.page_and_count(viewer, asked, after=after, before=before)
        if not page.rows and not status:  # the queue shows its members under the lines of other groups
            page, total = queue.of_referrals(viewer, read.members_of(viewer, group.id, MOST_NAMED)), (group.members, False)
        told = read.memberships(viewer, [row.referral_id for row in page.rows])
        of_each = [Filters(status=each, group=group.id) for each in _STATUSES]
        *counts, urgent = queue.counts(viewer, [*of_each, Filters(status="open", group=group.id, urgent=True)])
        return GroupPage(
            group=group,
            senders=read.senders(viewer, group.id),
            states=group_states.of_group(viewer, group.id),
            page=page,
            total=total,
            counts=dict(zip(_STATUSES, counts, strict=True)),
            urgent=urgent,
            members={each.referral_id: each for each in told if each.group.id == group.id},
            decision=casework.standing_decision(group.id),
        )

    return consult(viewer, "group.read", read_it, _subjects_of, query=query_digest([str(group_id), status]))


def _subjects_of(found: GroupPage) -> Iterable[str]:
    yield f"group:{found.group.id}"
    yield from (f"referral:{row.referral_id}" for row in found.page.rows)


def one_group(viewer: Viewer, group_id: UUID) -> Told:
    """A group of the viewer's unit in figures, without its members."""
    return consult(viewer, "group.read", lambda: read.group(viewer, group_id), lambda found: [f"group:{found.id}"])


def list_groups(viewer: Viewer, *, after: str = "", most: int = 50) -> tuple[list[Told], str]:
    """The groups of the viewer's unit, the largest first."""
    return consult(
        viewer, "group.list", lambda: read.page(viewer, after=after, most=most), lambda found: (f"group:{each.id}" for each in found[0])
    )


def decide_group(viewer: Viewer, group_id: UUID, wish: GroupWish) -> GroupDecision:
    """Carry out one act on a group; the entries name every referral that it is about. Raises what the act raises."""
    with refusals_told(viewer, "group.decide", f"group:{group_id}"), transaction.atomic():
        done = casework.decide_group(viewer, group_id, wish, clock.now())
        note_outcomes(viewer.unit_id, done.referrals)
        act, first = f"group.{done.decision.act}", (f"group:{group_id}", f"group-decision:{done.decision.id}")
        ledger.record(*_entries(viewer, act, first, done.referrals))
        return done.decision


def split(viewer: Viewer, group_id: UUID, referral_id: UUID, reason: str) -> None:
    """Take a referral out of a group: it is worked on its own, and what its being one of many took from its novelty comes back."""
    subjects = (f"group:{group_id}", f"referral:{referral_id}")
    with refusals_told(viewer, "group.split", *subjects), transaction.atomic():
        split_off(viewer, group_id, referral_id, reason, clock.now())
        lines.assign([referral_id])
        ledger.record(Line(Kind.ALTERATION, "group.split", viewer.actor, viewer.purpose, subjects))
        tell_circles(links.follow(viewer.unit_id, [referral_id], clock.now()))
        jobs.score_anew(viewer.unit_id, [referral_id])


def definitions(viewer: Viewer) -> list[Definition]:
    """All versions of what the viewer's unit calls viral, a duplicate, a bundle; the newest, which is in force, first."""
    with transaction.atomic():
        return definition.versions(viewer, clock.now())


def edit_definition(viewer: Viewer, body: object, note: str, *, seen: int) -> Definition:
    """Put a new version in force; see :func:`grace.links.definition.edit`."""
    with refusals_told(viewer, "group.define"), transaction.atomic():
        made = definition.edit(viewer, body, note, clock.now(), seen=seen)
        detail = {"number": str(made.number), "body": query_digest(made.body)}
        ledger.record(Line(Kind.ALTERATION, "group.define", viewer.actor, viewer.purpose, (f"definition:{made.id}",), detail))
        return made


def _lines(act: str, group: UUID, referrals: Sequence[UUID]) -> Iterable[Line]:
    for start in range(0, len(referrals), MOST_SUBJECTS - 1):
        part = tuple(f"referral:{each}" for each in referrals[start : start + MOST_SUBJECTS - 1])
        yield Line(Kind.COMBINATION, act, ACTOR, "triage", (f"group:{group}", *part))


def _entries(viewer: Viewer, act: str, first: tuple[str, ...], referrals: Sequence[UUID]) -> Iterable[Line]:
    step = MOST_SUBJECTS - len(first)
    for start in range(0, max(len(referrals), 1), step):
        part = tuple(f"referral:{each}" for each in referrals[start : start + step])
        yield Line(Kind.ALTERATION, act, viewer.actor, viewer.purpose, (*first, *part))
