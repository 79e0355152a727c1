"""The address book: the web's screens, the API, and what a supervisor asks."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
if find_spec("grace.api.urls"):
    urlpatterns.append(path("api/", include("grace.api.urls")))
if find_spec("grace.web.urls"):
    urlpatterns.append(path("", include("grace.web.urls")))
