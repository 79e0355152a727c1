"""The address book: what a supervisor asks, the API, other installations, and the web's screens."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from grace.config import health

handler500 = "grace.config.failures.answer"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.measures, name="metrics"),
]
if find_spec("grace.api.urls"):
    urlpatterns.append(path("api/", include("grace.api.urls")))
    urlpatterns.append(path("ispws/", include("grace.api.ispws.urls")))
if find_spec("grace.api.hashsharing.urls"):
    urlpatterns.append(path("hash-sharing/", include("grace.api.hashsharing.urls")))
if find_spec("grace.api.exchange"):
    urlpatterns.append(path("exchange/v1/", include("grace.api.exchange")))
if find_spec("grace.web.urls"):
    urlpatterns.append(path("", include("grace.web.urls")))
