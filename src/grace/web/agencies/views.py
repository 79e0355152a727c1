"""The directory of agencies: our card, what waits for a second person, what is in force, and ending it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.names import names_of
from grace.accounts.viewer import viewer_of
from grace.agencies.card import MOST_BYTES
from grace.agencies.directory import Entry
from grace.agencies.identity import own_card, own_card_text
from grace.agencies.keys import grouped
from grace.agencies.states import TRANSFER_BASES
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel.errors import Conflict, Invalid
from grace.pipeline import agencies as pipeline


@declares(Kind.CONSULTATION)
@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """The screen."""
    return _page(request)


@nothing_personal
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """Our card as a file."""
    viewer_of(request).require(Capability.ADMINISTER)
    answer = HttpResponse(own_card_text(), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="agency-card.json"'
    return answer


@declares(Kind.ALTERATION)
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose the card of another agency."""
    viewer = viewer_of(request)
    viewer.require(Capability.ADMINISTER)
    file = request.FILES.get("file")
    text = file.read(MOST_BYTES + 1) if file else request.POST.get("card", "").encode()
    try:
        found = pipeline.propose(viewer, text)
    except (Invalid, Conflict) as refused:
        return _page(request, refused=refused, status=400)
    messages.success(request, _("%(name)s waits for a second person.") % {"name": found.name})
    return redirect("agencies")


@declares(Kind.ALTERATION)
@require_POST
def confirm(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """The second person confirms."""
    try:
        found = pipeline.confirm(viewer_of(request), enrolment_id, request.POST.get("fingerprint", ""))
    except Invalid as refused:
        return _page(request, refused=refused, status=400)
    messages.success(request, _("The keys of %(name)s are in force.") % {"name": found.name})
    return redirect("agencies")


@declares(Kind.ALTERATION)
@require_POST
def reject(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """Put a proposed card aside."""
    try:
        pipeline.reject(viewer_of(request), enrolment_id, request.POST.get("reason", ""))
    except Invalid as refused:
        return _page(request, refused=refused, status=400)
    messages.success(request, _("The card is put aside."))
    return redirect("agencies")


@declares(Kind.ALTERATION)
@require_POST
def revoke(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    """End the keys of an agency."""
    try:
        found = pipeline.revoke(viewer_of(request), agency_id, request.POST.get("reason", ""))
    except Invalid as refused:
        return _page(request, refused=refused, status=400)
    messages.success(request, _("The keys of %(name)s are not in force any more.") % {"name": found.name})
    return redirect("agencies")


@declares(Kind.ALTERATION)
@require_POST
def contact_point(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    """Make an agency the contact point of its state."""
    found = pipeline.make_contact_point(viewer_of(request), agency_id)
    messages.success(request, _("%(name)s is the contact point of %(state)s.") % {"name": found.name, "state": found.state})
    return redirect("agencies")


@declares(Kind.ALTERATION)
@require_POST
def transfer_basis(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    """Record why data may go there."""
    try:
        pipeline.record_transfer_basis(viewer_of(request), agency_id, request.POST.get("basis", ""), request.POST.get("because", ""))
    except Invalid as refused:
        return _page(request, refused=refused, status=400)
    messages.success(request, _("The basis for transfers is recorded."))
    return redirect("agencies")


@declares(Kind.ALTERATION)
@require_POST
def questions(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    """Agree that blinded questions are asked and answered, or end that."""
    agreed = request.POST.get("agreed") == "yes"
    try:
        found = pipeline.agree_questions(viewer_of(request), agency_id, agreed=agreed, because=request.POST.get("because", ""))
    except Invalid as refused:
        return _page(request, refused=refused, status=400)
    said = _("Questions are agreed with %(name)s.") if agreed else _("Questions with %(name)s have ended.")
    messages.success(request, said % {"name": found.name})
    return redirect("agencies")


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    viewer = viewer_of(request)
    found = pipeline.entries(viewer)
    names = names_of(each.proposed.proposed_by for each in found if each.proposed)
    page = {
        "own": _own(),
        "proposed": [
            {
                "it": each.proposed,
                "fingerprint": grouped(each.proposed.fingerprint),
                "by": names.get(each.proposed.proposed_by, _("on the machine itself")),
                "mine": each.proposed.proposed_by == viewer.actor,
            }
            for each in found
            if each.proposed
        ],
        "rows": [_row(each) for each in found if each.in_force or not each.proposed],
        "bases": list(TRANSFER_BASES.items()),
        **more,
    }
    return render(request, "agencies/page.html", page, status=status)


def _own() -> dict[str, Any]:
    """Our card, or why there is none."""
    try:
        return {"card": own_card(), "fingerprint": grouped(own_card().fingerprint), "missing": None}
    except Invalid as missing:
        return {"card": None, "fingerprint": "", "missing": missing}


def _row(each: Entry) -> dict[str, Any]:
    return {
        "entry": each,
        "agency": each.agency,
        "fingerprint": grouped(each.in_force.fingerprint) if each.in_force else "",
        "basis": TRANSFER_BASES.get(each.agency.transfer_basis, ""),
    }
