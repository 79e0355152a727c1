"""Signed reports of the installation on itself, sealed in the vault for a unit."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.evidence import vault
from grace.evidence.models import KeptReport
from grace.kernel import clock
from grace.kernel.errors import Missing

MOST = 50


def keep(unit_id: UUID, content: bytes, *, passed: bool, summary: str, by: str) -> tuple[KeptReport, bool]:
    """Seal a report and keep it; the row, and whether it is new. The same report is kept once, in the caller's transaction."""
    digest = hashlib.sha256(content).digest()
    there = KeptReport.objects.filter(unit_id=unit_id, sha256=digest).first()
    if there is not None:
        return there, False
    (sealed,) = vault.seal_many([content])
    row = KeptReport(
        unit_id=unit_id, sha256=digest, object_id=sealed.object_id, passed=passed, summary=summary, kept_at=clock.now(), kept_by=by
    )
    row.save(force_insert=True)
    return row, True


def newest(viewer: Viewer) -> list[KeptReport]:
    """The last reports of the viewer's unit, the newest first."""
    viewer.require(Capability.READ)
    return list(KeptReport.objects.filter(unit_id=viewer.unit_id).order_by("-kept_at", "-id")[:MOST])


def read(viewer: Viewer, report_id: UUID) -> tuple[KeptReport, bytes]:
    """A report of the viewer's unit, and its bytes. Raises ``Missing`` for any other."""
    viewer.require(Capability.READ)
    found = KeptReport.objects.filter(id=report_id, unit_id=viewer.unit_id).first()
    if found is None:
        raise Missing(_("There is no such report."))
    return found, vault.read(found.object_id)
