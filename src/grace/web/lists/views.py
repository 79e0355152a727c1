"""Hash lists: what they hold, loading one from CSV, taking one out."""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel.errors import Conflict, Invalid
from grace.matching import standing
from grace.matching.lists import shown_to
from grace.pipeline import lists as pipeline

MOST_FAULTS = 100
"""Refused lines that are shown; all are counted."""


@nothing_personal
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """The lists that serve the unit, with their entries by algorithm. The entries themselves are only looked up, never shown."""
    return _page(request)


@declares(Kind.ALTERATION)
@require_POST
def import_list(request: HttpRequest) -> HttpResponse:
    """Load a CSV file into a list; the lines that were refused are shown."""
    viewer, typed = viewer_of(request), request.POST
    viewer.require(Capability.MANAGE_LISTS)
    try:
        loaded = pipeline.import_csv(
            viewer,
            _file(request),
            typed.get("name", ""),
            source=typed.get("source", ""),
            default_category=typed.get("category", ""),
            unit_id=None if typed.get("serves") == "agency" else viewer.unit_id,
        )
    except (Invalid, Conflict) as refused:
        return _page(request, refused=refused, typed=typed, status=400)
    return _page(request, loaded=loaded, faults=loaded.faults[:MOST_FAULTS], unlisted=max(0, loaded.refused - MOST_FAULTS))


@declares(Kind.ALTERATION)
@require_POST
def remove_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Take a list out, with its matches."""
    entries = pipeline.remove(viewer_of(request), list_id)
    messages.success(request, _("The list is taken out; it held %(entries)d entries.") % {"entries": entries})
    return redirect("lists")


def _file(request: HttpRequest) -> BinaryIO:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("No file was chosen."))
    return cast("BinaryIO", file)


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.require(Capability.MANAGE_LISTS)
    rows = [{"list": each, "entries": [(row.algorithm, row.entries) for row in each.coverage.all()]} for each in shown_to(viewer)]
    return render(request, "lists/page.html", {"rows": rows, "index": standing.whole(), **more}, status=status)
