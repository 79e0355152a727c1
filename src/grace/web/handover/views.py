"""Handing a referral over in two steps: choose, look at what leaves, and let it go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from grace.accounts.viewer import viewer_of
from grace.agencies.states import TRANSFER_BASES
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.exchange import outbox
from grace.exchange.conditions import CONDITIONS, PURPOSES
from grace.exchange.outbox import Order
from grace.kernel.errors import Conflict, GraceError, Invalid
from grace.pipeline.hand_over import hand_over
from grace.pipeline.hand_over_page import HandOverPage, hand_over_page
from grace.referrals.attachments import REPORT
from grace.web import exchange_words as words
from grace.web.hand_over_form import order_of
from grace.web.referral.persons import ROLES
from grace.web.referral.shown import STATES


@declares(Kind.CONSULTATION)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The form; posted, it shows what would leave."""
    if request.method != "POST":
        return _form(request, referral_id, QueryDict(), None)
    try:
        order = order_of(request.POST)
        outbox.check_words(order)
        return _preview(request, referral_id, order)
    except (Invalid, Conflict) as refused:
        return _form(request, referral_id, request.POST, refused)


@declares(Kind.DISCLOSURE)
@require_POST
def send(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Let it go."""
    try:
        found = hand_over(viewer_of(request), referral_id, order_of(request.POST))
    except (Invalid, Conflict) as refused:
        return _form(request, referral_id, request.POST, refused)
    across = not found.agency.address
    told = _("It waits to be carried to %(agency)s by file.") if across else _("It goes to %(agency)s.")
    messages.success(request, told % {"agency": found.agency.name})
    return redirect("referral", referral_id)


def _form(request: HttpRequest, referral_id: UUID, typed: QueryDict, refused: GraceError | None) -> HttpResponse:
    page = hand_over_page(viewer_of(request), referral_id)
    is_new = not typed
    told = {
        **_choices(page, typed, is_new=is_new),
        "page": page,
        "row": page.row,
        "uncovered": page.uncovered,
        "typed": typed,
        "is_new": is_new,
        "inherited": words.conditions(page.inherited),
        "asks_consent": "ask-originator" in page.inherited,
        "recipients": [_recipient(each, typed) for each in page.recipients],
        "refused": refused,
    }
    return render(request, "handover/page.html", told, status=400 if refused else 200)


def _choices(page: HandOverPage, typed: QueryDict, *, is_new: bool) -> dict[str, Any]:
    persons, files = set(typed.getlist("person")), set(typed.getlist("file"))
    named = [each for each in page.told.attachments if each.state != REPORT]
    return {
        "persons": [
            (each, ROLES.get(each.role, each.role), len(page.told.sightings_of(each)), is_new or str(each.ordinal) in persons)
            for each in page.told.persons
        ],
        "files": [
            (each, f"f{each.ordinal + 1:02d}", STATES.get(each.state, each.state), is_new or str(each.ordinal) in files) for each in named
        ],
        "reports": [each for each in page.told.attachments if each.state == REPORT],
        "purposes": [(code, label, typed.get("purpose", "investigation") == code) for code, label in PURPOSES.items()],
        "conditions": [
            (each, each.code in typed.getlist("condition") or each.code in page.inherited, each.code in page.inherited)
            for each in CONDITIONS.values()
        ],
    }


def _recipient(entry: Any, typed: QueryDict) -> dict[str, Any]:
    return {
        "entry": entry,
        "basis": TRANSFER_BASES.get(entry.agency.transfer_basis, ""),
        "chosen": typed.get("agency") == str(entry.agency.id),
    }


def _preview(request: HttpRequest, referral_id: UUID, order: Order) -> HttpResponse:
    page = hand_over_page(viewer_of(request), referral_id, order.part)
    chosen = next((each for each in page.recipients if each.agency.id == order.agency), None)
    if chosen is None or page.leaves is None:
        raise Invalid(_("Handing over needs a recipient."), remedy=_("Choose an agency from the directory."))
    leaves = page.leaves
    codes = [code for code in CONDITIONS if code in {*order.conditions, *page.inherited}]
    told = {
        "page": page,
        "row": page.row,
        "uncovered": page.uncovered,
        "order": order,
        "recipient": chosen,
        "basis": TRANSFER_BASES.get(chosen.agency.transfer_basis, ""),
        "purpose": PURPOSES[order.purpose],
        "conditions": words.conditions(codes),
        "part": words.PARTS[leaves["part"].word],
        "originals": leaves["part"].is_all and order.part.originals,
        "persons": [
            (ROLES.get(each["role"], each["role"]), _identifiers(leaves, each, uncovered=page.uncovered)) for each in leaves["persons"]
        ],
        "files": len(leaves["attachments"]),
        "bytes_of": sum(bool(each.file_id) and leaves["part"].has_file(each.ordinal) for each in page.told.attachments)
        if order.part.bytes
        else 0,
        "passages": len(leaves["passages"]),
        "sightings": len(leaves["sightings"]),
        "sent": [(name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"],
    }
    return render(request, "handover/preview.html", told)


def _identifiers(leaves: Any, person: Any, *, uncovered: bool) -> list[str]:
    """The identifiers of a person that leave; while the referral is covered, only their kinds."""
    mine = [each for each in leaves["sightings"] if each["person"] == person["ordinal"]]
    return list(dict.fromkeys(f"{each['kind']}: {each['value']}" if uncovered else each["kind"] for each in mine))
