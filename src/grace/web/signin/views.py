"""Pages before and around a session."""

from __future__ import annotations

from urllib.parse import urlencode

import segno
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from grace.accounts import totp
from grace.accounts.models import Officer
from grace.accounts.viewer import SECOND_FACTOR_KEY, officer_of, resting_capabilities
from grace.accounts.whence import address_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import GraceError, Refused
from grace.pipeline import accounts as pipeline
from grace.web.marks import before_second_factor
from grace.web.signin.enter import enter, raise_to_second_factor, where_to


@declares(Kind.CONSULTATION)
@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password."""
    onward = where_to(request)
    if request.method == "GET":
        return redirect(onward) if request.user.is_authenticated else render(request, "signin/door.html", {"next": onward})
    try:
        officer = pipeline.sign_in(request.POST.get("name", ""), request.POST.get("password", ""), address_of(request))
    except Refused as refused:
        return render(request, "signin/door.html", {"next": onward, "refused": refused, "name": request.POST.get("name", "")}, status=403)
    enter(request, officer)
    if officer.is_enrolled:
        return redirect(_with_next("second-factor", onward))
    request.user = officer
    return redirect(_with_next("enrol", onward) if resting_capabilities(request) else onward)


@declares(Kind.CONSULTATION)
@before_second_factor
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The code of the device, or a recovery code."""
    onward = where_to(request)
    officer = officer_of(request)
    if not officer.is_enrolled or SECOND_FACTOR_KEY in request.session:
        return redirect(onward)
    if request.method == "GET":
        return render(request, "signin/second_factor.html", {"next": onward})
    try:
        pipeline.show_second_factor(officer, request.POST.get("code", ""), address_of(request))
    except Refused as refused:
        return render(request, "signin/second_factor.html", {"next": onward, "refused": refused}, status=403)
    raise_to_second_factor(request)
    return redirect(onward)


@declares(Kind.ALTERATION)
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Put GRACE on a device, and prove it by a first code; the recovery codes stand in this one answer and nowhere else."""
    onward = where_to(request)
    officer = officer_of(request)
    if officer.is_enrolled:
        return redirect("settings")
    secret = pipeline.begin_enrolment(officer)
    page: dict[str, object] = {"next": onward, "picture": _qr(secret, officer), "secret": _in_groups(secret)}
    if request.method == "GET":
        return render(request, "signin/enrol.html", page)
    try:
        codes = pipeline.confirm_enrolment(officer, request.POST.get("code", ""))
    except GraceError as refused:
        return render(request, "signin/enrol.html", {**page, "refused": refused}, status=403)
    raise_to_second_factor(request)
    return render(request, "signin/recovery_codes.html", {"next": onward, "codes": codes})


@declares(Kind.CONSULTATION)
@before_second_factor
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    pipeline.sign_out(officer_of(request))
    logout(request)
    return redirect("sign-in")


def _with_next(route: str, onward: str) -> str:
    return reverse(route) + ("" if onward == "/" else f"?{urlencode({'next': onward})}")


def _qr(secret: bytes, officer: Officer) -> str:
    """The picture for the device, as an address that holds it whole."""
    picture = segno.make(totp.address_for_devices(secret, officer.username, "GRACE"), error="m")
    return picture.svg_data_uri(border=3, light="#fff")


def _in_groups(secret: bytes) -> str:
    from base64 import b32encode

    word = b32encode(secret).decode()
    return " ".join(word[start : start + 4] for start in range(0, len(word), 4))
