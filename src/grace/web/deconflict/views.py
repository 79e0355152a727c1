"""Asking who else works on what a referral names, the answers, and to whom this unit was named."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.exchange.questions import MOST_SHOWN, MOST_VALUES
from grace.kernel.errors import Invalid
from grace.pipeline import deconflict as pipeline
from grace.pipeline.deconflict import Wish
from grace.web.deconflict import shown


@declares(Kind.CONSULTATION)
@require_safe
def deconflict(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The page of a referral."""
    return _page(request, referral_id)


@declares(Kind.CONSULTATION)
@require_safe
def answers(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The part with the answers, which asks for itself while an agency has not answered."""
    return render(request, "deconflict/answers.html", _told(request, referral_id))


@declares(Kind.COMBINATION, Kind.DISCLOSURE)
@require_POST
def ask(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Ask."""
    try:
        values, agencies = ([UUID(each) for each in request.POST.getlist(name)] for name in ("value", "agency"))
    except ValueError:
        raise Invalid(_("This address cannot be read.")) from None
    wish = Wish(values, "units" in request.POST, agencies, request.POST.get("because", ""))
    try:
        pipeline.ask(viewer_of(request), referral_id, wish)
    except Invalid as refused:
        return _page(request, referral_id, status=400, refused=refused, wish=wish)
    messages.success(request, _("Asked. Agencies answer in a moment; what is not answered is not checked."))
    return redirect("deconflict", referral_id)


@declares(Kind.CONSULTATION)
@require_safe
def asked_of(request: HttpRequest) -> HttpResponse:
    """To whom this unit was named; ``?behind=`` is the moment from which on back."""
    text = request.GET.get("behind", "")
    try:
        behind = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(_("This address cannot be read.")) from None
    if behind is not None and behind.tzinfo is None:
        raise Invalid(_("This address cannot be read."))
    found = pipeline.asked_of(viewer_of(request), behind)
    last = found[MOST_SHOWN - 1].at.isoformat() if len(found) > MOST_SHOWN else ""
    return render(request, "deconflict/asked_of.html", {"found": found[:MOST_SHOWN], "more": last, "behind": text})


def _page(request: HttpRequest, referral_id: UUID, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {**_told(request, referral_id), "most": MOST_VALUES, "may_ask": viewer_of(request).may(Capability.DECIDE), **more}
    return render(request, "deconflict/page.html", context, status=status)


def _told(request: HttpRequest, referral_id: UUID) -> dict[str, Any]:
    page = pipeline.page(viewer_of(request), referral_id)
    told = shown.questions(page.questions, page.subjects)
    return {
        "page": page,
        "row": page.row,
        "subjects": [(each, shown.named(each)) for each in page.subjects],
        "questions": told,
        "is_waiting": any(each.is_waiting for each in told),
    }
