"""Who is let in: HTTP Basic authentication, checked before a byte of the body is read, and so many requests a minute."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from grace.accounts.whence import address_of
from grace.api.ispws.answers import refused
from grace.intake.codes import Code, ReportRefused
from grace.intake.credentials import Caller
from grace.kernel.errors import GraceError
from grace.pipeline import reporting

REALM = "GRACE reporting"
ASKED = "grace.report"
"""Under this key of a request's META stands the number of the report that it asks for, once that was read."""
LATER = 60
"""Seconds to wait for whoever asked too often."""
_LONGEST = 1024

View = Callable[[HttpRequest, Caller], HttpResponse]


def door(method: str) -> Callable[[View], Callable[[HttpRequest], HttpResponse]]:
    """Let only senders in, only with this method, and tell refusals in the protocol's own words."""

    def guard(view: View) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, **_asked: str) -> HttpResponse:
            caller = _caller(request)
            if caller is None:
                return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": f'Basic realm="{REALM}"'})
            if not reporting.may_ask(caller):
                return _too_often(request)
            if method not in {request.method, ""}:
                return _wrong_method(request, method)
            return _answer(view, request, caller)

        return csrf_exempt(login_not_required(guarded))

    return guard


def _answer(view: View, request: HttpRequest, caller: Caller) -> HttpResponse:
    try:
        return view(request, caller)
    except ReportRefused as fault:
        return refused(request, fault.code, fault.message, number=request.META.get(ASKED))
    except GraceError as fault:
        status = HTTPStatus.INTERNAL_SERVER_ERROR if fault.permanent else HTTPStatus.SERVICE_UNAVAILABLE
        return refused(request, Code.SERVER_ERROR, "The server cannot do this now. Nothing was changed.", status=status)


def _caller(request: HttpRequest) -> Caller | None:
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic" or len(sent) > _LONGEST:
        return None
    try:
        login, colon, secret = base64.b64decode(sent.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return reporting.enter(login, secret, address_of(request)) if colon else None


def _too_often(request: HttpRequest) -> HttpResponse:
    answer = refused(
        request, Code.SERVER_ERROR, "Too many requests in a minute; send this one again later.", status=HTTPStatus.TOO_MANY_REQUESTS
    )
    answer.headers["Retry-After"] = str(LATER)
    return answer


def _wrong_method(request: HttpRequest, method: str) -> HttpResponse:
    answer = refused(request, Code.INVALID_REQUEST, f"This address takes {method}.", status=HTTPStatus.METHOD_NOT_ALLOWED)
    answer.headers["Allow"] = method
    return answer
