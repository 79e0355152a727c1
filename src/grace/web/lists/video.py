"""The page of one listed video: its pictures, what is done about it, and the files of the unit that look like it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.names import names_of
from grace.accounts.viewer import Viewer, viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Conflict, Invalid
from grace.matching.one_video import Numbers
from grace.pipeline import listed_videos as pipeline
from grace.web.list_words import MEANINGS, PARTS
from grace.web.lists.entries import pager, row
from grace.web.lists.parts import Part


@declares(Kind.CONSULTATION)
@require_safe
def video(request: HttpRequest, video_id: int) -> HttpResponse:
    """One listed video, with a page of its pictures."""
    return _page(request, video_id)


@declares(Kind.CONSULTATION)
@require_safe
def files(request: HttpRequest, video_id: int) -> HttpResponse:
    """The files of the unit that have a picture near one of its."""
    found, rows, after = pipeline.files_of(viewer_of(request), video_id, request.GET.get("after", ""))
    return render(request, "lists/video_files.html", {"v": found, "rows": rows, **pager(request, after)})


@declares(Kind.ALTERATION)
@require_POST
def act(request: HttpRequest, video_id: int) -> HttpResponse:
    """Set it aside, restore it, or take it out."""
    viewer_of(request).require(Capability.MANAGE_LISTS)  # before the form is read
    reason = request.POST.get("reason", "")
    acts: dict[str, Callable[[Viewer], HttpResponse]] = {
        "set-aside": lambda viewer: _set_aside(request, viewer, video_id, reason),
        "restore": lambda viewer: _restore(request, viewer, video_id, reason),
        "remove": lambda viewer: _remove(request, viewer, video_id, reason),
    }
    wanted = acts.get(request.POST.get("act", ""))
    if wanted is None:
        raise Invalid(_("There is no such act."))
    try:
        return wanted(viewer_of(request))
    except (Invalid, Conflict) as refused:
        return _page(request, video_id, refused=refused, status=400)


def _set_aside(request: HttpRequest, viewer: Viewer, video_id: int, reason: str) -> HttpResponse:
    pipeline.set_aside(viewer, video_id, reason)
    messages.success(request, _("The video counts for nothing now. What is stored is asked again."))
    return redirect("listed-video", video_id)


def _restore(request: HttpRequest, viewer: Viewer, video_id: int, reason: str) -> HttpResponse:
    pipeline.restore(viewer, video_id, reason)
    messages.success(request, _("The video counts again. What is stored is asked again."))
    return redirect("listed-video", video_id)


def _remove(request: HttpRequest, viewer: Viewer, video_id: int, reason: str) -> HttpResponse:
    list_id, gone = pipeline.remove(viewer, video_id, reason)
    said = ngettext(
        "The video is taken off the list, and with it %(n)d picture.", "The video is taken off the list, and with it %(n)d pictures.", gone
    )
    messages.success(request, said % {"n": gone})
    return redirect("hash-list", list_id)


def _page(request: HttpRequest, video_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    viewer, query = viewer_of(request), request.GET
    only = query.get("only", "")
    found = pipeline.read(viewer, video_id, only, query.get("after", ""))
    names = names_of([found.video.set_by, found.video.restored_by])
    parts = _parts(video_id, found.numbers, found.shared)
    told = {
        "v": found.video,
        "l": found.video.hash_list,
        "meaning": MEANINGS[found.video.hash_list.meaning],
        "numbers": found.numbers,
        "staying": found.shared,
        "going": found.numbers.pictures - found.shared,
        "parts": parts,
        "only": only,
        "rows": [row(each, found.known) for each in found.pictures],
        "set_by": names.get(found.video.set_by, _("a former colleague")),
        "restored_by": names.get(found.video.restored_by, _("a former colleague")),
        "may_manage": viewer.may(Capability.MANAGE_LISTS),
        **pager(request, found.after, only=only),
    }
    return render(request, "lists/video.html", {**told, **more}, status=status)


def _parts(video_id: int, numbers: Numbers, shared: int) -> list[Part]:
    """All its pictures, and those of which something is thought or done, each number with the address of what it counts."""
    labels: dict[str, str | Promise] = {
        "": _("all"),
        "aside": PARTS["aside"],
        "disputed": PARTS["disputed"],
        "confirmed": PARTS["confirmed"],
    }
    labels |= {"shared": _("named by something else too")}
    counts = {"": numbers.pictures, "aside": numbers.aside, "disputed": numbers.disputed, "confirmed": numbers.confirmed}
    counts |= {"shared": shared}
    at = reverse("listed-video", args=[video_id])
    return [
        Part(only, labels[only], (count, False), f"{at}?only={only}" if only else at) for only, count in counts.items() if count or not only
    ]
