"""The addresses below ``/ispws/``."""

from __future__ import annotations

from django.urls import path, re_path

from grace.api.ispws import views

urlpatterns = [
    path("status", views.status, name="ispws-status"),
    path("xsd", views.xsd, name="ispws-xsd"),
    path("submit", views.submit, name="ispws-submit"),
    path("upload", views.upload, name="ispws-upload"),
    path("fileinfo", views.fileinfo, name="ispws-fileinfo"),
    path("finish", views.finish, name="ispws-finish"),
    path("retract", views.retract, name="ispws-retract"),
    re_path(r"^feedback/(?P<number>[0-9]{1,18})$", views.feedback, name="ispws-feedback"),
    re_path(r"^.*$", views.unknown, name="ispws-unknown"),
]
