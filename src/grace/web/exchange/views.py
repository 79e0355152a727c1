"""The exchange: packages that wait for an officer, one of them, and what left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.exchange.conditions import PURPOSES
from grace.exchange.models import Arrival
from grace.kernel.errors import Conflict, Invalid
from grace.pipeline import hand_over as handing
from grace.pipeline import take_over as taking
from grace.pipeline.hand_over_page import sent as sent_by
from grace.web import exchange_words as words
from grace.web.hand_over_form import chosen_part
from grace.web.referral.persons import ROLES


@declares(Kind.CONSULTATION)
@require_safe
def exchange(request: HttpRequest) -> HttpResponse:
    """What waits for an officer, urgent ones first, and what was decided."""
    found = taking.inbox_page(viewer_of(request))
    page = {"waiting": [words.arrival(each) for each in found.waiting], "decided": [words.arrival(each) for each in found.decided]}
    return render(request, "exchange/page.html", page)


@declares(Kind.CONSULTATION)
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What left, and what became of it."""
    return render(request, "exchange/sent.html", {"rows": [words.dispatch(each) for each in sent_by(viewer_of(request))]})


@declares(Kind.CONSULTATION)
@require_safe
def package(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """One package with what it says."""
    return _package(request, arrival_id)


@declares(Kind.COLLECTION)
@require_POST
def accept(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """Take it in, whole or what was chosen of it."""
    try:
        part = chosen_part(request.POST) if request.POST.get("what") == "part" else None
        found = taking.accept(viewer_of(request), arrival_id, request.POST.get("reason", ""), part)
    except (Invalid, Conflict) as refused:
        return _package(request, arrival_id, refused=refused)
    messages.success(request, _("Taken in. It stands in the queue, and the sender is told."))
    return redirect("referral", found.referral_id) if found.referral_id else redirect("exchange")


@declares(Kind.ERASURE)
@require_POST
def refuse(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """Refuse it, with a reason."""
    try:
        taking.refuse(viewer_of(request), arrival_id, request.POST.get("reason", ""))
    except (Invalid, Conflict) as refused:
        return _package(request, arrival_id, refused=refused)
    messages.success(request, _("Refused. What it said is erased here, and the sender is told."))
    return redirect("exchange")


@declares(Kind.ALTERATION)
@require_POST
def note_erasure(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """Answer a request to erase."""
    try:
        taking.note_erasure(viewer_of(request), arrival_id, request.POST.get("reason", ""))
    except (Invalid, Conflict) as refused:
        return _package(request, arrival_id, refused=refused)
    messages.success(request, _("The sender is told what is done."))
    return redirect("exchange")


@declares(Kind.DISCLOSURE)
@require_POST
def ask_erasure(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """Ask a recipient to erase what it got."""
    found = handing.ask_erasure(viewer_of(request), package_id, request.POST.get("reason", ""))
    messages.success(request, _("%(agency)s is asked to erase it.") % {"agency": found.agency.name})
    return redirect("referral", found.referral_id) if found.referral_id else redirect("exchange-sent")


@declares(Kind.DISCLOSURE)
@require_POST
def send_part(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """Let a correction of a part leave."""
    found = handing.send_part(viewer_of(request), package_id)
    messages.success(request, _("The correction goes to %(agency)s.") % {"agency": found.agency.name})
    return redirect("exchange-sent")


def _package(request: HttpRequest, arrival_id: UUID, *, refused: Invalid | Conflict | None = None) -> HttpResponse:
    found = taking.open_package(viewer_of(request), arrival_id)
    arrival = found.arrival
    page = {
        **words.arrival(arrival),
        "manifest": found.manifest,
        "part": words.PARTS.get(found.manifest.part, ""),
        "purpose": PURPOSES.get(arrival.purpose, ""),
        "persons": _persons(found.report),
        "files": _files(found.report),
        "report": found.report,
        "is_waiting": arrival.state == Arrival.State.WAITING,
        "refused": refused,
    }
    return render(request, "exchange/package.html", page, status=400 if refused else 200)


def _persons(report: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Who is named, by part and number of identifiers: values are seen once it was taken in."""
    found = report["persons"] if report else []
    sightings = report["sightings"] if report else []
    return [
        {
            "ordinal": each["ordinal"],
            "role": ROLES.get(str(each.get("role")), each.get("role")),
            "identifiers": sum(sighting["person"] == each["ordinal"] for sighting in sightings),
        }
        for each in found
    ]


def _files(report: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    found = report["attachments"] if report else []
    return [
        {"ordinal": each["ordinal"], "label": f"f{each['ordinal'] + 1:02d}", "classification": each.get("classification") or ""}
        for each in found
    ]
