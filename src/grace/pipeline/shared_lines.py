"""The list of shared lines and mail domains: put in force by who administers, followed by jobs in what was taken in before.

    list ─▶ ledger ─▶ (jobs: identifiers gone through, batch by batch ─▶ links of who bears one that is told otherwise found anew)

How far a version has got stands in its row, and who waits in a table of its own: a job that is killed leaves nothing half done.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from grace.accounts.capabilities import Capability
from grace.accounts.names import names_of
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
    """All versions, the newest first, without their entries; how far they have got, and how many referrals wait to be linked anew.

    These are of the viewer's unit; of all units for whoever runs the machine. ``names`` tell who put the versions in force, to whoever
    administers: that may be somebody of another unit.
    """

    versions: list[SharedLines]
    share: float
    waiting: int
    names: dict[str, str]


def standing(viewer: Viewer) -> Standing:
    """How the list stands. It holds nothing of any person."""
    found = lines.versions(viewer)
    unfinished = [lines.share_followed(each) for each in found if each.followed_at is None]
    share = sum(unfinished) / len(unfinished) if unfinished else 1.0
    waiting = again.waiting(viewer.unit_id if viewer.unit_id.int else None)
    names = names_of({each.edited_by for each in found}) if viewer.may(Capability.ADMINISTER) else {}
    return Standing(found, share, waiting, names)


def version(viewer: Viewer, number: int) -> SharedLines:
    """One version with its entries. Raises ``Missing`` where there is none."""
    return lines.version(viewer, number)


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
