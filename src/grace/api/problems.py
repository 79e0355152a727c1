"""Errors as RFC 9457 problem documents: what is wrong, what to do, and whether trying again helps."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from grace.kernel.errors import Conflict, GraceError, Invalid, Missing, Refused, Unavailable

_STATUS: tuple[tuple[type[GraceError], HTTPStatus], ...] = (
    (Refused, HTTPStatus.FORBIDDEN),
    (Missing, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
)


def problem(status: HTTPStatus, detail: str, *, remedy: str = "", **more: Any) -> JsonResponse:
    """One problem document."""
    told = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, **more}
    if remedy:
        told["remedy"] = remedy
    return JsonResponse(told, status=status, content_type="application/problem+json")


def told_by(fault: GraceError) -> JsonResponse:
    """The problem document of one of our own errors."""
    status = next((status for kind, status in _STATUS if isinstance(fault, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    return problem(status, fault.message, remedy=fault.remedy, try_again=not fault.permanent)


def _ours(_request: HttpRequest, fault: GraceError | type[GraceError]) -> HttpResponse:
    return told_by(fault if isinstance(fault, GraceError) else fault("Something went wrong."))


def _nobody(_request: HttpRequest, _fault: AuthenticationError | type[AuthenticationError]) -> HttpResponse:
    answer = problem(
        HTTPStatus.UNAUTHORIZED, "This needs a valid token.", remedy="Send “Authorization: Bearer …” with a token of your unit."
    )
    answer["WWW-Authenticate"] = 'Bearer realm="grace"'
    return answer


def _malformed(_request: HttpRequest, fault: ValidationError | type[ValidationError]) -> HttpResponse:
    # Where the fault is, and what it is; never the value, which may be personal data.
    faults = [{"where": ".".join(map(str, each["loc"])), "what": each["msg"]} for each in getattr(fault, "errors", [])]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The request does not fit the description.", faults=faults)


def install(api: NinjaAPI) -> None:
    """Answer every error of an API in this form."""
    api.add_exception_handler(GraceError, _ours)
    api.add_exception_handler(AuthenticationError, _nobody)
    api.add_exception_handler(ValidationError, _malformed)
