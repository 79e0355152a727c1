"""What concerns the unit as a whole: the base rules in force at once, who publishes, and rules as a file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.pipeline import rules as pipeline
from grace.priority.rule_files import MOST_BYTES


@declares(Kind.ALTERATION)
@require_POST
def base_rules(request: HttpRequest) -> HttpResponse:
    """The kill switch."""
    published = pipeline.back_to_base(viewer_of(request), request.POST.get("reason", ""))
    messages.success(request, _("The base rules are in force as version %(number)d.") % {"number": published.number})
    return redirect("rules")


@declares(Kind.ALTERATION)
@require_POST
def one_alone(request: HttpRequest) -> HttpResponse:
    """Say why one may publish alone, or take that back."""
    if request.POST.get("act") == "withdraw":
        pipeline.let_two_publish(viewer_of(request))
        messages.success(request, _("Two people are needed to put rules in force."))
    else:
        pipeline.let_one_publish(viewer_of(request), request.POST.get("reason", ""))
        messages.success(request, _("While nobody else of the unit may, one alone may put rules in force."))
    return redirect("rules")


@declares(Kind.ALTERATION)
@require_POST
def import_rules(request: HttpRequest) -> HttpResponse:
    """Make a draft of a file."""
    viewer = viewer_of(request)
    viewer.require(Capability.EDIT_RULES)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise Invalid(_("No file was chosen."), remedy=_("Choose the file that was exported as rules."))
    draft = pipeline.import_rules(viewer, file.read(MOST_BYTES + 1), seen=request.POST.get("seen", ""))
    messages.success(
        request, _("Version %(number)d is a draft of the file. Nothing changes until it is published.") % {"number": draft.number}
    )
    return redirect("rules-draft")


@declares(Kind.CONSULTATION)
@require_safe
def export_rules(request: HttpRequest, number: int) -> HttpResponse:
    """A version as a file."""
    found, text = pipeline.export_rules(viewer_of(request), number)
    name = f"rules-{found.number}.json"
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@nothing_personal
@require_safe
def lane_for(request: HttpRequest) -> HttpResponse:
    """From the sender that was chosen to where its bulk lane is opened."""
    viewer_of(request).require(Capability.MANAGE_LANES)
    try:
        return redirect("open-lane", UUID(request.GET.get("sender", "")))
    except ValueError:
        raise Invalid(_("No sender was chosen."), remedy=_("Choose one from the list.")) from None
