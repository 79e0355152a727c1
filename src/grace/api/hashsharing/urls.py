"""The addresses below ``/hash-sharing/<name>/v2/``: a reader's base address ends with the name."""

from __future__ import annotations

from django.urls import path, re_path

from grace.api.hashsharing import views

urlpatterns = [
    path("<slug:name>/v2/status", views.status, name="hash-sharing-status"),
    path("<slug:name>/v2/members", views.members, name="hash-sharing-members"),
    path("<slug:name>/v2/entries", views.entries, name="hash-sharing-entries"),
    path("<slug:name>/v2/feedback/<slug:print>/reasons", views.reasons, name="hash-sharing-reasons"),
    re_path(r"^(?P<name>[a-z0-9-]+)/v2/entries/(?P<member>[0-9]+)/(?P<item>[^/]{1,200})/(?P<print>\w{1,40})/feedback$", views.feedback,
            name="hash-sharing-feedback"),
]  # fmt: skip
