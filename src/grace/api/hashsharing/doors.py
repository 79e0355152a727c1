"""Who is let in to a list: HTTP Basic authentication by an enrolled reader's secret or a program's token."""

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
from grace.kernel.errors import GraceError, Invalid, Missing
from grace.matching.models import Sharing
from grace.matching.readers import Guest
from grace.pipeline import sharing

REALM = "GRACE hash sharing"
LATER = 60
TEXT = "text/plain; charset=utf-8"
_LONGEST = 1024

View = Callable[[HttpRequest, Sharing, Guest], HttpResponse]


def door(method: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Let only readers of the list in, only with this method; what goes wrong is said in plain text."""

    def guard(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, name: str, **_asked: str) -> HttpResponse:
            login, secret = _sent(request)
            entered = sharing.enter(name, login, secret, address_of(request)) if secret else None
            if entered is None:
                return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": f'Basic realm="{REALM}"'})
            if not sharing.may_ask(entered[1]):
                return _said("Too many requests in a minute.", HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(LATER)})
            if request.method != method:
                return _said(f"This address takes {method}.", HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": method})
            return _answer(view, request, *entered)

        return csrf_exempt(login_not_required(guarded))

    return guard


def _answer(view: View, request: HttpRequest, shared: Sharing, guest: Guest) -> HttpResponse:
    try:
        return view(request, shared, guest)
    except Missing as fault:
        return _said(str(fault), HTTPStatus.NOT_FOUND)
    except Invalid as fault:
        return _said(str(fault), HTTPStatus.BAD_REQUEST)
    except GraceError as fault:
        return _said(str(fault), HTTPStatus.INTERNAL_SERVER_ERROR if fault.permanent else HTTPStatus.SERVICE_UNAVAILABLE)


def _sent(request: HttpRequest) -> tuple[str, str]:
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic" or len(sent) > _LONGEST:
        return "", ""
    try:
        login, _colon, secret = base64.b64decode(sent.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return login, secret


def _said(text: str, status: HTTPStatus, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(text, content_type=TEXT, status=status, headers=headers)
