"""The numbers of urgent referrals and packages and of kept searches with new hits, for the pills on every page; ``live.js`` asks every few seconds."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import viewer_of
from grace.casework.alerts import urgent_now as count_urgent
from grace.casework.kept import keep
from grace.custody.declare import nothing_personal
from grace.exchange import inbox
from grace.web.marks import passive


@nothing_personal
@passive
@require_safe
def urgent_now(request: HttpRequest) -> JsonResponse:
    """How many wait, and when the newest came; nothing about any of them. Packages are told to whoever may take them in."""
    viewer = viewer_of(request)
    count, newest = count_urgent(viewer)
    text = ngettext("%(count)d urgent now", "%(count)d urgent now", count) % {"count": count}
    told = {"urgent": _pill(count, newest, text, _("A new urgent referral has come in."))}
    count, newest = keep.with_news(viewer)
    text = ngettext("%(count)d search hit", "%(count)d searches hit", count) % {"count": count}
    told["kept-hits"] = _pill(count, newest, text, _("A kept search has a new hit."))
    if viewer.may(Capability.DECIDE):
        count, newest = inbox.urgent_waiting(viewer)
        text = ngettext("%(count)d urgent package", "%(count)d urgent packages", count) % {"count": count}
        told["urgent-packages"] = _pill(count, newest, text, _("A new urgent package of another agency has come in."))
    return JsonResponse(told)


def _pill(count: int, newest: datetime | None, text: str, said: str) -> dict[str, object]:
    return {"count": count, "text": text, "said": said, "newest": newest.timestamp() if newest else 0}
