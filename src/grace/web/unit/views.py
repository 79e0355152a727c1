"""The unit, and the referrals that a figure of it counts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.pipeline import unit as pipeline
from grace.web import words
from grace.web.unit.asked import heading, which
from grace.web.unit.shown import page


@declares(Kind.CONSULTATION)
@require_safe
def unit(request: HttpRequest) -> HttpResponse:
    """How the queue and the work of the viewer's unit stand."""
    return render(request, "unit/page.html", page(pipeline.unit_page(viewer_of(request))))


@declares(Kind.CONSULTATION)
@require_safe
def unit_referrals(request: HttpRequest) -> HttpResponse:
    """The referrals that a figure counts, the oldest first."""
    asked = which(request.GET)
    found = pipeline.referrals_of(viewer_of(request), asked, after=request.GET.get("after", ""))
    query = request.GET.copy()
    query.pop("after", None)
    told = {
        "heading": heading(asked),
        "asked": asked,
        "page": found,
        "rows": [(each, words.title(each.incident_kind, each.summary)) for each in found.rows],
        "next_address": f"?{query.urlencode()}&after={found.after}" if found.after else "",
        "first_address": f"?{query.urlencode()}" if request.GET.get("after") else "",
    }
    return render(request, "unit/referrals.html", told)
