"""The list of lines and mail domains that many share: what it says, its versions, how far the newest has got; put in force by who administers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel.errors import Conflict, GraceError, Invalid
from grace.links.lines import MOST_BYTES, write
from grace.pipeline import shared_lines as pipeline

MOST_SHOWN = 2_000
"""Entries that are shown and edited in the page; a longer list is edited as a file."""
LONGEST_NUMBER = 10
"""Digits with which a number might be too large for the database."""


@nothing_personal
@require_safe
def shared_lines(request: HttpRequest) -> HttpResponse:
    """The list in force with its versions; ``?version=`` shows another one."""
    return _page(request)


@nothing_personal
@require_safe
def as_file(request: HttpRequest, number: int) -> HttpResponse:
    """One version as the text that can be imported again."""
    found = pipeline.version(viewer_of(request), number)
    disposition = f'attachment; filename="shared-lines-{number}.csv"'
    return HttpResponse(write(found.entries), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


@declares(Kind.ALTERATION)
@require_POST
def put(request: HttpRequest) -> HttpResponse:
    """Put the list in the file that was sent, or else in the field, in force."""
    try:
        made = pipeline.put(viewer_of(request), _text(request), request.POST.get("note", ""), seen=_number(request.POST.get("seen", "")))
    except (Invalid, Conflict) as refused:
        return _page(request, refused=refused, status=400)
    messages.success(request, _("Version %(number)d is in force. What was taken in before follows.") % {"number": made.number})
    return redirect("shared-lines")


def _page(request: HttpRequest, *, refused: GraceError | None = None, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    standing = pipeline.standing(viewer)
    newest = standing.versions[0].number if standing.versions else 0
    chosen = _number(request.GET.get("version", "")) or newest
    entries = pipeline.version(viewer, chosen).entries if chosen else []
    page = {
        "versions": [(each, standing.names.get(each.edited_by, "")) for each in standing.versions],
        "newest": newest,
        "chosen": chosen,
        "number": len(entries),
        "too_many": len(entries) > MOST_SHOWN,
        "text": request.POST.get("text", "") if refused else write(entries[:MOST_SHOWN]),
        "note": request.POST.get("note", ""),
        "share": int(100 * standing.share),
        "waiting": standing.waiting,
        "refused": refused,
    }
    return render(request, "shared_lines/page.html", page, status=status)


def _text(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "")
    if file.size is None or file.size > MOST_BYTES:
        raise Invalid(_("This file is too large."), remedy=_("A list has 8 MB at most."))
    try:
        return bytes(file.read()).decode()
    except UnicodeDecodeError:
        raise Invalid(_("This file is not UTF-8."), remedy=_("Save it as UTF-8 and try again.")) from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0
