"""Around every request below ``/ispws/``: an id to ask about it by, and our form for what went wrong outside a view."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from grace.api.ispws.answers import PREFIX, REQUEST_ID, TYPE, refused
from grace.intake.codes import Code

_SAID = {
    HTTPStatus.SERVICE_UNAVAILABLE: "The server is away for a moment. Nothing was changed; send the request again.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The server failed. Nothing was changed; tell the agency the Request-ID.",
}


class Frame:
    """Middleware: every answer carries a ``Request-ID``, and an error that no view told is told in XML."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        answer = _in_our_form(request, self.get_response(request))
        answer.headers[REQUEST_ID] = uuid4().hex
        return answer


def _in_our_form(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    if answer.status_code < HTTPStatus.BAD_REQUEST or answer.status_code == HTTPStatus.UNAUTHORIZED:
        return answer
    if answer.headers.get("Content-Type", "").startswith(TYPE):
        return answer
    status = HTTPStatus(answer.status_code)
    is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    told = refused(
        request, Code.SERVER_ERROR if is_ours else Code.INVALID_REQUEST, _SAID.get(status, "The request cannot be read."), status=status
    )
    if "Retry-After" in answer.headers:
        told.headers["Retry-After"] = answer.headers["Retry-After"]
    return told
