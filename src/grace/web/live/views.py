"""The number of urgent referrals, for the pill on every page; ``live.js`` asks every few seconds."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from grace.accounts.viewer import viewer_of
from grace.casework.alerts import urgent_now as count_urgent
from grace.custody.declare import nothing_personal
from grace.web.marks import passive


@nothing_personal
@passive
@require_safe
def urgent_now(request: HttpRequest) -> JsonResponse:
    """How many wait, and when the newest came; nothing about any of them."""
    count, newest = count_urgent(viewer_of(request))
    return JsonResponse(
        {
            "count": count,
            "text": ngettext("%(count)d urgent now", "%(count)d urgent now", count) % {"count": count},
            "said": _("A new urgent referral has come in."),
            "newest": newest.timestamp() if newest else 0,
        }
    )
