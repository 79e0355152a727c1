"""Whence a request comes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Whence the request comes; what a proxy says is believed only of a proxy that the settings name."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if direct not in settings.GRACE_TRUSTED_PROXIES:
        return direct
    passed = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    strangers = [part for part in passed if part and part not in settings.GRACE_TRUSTED_PROXIES]
    return strangers[-1] if strangers else direct
