"""The search page: what was typed, how it was read, what was found, and by what it can be narrowed."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.viewer import Viewer, viewer_of
from grace.casework.search import Answer
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.intake import senders
from grace.pipeline import kept
from grace.pipeline import search as pipeline
from grace.web import search_words
from grace.web.search.asked import Asked
from grace.web.search.facets import facets
from grace.web.search.rows import rows


@declares(Kind.CONSULTATION)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is found of what was typed."""
    asked, viewer = Asked.of(request.GET), viewer_of(request)
    found = pipeline.search(viewer, asked.q, asked.narrow, after=asked.after)
    changing = kept.one(viewer, asked.changing) if asked.changing else None
    return render(request, "search/page.html", {"changing": changing, **_context(asked, found, viewer)})


@declares(Kind.CONSULTATION)
@require_POST
def picture(request: HttpRequest) -> HttpResponse:
    """Search by a picture: its fingerprint is computed behind the walls of decoding and becomes what is searched for; the picture is not kept."""
    return redirect(Asked().but(q=pipeline.fingerprint(viewer_of(request), cast("BinaryIO | None", request.FILES.get("picture")))))


def _context(asked: Asked, found: Answer, viewer: Viewer) -> dict[str, Any]:
    return {
        "asked": asked,
        "q": asked.q,
        "found": found,
        "heading": _("Found: “%(text)s”") % {"text": asked.q} if asked.q else _("Search"),
        "readings": [(search_words.KINDS[each.kind], each.value) for each in found.readings],
        "facets": list(facets(asked, found.facets, senders.of_unit(viewer))) if asked.q else [],
        "narrowed": bool(asked.told().keys() - {"q", "after", "kept"}),
        "rows": list(rows(found.hits)),
        "everything": asked.but(**dict.fromkeys(asked.told().keys() - {"q", "kept"}, "")),
        "first_address": asked.but() if asked.after else "",
        "next_address": asked.but(after=found.after) if found.after else "",
    }
