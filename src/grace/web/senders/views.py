"""The senders of the unit, one of them, and the referrals that a figure counts."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grace.accounts.viewer import viewer_of
from grace.casework.usual import sender_rules
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.intake.feedback import CODES
from grace.kernel import clock
from grace.pipeline import sender_pages as pipeline
from grace.pipeline.sender_pages import Order
from grace.web import words
from grace.web.senders.asked import SPANS, span, which
from grace.web.senders.shown import HEADS, page, rows

PAGE = 50
"""Senders on one page of the list."""


@nothing_personal
@require_safe
def senders(request: HttpRequest) -> HttpResponse:
    """All senders of the unit in figures, sorted by a column, page by page behind the sender ``after``."""
    sort = request.GET.get("sort", "")
    order = Order(sort) if sort in set(Order) else Order.REFERRALS
    found = pipeline.list_senders(viewer_of(request), order, after=request.GET.get("after", ""), most=PAGE)
    today = clock.now().date()
    told = {
        "rows": rows(found.lines, today),
        "sort": order.value,
        "sorts": [(key.value, label) for key, label in HEADS.items()],
        "after": found.after or "",
        "is_first": found.is_first,
        "behind": found.behind,
        "rules": sender_rules(),
    }
    return render(request, "senders/list.html", told)


@nothing_personal
@require_safe
def sender(request: HttpRequest, sender_id: UUID) -> HttpResponse:
    """One sender over 30 or 90 days: how much, how completely, and what its reports lack."""
    viewer, days = viewer_of(request), span(request.GET.get("days", ""))
    found = pipeline.one_sender(viewer, sender_id, days=days)
    told = page(found, clock.now().date()) | {"spans": SPANS, "rules": sender_rules()}
    return render(request, "senders/page.html", told)


@declares(Kind.CONSULTATION)
@require_safe
def sender_referrals(request: HttpRequest, sender_id: UUID) -> HttpResponse:
    """The referrals that a figure counts, the newest first."""
    asked = which(sender_id, request.GET.dict())
    known, found = pipeline.referrals_of(viewer_of(request), asked, after=request.GET.get("after", ""))
    query = request.GET.copy()
    query.pop("after", None)
    lacked = CODES.get(asked.lacks)
    told = {
        "known": known,
        "asked": asked,
        "page": found,
        "rows": [(each, words.title(each.incident_kind, each.summary)) for each in found.rows],
        "lacked": lacked.says if lacked else asked.lacks,
        "next_address": f"?{query.urlencode()}&after={found.after}" if found.after else "",
        "first_address": f"?{query.urlencode()}" if request.GET.get("after") else "",
    }
    return render(request, "senders/referrals.html", told)
