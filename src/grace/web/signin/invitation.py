"""The pages behind one-time links: an invited officer's, and the first administrator's."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from grace.accounts.invitations import open_invitation
from grace.accounts.models import Invitation, Officer, Unit
from grace.accounts.secrets import digest_of
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel.errors import Conflict, Invalid
from grace.pipeline import accounts as pipeline
from grace.web.signin.enter import enter

_LINK_KEY = "invitation_digest"


@nothing_personal
@login_not_required
@require_http_methods(["GET"])
def open_link(request: HttpRequest, word: str) -> HttpResponse:
    """Take the word out of the address, so that it stays in no history, and go on."""
    digest = digest_of(word)
    open_invitation(digest)
    request.session.flush()
    request.session[_LINK_KEY] = digest.hex()
    return redirect("welcome")


@declares(Kind.ALTERATION)
@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Set the own password; the first administrator also names unit and person."""
    invitation = open_invitation(_digest(request))
    page: dict[str, object] = {"invited": invitation.officer, "typed": request.POST, "unit": Unit.objects.order_by("created_at").first()}
    if request.method == "GET":
        return render(request, "signin/welcome.html", page)
    try:
        officer = _accept(request, invitation)
    except (Invalid, Conflict) as refused:
        return render(request, "signin/welcome.html", {**page, "refused": refused}, status=400)
    enter(request, officer)
    return redirect("enrol")


def _accept(request: HttpRequest, invitation: Invitation) -> Officer:
    typed = request.POST
    password = typed.get("password", "")
    if password != typed.get("again", ""):
        raise Invalid(_("The two passwords differ."), remedy=_("Type the same one twice."))
    digest = _digest(request)
    if invitation.officer is not None:
        return pipeline.accept_invitation(digest, password)
    return pipeline.accept_as_first_administrator(
        digest, typed.get("unit", ""), typed.get("name", ""), typed.get("display_name", ""), password
    )


def _digest(request: HttpRequest) -> bytes:
    return bytes.fromhex(request.session.get(_LINK_KEY, ""))
