"""The quarantine: unread documents, one of them, and what can be done with it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.intake.models import Document
from grace.kernel.errors import Invalid
from grace.pipeline import quarantine as pipeline
from grace.pipeline.receive import Outcome, read_again
from grace.web.quarantine.words import WAYS, told
from grace.web.queue.asked import sender_of


@declares(Kind.CONSULTATION)
@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    """Unread documents, newest first. No file name stands here: it may be personal."""
    state = request.GET.get("state", Document.State.QUARANTINED.value)
    sender = sender_of(request.GET.get("sender", ""))
    found = pipeline.unread(viewer_of(request), state=state, sender=sender, after=request.GET.get("after", ""))
    rows = [{"document": each, "way": WAYS.get(each.way, each.way), "words": told(each.reason_code)[0]} for each in found.documents]
    page = {"rows": rows, "after": found.after, "state": state, "is_first": "after" not in request.GET, "sender": sender}
    return render(request, "quarantine/page.html", page)


@declares(Kind.CONSULTATION)
@require_safe
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """One unread document, with the name that its sender gave it."""
    return _document(request, document_id)


@declares(Kind.COLLECTION)
@require_POST
def read_document_again(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Try once more to read it."""
    receipt = read_again(viewer_of(request), document_id)
    if receipt.outcome is Outcome.QUARANTINED:
        messages.info(request, _("Read again, and still not readable: %(why)s.") % {"why": told(receipt.reason_code)[0]})
        return redirect("quarantine-document", document_id)
    messages.success(request, _("Read: referral %(numbers)s stands in the queue.") % {"numbers": ", ".join(map(str, receipt.numbers))})
    return redirect("quarantine")


@declares(Kind.ALTERATION)
@require_POST
def dismiss(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Put it aside, with a reason."""
    try:
        pipeline.dismiss(viewer_of(request), document_id, request.POST.get("reason", ""))
    except Invalid as refused:
        return _document(request, document_id, refused=refused, status=400)
    messages.success(request, _("The document is put aside. Its bytes stay, and it can be taken back."))
    return redirect("quarantine")


@declares(Kind.ALTERATION)
@require_POST
def restore(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Take it back."""
    pipeline.restore(viewer_of(request), document_id)
    messages.success(request, _("The document is back in quarantine."))
    return redirect("quarantine-document", document_id)


def _document(request: HttpRequest, document_id: UUID, *, refused: Invalid | None = None, status: int = 200) -> HttpResponse:
    found = pipeline.open_document(viewer_of(request), document_id)
    words, remedy = told(found.reason_code)
    page = {
        "document": found,
        "way": WAYS.get(found.way, found.way),
        "words": words,
        "remedy": remedy,
        "digest": bytes(found.sha256).hex(),
        "is_dismissed": found.state == Document.State.DISMISSED,
        "refused": refused,
    }
    return render(request, "quarantine/document.html", page, status=status)
