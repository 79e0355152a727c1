"""The own person's settings, and the small switches of the app bar."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from grace.accounts import purposes, second_factor, sessions
from grace.accounts.competence import language_name
from grace.accounts.viewer import PURPOSE_KEY, SECOND_FACTOR_KEY, officer_of, viewer_of
from grace.accounts.whence import address_of
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel.errors import GraceError, Invalid, Refused
from grace.pipeline import accounts as pipeline
from grace.web import keys
from grace.web.signin.enter import where_to

THEMES = ("", "light", "dark")


@nothing_personal
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Everything that officers set for themselves; nothing of anybody else is shown."""
    return _page(request)


@declares(Kind.ALTERATION)
@sensitive_post_parameters("present", "password", "again")
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password; all other sessions end."""
    officer, typed = officer_of(request), request.POST
    try:
        if typed.get("password") != typed.get("again"):
            raise Invalid(_("The two passwords differ."), remedy=_("Type the same one twice."))
        present, wanted = typed.get("present", ""), typed.get("password", "")
        pipeline.change_password(officer, present, wanted, address_of(request), session_key=request.session.session_key)
    except GraceError as refused:
        return _page(request, refused_password=refused, status=400)
    update_session_auth_hash(request, officer)
    messages.success(request, _("Your password is changed, and your other sessions are ended."))
    return redirect("settings")


@declares(Kind.ALTERATION)
@require_POST
def change_device(request: HttpRequest) -> HttpResponse:
    """Forget the present device; the officer signs in and enrols another."""
    try:
        pipeline.reset_own_second_factor(officer_of(request), request.POST.get("code", ""), address_of(request))
    except Refused as refused:
        return _page(request, refused_device=refused, status=403)
    return redirect("sign-in")


@declares(Kind.ALTERATION)
@require_POST
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown this one time."""
    if SECOND_FACTOR_KEY not in request.session:
        raise Refused(_("Recovery codes come with a second factor."), remedy=_("Set up a second factor first."))
    codes = pipeline.replace_recovery_codes(viewer_of(request))
    return render(request, "signin/recovery_codes.html", {"next": where_to(request, "/settings/"), "codes": codes})


@declares(Kind.ALTERATION)
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End the own sessions everywhere but here."""
    viewer = viewer_of(request)
    pipeline.end_sessions(viewer, viewer.officer_id, except_key=request.session.session_key)
    messages.success(request, _("Your other sessions are ended."))
    return redirect("settings")


@declares(Kind.ALTERATION)
@require_POST
def choose_keys(request: HttpRequest) -> HttpResponse:
    """Single keys: on or off, and which."""
    wanted = {usual: request.POST.get(f"key-{usual}", usual) for usual in keys.ACTS}
    try:
        chosen = keys.choose(wanted, on="on" in request.POST)
    except Invalid as refused:
        return _page(request, refused_keys=refused, status=400)
    pipeline.set_preferences(officer_of(request), {"keys": chosen.to_store()})
    messages.success(request, _("Your keys are set."))
    return redirect("settings")


@declares(Kind.ALTERATION)
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system has it."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        raise Invalid(_("There is no such theme."))
    pipeline.set_preferences(officer_of(request), {"theme": theme})
    return redirect(where_to(request))


@declares(Kind.ALTERATION)
@require_POST
def choose_languages(request: HttpRequest) -> HttpResponse:
    """State the languages that one reads; take-next asks for them."""
    viewer = viewer_of(request)
    try:
        pipeline.set_competence(viewer, viewer.officer_id, request.POST.get("languages", ""))
    except Invalid as refused:
        return _page(request, refused_languages=refused, status=400)
    messages.success(request, _("Your languages are stated."))
    return redirect(f"{reverse('settings')}#h-languages")


@nothing_personal
@require_POST
def choose_purpose(request: HttpRequest) -> HttpResponse:
    """State why one looks from here on; every entry in the ledger carries it."""
    purpose = request.POST.get("purpose", "")
    if purpose not in purposes.purposes_for(viewer_of(request).capabilities):
        raise Refused(_("This purpose is not open to you."), remedy=_("An audit is for those who hold the capability “Audit”."))
    request.session[PURPOSE_KEY] = purpose
    return redirect(where_to(request))


def _page(request: HttpRequest, *, status: int = 200, **refused: GraceError) -> HttpResponse:
    officer = officer_of(request)
    here = sessions.digest_of_key(request.session.session_key or "")
    chosen = keys.Keys.of(officer.preferences)
    page = {
        "sessions": [(session, session.session_key == here) for session in sessions.sessions_of(officer.id)],
        "codes_left": second_factor.recovery_codes_left(officer),
        "languages": [str(language_name(code)) for code in officer.languages],
        "acts": [(usual, act, chosen.own.get(usual, usual)) for usual, act in keys.ACTS.items()],
        **refused,
    }
    return render(request, "settings/page.html", page, status=status)
