"""The list of shared lines and mail domains: put in force by who administers, followed by jobs in what was taken in before.

list ─▶ ledger ─▶ (jobs: identifiers gone through, batch by batch ─▶ links of who bears one that is told otherwise found anew)
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock
from grace.links import again, follow_lines, lines
from grace.links.models import SharedLines
from grace.pipeline import jobs
from grace.pipeline.consult import query_digest, refusals_told

BATCH = 20_000
"""Identifiers that one transaction goes through."""


@dataclass(frozen=True, slots=True)
class Standing:
    """All versions, the newest first, without their entries; how far the newest has got, and what waits in the viewer's unit."""

    versions: list[SharedLines]
    share: float
    waiting: int


def standing(viewer: Viewer) -> Standing:
    """How the list stands. It holds nothing of any person."""
    found = lines.versions(viewer)
    unfinished = [lines.share_followed(each) for each in found if each.followed_at is None]
    return Standing(found, sum(unfinished) / len(unfinished) if unfinished else 1.0, again.waiting(viewer.unit_id))


def put(viewer: Viewer, text: str, note: str, *, seen: int) -> SharedLines:
    """Put the list in this text in force; what was taken in before follows in the background. Raises what the act raises."""
    with refusals_told(viewer, "lines.put"), transaction.atomic():
        made = lines.put(viewer, lines.read(text), note, clock.now(), seen=seen)
        detail = {"entries": str(len(made.entries)), "body": query_digest(made.entries)}
        ledger.record(Line(Kind.ALTERATION, "lines.put", viewer.actor, viewer.purpose, (f"shared-lines:{made.number}",), detail))
        jobs.follow_shared_lines()
        return made


def follow() -> bool:
    """Go through the next identifiers for the oldest version that has not reached everything; whether there was one."""
    with transaction.atomic():
        told = follow_lines.unfinished()
        if told is None:
            return False
        for unit in sorted(follow_lines.step(told, clock.now(), BATCH)):
            jobs.connect(unit)
        return True
