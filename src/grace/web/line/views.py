"""The line of a unit: read, set, retired, and the audit that it rests on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.pipeline import line as pipeline
from grace.priority.audits import USUAL_OUT_OF_TURN, USUAL_SHARE
from grace.priority.lines import DAYS, SHARES
from grace.priority.models import Line
from grace.priority.tally import floor_and_score
from grace.web.line.shown import alarm, offer, state_rows, told


@declares(Kind.CONSULTATION)
@require_safe
def line(request: HttpRequest) -> HttpResponse:
    """The line in force, what could be promised now, state by state, and the audit."""
    share, promise = _share(request.GET.get("share", "5")), request.GET.get("promise", Line.Promise.BATCH.value)
    page = pipeline.line_page(viewer_of(request), share, promise)
    found = page.surveyed
    setting = found.setting
    shown = {
        "page": page,
        "days": DAYS,
        "in_force": told(page.line) if page.line else None,
        "where": floor_and_score(page.line.position) if page.line else None,
        "alarms": [alarm(sign, at) for sign, at in page.line.alarms.items()] if page.line else [],
        "offers": [offer(drawn, found.below.get(name)) for name, drawn in found.promises.items()],
        "states": state_rows(found),
        "shares": [(f"{each / 10:g}", each == share) for each in SHARES],
        "share": f"{share / 10:g}",
        "promise": promise,
        "audit_share": f"{(setting.share if setting else USUAL_SHARE) / 10:g}",
        "out_of_turn": f"{(setting.out_of_turn if setting else USUAL_OUT_OF_TURN) / 10:g}",
        "past": [(told(each), each, page.names.get(each.set_by, ""), page.names.get(each.retired_by, "")) for each in page.history],
    }
    return render(request, "line/page.html", shown)


@declares(Kind.ALTERATION)
@require_POST
def set_line(request: HttpRequest) -> HttpResponse:
    """Put the line in force that the audit carries now."""
    viewer = viewer_of(request)
    viewer.require(Capability.PUBLISH_RULES)
    share, promise = _share(request.POST.get("share", "")), request.POST.get("promise", "")
    pipeline.set_line(viewer, promise, share, request.POST.get("reason", ""))
    messages.success(request, _("The line is in force. Who set it and why stands in the ledger."))
    return redirect(f"{reverse('line')}?share={share / 10:g}&promise={promise}")


@declares(Kind.ALTERATION)
@require_POST
def retire_line(request: HttpRequest) -> HttpResponse:
    """End the line in force."""
    pipeline.retire_line(viewer_of(request), request.POST.get("reason", ""))
    messages.success(request, _("The line is retired; nothing is promised any more."))
    return redirect("line")


@declares(Kind.ALTERATION)
@require_POST
def set_audit(request: HttpRequest) -> HttpResponse:
    """Say how much is audited and how much is given out of turn."""
    viewer = viewer_of(request)
    viewer.require(Capability.PUBLISH_RULES)
    pipeline.set_audit(viewer, _share(request.POST.get("share", "")), _share(request.POST.get("out_of_turn", "")))
    messages.success(request, _("This holds for what comes from now on."))
    return redirect("line")


def _share(text: str) -> int:
    """Thousandths from per cent, with at most one decimal place."""
    whole, _dot, tenth = text.strip().replace(",", ".").partition(".")
    if not (
        whole.isascii() and whole.isdigit() and len(whole) <= 3 and (not tenth or (tenth.isascii() and tenth.isdigit() and len(tenth) == 1))
    ):
        raise Invalid(_("The share is a number of per cent, such as 2 or 0.5."))
    return int(whole) * 10 + int(tenth or "0")
