"""Checking the vault: what was found is told and written down; bytes that belong to nothing are removed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import scrub as scrubbing
from grace.evidence.scrub import Findings

ACTOR = "system:scrub"
_MOST_NAMED = 500


def scrub(after: UUID | None = None, progress: Callable[[Findings], None] = lambda _findings: None) -> Findings:
    """Read and check all objects after ``after``; a lost or changed object is an alteration that the ledger must tell."""
    findings = scrubbing.scrub(after, progress)
    faults = {"missing": findings.missing, "tampered": findings.tampered, "key-away": findings.key_away}
    named = tuple(f"object:{object_id}" for ids in faults.values() for object_id in ids)
    counts = {"checked": str(findings.checked)} | {fault: str(len(ids)) for fault, ids in faults.items()}
    with transaction.atomic():
        ledger.record(Line(Kind.ALTERATION, "vault.scrub", ACTOR, "integrity", named[:_MOST_NAMED], counts))
    return findings


def remove_orphans(older_than: float = scrubbing.SETTLED) -> int:
    """Remove bytes without a row, older than so many seconds; how many there were."""
    found = list(scrubbing.orphans(older_than))
    with transaction.atomic():
        subjects = tuple(f"object:{object_id}" for object_id in found[:_MOST_NAMED])
        ledger.record(Line(Kind.ERASURE, "vault.remove_orphans", ACTOR, "integrity", subjects, {"found": str(len(found))}))
    return scrubbing.remove_orphans(found, older_than)
