"""An officer says whether a finding is right: kept as a label, and written down."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.analysis import labels
from grace.analysis.labels import Key
from grace.casework.decide import may_uncover, row_of
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import holdings
from grace.kernel.errors import Conflict
from grace.pipeline.consult import refusals_told


def label(viewer: Viewer, file_id: UUID, seen_id: UUID, verdict: str, instead: str = "") -> None:
    """Say that a finding of a file that the viewer's unit holds is right or wrong; see :func:`grace.analysis.labels.say`."""
    with refusals_told(viewer, "finding.label", f"finding:{seen_id}"), transaction.atomic():
        viewer.require(Capability.DECIDE)
        held = holdings.held(viewer, file_id)
        told = labels.say(viewer.unit_id, viewer.actor, file_id, seen_id, verdict=verdict, instead=instead)
        subjects = (f"file:{bytes(held.file.sha256).hex()}", f"label:{told.id}")
        ledger.record(Line(Kind.ALTERATION, "finding.label", viewer.actor, viewer.purpose, subjects, {"verdict": told.verdict}))


def label_text(viewer: Viewer, referral_id: UUID, sha256: bytes, key: Key, verdict: str, instead: str = "") -> None:
    """Say that a finding of a text of a referral is right or wrong; only who has taken the referral has seen it.

    See :func:`grace.analysis.labels.say_of_text`. Raises ``Conflict`` for who has not.
    """
    with refusals_told(viewer, "finding.label", f"referral:{referral_id}"), transaction.atomic():
        viewer.require(Capability.DECIDE)
        if not may_uncover(viewer, row_of(viewer, referral_id)):
            raise Conflict(_("What is found in texts is called right or wrong by who has taken the referral."), remedy=_("Take it first."))
        told = labels.say_of_text(viewer.unit_id, viewer.actor, referral_id, sha256, key, verdict=verdict, instead=instead)
        subjects = (f"referral:{referral_id}", f"label:{told.id}")
        ledger.record(Line(Kind.ALTERATION, "finding.label", viewer.actor, viewer.purpose, subjects, {"verdict": told.verdict}))
