"""Beginning and raising a session; the key changes at both, so that one seen before is worth nothing afterwards."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from grace.accounts import sessions
from grace.accounts.models import Officer
from grace.accounts.purposes import Purpose
from grace.accounts.viewer import PURPOSE_KEY, SECOND_FACTOR_KEY
from grace.kernel import clock


def enter(request: HttpRequest, officer: Officer) -> None:
    """Sign the officer in, by password alone."""
    request.session.flush()
    login(request, officer)
    sessions.begin(request.session)
    request.session[PURPOSE_KEY] = Purpose.TRIAGE.value


def raise_to_second_factor(request: HttpRequest) -> None:
    """Note that the second factor was shown in this session."""
    request.session.cycle_key()
    request.session[SECOND_FACTOR_KEY] = clock.now().timestamp()


def where_to(request: HttpRequest, fallback: str = "/") -> str:
    """The page asked for before the door, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if ours else fallback
