"""Alerts: what cannot wait, and what somebody asked to be told of, is told at once, by its reference only."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework.models import Alert, QueueRow
from grace.host.environment import is_webhook
from grace.kernel import sql
from grace.kernel.errors import Invalid
from grace.kernel.ids import new_id

MOST_ATTEMPTS = 8
_TIMEOUT = 10
_COLUMNS = {
    "id": "uuid",
    "referral_id": "uuid",
    "unit_id": "uuid",
    "raised_at": "timestamptz",
    "attempts": "integer",
    "told": "text",
    "failure": "text",
}


def raise_alerts(unit_id: UUID, referrals: Sequence[UUID], now: datetime) -> list[UUID]:
    """Write an alert for each referral that has none yet; returns the ids of the new ones."""
    rows = ((new_id(), referral, unit_id, now, 0, "", "") for referral in sorted(referrals))
    statement = sql.insert_many("casework_alert", _COLUMNS, "ON CONFLICT (referral_id) DO NOTHING RETURNING id")
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, sql.by_column(rows, len(_COLUMNS)))
        return [row[0] for row in cursor]


def raise_for_package(unit_id: UUID, arrival: UUID, reference: str, now: datetime) -> bool:
    """Write an alert for an urgent package of the inbox; whether there was none yet."""
    values = {"unit_id": unit_id, "reference": reference, "raised_at": now}
    return Alert.objects.get_or_create(arrival=arrival, defaults=values)[1]


def raise_for_line(unit_id: UUID, line: UUID, now: datetime) -> bool:
    """Write an alert for a line that became doubtful; whether there was none yet."""
    return Alert.objects.get_or_create(line=line, defaults={"unit_id": unit_id, "raised_at": now})[1]


def raise_for_kept(unit_id: UUID, hits: Mapping[UUID, int], now: datetime) -> None:
    """Write an alert for each kept search that so many referrals hit."""
    Alert.objects.bulk_create(Alert(unit_id=unit_id, kept_id=each, hits=number, raised_at=now) for each, number in sorted(hits.items()))


def urgent_now(viewer: Viewer) -> tuple[int, datetime | None]:
    """How many open referrals of the viewer's unit stand on a floor, and when the newest came."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            "SELECT count(*), max(received_at) FROM casework_queue WHERE unit_id = %s AND status = 'open' AND is_line AND turn = 1 AND floor > 0",
            [viewer.unit_id],
        )
        number, newest = cursor.fetchone()
    return number, newest


