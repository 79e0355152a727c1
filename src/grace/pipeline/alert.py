"""Alerts go out: each with its ledger entry, and again later where a channel fails."""

from __future__ import annotations

from django.db import transaction

from grace.casework import alerts
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock
from grace.kernel.errors import Unavailable


def send_unsent() -> int:
    """Send what is unsent; returns how many went out. Raises ``Unavailable`` where some failed, so that the job is tried again."""
    sent, failed = 0, 0
    while True:
        with transaction.atomic():
            batch = alerts.unsent(most=1)
            if not batch:
                break
            done = alerts.send(batch[0], clock.now())
            subject = f"referral:{batch[0].referral_id}"
            ledger.record(
                Line(
                    kind=Kind.DISCLOSURE,
                    act="alert.send",
                    actor="system:alerts",
                    purpose="alert",
                    subjects=(subject,),
                    recipient="unit:duty",
                )
                if done
                else Line(kind=Kind.DISCLOSURE, act="alert.send", actor="system:alerts", purpose="alert", subjects=(subject,), denied=True)
            )
        sent, failed = sent + done, failed + (not done)
        if failed:
            raise Unavailable("An alert did not go out.", remedy="Check GRACE_ALERT_EMAIL and GRACE_ALERT_WEBHOOK; it is tried again.")
    return sent
