"""The page of one file, and its preview, which comes through the one gate or not at all."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts import purposes
from grace.accounts.capabilities import Capability
from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.evidence.access import SHOWN
from grace.evidence.decoding.port import NotDecoded
from grace.evidence.profile import in_force
from grace.kernel.errors import GraceError, Invalid
from grace.matching.proposals import own_lists
from grace.pipeline.file_page import file_page
from grace.pipeline.labels import label as say
from grace.pipeline.look import look
from grace.pipeline.referral_page import NamedFile
from grace.web import words
from grace.web.file import found
from grace.web.file.inside import told as members_told
from grace.web.file.listed import checks, why_not
from grace.web.referral import shown
from grace.web.refusals import PAGES
from grace.web.videos import clock

MOST_NAMED = 12


@declares(Kind.CONSULTATION)
@require_safe
def file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """One file; ``?referral=`` says through which referral the officer came to it."""
    viewer = viewer_of(request)
    page = file_page(viewer, file_id, _referral(request), _start(request))
    officers = shown.named(page.colleagues)
    told = {
        "page": page,
        "held": page.held,
        "kept": page.held.file,
        "row": page.row,
        "standing": shown.STANDINGS[page.standing],
        "digests": [(name, bytes(getattr(page.held.file, column)).hex()) for name, column in _DIGESTS],
        "claims": shown.file(NamedFile(page.attachment, page.standing, page.answers, page.matches), uncovered=page.uncovered)
        if page.attachment
        else None,
        "checks": checks(page.answers, page.matches),
        "told": found.told(page.said, page.labels, uncovered=page.uncovered),
        "others": page.cluster - 1,
        "contents": members_told(page.contents) if page.contents else None,
        "not_compared": why_not(page.alike.why),
        "named_by": page.named_by[:MOST_NAMED],
        "history": [shown.entry(each, officers) for each in page.history],
        "looks_for": [
            (each.value, purposes.LABELS[each], each == viewer.purpose) for each in purposes.Purpose if each in in_force().purposes
        ],
        "may_look": viewer.may(Capability.OPEN_FILES) and page.held.file.media_type.startswith(SHOWN),
        "is_video": page.held.file.media_type.startswith("video/"),
        "may_open": viewer.may(Capability.OPEN_FILES),
        "own_lists": own_lists(viewer) if viewer.may(Capability.DECIDE) or viewer.may(Capability.MANAGE_LISTS) else [],
    }
    return render(request, "file/page.html", told)


_DIGESTS = (("SHA-256", "sha256"), ("SHA-1", "sha1"), ("MD5", "md5"))


@declares(Kind.CONSULTATION)
@require_POST
def preview(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A small picture made anew (of a video its contact sheet, with the times of its pictures), or in words why there is none; each attempt is written down before a pixel is made."""
    try:
        seen = look(viewer_of(request), file_id, request.POST.get("purpose", ""))
    except GraceError as refused:
        status = next((PAGES[kind][0] for kind in type(refused).__mro__ if kind in PAGES), 500)
        return JsonResponse({"message": f"{refused.message} {refused.remedy}".strip()}, status=status)
    if isinstance(seen, NotDecoded):
        return JsonResponse({"message": words.not_decoded(seen.reason)}, status=422)
    headers = {"Cache-Control": "no-store", "Content-Disposition": "inline"}
    if seen.moments:
        headers["X-Grace-Moments"] = ", ".join(clock(each) for each in seen.moments)
    return HttpResponse(seen.jpeg, content_type="image/jpeg", headers=headers)


@declares(Kind.ALTERATION)
@require_POST
def label(request: HttpRequest, file_id: UUID, seen_id: UUID) -> HttpResponse:
    """Say whether a finding is right."""
    say(viewer_of(request), file_id, seen_id, request.POST.get("verdict", ""), request.POST.get("instead", ""))
    referral = _referral(request)
    return redirect(f"{reverse('file', args=[file_id])}{f'?referral={referral}' if referral else ''}#findings")


def _start(request: HttpRequest) -> int:
    """The place from which on the members of an archive are shown."""
    text = request.GET.get("start", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= len("10000")):
        raise Invalid(_("This address cannot be read."))
    return int(text)


def _referral(request: HttpRequest) -> UUID | None:
    text = request.GET.get("referral", "")
    try:
        return UUID(text) if text else None
    except ValueError as fault:
        raise Invalid(_("This address cannot be read.")) from fault
