"""Hash lists: what they hold, loading one from a file, finding an entry, what waits for an officer, taking a list out."""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel.errors import Conflict, Invalid
from grace.matching import entries, listed, proposals, standing
from grace.matching.formats.item import MOST_VIDEO, tidy
from grace.matching.formats.registry import AUTO, FORMATS
from grace.matching.formats.vics_write import SCALES
from grace.matching.listed import Count
from grace.matching.lists import shown_to
from grace.matching.load import ADD, FULL, How
from grace.matching.models import HashList
from grace.pipeline import list_entries
from grace.pipeline import lists as pipeline
from grace.web.list_words import MEANINGS, ZEROS
from grace.web.lists.entries import pager
from grace.web.lists.parts import of_algorithms, of_states, of_videos, whole
from grace.web.lists.proposed import shown

MOST_LISTS = 50
"""Lists on a page of their table."""
MOST_FAULTS = 100
"""Refused lines that are shown; all are counted."""


@nothing_personal
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """The lists that serve the unit, with their entries by algorithm, and what waits for an officer."""
    return _page(request)


@declares(Kind.ALTERATION)
@require_POST
def import_list(request: HttpRequest) -> HttpResponse:
    """Load a file into a list; what was refused and left out is shown."""
    viewer, typed = viewer_of(request), request.POST
    viewer.require(Capability.MANAGE_LISTS)
    try:
        loaded = pipeline.import_list(
            viewer,
            _file(request),
            typed.get("name", ""),
            source=typed.get("source", ""),
            default_category=typed.get("category", ""),
            unit_id=None if typed.get("serves") == "agency" else viewer.unit_id,
            how=How(
                typed.get("format", AUTO),
                FULL if typed.get("full") else ADD,
                typed.get("meaning", ""),
                typed.get("scale", ""),
                typed.get("zero", ""),
                video=typed.get("video", "").strip() or _name_of(request),
            ),
        )
    except (Invalid, Conflict) as refused:
        return _page(request, refused=refused, typed=typed, status=400)
    more = max(0, loaded.refused - MOST_FAULTS)
    at = reverse("list-entries", args=[loaded.list_id])
    return _page(request, loaded=loaded, at=at, faults=loaded.faults[:MOST_FAULTS], unlisted=more, left_out=list(loaded.left_out.items()))


@declares(Kind.CONSULTATION)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Entries of a hash, and those that were taken out."""
    written = request.GET.get("hash", "")
    try:
        found, gone = list_entries.find(viewer_of(request), written)
    except Invalid as refused:
        return render(request, "lists/found.html", {"refused": refused, "written": written}, status=400)
    return render(request, "lists/found.html", {"written": written, "found": found, "gone": gone})


@declares(Kind.ALTERATION)
@require_POST
def remove_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Take a list out, with its matches."""
    held = pipeline.remove(viewer_of(request), list_id)
    messages.success(request, _("The list is taken out; it held %(entries)d entries.") % {"entries": held})
    return redirect("lists")


def _file(request: HttpRequest) -> BinaryIO:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("No file was chosen."))
    return cast("BinaryIO", file)


def _name_of(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    return tidy(file.name or "", MOST_VIDEO) if file else ""


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.require(Capability.MANAGE_LISTS)
    all_lists = list(shown_to(viewer))
    states = {each.only: each for each in of_states(None, all_lists)}
    after = request.GET.get("after", "")
    behind = [each for each in all_lists if each.name > after]
    videos = listed.videos(behind[:MOST_LISTS])
    told = {
        "rows": [_row(each, videos[each.id]) for each in behind[:MOST_LISTS]],
        "is_later": bool(after),
        "all": whole(None, of_algorithms(None, all_lists)),
        "waiting": shown(viewer, proposals.waiting(viewer)) if viewer.via == "officer" else [],
        "all_waiting": states.get("proposed"),
        "all_asides": states.get("aside"),
        "all_video_asides": states.get("videos-aside"),
        "index": standing.whole(),
        "asides": entries.asides(viewer),
        "forms": [(AUTO, _("tell by its content")), *((each.name, each.label) for each in FORMATS)],
        "scales": SCALES,
        "zeros": ZEROS.items(),
        "meanings": MEANINGS.items(),
    }
    onward = behind[MOST_LISTS - 1].name if len(behind) > MOST_LISTS else ""
    return render(request, "lists/page.html", {**told, **pager(request, onward), **more}, status=status)


def _row(each: HashList, videos: Count) -> dict[str, Any]:
    counts = of_algorithms(each.id, [each])
    return {"list": each, "entries": counts, "videos": of_videos(each.id, videos), "meaning": MEANINGS[each.meaning]}
