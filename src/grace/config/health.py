"""What a supervisor asks: is the process alive, is the installation ready, and what do its measures say."""

from __future__ import annotations

import ipaddress
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from grace.config import ages, metrics
from grace.custody.declare import nothing_personal

WORKER_SILENT_AFTER = 15.0
LEDGER_LATE_AFTER = 30.0
"""Seconds after which a silent worker, or an entry without a number, makes the installation not ready."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: ``number`` is an age in seconds or a count, None where there is nothing to count."""

    ok: bool
    says: str
    number: float | None = None


def check_database() -> Check:
    """The database answers."""
    ages.number("SELECT 1")
    return Check(ok=True, says="answers")


def check_worker() -> Check:
    """A worker lives."""
    age = ages.worker_age()
    if age is None:
        return Check(ok=False, says="no worker runs")
    return Check(ok=age < WORKER_SILENT_AFTER, says="last sign of life, seconds ago", number=age)


def check_jobs() -> Check:
    """How long the oldest job waits; a long queue is a fact, not a fault."""
    return Check(ok=True, says="the oldest job that is due waits, seconds", number=ages.queue_lag() or 0.0)


def check_ledger() -> Check:
    """Entries get their numbers soon."""
    age = ages.ledger_age()
    return Check(ok=age < LEDGER_LATE_AFTER, says="the oldest entry without a number waits, seconds", number=age)


def check_vault() -> Check:
    """The vault takes files."""
    folder = settings.ENVIRONMENT.vault
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"GRACE")
    except OSError as failure:
        return Check(ok=False, says=f"not writable: {failure.strerror}")
    return Check(ok=True, says="writable")


CHECKS: Mapping[str, Callable[[], Check]] = {
    "database": check_database,
    "worker": check_worker,
    "jobs": check_jobs,
    "ledger": check_ledger,
    "vault": check_vault,
}


def run_checks() -> dict[str, Check]:
    """All checks; what needs the database reads "not checked" where it is away."""
    found: dict[str, Check] = {}
    for name, check in CHECKS.items():
        try:
            found[name] = check()
        except DatabaseError:
            connection.close()
            found[name] = Check(ok=False, says="does not answer" if name == "database" else "not checked: the database does not answer")
    return found


@login_not_required
@nothing_personal
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing of anybody else."""
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
@nothing_personal
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 where referrals can be taken in and worked on, else 503; with each check."""
    checks = run_checks()
    ready = all(check.ok for check in checks.values())
    body = {
        "ready": ready,
        "checks": {name: {"ok": check.ok, "says": check.says, "number": check.number} for name, check in checks.items()},
    }
    return JsonResponse(body, status=200 if ready else 503)


@login_not_required
@nothing_personal
@never_cache
@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for whoever bears the token, or without a token for this machine itself."""
    if not _may_measure(request):
        return HttpResponse("Set GRACE_METRICS_TOKEN and send it as a bearer token.\n", status=403, content_type="text/plain")
    return HttpResponse(metrics.page(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_measure(request: HttpRequest) -> bool:
    token = settings.ENVIRONMENT.metrics_token
    if token:
        given = request.headers.get("Authorization", "")
        return secrets.compare_digest(given.encode(), f"Bearer {token}".encode())
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
