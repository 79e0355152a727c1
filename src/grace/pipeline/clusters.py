"""Clusters of near-duplicates: each unit's own, brought up to date by jobs, read as one consultation.

    analysed ─▶ a job for each unit that holds the file ─▶ clusters ─▶ ledger ─▶ (jobs: links of who brings what looks so)

A job takes whatever waits in its unit, batch by batch, each in a transaction of its own: one that is killed leaves nothing half done,
and whoever comes next goes on. Every five minutes it is asked whether anything waits that nobody deferred a job for: a file that
another unit held before, one that was erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from grace.accounts.models import Unit
from grace.analysis import cluster
from grace.analysis.cluster import Done
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.links import again
from grace.pipeline import jobs
from grace.pipeline.consult import MOST_SUBJECTS

ACTOR = "system:clusters"
BATCH = 10_000
"""Pictures that one transaction puts in clusters at most."""


def follow(files: Iterable[UUID]) -> None:
    """Defer the putting in clusters of files that were looked into, in the caller's transaction."""
    for unit in cluster.holders(files):
        jobs.cluster(unit)


def cluster_waiting(unit_id: UUID) -> int:
    """Put all that waits in a unit in clusters, and take out what it holds no more; how many files that were."""
    whole = 0
    while some := _step(unit_id):
        whole += some
    return whole


@transaction.atomic
def _step(unit_id: UUID) -> int:
    done = cluster.cluster(unit_id, BATCH)
    _follow(unit_id, done)
    return done.came + done.went


def units() -> list[Unit]:
    """All units, each of which has clusters of its own."""
    return list(Unit.objects.order_by("slug"))


def defer_due() -> int:
    """Defer a job for each unit in which anything waits; how many those are."""
    due = [unit.id for unit in units() if cluster.is_due(unit.id)]
    with transaction.atomic():
        for unit in due:
            jobs.cluster(unit)
    return len(due)


def differing(unit_id: UUID) -> Sequence[UUID]:
    """The files of a unit whose kept cluster is not what making all anew gives; none where everything is as it must be."""
    return cluster.differing(unit_id)


@transaction.atomic
def rebuild(unit_id: UUID) -> Done:
    """Make all clusters of a unit anew, and keep what differs."""
    done = cluster.rebuild(unit_id)
    _follow(unit_id, done)
    return done


def _follow(unit_id: UUID, done: Done) -> None:
    """Tell the ledger, and let the links follow of whoever brings a file that looks like other files now."""
    _write_down(done)
    if again.note_looks(unit_id, done.changed, done.centres):
        jobs.connect(unit_id)


def _write_down(done: Done) -> None:
    subjects = [f"file:{each.hex()}" for each in done.joined]
    lines = [
        Line(Kind.COMBINATION, "file.cluster", ACTOR, "triage", tuple(subjects[start : start + MOST_SUBJECTS]))
        for start in range(0, len(subjects), MOST_SUBJECTS)
    ]
    if lines:
        ledger.record(*lines)
