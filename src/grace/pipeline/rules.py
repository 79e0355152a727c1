"""Rules change: edit, preview, publish; publishing scores the unit's open referrals anew, batch by batch, as jobs."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.casework import queue
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock
from grace.kernel.errors import Missing, Refused
from grace.pipeline import jobs
from grace.pipeline.consult import denied, query_digest
from grace.pipeline.score import Batch, score_again
from grace.priority import publish
from grace.priority.models import RuleSet
from grace.priority.publish import Preview

BATCH = 200


def edit_rules(viewer: Viewer, body: object, note: str) -> RuleSet:
    """Make or change the unit's draft."""
    try:
        with transaction.atomic():
            draft = publish.edit(viewer, body, note, clock.now())
            ledger.record(_line(viewer, "rules.edit", draft))
            return draft
    except Refused:
        denied(viewer, "rules.edit")
        raise


def preview_rules(viewer: Viewer, body: object) -> Preview:
    """What the body would do to the top of the present queue; stores nothing."""
    return publish.preview(viewer, body, queue.open_referrals(viewer.unit_id, most=publish.MOST_PREVIEWED))


def publish_rules(viewer: Viewer, number: int) -> RuleSet:
    """Put a draft in force; the open referrals are scored anew by jobs that follow in the same transaction."""
    try:
        with transaction.atomic():
            published = publish.publish(viewer, number, clock.now())
            ledger.record(_line(viewer, "rules.publish", published))
            jobs.rescore_unit(viewer.unit_id)
            return published
    except (Missing, Refused):
        denied(viewer, "rules.publish")
        raise


@transaction.atomic
def rescore(unit_id: UUID, after: UUID | None) -> UUID | None:
    """Score one batch of the unit's open referrals anew; returns the key to go on from, None at the end."""
    referrals = queue.open_after(unit_id, after, BATCH)
    if not referrals:
        return None
    now = clock.now()
    alerts = score_again(Batch(unit_id, "system:rules", publish.in_force(unit_id, now), now), referrals)
    if alerts:
        jobs.send_alerts()
    return referrals[-1]


def _line(viewer: Viewer, act: str, rules: RuleSet) -> Line:
    return Line(
        kind=Kind.ALTERATION,
        act=act,
        actor=viewer.actor,
        purpose=viewer.purpose,
        subjects=(f"rules:{rules.id}",),
        detail={"number": str(rules.number), "body": query_digest(rules.body)},
    )
