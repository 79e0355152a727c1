"""Keeping a signed validation of this installation for a unit, and reading it: acts that the ledger tells of."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.custody import ledger, reports
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.custody.reports import Checked
from grace.evidence import kept_reports
from grace.evidence.models import KeptReport
from grace.kernel.errors import Invalid

PURPOSE = "validation"


def keep_report(unit_id: UUID, content: bytes, *, actor: str) -> KeptReport:
    """Seal a validation report for a unit. Raises ``Invalid`` where it is not as this installation signed it; keeping it twice keeps it once."""
    checked = check(content)
    if not checked.trusted:
        raise Invalid("This report was not signed by this installation.", remedy="Keep a report where it was made: its key answers for it.")
    passed = bool(checked.report["passed"])
    with transaction.atomic():
        kept, is_new = kept_reports.keep(unit_id, content, passed=passed, summary=str(checked.report["made_at"]), by=actor)
        if is_new:
            detail = {"sha256": bytes(kept.sha256).hex(), "passed": "yes" if passed else "no"}
            ledger.record(Line(Kind.COLLECTION, "validation.keep", actor, PURPOSE, (f"validation:{kept.id}",), detail))
    return kept


def check(content: bytes) -> Checked:
    """A report as it was signed; trusted where this installation's present key signed it."""
    return reports.check(content, [ledger.signer().key.public_key()])


def kept_for(viewer: Viewer) -> list[KeptReport]:
    """The last reports of the viewer's unit; they hold nothing personal."""
    return kept_reports.newest(viewer)


def one(viewer: Viewer, report_id: UUID) -> tuple[KeptReport, bytes, Checked]:
    """A report of the viewer's unit: the row, its bytes, and what they say. Raises ``Missing`` for any other."""
    kept, content = kept_reports.read(viewer, report_id)
    return kept, content, check(content)
