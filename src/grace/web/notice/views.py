"""Pages for a provider who gives a notice: the link, the form, the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from grace.accounts.secrets import digest_of
from grace.accounts.whence import address_of
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.intake.notice_fields import SECTIONS, ZONES
from grace.intake.notice_form import compose
from grace.intake.notice_links import Visitor, visitor_of
from grace.kernel.errors import Missing, Refused
from grace.pipeline import notices as pipeline
from grace.sdk.intake import Bytes
from grace.web.notice.uploads import MOST_BYTES, InMemory

_LINK_KEY = "notice_link"
_RECEIPT_KEY = "notice_receipt"
_SAVED = "text/plain; charset=utf-8"


@nothing_personal
@login_not_required
@require_safe
def open_link(request: HttpRequest, word: str) -> HttpResponse:
    """Take the word out of the address, so that it stays in no history, and go on to the form."""
    digest = digest_of(word)
    pipeline.open_link(digest, address_of(request))
    request.session[_LINK_KEY] = digest.hex()
    return redirect("notice")


@csrf_exempt  # only so that files go to memory: the check itself stands on the inner view, which reads them
@declares(Kind.COLLECTION)
@login_not_required
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """The form, and a notice on its way in; nothing of it is read before the link is known to be good."""
    visitor = visitor_of(bytes.fromhex(request.session.get(_LINK_KEY, "")))
    held = InMemory(request)
    request.upload_handlers = [held]
    return _notice(request, visitor, held)


@csrf_protect
def _notice(request: HttpRequest, visitor: Visitor, held: InMemory) -> HttpResponse:
    if request.method == "GET":
        return _form(request, visitor, {}, {})
    files = [Bytes(_name(place, str(each.name)), each.read()) for place, each in enumerate(request.FILES.getlist("files"), 1)]
    composed = compose(request.POST.dict(), visitor.sender, [each.name for each in files])
    faults = dict(composed.faults)
    if held.overflowed:
        faults["files"] = _("The files are larger than %(most)d MB together; send the rest in a second notice.") % {
            "most": MOST_BYTES >> 20
        }
    if faults:
        return _form(request, visitor, request.POST.dict(), faults, chose_files=bool(request.FILES), status=400)
    try:
        receipt = pipeline.hand_in(visitor, composed.notice, files)
    except Refused as refused:
        return _form(request, visitor, request.POST.dict(), {}, refused=refused, chose_files=bool(files), status=429)
    request.session[_RECEIPT_KEY] = {
        "reference": str(receipt.reference),
        "digest": receipt.digest,
        "at": f"{receipt.received_at:%Y-%m-%d %H:%M:%S} UTC",
        "sender": visitor.sender,
        "unit": visitor.unit,
    }
    return redirect("notice-receipt")


@nothing_personal
@login_not_required
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """What the provider keeps: our reference, the digest of the notice, the time; as a page or as a text."""
    kept = request.session.get(_RECEIPT_KEY)
    if kept is None:
        raise Missing(
            _("There is no receipt here, or no longer."),
            remedy=_("A receipt can be seen in the browser that gave the notice, for some hours."),
        )
    if "text" not in request.GET:
        return render(request, "notice/receipt.html", {"kept": kept})
    text = render(request, "notice/receipt.txt", {"kept": kept}, content_type=_SAVED)
    text.headers["Content-Disposition"] = f'attachment; filename="notice-{kept["reference"]}.txt"'
    return text


def _name(place: int, name: str) -> str:
    """The file's name, told apart from the others by its place; a file in JSON gets an ending that lets nobody take it for a notice."""
    plain = "".join(letter if letter.isprintable() and letter not in "/\\" else "_" for letter in name)[-200:]
    return f"{place}-{plain}{'_' if plain.lower().endswith('.json') else ''}"


def _form(
    request: HttpRequest,
    visitor: Visitor,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    refused: Refused | None = None,
    chose_files: bool = False,
    status: int = 200,
) -> HttpResponse:
    sections = [
        {
            "section": section,
            "fields": [{"field": each, "value": typed.get(each.name, ""), "fault": faults.get(each.name, "")} for each in section.fields],
        }
        for section in SECTIONS
    ]
    wrong = [each for section in sections for each in cast("list[dict[str, object]]", section["fields"]) if each["fault"]]
    page = {"visitor": visitor, "sections": sections, "zones": ZONES, "wrong": wrong, "refused": refused, "chose_files": chose_files}
    return render(request, "notice/form.html", page, status=status)
