"""What a caller sees of an error that nobody expected, and what the log keeps of it: its class and its places, never its words."""

from __future__ import annotations

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from grace.config.jobs import may_pass
from grace.config.requests import route_of

log = logging.getLogger("grace.failures")
TRY_AGAIN_AFTER = 3
"""Seconds; a database that was killed is back within ten."""


def answer(request: HttpRequest) -> HttpResponse:
    """503 and a time to try again where the database is away, else 500. Needs neither a template nor the database."""
    error = sys.exc_info()[1]
    log.error("unexpected error", exc_info=error, extra={"grace_route": route_of(request)})
    if error is not None and may_pass(error):
        text = _("The database is away for a moment. Nothing was changed; please try again.")
        return HttpResponse(
            f"{text}\n", status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": str(TRY_AGAIN_AFTER)}
        )
    text = _("This did not work, and it is our fault. Nothing was changed. Whoever runs GRACE finds the reason in its log.")
    return HttpResponse(f"{text}\n", status=500, content_type="text/plain; charset=utf-8")
