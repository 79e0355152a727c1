"""The pages of kept searches."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.viewer import viewer_of
from grace.casework.kept.keep import Wish
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.intake import senders
from grace.kernel.errors import Invalid
from grace.pipeline import kept as pipeline
from grace.web.kept.shown import filters_of, shown
from grace.web.search.asked import Asked
from grace.web.search.rows import rows


@declares(Kind.CONSULTATION)
@require_safe
def kept_searches(request: HttpRequest) -> HttpResponse:
    """The viewer's own searches and those of the unit."""
    viewer = viewer_of(request)
    found, after = pipeline.kept(viewer, after=request.GET.get("after", ""))
    page = {"searches": shown(found, senders.of_unit(viewer)), "is_later": "after" in request.GET, "after": after}
    return render(request, "kept/page.html", page)


@declares(Kind.CONSULTATION)
@require_safe
def kept_search(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """One kept search and what hit it; the viewer has seen that then."""
    viewer, behind = viewer_of(request), request.GET.get("behind", "")
    told, hits, last = pipeline.read(viewer, search_id, behind=_hit(behind))
    asked = Asked.asking(told.it)
    page = {
        "kept": told,
        "filters": filters_of(asked, senders.of_unit(viewer)),
        "asked": asked,
        "rows": list(rows([each.hit for each in hits], {each.hit.row.referral_id for each in hits if each.new})),
        "search_address": asked.but(),
        "change_address": asked.but(kept=str(search_id)),
        "is_later": bool(behind),
        "last": last,
    }
    return render(request, "kept/one.html", page)


@declares(Kind.ALTERATION)
@require_POST
def keep_search(request: HttpRequest) -> HttpResponse:
    """Keep what the search page asked."""
    made = pipeline.keep(viewer_of(request), _wish(request, request.POST.get("name", "")))
    messages.success(request, _("“%(name)s” is kept: you are told of what comes in from now on.") % {"name": made.name})
    return redirect("kept-search", made.id)


@declares(Kind.CONSULTATION, Kind.ALTERATION)
@require_POST
def change_kept(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Give a kept search another name, other people who see it, or another question."""
    name = request.POST.get("name", "")
    changed = pipeline.change(viewer_of(request), search_id, _wish(request, name))
    messages.success(request, _("“%(name)s” is changed.") % {"name": changed.name})
    return redirect("kept-search", search_id)


@declares(Kind.ALTERATION)
@require_POST
def forget_kept(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Forget a kept search."""
    gone = pipeline.forget(viewer_of(request), search_id)
    messages.success(request, _("“%(name)s” is forgotten.") % {"name": gone.name})
    return redirect(reverse("kept-searches"))


def _wish(request: HttpRequest, name: str) -> Wish:
    asked = Asked.of(request.POST)
    return Wish(name, asked.q, asked.narrow, bool(request.POST.get("for_unit")))


def _hit(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid(_("This is not an address of this list."))
    return int(text or "0")
