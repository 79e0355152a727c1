"""The page of a referral's links, and what an officer says of one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer, viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid, Missing
from grace.pipeline import links as pipeline
from grace.web.links import layout, shown


@declares(Kind.CONSULTATION)
@require_safe
def links(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The links of a referral: ``?since=`` and ``?until=`` are days, ``?after=`` the key of a page, ``?to=`` the number of a referral to find the way to."""
    viewer = viewer_of(request)
    since, until = _day(request, "since"), _day(request, "until")
    span = (_start(since), _start(until + timedelta(days=1)) if until and until < date.max else None)
    after = request.GET.get("after", "")
    page = pipeline.links_page(viewer, referral_id, span, after=after)
    told = shown.links(page)
    context = {
        "page": page,
        "row": page.row,
        "links": told,
        "times": shown.bars(page.hop.times, since, until),
        "after": after,
        "span": "".join(f"{name}={day.isoformat()}&" for name, day in (("since", since), ("until", until)) if day),
        "since": since,
        "until": until,
        "width": layout.WIDTH,
        "height": layout.HEIGHT,
        "may_judge": viewer.may(Capability.DECIDE),
        "judge_label": _("Cut or confirm"),
        "judge_means": _(
            "Cut: the two do not belong together. Confirm: they do, whatever they share. Withdrawn, what they share speaks again."
        ),
        "reason_label": _("Reason"),
        "its_links": _("its links"),
        "middle": (layout.WIDTH / 2, layout.HEIGHT / 2),
        **_way(viewer, referral_id, request.GET.get("to", "").strip()),
    }
    return render(request, "links/page.html", context)


def _way(viewer: Viewer, referral_id: UUID, number: str) -> dict[str, object]:
    """The way that is asked for; a number that names no single referral of the unit is told, and is no fault of the page."""
    if not number:
        return {}
    try:
        way = pipeline.way(viewer, referral_id, number)
    except (Missing, Invalid) as fault:
        return {"to": number, "refused": fault}
    return {"to": number, "way": way, "steps": list(shown.steps(way)), "end": way.rows.get(way.end)}


@declares(Kind.ALTERATION, Kind.COMBINATION)
@require_POST
def judge(request: HttpRequest, referral_id: UUID, other_id: UUID) -> HttpResponse:
    """Cut or confirm the link of two referrals, or withdraw that."""
    says = request.POST.get("says", "")
    pipeline.judge(viewer_of(request), (referral_id, other_id), says, request.POST.get("reason", ""))
    messages.success(
        request,
        {
            "cut": _("The link is cut; the circle follows."),
            "confirmed": _("The link is confirmed; the circle follows."),
            "withdrawn": _("It is withdrawn: what the two share speaks again."),
        }[says],
    )
    return redirect("links", referral_id)


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("This address cannot be read.")) from None


def _start(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, UTC) if day else None
