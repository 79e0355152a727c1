"""The addresses of the API."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI

from grace.api import problems
from grace.api.tokens import OfficerSession, Token
from grace.api.v1 import (
    custody,
    exchange,
    files,
    groups,
    index,
    kept,
    links,
    lists,
    match,
    models,
    pace,
    referrals,
    rules,
    search,
    versions,
)

v1 = NinjaAPI(
    title="GRACE",
    version="1",
    urls_namespace="api-v1",
    description="The documented way in and out for other programs. Errors are problem documents (RFC 9457).",
    auth=[Token(), OfficerSession()],
    docs_url=None,
)
v1.add_router("/referrals", referrals.router)
v1.add_router("/referrals", versions.router)
v1.add_router("/referrals", links.router)
v1.add_router("/search", search.router)
v1.add_router("/search/kept", kept.router)
v1.add_router("/pace", pace.router)
v1.add_router("/files", files.router)
v1.add_router("/groups", groups.router)
v1.add_router("/lists", lists.router)
v1.add_router("/match", match.router)
v1.add_router("/models", models.router)
v1.add_router("/index", index.router)
v1.add_router("/rules", rules.router)
v1.add_router("/custody", custody.router)
v1.add_router("/hand-overs", exchange.router)
problems.install(v1)


def _own_door(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The web's gate lets the API through: each operation asks for a token or a session itself; its description asks for neither."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            login_not_required(pattern.callback)
    return patterns


_patterns, _app_name, _namespace = v1.urls
urlpatterns = [path("v1/", (_own_door(_patterns), _app_name, _namespace))]
