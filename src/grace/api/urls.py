"""The addresses of the API."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from ninja import NinjaAPI

from grace.api import problems
from grace.api.tokens import OfficerSession, Token
from grace.api.v1 import custody, lists, referrals

v1 = NinjaAPI(
    title="GRACE",
    version="1",
    urls_namespace="api-v1",
    description="The documented way in and out for other programs. Errors are problem documents (RFC 9457).",
    auth=[Token(), OfficerSession()],
    docs_url=None,
)
v1.add_router("/referrals", referrals.router)
v1.add_router("/lists", lists.router)
v1.add_router("/custody", custody.router)
problems.install(v1)

urlpatterns = [path("v1/", v1.urls)]

_ = login_not_required
