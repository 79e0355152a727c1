"""A bulk lane: opened for a sender, looked at, closed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import viewer_of
from grace.casework.bounds import CONFIDENCE
from grace.casework.lanes import USUAL_SHARE
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.intake.senders import of_unit
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.pipeline import lanes as pipeline
from grace.web import words


@declares(Kind.ALTERATION)
@require_http_methods(["GET", "HEAD", "POST"])
def open_lane(request: HttpRequest, sender_id: UUID) -> HttpResponse:
    """Ask for the reason and the share that is read, then open the lane."""
    viewer = viewer_of(request)
    viewer.require(Capability.MANAGE_LANES)
    name = dict(of_unit(viewer)).get(sender_id)
    if name is None:
        raise Missing(_("No such sender ever reported to your unit."))
    refused, status = None, 200
    if request.method == "POST":
        try:
            lane = pipeline.open_lane(viewer, sender_id, request.POST.get("reason", ""), share=_share(request.POST.get("share", "")))
        except (Invalid, Conflict) as fault:
            refused, status = fault, 400
        else:
            messages.success(request, _("The bulk lane is open. Every decision about it stands in the ledger."))
            return redirect("lane", lane.id)
    told = {"name": name, "sender_id": sender_id, "share": USUAL_SHARE, "refused": refused, "reason": request.POST.get("reason", "")}
    return render(request, "lane/open.html", told, status=status)


@declares(Kind.CONSULTATION)
@require_safe
def lane(request: HttpRequest, lane_id: UUID) -> HttpResponse:
    """What the lane holds, what was read of it, and the bound on what was not; the sample first."""
    found, figures, page = pipeline.lane_page(
        viewer_of(request), lane_id, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    rows = [(row, words.title(row.incident_kind, row.summary)) for row in page.rows]
    told = {"lane": found, "figures": figures, "page": page, "rows": rows, "confidence": round(100 * CONFIDENCE)}
    return render(request, "lane/page.html", told | {"share": f"{100 * figures.share:.2f}", "drawn": f"{found.share / 10:g}"})


@declares(Kind.ALTERATION)
@require_POST
def close_lane(request: HttpRequest, lane_id: UUID) -> HttpResponse:
    """Close the lane."""
    pipeline.close_lane(viewer_of(request), lane_id, request.POST.get("reason", ""))
    messages.success(request, _("The bulk lane is closed; what waited in it stands in the queue again."))
    return redirect("lane", lane_id)


def _share(text: str) -> int:
    """Thousandths from per cent, with at most one decimal place."""
    whole, _dot, tenth = text.strip().replace(",", ".").partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 3 and (not tenth or (tenth.isdigit() and len(tenth) == 1))):
        raise Invalid(_("The share is a number of per cent, such as 2 or 0.5."))
    return int(whole) * 10 + int(tenth or "0")
