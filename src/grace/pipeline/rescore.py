"""After a change of rules or of the ranker every open referral is scored anew: batch by batch, each batch whole or not at all.

A referral's assessment names the version and the ranker that it was made by, so what is still to be done can always be told from the tables alone:
no memory of a job is needed, a worker may die at any moment, and two changes at once end at the later one.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from time import monotonic
from uuid import UUID

from django.db import connection, transaction

from grace.casework import alerts, standings
from grace.casework.standings import Moved
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock, sql
from grace.pipeline import jobs
from grace.priority import publish
from grace.priority.assess import STALE, InForce, assess_by_other_rules, axes_of, stale_by

ACTOR = "system:rules"
BATCH = 200
"""Referrals of one transaction: what an officer who takes one of them may have to wait for, about a tenth of a second."""
HEAD = 1_000
"""Of the present head of the queue so many are scored before the rest, in the order of their ids: officers work there meanwhile."""
LONGEST = 5.0
"""Seconds after which the job makes way for others and goes on as a new one."""

_STALE = sql.fill(
    """
SELECT q.referral_id FROM casework_queue q JOIN priority_assessment a ON a.referral_id = q.referral_id
WHERE q.unit_id = %s AND q.status <> 'closed' AND q.referral_id > %s AND a.referral_id > %s AND {stale} ORDER BY q.referral_id LIMIT %s
""",
    stale=STALE,
)
"""Both keys are bounded: by one of them alone each batch would walk over all that the batches before have done."""
_STALE_HEAD = sql.fill(
    """
SELECT head.referral_id FROM (
    SELECT referral_id FROM casework_queue WHERE unit_id = %s AND status = 'open' AND is_line
    ORDER BY turn DESC, floor DESC, score DESC, referral_id DESC LIMIT %s
) head JOIN priority_assessment a ON a.referral_id = head.referral_id WHERE {stale}
""",
    stale=STALE,
)
_LEFT = sql.fill(
    """
SELECT count(*) FROM casework_queue q JOIN priority_assessment a ON a.referral_id = q.referral_id
WHERE q.unit_id = %s AND q.status <> 'closed' AND {stale}
""",
    stale=STALE,
)


def rescore_for_a_while(unit_id: UUID, after: UUID | None) -> None:
    """Score what was scored by other rules than those in force, and defer the rest.

    The head of the queue is first, then all in the order of ids, from ``after`` on. At the end it looks whether anything is left: a
    referral that somebody scored meanwhile by the rules of before.
    """
    if after is None:
        _score_head(unit_id)
    end = monotonic() + LONGEST
    while (last := rescore(unit_id, after)) is not None:
        after = last
        if monotonic() > end:
            jobs.rescore_unit(unit_id, after)
            return
    if after is not None and left(unit_id):
        jobs.rescore_unit(unit_id)


@transaction.atomic
def rescore(unit_id: UUID, after: UUID | None) -> UUID | None:
    """Score one batch of the unit's open referrals by the rules in force; returns the key to go on from, None at the end."""
    rules = publish.in_force(unit_id, clock.now())
    behind = after or UUID(int=0)
    referrals = _found(_STALE, [unit_id, behind, behind, *stale_by(rules), BATCH])
    _score(unit_id, referrals, rules)
    return referrals[-1] if referrals else None


def left(unit_id: UUID) -> int:
    """How many open referrals of a unit stand where other rules than those in force put them."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_LEFT, [unit_id, *stale_by(publish.in_force(unit_id, clock.now()))])
        return int(cursor.fetchone()[0])


def defer_due() -> None:
    """For units that changed their rules within a day: defer what is left and no job does."""
    for unit_id in publish.changed_lately(clock.now()):
        if left(unit_id):
            jobs.rescore_unit(unit_id)


def _score_head(unit_id: UUID) -> None:
    rules = publish.in_force(unit_id, clock.now())
    head = _found(_STALE_HEAD, [unit_id, HEAD, *stale_by(rules)])
    for start in range(0, len(head), BATCH):
        with transaction.atomic():
            _score(unit_id, head[start : start + BATCH], publish.in_force(unit_id, clock.now()))


def _score(unit_id: UUID, referrals: list[UUID], rules: InForce) -> None:
    now = clock.now()
    made = assess_by_other_rules(referrals, rules, now)
    if not made:
        return
    standings.move(unit_id, [Moved(key, told.floor, told.score, axes_of(told), told.why(), told.queues) for key, told in made.items()], now)
    ledger.record(
        Line(
            kind=Kind.ALTERATION,
            act="referral.score",
            actor=ACTOR,
            purpose="triage",
            subjects=tuple(f"referral:{referral}" for referral in made),
            detail={"rules": f"{rules.number}"},
        )
    )
    urgent = [referral for referral, told in made.items() if told.floor]
    if urgent and alerts.raise_alerts(unit_id, urgent, now):
        jobs.send_alerts()


def _found(text: str, values: Sequence[UUID | int | None]) -> list[UUID]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, values)
        return [row[0] for row in cursor]
