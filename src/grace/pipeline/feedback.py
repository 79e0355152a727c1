"""Feedback: what each report lacked, for officers, for the sender of a report, and as lines for a period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from grace.accounts.models import Unit
from grace.accounts.viewer import Viewer
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.intake import open_reports
from grace.intake.credentials import Caller
from grace.intake.feedback import FORMAT
from grace.pipeline.consult import consult
from grace.pipeline.reporting import PURPOSE, told_refusals
from grace.referrals import feedback as referrals
from grace.referrals.feedback import Told

ACT = "sender.feedback"


@dataclass(frozen=True, slots=True)
class Export:
    """Of what feedback is exported: a unit, a sender by its name, the first and the last day of receipt (UTC)."""

    unit: Unit
    sender: str
    since: date
    until: date


def of_referral(viewer: Viewer, referral_id: UUID) -> list[Told]:
    """What each standing document of a referral of the viewer's unit lacked, the newest first. Raises ``Missing``."""
    return consult(viewer, "referral.feedback", lambda: referrals.of_referral(viewer, referral_id), lambda _: [f"referral:{referral_id}"])


def of_own_report(caller: Caller, number: int) -> list[Told]:
    """What a finished report of the caller's own lacked; nothing while it lies unread. Raises ``ReportRefused`` for any other."""
    with told_refusals(caller, "report.feedback", [number]), transaction.atomic():
        document = open_reports.document_of(caller, number)
        subjects = (f"report:{number}", f"login:{caller.login_id}", f"document:{document}")
        ledger.record(Line(Kind.DISCLOSURE, "report.feedback", caller.actor, PURPOSE, subjects, recipient=caller.actor))
        return referrals.of_document(document)


def export(viewer: Viewer, asked: Export) -> Iterator[Mapping[str, Any]]:
    """Feedback on all reports of a sender in a period, for that sender, one mapping each; written down before the first is given."""
    sender, told = referrals.of_sender(viewer, asked.unit, asked.sender, asked.since, asked.until)
    with transaction.atomic():
        detail = {"since": asked.since.isoformat(), "until": asked.until.isoformat()}
        subjects = (f"sender:{sender}", f"unit:{asked.unit.id}")
        ledger.record(Line(Kind.DISCLOSURE, ACT, viewer.actor, viewer.purpose, subjects, detail, recipient=f"sender:{sender}"))
    return (as_json(each) for each in told)


def as_json(told: Told) -> dict[str, Any]:
    """One document's feedback for machines."""
    return {
        "feedback": FORMAT,
        "referral": told.number,
        "issuer": told.issuer,
        "report": told.external,
        "document": told.ordinal,
        "format": told.format,
        "known_at": told.known_at.isoformat().replace("+00:00", "Z"),
        "looked": told.remarks is not None,
        "remarks": [each.as_json() for each in told.remarks or ()],
    }
