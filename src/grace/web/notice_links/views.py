"""The links by which providers give notices by form: who may make accounts may make them; a link is shown once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from grace.accounts.officers import unit_named
from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.intake.models import NoticeLink
from grace.kernel import clock
from grace.kernel.errors import Invalid, Missing
from grace.pipeline import notices as pipeline

DAYS = 90
"""How long a link works where nothing else is asked for."""
_STATES: dict[str, Promise] = {"works": gettext_lazy("works"), "over": gettext_lazy("over"), "void": gettext_lazy("void")}


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A link in words; never the link itself."""

    it: NoticeLink
    works: bool
    state: Promise


@declares(Kind.CONSULTATION, Kind.ALTERATION)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_links(request: HttpRequest) -> HttpResponse:
    """All links; a new one is shown this one time."""
    if request.method != "POST":
        return _page(request, sender=request.GET.get("sender", ""))
    typed = {name: request.POST.get(name, "") for name in ("sender", "unit", "days")}
    viewer = viewer_of(request)
    try:
        made, word = pipeline.add_link(viewer, typed["sender"], unit_named(typed["unit"]), _lasts(typed["days"]))
    except (Invalid, Missing) as refused:
        return _page(request, refused=refused, status=400, **typed)
    return _page(request, made=made, link=request.build_absolute_uri(reverse("notice-link", args=[word])))


@declares(Kind.ALTERATION)
@require_POST
def revoke_link(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """End a link at once."""
    ended = pipeline.revoke_link(viewer_of(request), link_id)
    messages.success(request, _("The link of “%(sender)s” is void.") % {"sender": ended.sender.name})
    return redirect("notice-links")


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    found = pipeline.links_page(viewer_of(request))
    page = {"links": list(_shown(found.links)), "units": found.units, "days": DAYS, **more}
    return render(request, "notice_links/page.html", page, status=status)


def _shown(links: list[NoticeLink]) -> Iterator[LinkShown]:
    now = clock.now()
    for each in links:
        state = "void" if each.revoked_at else "over" if each.expires_at <= now else "works"
        yield LinkShown(each, state == "works", _STATES[state])


def _lasts(days: str) -> timedelta:
    if not (days.isascii() and days.isdigit() and len(days) < 5):
        raise Invalid(_("Days are a whole number."))
    return timedelta(days=int(days))
