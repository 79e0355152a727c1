"""Validations kept for the unit. They name invented documents only, so reading them is no consultation."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grace.accounts.viewer import viewer_of
from grace.custody.declare import nothing_personal
from grace.pipeline import validation as pipeline
from grace.pipeline import validation_text


@nothing_personal
@require_safe
def validations(request: HttpRequest) -> HttpResponse:
    """The last validations of the unit."""
    return render(request, "validation/list.html", {"kept": pipeline.kept_for(viewer_of(request))})


@nothing_personal
@require_safe
def validation(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One of them as text, and whether it is as this installation signed it."""
    kept, _content, checked = pipeline.one(viewer_of(request), report_id)
    page = {"kept": kept, "checked": checked, "text": validation_text.text(checked.report), "digest": bytes(kept.sha256).hex()}
    return render(request, "validation/page.html", page)


@nothing_personal
@require_safe
def validation_file(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The signed file itself."""
    kept, content, _checked = pipeline.one(viewer_of(request), report_id)
    name = f"validation-{kept.kept_at:%Y-%m-%d-%H%M}.json"
    return HttpResponse(content, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'})
