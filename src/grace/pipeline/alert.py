"""Alerts go out: each in a transaction of its own with its ledger entries, so that one that fails keeps no other back."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from grace.casework import alerts
from grace.casework.alerts import Tried
from grace.casework.models import Alert
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """How one round of sending went, in alerts."""

    sent: int
    failed: int


def send_due() -> Round:
    """Try every alert that is due once. One that fails is due again after 1, 2, 4 … minutes, :data:`alerts.MOST_ATTEMPTS` times in all."""
    outcomes = [_send(each) for each in alerts.due(clock.now())]
    return Round(outcomes.count(True), outcomes.count(False))


@transaction.atomic
def _send(alert_id: UUID) -> bool | None:
    """Whether the alert went out by every channel; None where another process has it."""
    alert = alerts.take(alert_id)
    if alert is None:
        return None
    tried = alerts.send(alert, clock.now())
    ledger.record(*(_line(alert, each) for each in tried))
    if alert.attempts >= alerts.MOST_ATTEMPTS and alert.sent_at is None:
        _LOG.error("an alert was given up after %d attempts: %s", alert.attempts, alert.failure)
    return alert.sent_at is not None


def _line(alert: Alert, tried: Tried) -> Line:
    """A disclosure of the reference, or the attempt at one."""
    return Line(
        kind=Kind.DISCLOSURE,
        act="alert.send",
        actor="system:alerts",
        purpose="alert",
        subjects=(_subject(alert),),
        detail={"attempt": str(alert.attempts), **({"failure": tried.failure} if tried.failure else {})},
        denied=bool(tried.failure),
        recipient=f"channel:{tried.channel}",
    )


def _subject(alert: Alert) -> str:
    named = {"line": alert.line, "arrival": alert.arrival, "kept-search": alert.kept_id, "referral": alert.referral_id}
    return next(f"{kind}:{key}" for kind, key in named.items() if key)
