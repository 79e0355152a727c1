"""Acts on a referral: each is a form that works without a script; where a floor was hit, two acts are asked for twice."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grace.accounts.viewer import viewer_of
from grace.casework.decide import ConfirmationNeeded, Wish
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.pipeline.decide import decide as carry_out
from grace.pipeline.decide import write_note
from grace.pipeline.labels import label_text
from grace.pipeline.referral_page import referral_page
from grace.pipeline.route import correct_states
from grace.routing.correct import Word
from grace.web.referral.shown import ACTS, floors


@declares(Kind.ALTERATION, Kind.DISCLOSURE)
@require_POST
def decide(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Carry out one act; ask once more where a floor holds the referral up."""
    wish = _wish(request)
    try:
        decision = carry_out(viewer_of(request), referral_id, wish)
    except ConfirmationNeeded as asked:
        return _ask_again(request, referral_id, wish, asked)
    messages.success(request, _told_after() if decision.is_second_look else _said(wish))
    return redirect("referral", referral_id)


@declares(Kind.ALTERATION)
@require_POST
def correct(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Add, confirm or remove a state concerned."""
    sent = request.POST
    word = Word(sent.get("act", ""), sent.get("recipient", ""), sent.get("reason", ""), sent.get("criterion", ""))
    correct_states(viewer_of(request), referral_id, word)
    messages.success(request, _("Your correction is kept, and the queue follows it."))
    return redirect(f"{reverse('referral', args=[referral_id])}#states")


@declares(Kind.ALTERATION)
@require_POST
def note(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Add a note."""
    write_note(viewer_of(request), referral_id, request.POST.get("text", ""))
    return redirect("referral", referral_id)


@declares(Kind.ALTERATION)
@require_POST
def label(request: HttpRequest, referral_id: UUID, sha256: str) -> HttpResponse:
    """Say whether a finding of a text is right."""
    sent = request.POST
    key = sent.get("analyser", ""), sent.get("kind", ""), sent.get("value", "")
    label_text(viewer_of(request), referral_id, _digest(sha256), key, sent.get("verdict", ""), sent.get("instead", ""))
    return redirect(f"{reverse('referral', args=[referral_id])}#text-{sha256[:12]}")


def _digest(written: str) -> bytes:
    """The digest that an address names; of one that names none the empty one, which no text has."""
    try:
        return bytes.fromhex(written)
    except ValueError:
        return b""


def _wish(request: HttpRequest) -> Wish:
    sent = request.POST
    try:
        officer = UUID(sent["officer"]) if sent.get("officer") else None
    except ValueError as fault:
        raise Invalid(_("Assign to an officer of this unit."), remedy=_("Choose one from the list.")) from fault
    return Wish(sent.get("act", ""), sent.get("reason", ""), officer, sent.get("recipient", ""), confirmed=sent.get("confirmed") == "yes")


def _ask_again(request: HttpRequest, referral_id: UUID, wish: Wish, asked: ConfirmationNeeded) -> HttpResponse:
    page = referral_page(viewer_of(request), referral_id)
    told = {"row": page.row, "floors": floors(page.assessment), "wish": wish, "act": ACTS[wish.act], "asked": asked}
    return render(request, "referral/confirm.html", told, status=409)


def _told_after() -> str:
    return _(
        "This was a second look: a colleague had decided this referral before. Your answer is counted for the unit as a whole, without your "
        "name; it changed nothing. What stands is shown here: where you think it wrong, take it back."
    )


def _said(wish: Wish) -> str:
    if wish.act == "take":
        return _("You have taken this referral. Identifiers are open to you now; every look is written down.")
    if wish.act == "take_back":
        return _("The last decision is taken back.")
    return _("%(act)s. It can be taken back.") % {"act": ACTS.get(wish.act, wish.act)}
