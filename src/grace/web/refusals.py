"""Expected failures become calm pages, and what was refused is written to the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grace.accounts.models import Officer
from grace.accounts.viewer import viewer_of
from grace.custody.declare import kinds_of
from grace.custody.kinds import Kind
from grace.kernel.errors import Conflict, GraceError, Invalid, Missing, Refused, Unavailable
from grace.pipeline.accounts import NOBODY, note_refusal

PAGES: Mapping[type[GraceError], tuple[int, Promise]] = {
    Refused: (403, gettext_lazy("Not open to you")),
    Missing: (404, gettext_lazy("Nothing here")),
    Conflict: (409, gettext_lazy("Somebody was faster")),
    Invalid: (400, gettext_lazy("This cannot be read")),
    Unavailable: (503, gettext_lazy("Not at the moment")),
}


class Refusals:
    """Middleware: turns a :class:`GraceError` that a view raised into a page that says what is wrong and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for an expected failure; None for any other."""
        if not isinstance(exception, GraceError):
            return None
        if isinstance(exception, (Refused, Missing)) and not exception.written_down:
            _note(request)
        return refusal_page(request, exception)


def refusal_page(request: HttpRequest, error: GraceError) -> HttpResponse:
    """What the officer sees in place of the page, as a part where a part was asked for."""
    status, title = next((PAGES[kind] for kind in type(error).__mro__ if kind in PAGES), (500, gettext_lazy("This did not work")))
    template = "grace/parts/notice.html" if request.headers.get("HX-Request") else "grace/refusal.html"
    return render(request, template, {"title": title, "message": error.message, "remedy": error.remedy, "status": status}, status=status)


def _note(request: HttpRequest) -> None:
    match = request.resolver_match
    if match is None:
        return
    signed_in = viewer_of(request) if isinstance(request.user, Officer) else None
    kind = min(kinds_of(match.func) or {Kind.CONSULTATION})
    actor, purpose = (signed_in.actor, signed_in.purpose) if signed_in else (NOBODY, "")
    note_refusal(actor, purpose, kind, f"web.{match.url_name}", *_subjects(match.kwargs))


def _subjects(kwargs: Mapping[str, object]) -> list[str]:
    """What the address named: ``referral_id`` with its value becomes ``referral:<uuid>``."""
    return [f"{name.removesuffix('_id')}:{value}" for name, value in kwargs.items() if isinstance(value, UUID)]
