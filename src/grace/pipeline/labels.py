"""An officer says whether a finding is right: kept as a label, and written down."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.analysis import labels
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import holdings
from grace.pipeline.consult import refusals_told


def label(viewer: Viewer, file_id: UUID, seen_id: UUID, verdict: str, instead: str = "") -> None:
    """Say that a finding of a file that the viewer's unit holds is right or wrong; see :func:`grace.analysis.labels.say`."""
    with refusals_told(viewer, "finding.label", f"finding:{seen_id}"), transaction.atomic():
        viewer.require(Capability.DECIDE)
        held = holdings.held(viewer, file_id)
        told = labels.say(viewer.unit_id, viewer.actor, file_id, seen_id, verdict=verdict, instead=instead)
        subjects = (f"file:{bytes(held.file.sha256).hex()}", f"label:{told.id}")
        ledger.record(Line(Kind.ALTERATION, "finding.label", viewer.actor, viewer.purpose, subjects, {"verdict": told.verdict}))
