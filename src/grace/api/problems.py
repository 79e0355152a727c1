"""Errors as RFC 9457 problem documents: what is wrong, what to do, and whether trying again helps."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from grace.accounts.viewer import Viewer
from grace.api.faults import TooLarge
from grace.api.upload import InMemory
from grace.custody.kinds import Kind
from grace.kernel.errors import Conflict, GraceError, Invalid, Missing, Refused, Unavailable
from grace.pipeline.accounts import NOBODY, note_refusal

PREFIX = "/api/"
TYPE = "application/problem+json"

_STATUS: tuple[tuple[type[GraceError], HTTPStatus], ...] = (
    (Refused, HTTPStatus.FORBIDDEN),
    (Missing, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
)
_SAID = {
    HTTPStatus.BAD_REQUEST: "The request cannot be read.",
    HTTPStatus.FORBIDDEN: "This is not allowed.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method.",
}


def problem(status: HTTPStatus, detail: str, *, remedy: str = "", **more: Any) -> JsonResponse:
    """One problem document."""
    told = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, **more}
    if remedy:
        told["remedy"] = remedy
    return JsonResponse(told, status=status, content_type=TYPE)


def told_by(fault: GraceError) -> JsonResponse:
    """The problem document of one of our own errors."""
    if isinstance(fault, TooLarge):
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, fault.message, remedy=fault.remedy, try_again=False)
    status = next((status for kind, status in _STATUS if isinstance(fault, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    return problem(status, fault.message, remedy=fault.remedy, try_again=not fault.permanent)


class Problems:
    """Middleware: whatever goes wrong below ``/api/``, before or behind an operation, is told as a problem document."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a request that announces too large a body, or a NUL in its query, is not looked at."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        refused = _unread(request)
        if refused is not None:
            return refused
        request.upload_handlers = [InMemory(request)]  # before anything reads the body: no file lies in the open on a disk (law, L15)
        answer = self.get_response(request)
        if answer.status_code < HTTPStatus.BAD_REQUEST or answer.headers.get("Content-Type", "").startswith(TYPE):
            return answer
        return _in_our_form(answer)


def _unread(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request that is refused by its head alone."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if "HTTP_TRANSFER_ENCODING" in request.META or not length.isdecimal():
        return problem(
            HTTPStatus.LENGTH_REQUIRED, "The request does not say how long it is.", remedy="Send it with Content-Length, not in chunks."
        )
    if int(length) > settings.GRACE_LARGEST_UPLOAD:
        return told_by(TooLarge())
    if "%00" in request.META.get("QUERY_STRING", ""):
        return problem(HTTPStatus.BAD_REQUEST, _SAID[HTTPStatus.BAD_REQUEST], remedy="No value may hold a NUL character.")
    return None


def _in_our_form(answer: HttpResponse) -> HttpResponse:
    status = HTTPStatus(answer.status_code)
    told = problem(status, _SAID.get(status, "Something went wrong."), try_again=status >= HTTPStatus.INTERNAL_SERVER_ERROR)
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if name in answer.headers:
            told.headers[name] = answer.headers[name]
    return told


def _ours(request: HttpRequest, fault: GraceError | type[GraceError]) -> HttpResponse:
    told = fault if isinstance(fault, GraceError) else fault("Something went wrong.")
    if isinstance(told, Refused | Missing) and not told.written_down:
        _write_down(request)
    return told_by(told)


def _write_down(request: HttpRequest) -> None:
    """Refused attempts are entries too (law, L4)."""
    asking, match = getattr(request, "auth", None), request.resolver_match
    actor, purpose = (asking.actor, asking.purpose) if isinstance(asking, Viewer) else (NOBODY, "")
    subjects = [f"{name}:{value}" for name, value in (match.kwargs if match else {}).items() if isinstance(value, UUID)]
    kind = Kind.CONSULTATION if request.method in {"GET", "HEAD"} else Kind.ALTERATION
    note_refusal(actor, purpose, kind, f"api.{match.url_name if match else 'unknown'}", *subjects)


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


def _refused_by_ninja(_request: HttpRequest, fault: HttpError | type[HttpError]) -> HttpResponse:
    status = HTTPStatus(getattr(fault, "status_code", HTTPStatus.BAD_REQUEST))
    return problem(status, str(fault) or _SAID.get(status, status.phrase))


def _too_large(_request: HttpRequest, _fault: RequestDataTooBig | type[RequestDataTooBig]) -> HttpResponse:
    return told_by(TooLarge())


def install(api: NinjaAPI) -> None:
    """Answer every error of an API in this form."""
    api.add_exception_handler(GraceError, _ours)
    api.add_exception_handler(AuthenticationError, _nobody)
    api.add_exception_handler(ValidationError, _malformed)
    api.add_exception_handler(HttpError, _refused_by_ninja)
    api.add_exception_handler(RequestDataTooBig, _too_large)
