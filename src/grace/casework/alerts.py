"""Alerts: a referral that hits a floor is told at once, by its reference only, never with what it says."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework.models import Alert, QueueRow
from grace.kernel import sql
from grace.kernel.errors import Unavailable
from grace.kernel.ids import new_id

MOST_ATTEMPTS = 8
_TIMEOUT = 10
_COLUMNS = {"id": "uuid", "referral_id": "uuid", "unit_id": "uuid", "raised_at": "timestamptz", "attempts": "integer", "failure": "text"}


def raise_alerts(unit_id: UUID, referrals: Sequence[UUID], now: datetime) -> list[UUID]:
    """Write an alert for each referral that has none yet; returns the ids of the new ones."""
    rows = ((new_id(), referral, unit_id, now, 0, "") for referral in sorted(referrals))
    statement = sql.insert_many("casework_alert", _COLUMNS, "ON CONFLICT (referral_id) DO NOTHING RETURNING id")
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, sql.by_column(rows, len(_COLUMNS)))
        return [row[0] for row in cursor]


def urgent_now(viewer: Viewer) -> tuple[int, datetime | None]:
    """How many open referrals of the viewer's unit stand on a floor, and when the newest came."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            "SELECT count(*), max(received_at) FROM casework_queue WHERE unit_id = %s AND status = 'open' AND floor > 0", [viewer.unit_id]
        )
        number, newest = cursor.fetchone()
    return number, newest


def unsent(most: int = 100) -> list[Alert]:
    """Alerts that still have to go out, oldest first, locked; those that another process holds are passed over."""
    found = Alert.objects.select_for_update(skip_locked=True, of=("self",)).filter(sent_at__isnull=True, attempts__lt=MOST_ATTEMPTS)
    return list(found.order_by("raised_at")[:most])


def send(alert: Alert, now: datetime, *, by_mail: Callable[..., int] = send_mail) -> bool:
    """Send one alert by every configured channel; note the failure and tell False where one fails."""
    number = QueueRow.objects.filter(referral_id=alert.referral_id).values_list("number", flat=True).first()
    told = {"kind": "urgent-referral", "number": number, "raised_at": alert.raised_at.isoformat()}
    alert.attempts += 1
    try:
        if settings.GRACE_ALERT_EMAIL:
            by_mail(f"GRACE: urgent referral {number}", "Open GRACE to read it.", settings.DEFAULT_FROM_EMAIL, [settings.GRACE_ALERT_EMAIL])
        if settings.GRACE_ALERT_WEBHOOK:
            _post(settings.GRACE_ALERT_WEBHOOK, told)
        alert.sent_at, alert.failure = now, ""
    except (OSError, Unavailable) as fault:
        alert.failure = type(fault).__name__
    alert.save(update_fields=["sent_at", "failure", "attempts"])
    return alert.sent_at is not None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A webhook that redirects is refused: the operator named one address, and no other is told anything."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _post(address: str, told: Mapping[str, object]) -> None:
    if not address.startswith(("https://", "http://")):
        raise Unavailable("The webhook's address must begin with https://.")
    request = urllib.request.Request(address, json.dumps(told).encode(), {"Content-Type": "application/json"})  # noqa: S310 - scheme checked above
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=_TIMEOUT) as answer:
            answer.read(1024)
    except urllib.error.HTTPError as fault:
        raise Unavailable(f"The webhook answered {fault.code}.") from fault