def due(now: datetime, most: int = 1_000) -> list[UUID]:
    """Alerts that have to go out now, those never tried first: the others wait 1, 2, 4 … minutes between tries, and are given up in the end."""
    waiting = Alert.objects.filter(sent_at=None, attempts__lt=MOST_ATTEMPTS).order_by(F("tried_at").asc(nulls_first=True), "raised_at")
    rows = waiting.values_list("id", "attempts", "tried_at")[:most]
    return [key for key, attempts, tried in rows if tried is None or tried + pause_after(attempts) <= now]


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1, 2, 4 … minutes."""
    return timedelta(minutes=2 ** max(0, attempts - 1))


def take(alert_id: UUID) -> Alert | None:
    """An unsent alert, locked; None where it went out meanwhile or another process holds it."""
    found = Alert.objects.select_for_update(skip_locked=True, of=("self",))
    return found.filter(id=alert_id, sent_at=None, attempts__lt=MOST_ATTEMPTS).first()


@dataclass(frozen=True, slots=True)
class Tried:
    """One channel that was tried, and the code of its failure; empty where the alert went out by it."""

    channel: str
    failure: str


def send(alert: Alert, now: datetime) -> list[Tried]:
    """Try every configured channel that the alert has not gone out by; the failure of one does not keep another back.

    Without any channel the alert counts as sent: it is shown on every open page.
    """
    what = _what_of(alert)
    told = [each for each in alert.told.split(".") if each]
    tried = [_try(channel, tell, what) for channel, tell in _channels() if channel not in told]
    alert.told = ".".join([*told, *(each.channel for each in tried if not each.failure)])
    failures = [each.failure for each in tried if each.failure]
    alert.attempts, alert.tried_at, alert.failure = alert.attempts + 1, now, failures[0] if failures else ""
    alert.sent_at = None if failures else now
    alert.save(update_fields=["told", "sent_at", "failure", "attempts", "tried_at"])
    return tried


@dataclass(frozen=True, slots=True)
class _What:
    """What an alert says: the subject of a mail, and the same for a program."""

    subject: str
    told: dict[str, object]


def _what_of(alert: Alert) -> _What:
    if alert.kept_id:
        return _of_kept(alert)
    if alert.line:
        return _of_line(alert)
    return _of_package(alert) if alert.arrival else _of_referral(alert)


def _of_referral(alert: Alert) -> _What:
    number = QueueRow.objects.filter(referral=alert.referral).values_list("number", flat=True).first() if alert.referral else None
    subject = _("GRACE: urgent referral %(number)s") % {"number": number}
    return _What(subject, {"kind": "urgent-referral", "number": number, "raised_at": alert.raised_at.isoformat()})


def _of_package(alert: Alert) -> _What:
    subject = _("GRACE: urgent package %(reference)s from another agency") % {"reference": alert.reference}
    return _What(subject, {"kind": "urgent-package", "package": alert.reference, "raised_at": alert.raised_at.isoformat()})


def _of_line(alert: Alert) -> _What:
    return _What(
        _("GRACE: the line of your unit became doubtful"),
        {"kind": "doubtful-line", "line": str(alert.line), "raised_at": alert.raised_at.isoformat()},
    )


def _of_kept(alert: Alert) -> _What:
    subject = ngettext("GRACE: a kept search has %(n)d new hit", "GRACE: a kept search has %(n)d new hits", alert.hits) % {"n": alert.hits}
    told = {"kind": "kept-search", "search": str(alert.kept_id), "hits": alert.hits, "raised_at": alert.raised_at.isoformat()}
    return _What(subject, told)


Tell = Callable[[_What], None]


def _channels() -> list[tuple[str, Tell]]:
    """The channels that the operator configured."""
    wanted = (("email", _by_mail, settings.GRACE_ALERT_EMAIL), ("webhook", _by_webhook, settings.GRACE_ALERT_WEBHOOK))
    return [(name, tell) for name, tell, address in wanted if address]


def _try(channel: str, tell: Tell, what: _What) -> Tried:
    try:
        tell(what)
    except TimeoutError:
        return Tried(channel, "timeout")
    except urllib.error.HTTPError as fault:
        fault.close()
        return Tried(channel, f"answered-{fault.code}")
    except (OSError, HTTPException):  # what smtplib, ssl and urllib raise where nobody answers as they should
        return Tried(channel, "unreachable")
    except Invalid:
        return Tried(channel, "wrong-address")
    return Tried(channel, "")


def _by_mail(what: _What) -> None:
    send_mail(what.subject, _("Sign in to GRACE to read it."), settings.DEFAULT_FROM_EMAIL, [settings.GRACE_ALERT_EMAIL])


def _by_webhook(what: _What) -> None:
    _post(settings.GRACE_ALERT_WEBHOOK, what.told)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A webhook that redirects is refused: the operator named one address, and no other is told anything."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _post(address: str, told: dict[str, object]) -> None:
    """Post to exactly this address: no redirect, no proxy of the environment, and in clear on this machine only."""
    if not is_webhook(address):
        raise Invalid("The webhook's address must begin with https://, or lie on this machine.")
    request = urllib.request.Request(address, json.dumps(told).encode(), {"Content-Type": "application/json"})  # noqa: S310 - checked above
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=_TIMEOUT) as answer:
        answer.read(1024)
