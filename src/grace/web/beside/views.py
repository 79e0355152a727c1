"""Two referrals line by line: why this one first."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.pipeline import beside as pipeline
from grace.pipeline.beside import Part
from grace.priority.models import Assessment
from grace.priority.shapes import START
from grace.web import learned_words, words

BECAUSE: Mapping[str, Promise] = {
    pipeline.FLOOR: gettext_lazy("It comes first because its floor is higher. No score lifts a referral above a floor."),
    pipeline.LANE: gettext_lazy("It comes first because the other one waits in a bulk lane, behind the rest."),
    pipeline.SCORE: gettext_lazy("It comes first because its score is higher; the lines below tell what makes the difference."),
    pipeline.NEWER: gettext_lazy("Floor and score are the same: the newer one comes first."),
    pipeline.CLOSED: gettext_lazy("They do not both wait: only what waits has a rank."),
}


@declares(Kind.CONSULTATION)
@require_safe
def beside(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """``?with=`` names the other one by its id, ``?number=`` by its number; without either it is the neighbour in the queue."""
    found = pipeline.beside(viewer_of(request), referral_id, _id(request.GET.get("with", "")), _number(request.GET.get("number", "")))
    sides = (found.first, found.second)
    page = {
        "found": found,
        "asked": referral_id,
        "sides": [(each, _floors(each.assessment)) for each in sides],
        "because": BECAUSE[found.because],
        "apart": found.first.row.score - found.second.row.score,
        "parts": [(_title(each), _rows(each, learned=bool(found.axes)), each) for each in found.parts],
        "axes": [(_title(each), each) for each in found.axes],
    }
    return render(request, "beside/page.html", page)


def _title(part: Part) -> object:
    return _("Start") if part.key == START else words.AXES[part.key][0]


def _rows(part: Part, *, learned: bool) -> list[tuple[str, int, int, int]]:
    text = learned_words.named if learned else words.said
    return [(text(each.text), each.one, each.other, each.weighs) for each in part.lines]


def _floors(assessment: Assessment) -> list[tuple[str, int]]:
    return [(words.said(text), floor) for _rule, floor, text in assessment.reasons.get("floors", [])]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid(_("This address cannot be read: “%(name)s” must be an id.") % {"name": "with"}) from None


def _number(text: str) -> int | None:
    """The number in a reference as pages write it: its last group of digits."""
    digits = "".join(each for each in text.rpartition("-")[2] if not each.isspace())
    if not text.strip():
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise Invalid(_("This is no number of a referral."), remedy=_("Type the number as the queue shows it."))
    return int(digits)
