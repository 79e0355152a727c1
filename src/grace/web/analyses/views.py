"""Orders to analyse: the list, the choice with its cost, one order with its progress."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grace.accounts.viewer import Viewer, viewer_of
from grace.analysis.models import Order, State
from grace.analysis.orders import Offer
from grace.analysis.read_orders import order_of
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.pipeline import analyses as pipeline
from grace.pipeline.analyses import Things
from grace.sdk.analysis import Cost
from grace.web.queue.asked import Asked
from grace.web.referral import shown

STATES: dict[str, Promise] = {
    State.WAITING: gettext_lazy("waits"),
    State.RUNNING: gettext_lazy("runs"),
    State.DONE: gettext_lazy("done"),
    State.CANCELLED: gettext_lazy("cancelled"),
}
COSTS: dict[str, Promise] = {Cost.CHEAP: gettext_lazy("cheap"), Cost.NORMAL: gettext_lazy("normal"), Cost.DEAR: gettext_lazy("dear")}
_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000


@nothing_personal
@require_safe
def analyses(request: HttpRequest) -> HttpResponse:
    """The unit's orders, the newest first."""
    rows, before = pipeline.of_unit(viewer_of(request), request.GET.get("before", ""))
    return render(request, "analyses/list.html", {"rows": [_shown(each) for each in rows], "before": before})


@declares(Kind.ALTERATION)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Which files and texts the address names and what could look at them; posted, the order is placed."""
    viewer = viewer_of(request)
    things = _named(viewer, request)
    if request.method == "POST":
        placed = pipeline.order(viewer, things, request.POST.getlist("analyser"))
        return redirect("analysis", placed.id)
    choice = pipeline.choose(viewer, things)
    told = {
        "choice": choice,
        "offers": [_offer(each) for each in choice.offers],
        "address": request.get_full_path(),
        "whole": _time(sum(each.milliseconds for each in choice.offers)),
    }
    return render(request, "analyses/choose.html", told)


@declares(Kind.CONSULTATION)
@require_safe
def analysis(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order with its files."""
    page = pipeline.page_of(viewer_of(request), order_id)
    officers = shown.named(page.colleagues)
    told = {**_shown(page.order), "files": page.files, "by": officers.get(page.order.actor, _("somebody else"))}
    return render(request, "analyses/one.html", told)


@nothing_personal
@never_cache
@require_safe
def progress(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """How far an order is, as a part of its page; asked for again and again until it has ended."""
    return render(request, "analyses/progress.html", _shown(order_of(viewer_of(request), order_id)))


@declares(Kind.ALTERATION)
@require_POST
def cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """End an order before its time."""
    pipeline.cancel(viewer_of(request), order_id)
    return redirect("analysis", order_id)


def _named(viewer: Viewer, request: HttpRequest) -> Things:
    """What the address names: one file, the files and texts of a referral, or those of a search of the queue."""
    if file := request.GET.get("file"):
        return Things([_id(file)])
    if referral := request.GET.get("referral"):
        return pipeline.things_of_referrals(viewer, [_id(referral)])
    found = pipeline.referrals_found(viewer, Asked.of(request.GET).filters)
    return pipeline.things_of_referrals(viewer, found)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise Invalid(_("This address cannot be read.")) from fault


def _shown(order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "state": STATES[order.state],
        "cost": _time(order.milliseconds),
        "share": round(100 * order.done / order.items),
        "is_over": order.ended_at is not None,
        "names": ", ".join(order.analysers),
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "name": offer.info.name,
        "version": offer.info.version,
        "cost": COSTS[offer.info.cost],
        "gives": list(offer.info.gives.values()),
        "files": offer.files,
        "texts": offer.texts,
        "time": _time(offer.milliseconds),
        "licence": offer.info.licence,
    }


def _time(milliseconds: int) -> str:
    """A duration for people, of one processor."""
    if milliseconds < 2 * _MINUTE:
        return _("%(n)s s") % {"n": max(1, round(milliseconds / _SECOND))}
    if milliseconds < 2 * _HOUR:
        return _("%(n)s min") % {"n": round(milliseconds / _MINUTE)}
    return _("%(n)s h") % {"n": round(milliseconds / _HOUR)}
