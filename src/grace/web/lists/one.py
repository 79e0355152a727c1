"""The page of one list: what it is, where it comes from, who may fetch it, and having it as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer, viewer_of
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel.errors import GraceError, Invalid
from grace.matching import hash_sharing, listed
from grace.matching.digests import LENGTHS
from grace.matching.export import ENDINGS, FORMATS, TYPES, Export
from grace.matching.formats.vics_write import SCALES
from grace.matching.listed import VIDEOS
from grace.matching.lists import About, one_shown_to
from grace.matching.models import Feed, Sharing
from grace.matching.readers import readers_of
from grace.pipeline import feeds, lists, sharing
from grace.web.list_words import MEANINGS, NAMES
from grace.web.lists.parts import of_algorithms, of_states, of_videos

MOST_REMOVED = 20


@nothing_personal
@require_safe
def hash_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """One list."""
    return _page(request, list_id)


@declares(Kind.ALTERATION)
@require_POST
def describe(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Say what the list is."""
    typed = request.POST
    about = About(
        licence=typed.get("licence", ""),
        conditions=typed.get("conditions", ""),
        may_pass_on=bool(typed.get("may_pass_on")),
        noisy_referrals=_whole(typed.get("noisy_referrals", ""), _("Referrals")),
        noisy_days=_whole(typed.get("noisy_days", ""), _("Days")) or 7,
    )
    return _after(request, list_id, lambda viewer: lists.describe(viewer, list_id, about), _("Kept."))


@declares(Kind.DISCLOSURE)
@require_POST
def export(request: HttpRequest, list_id: UUID) -> HttpResponseBase:
    """The list as a file."""
    typed = request.POST
    wanted = Export(typed.get("format", ""), typed.get("scale", SCALES[0]), bool(typed.get("as_case")))
    try:
        pieces = lists.export_list(viewer_of(request), list_id, wanted, typed.get("recipient", "").strip())
    except Invalid as refused:
        return _page(request, list_id, refused=refused, status=400)
    ending = ENDINGS[wanted.format]
    return StreamingHttpResponse(
        pieces, content_type=TYPES[ending], headers={"Content-Disposition": f'attachment; filename="list-{list_id}.{ending}"'}
    )


@declares(Kind.ALTERATION)
@require_POST
def serve(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Let others fetch the list, or no longer."""
    name = request.POST.get("name", "")
    done = _("Readers may fetch it now.") if name.strip() else _("It is served no longer.")
    return _after(request, list_id, lambda viewer: sharing.serve(viewer, list_id, name), done)


@declares(Kind.ALTERATION)
@require_POST
def reader(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Let a sender fetch the list, or no longer."""
    login = request.POST.get("login", "").strip()
    if request.POST.get("act") == "dismiss":
        return _after(request, list_id, lambda viewer: sharing.dismiss(viewer, list_id, login), _("It may fetch the list no longer."))
    return _after(request, list_id, lambda viewer: sharing.enrol(viewer, list_id, login), _("It may fetch the list."))


@declares(Kind.ALTERATION)
@require_POST
def feed(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Fetch the list from an address from now on, now, or no longer."""
    typed = request.POST
    match typed.get("act"):
        case "end":
            return _after(request, list_id, lambda viewer: feeds.end(viewer, list_id), _("It is fetched no longer."))
        case "now":
            return _after(
                request, list_id, lambda viewer: feeds.fetch_now(viewer, list_id), _("It is fetched as soon as a worker is free.")
            )
    minutes = _whole(typed.get("every", ""), _("Minutes")) or 60

    def add(viewer: Viewer) -> Feed:
        return feeds.add(viewer, list_id, typed.get("address", "").strip(), typed.get("secret", "").strip(), minutes)

    return _after(request, list_id, add, _("It is fetched from now on."))


def _after(request: HttpRequest, list_id: UUID, act: Any, done: str) -> HttpResponse:
    try:
        act(viewer_of(request))
    except GraceError as refused:
        if refused.written_down or not refused.permanent:
            raise
        return _page(request, list_id, refused=refused, status=400)
    messages.success(request, done)
    return redirect("hash-list", list_id)


def _page(request: HttpRequest, list_id: UUID, *, status: int = 200, **more: Any) -> HttpResponse:
    viewer = viewer_of(request)
    viewer.require(Capability.MANAGE_LISTS)
    found = one_shown_to(viewer, list_id)
    told = {
        "l": found,
        "meaning": MEANINGS[found.meaning],
        "entries": of_algorithms(found.id, [found]),
        "states": [each for each in of_states(found.id, [found]) if each.only != VIDEOS],
        "removed": found.removed.order_by("-id")[:MOST_REMOVED],
        "videos": of_videos(found.id, listed.videos([found])[found.id]),
        "shared": Sharing.objects.filter(hash_list=found).first(),
        "readers": readers_of(found.id),
        "feed": Feed.objects.filter(hash_list=found).first(),
        "to_install": "" if hash_sharing.is_installed() else hash_sharing.INSTALL,
        "forms": FORMATS,
        "scales": SCALES,
        "algorithms": [(name, NAMES[name]) for name in LENGTHS],
    }
    return render(request, "lists/one.html", {**told, **more}, status=status)


def _whole(text: str, name: str) -> int:
    if not text.strip():
        return 0
    if not text.strip().isdecimal() or len(text) > 9:
        raise Invalid(_("%(name)s: a whole number.") % {"name": name})
    return int(text)
