"""What is kept of a request: method, route, status, milliseconds. Never the path, whose parameters name referrals, nor the query."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from grace.config import metrics

log = logging.getLogger("grace.requests")


def route_of(request: HttpRequest) -> str:
    """The pattern that the request matched, as the address book spells it; ``-`` where none did."""
    match = request.resolver_match
    return "-" if match is None else f"/{match.route}"


class RequestLog:
    """Middleware: one line and one observation for each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note how it went."""
        begun = time.perf_counter()
        response = self.get_response(request)
        taken = time.perf_counter() - begun
        route = route_of(request)
        metrics.observe(request.method or "-", route, response.status_code, taken)
        facts = {
            "grace_method": request.method,
            "grace_route": route,
            "grace_status": response.status_code,
            "grace_ms": round(taken * 1000, 1),
        }
        log.info("request", extra=facts)
        return response
