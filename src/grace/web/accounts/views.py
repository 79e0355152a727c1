"""Who may do what: officers as rows, capabilities as columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts import officers
from grace.accounts.capabilities import LABELS, MEANINGS, NEEDS_SECOND_FACTOR, Capability, read_capabilities
from grace.accounts.models import Officer, Unit
from grace.accounts.viewer import Viewer, viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.pipeline import accounts as pipeline


@declares(Kind.CONSULTATION)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """The screen."""
    return _page(request)


@declares(Kind.ALTERATION)
@require_POST
def set_capabilities(request: HttpRequest, officer_id: UUID) -> HttpResponse:
    """Give and take capabilities as ticked in one row."""
    try:
        change = pipeline.set_capabilities(viewer_of(request), officer_id, read_capabilities(request.POST.getlist("capability")))
    except Conflict as refused:
        return _page(request, refused=refused, status=409)
    messages.success(request, _told(change))
    return _back(officer_id)


@declares(Kind.ALTERATION)
@require_POST
def add_officer(request: HttpRequest) -> HttpResponse:
    """A new officer, and the link to hand over."""
    viewer, typed = viewer_of(request), request.POST
    viewer.require(Capability.ADMINISTER)
    try:
        unit = _unit(typed.get("unit", ""))
        officer, word = pipeline.create_officer(viewer, unit, typed.get("name", ""), typed.get("display_name", ""))
    except (Invalid, Conflict, Missing) as refused:
        return _page(request, refused=refused, typed=typed, status=400)
    return _page(request, invited=officer, link=_link(request, word))


@declares(Kind.ALTERATION)
@require_POST
def add_unit(request: HttpRequest) -> HttpResponse:
    """A new unit."""
    try:
        unit = pipeline.create_unit(viewer_of(request), request.POST.get("unit", ""))
    except (Invalid, Conflict) as refused:
        return _page(request, refused=refused, status=400)
    messages.success(request, _("The unit “%(name)s” is there.") % {"name": unit.name})
    return redirect("accounts")


@declares(Kind.ALTERATION)
@require_POST
def contact(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """How other units reach this one."""
    try:
        unit = pipeline.record_contact(viewer_of(request), unit_id, request.POST.get("contact", ""))
    except Invalid as refused:
        return _page(request, refused=refused, status=400)
    messages.success(request, _("The contact of “%(name)s” is written down.") % {"name": unit.name})
    return redirect("accounts")


@declares(Kind.ALTERATION)
@require_POST
def act(request: HttpRequest, officer_id: UUID, what: str) -> HttpResponse:
    """One of the acts on a row: lock, unlock, deactivate, end sessions, reset the second factor, make a new link."""
    viewer = viewer_of(request)
    viewer.require(Capability.ADMINISTER)
    try:
        if what == "invite":
            word = pipeline.invite(viewer, officer_id)
            return _page(request, invited=Officer.objects.get(id=officer_id), link=_link(request, word))
        messages.success(request, _act(viewer, officer_id, what))
    except Conflict as refused:
        return _page(request, refused=refused, status=409)
    return _back(officer_id)


@declares(Kind.ALTERATION)
@require_POST
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End a program's token."""
    token = pipeline.revoke_token(viewer_of(request), token_id)
    messages.success(request, _("The token “%(name)s” is void.") % {"name": token.name})
    return redirect("accounts")


def _act(viewer: Viewer, officer_id: UUID, what: str) -> str:
    if what == "lock":
        return _("%(name)s is locked, and signed out everywhere.") % {"name": pipeline.lock(viewer, officer_id)}
    if what == "unlock":
        return _("%(name)s can sign in again.") % {"name": pipeline.unlock(viewer, officer_id)}
    if what == "deactivate":
        return _("%(name)s no longer has access.") % {"name": pipeline.deactivate(viewer, officer_id)}
    if what == "reset-second-factor":
        return _("%(name)s sets up a new second factor at the next sign-in.") % {"name": pipeline.reset_second_factor(viewer, officer_id)}
    if what == "end-sessions":
        pipeline.end_sessions(viewer, officer_id)
        return _("All sessions of this officer are ended.")
    raise Missing(_("There is no such act."))


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    found = pipeline.overview(viewer_of(request))
    page = {
        "rows": [_row(officer) for officer in found.officers],
        "columns": [(str(c), LABELS[c], MEANINGS[c], c in NEEDS_SECOND_FACTOR) for c in Capability],
        "units": found.units,
        "tokens": [(token, [LABELS[Capability(word)] for word in token.capabilities]) for token in found.tokens],
        **more,
    }
    return render(request, "accounts/page.html", page, status=status)


def _row(officer: Officer) -> Mapping[str, object]:
    held = officer.held_capabilities
    return {
        "officer": officer,
        "cells": [(str(c), LABELS[c], c in held) for c in Capability],
        "resting": officers.is_resting(officer),
        "invited": not officer.has_usable_password(),
        "needs_factor": bool(held & NEEDS_SECOND_FACTOR) and not officer.is_enrolled,
    }


def _unit(slug: str) -> Unit:
    return officers.unit_named(slug)


def _told(change: officers.Change) -> str:
    if not change.granted and not change.revoked:
        return _("Nothing changed.")
    given = ", ".join(str(LABELS[c]) for c in sorted(change.granted)) or _("nothing")
    taken = ", ".join(str(LABELS[c]) for c in sorted(change.revoked)) or _("nothing")
    return _("%(name)s: given %(given)s; taken %(taken)s.") % {"name": change.officer, "given": given, "taken": taken}


def _link(request: HttpRequest, word: str) -> str:
    return request.build_absolute_uri(reverse("open-link", args=[word]))


def _back(officer_id: UUID) -> HttpResponse:
    return redirect(f"{reverse('accounts')}#officer-{officer_id}")
