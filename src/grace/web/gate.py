"""The gate before every page: who has not signed in, has not shown the second factor, or was away too long goes to the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from grace.accounts import sessions
from grace.accounts.models import Officer
from grace.accounts.viewer import SECOND_FACTOR_KEY

View = Callable[..., HttpResponseBase]


class Gate(LoginRequiredMiddleware):
    """Sign-in is required unless a view carries Django's ``login_not_required``."""

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[Any, ...], view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Answer in place of the view where it may not be reached."""
        del view_args, view_kwargs
        signed_in = isinstance(request.user, Officer)
        if signed_in and sessions.is_over(request.session):
            logout(request)
            messages.info(request, _("You were signed out: nothing was done here for a while, or the day is over."))
            signed_in = False
        if not getattr(view_func, "login_required", True):
            return None
        if not signed_in:
            return _lead_to(request, self.get_login_url(view_func), view_func)
        if _owes_second_factor(request) and not getattr(view_func, "is_before_second_factor", False):
            return _lead_to(request, reverse("second-factor"), view_func)
        if not getattr(view_func, "is_passive", False):
            sessions.touch(request.session)
        return None


def _owes_second_factor(request: HttpRequest) -> bool:
    return isinstance(request.user, Officer) and request.user.is_enrolled and SECOND_FACTOR_KEY not in request.session


def _lead_to(request: HttpRequest, address: str, view: View) -> HttpResponse:
    """A redirect that comes back afterwards; parts of pages are told to load the whole page in place of taking the door in."""
    address = resolve_url(address or settings.LOGIN_URL)
    if request.headers.get("HX-Request") or getattr(view, "is_passive", False) or request.headers.get("Sec-Fetch-Mode") == "cors":
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    if request.method != "GET" or request.path == "/":
        return redirect(address)
    return redirect(f"{address}?{_next(request)}")


def _next(request: HttpRequest) -> str:
    from urllib.parse import urlencode

    return urlencode({"next": request.get_full_path()})
